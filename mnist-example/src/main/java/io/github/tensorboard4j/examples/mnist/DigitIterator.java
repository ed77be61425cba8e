package io.github.tensorboard4j.examples.mnist;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labelled images as Deeplearning4j reads them: batches of features [n, 784] in 0..1 and one-hot labels
 * [n, 10].
 *
 * <p>Each pass over the images has its own order, which is drawn when the pass begins. So a reset before the
 * first batch changes nothing, and the orders of a training depend on the seed alone, with and without prefetching.
 */
@SuppressWarnings("serial")
public final class DigitIterator implements DataSetIterator {
  private static final List<String> CLASS_NAMES =
      IntStream.range(0, LabelledImages.CLASSES).mapToObj(String::valueOf).toList();

  private final LabelledImages images;
  private final int batchSize;
  private final Supplier<int[]> orders;
  private int[] order;
  private int position;
  private DataSetPreProcessor preProcessor;

  private DigitIterator(LabelledImages images, int batchSize, Supplier<int[]> orders) {
    this.images = images;
    this.batchSize = batchSize;
    this.orders = orders;
  }

  /**
   * An iterator that visits the images in a new order at each pass.
   *
   * @param images the images
   * @param batchSize the number of images in a batch; the last one may have fewer
   * @param seed what the orders depend on
   * @return the iterator
   */
  public static DigitIterator shuffled(LabelledImages images, int batchSize, long seed) {
    return new DigitIterator(images, batchSize, new Shuffle(images.size(), seed)::nextEpoch);
  }

  /**
   * An iterator that visits the images as they lie in the file.
   *
   * @param images the images
   * @param batchSize the number of images in a batch; the last one may have fewer
   * @return the iterator
   */
  public static DigitIterator inOrder(LabelledImages images, int batchSize) {
    return new DigitIterator(images, batchSize, () -> IntStream.range(0, images.size()).toArray());
  }

  @Override
  public boolean hasNext() {
    return position < images.size();
  }

  @Override
  public DataSet next() {
    return next(batchSize);
  }

  @Override
  public DataSet next(int count) {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + images.size() + " images were handed out: call reset()");
    }
    if (order == null) {
      order = orders.get();
    }
    int rows = Math.min(count, images.size() - position);
    float[] features = new float[rows * LabelledImages.PIXELS];
    float[] labels = new float[rows * LabelledImages.CLASSES];
    for (int row = 0; row < rows; row++) {
      int index = order[position++];
      images.copyPixels(index, features, row);
      labels[row * LabelledImages.CLASSES + images.label(index)] = 1;
    }
    DataSet batch = new DataSet(
        Nd4j.create(features, new long[] {rows, LabelledImages.PIXELS}, 'c'),
        Nd4j.create(labels, new long[] {rows, LabelledImages.CLASSES}, 'c'));
    if (preProcessor != null) {
      preProcessor.preProcess(batch);
    }
    return batch;
  }

  @Override
  public void reset() {
    position = 0;
    order = null;
  }

  @Override
  public boolean resetSupported() {
    return true;
  }

  @Override
  public boolean asyncSupported() {
    return true;
  }

  @Override
  public int batch() {
    return batchSize;
  }

  @Override
  public int inputColumns() {
    return LabelledImages.PIXELS;
  }

  @Override
  public int totalOutcomes() {
    return LabelledImages.CLASSES;
  }

  @Override
  public List<String> getLabels() {
    return CLASS_NAMES;
  }

  @Override
  public DataSetPreProcessor getPreProcessor() {
    return preProcessor;
  }

  @Override
  public void setPreProcessor(DataSetPreProcessor preProcessor) {
    this.preProcessor = preProcessor;
  }
}
