package io.github.tensorboard4j.examples.mnist;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.Batchifier;
import ai.djl.util.Progress;
import java.nio.FloatBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Labelled images as DJL reads them: batches of data [n, 28, 28] in 0..1 and classes [n].
 *
 * <p>Each iteration over the images has its own order.
 */
public final class DigitDataset implements Dataset {
  private final LabelledImages images;
  private final int batchSize;
  private final Supplier<int[]> orders;

  private DigitDataset(LabelledImages images, int batchSize, Supplier<int[]> orders) {
    this.images = images;
    this.batchSize = batchSize;
    this.orders = orders;
  }

  /**
   * A data set that visits the images in a new order at each iteration.
   *
   * @param images the images
   * @param batchSize the number of images in a batch; the last one may have fewer
   * @param seed what the orders depend on
   * @return the data set
   */
  public static DigitDataset shuffled(LabelledImages images, int batchSize, long seed) {
    return new DigitDataset(images, batchSize, new Shuffle(images.size(), seed)::nextEpoch);
  }

  /**
   * A data set that visits the images as they lie in the file.
   *
   * @param images the images
   * @param batchSize the number of images in a batch; the last one may have fewer
   * @return the data set
   */
  public static DigitDataset inOrder(LabelledImages images, int batchSize) {
    return new DigitDataset(images, batchSize, () -> IntStream.range(0, images.size()).toArray());
  }

  @Override
  public Iterable<Batch> getData(NDManager manager) {
    return () -> new BatchIterator(manager, orders.get());
  }

  /** Does nothing: the images are in memory. */
  @Override
  public void prepare(Progress progress) {}

  private final class BatchIterator implements Iterator<Batch> {
    private final NDManager manager;
    private final int[] order;
    private int position;

    BatchIterator(NDManager manager, int[] order) {
      this.manager = manager;
      this.order = order;
    }

    @Override
    public boolean hasNext() {
      return position < order.length;
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int size = Math.min(batchSize, order.length - position);
      float[] pixels = new float[size * LabelledImages.PIXELS];
      long[] classes = new long[size];
      for (int row = 0; row < size; row++) {
        int index = order[position++];
        images.copyPixels(index, pixels, row);
        classes[row] = images.label(index);
      }
      NDManager batchManager = manager.newSubManager();
      return new Batch(
          batchManager,
          new NDList(batchManager.create(
              FloatBuffer.wrap(pixels), new Shape(size, LabelledImages.SIDE, LabelledImages.SIDE))),
          new NDList(batchManager.create(classes)),
          size,
          Batchifier.STACK,
          Batchifier.STACK,
          position,
          order.length);
    }
  }
}
