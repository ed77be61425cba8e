package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.AsyncDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

class DigitIteratorTest {
  private static final int SIZE = 200;

  private LabelledImages images;

  @BeforeEach
  void makeImages() throws IOException {
    images = LabelledImages.of(
        IdxFile.read("images", new ByteArrayInputStream(IdxFiles.images(SIZE, 28)), 3),
        IdxFile.read("labels", new ByteArrayInputStream(IdxFiles.labels(SIZE)), 1));
  }

  @Test
  void shouldHandOutEachImageOnceWithItsLabel() {
    DataSetIterator iterator = DigitIterator.shuffled(images, 32, 1);

    assertThat(pass(iterator)).containsExactlyInAnyOrderElementsOf(IntStream.range(0, SIZE).boxed().toList());
  }

  @Test
  void shouldEndWithTheRemainder() {
    DataSetIterator iterator = DigitIterator.inOrder(images, 64);
    List<Integer> sizes = new ArrayList<>();
    iterator.forEachRemaining(batch -> sizes.add(batch.numExamples()));

    assertThat(sizes).containsExactly(64, 64, 64, 8);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
  }

  @Test
  void shouldDrawANewOrderForEachPass() {
    DataSetIterator iterator = DigitIterator.shuffled(images, 32, 1);
    List<Integer> first = pass(iterator);
    iterator.reset();

    assertThat(pass(iterator)).isNotEqualTo(first);
  }

  @Test
  void shouldKeepTheOrdersWhenResetBeforeTheFirstBatch() {
    DataSetIterator iterator = DigitIterator.shuffled(images, 32, 1);
    List<Integer> expected = pass(DigitIterator.shuffled(images, 32, 1));
    iterator.reset();
    iterator.reset();

    assertThat(pass(iterator)).isEqualTo(expected);
  }

  @Test
  void shouldKeepTheOrdersWhenPrefetched() {
    DataSetIterator plain = DigitIterator.shuffled(images, 32, 1);
    DataSetIterator backing = DigitIterator.shuffled(images, 32, 1);

    for (int epoch = 0; epoch < 3; epoch++) {
      AsyncDataSetIterator prefetching = new AsyncDataSetIterator(backing, 2, true);
      assertThat(pass(prefetching)).isEqualTo(pass(plain));
      prefetching.shutdown();
      plain.reset();
    }
  }

  @Test
  void shouldKeepTheOrderOfTheFileForValidation() {
    DataSetIterator iterator = DigitIterator.inOrder(images, 32);
    List<Integer> order = IntStream.range(0, SIZE).boxed().toList();

    assertThat(pass(iterator)).isEqualTo(order);
    iterator.reset();
    assertThat(pass(iterator)).isEqualTo(order);
  }

  @Test
  void shouldApplyThePreProcessor() {
    DataSetIterator iterator = DigitIterator.inOrder(images, 32);
    iterator.setPreProcessor(batch -> batch.getFeatures().addi(3));

    assertThat(iterator.next().getFeatures().getFloat(5, 0)).isEqualTo(5 / 255f + 3);
  }

  /** The images of a pass, told by their pixels. */
  private static List<Integer> pass(DataSetIterator iterator) {
    List<Integer> indexes = new ArrayList<>();
    while (iterator.hasNext()) {
      DataSet batch = iterator.next();
      INDArray features = batch.getFeatures();
      assertThat(features.shape()).containsExactly(batch.numExamples(), 784);
      assertThat(batch.getLabels().shape()).containsExactly(batch.numExamples(), 10);
      for (int row = 0; row < batch.numExamples(); row++) {
        int index = Math.round(features.getFloat(row, 783) * 255);
        float[] oneHot = new float[10];
        oneHot[index % 10] = 1;
        assertThat(batch.getLabels().getRow(row).toFloatVector()).isEqualTo(oneHot);
        indexes.add(index);
      }
    }
    return indexes;
  }
}
