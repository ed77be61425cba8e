package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DigitDatasetTest {
  private static final int SIZE = 200;

  private LabelledImages images;

  @BeforeEach
  void makeImages() throws IOException {
    images = LabelledImages.of(
        IdxFile.read("images", new ByteArrayInputStream(IdxFiles.images(SIZE, 28)), 3),
        IdxFile.read("labels", new ByteArrayInputStream(IdxFiles.labels(SIZE)), 1));
  }

  @Test
  void shouldVisitTheImagesInTheSameOrdersAsTheOtherFramework() {
    DigitDataset dataset = DigitDataset.shuffled(images, 32, 5);
    Shuffle expected = new Shuffle(SIZE, 5);

    assertThat(pass(dataset)).isEqualTo(IntStream.of(expected.nextEpoch()).boxed().toList());
    assertThat(pass(dataset)).isEqualTo(IntStream.of(expected.nextEpoch()).boxed().toList());
  }

  @Test
  void shouldKeepTheOrderOfTheFileForValidation() {
    assertThat(pass(DigitDataset.inOrder(images, 64))).isEqualTo(IntStream.range(0, SIZE).boxed().toList());
  }

  private static List<Integer> pass(DigitDataset dataset) {
    List<Integer> indexes = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      for (Batch batch : dataset.getData(manager)) {
        try (batch) {
          NDArray data = batch.getData().singletonOrThrow();
          assertThat(data.getShape().getShape()).containsExactly(batch.getSize(), 28, 28);
          long[] classes = batch.getLabels().singletonOrThrow().toLongArray();
          assertThat(classes).hasSize(batch.getSize());
          float[] pixels = data.toFloatArray();
          for (int row = 0; row < batch.getSize(); row++) {
            int index = Math.round(pixels[row * 784 + 783] * 255);
            assertThat(classes[row]).isEqualTo(index % 10);
            indexes.add(index);
          }
        }
      }
    }
    return indexes;
  }
}
