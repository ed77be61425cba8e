package io.github.tensorboard4j.examples.mnist;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Grey images of 28 x 28 pixels and the class, 0 to 9, of each.
 *
 * @param pixels the images one after the other, row by row, one unsigned byte a pixel
 * @param labels the class of each image
 */
public record LabelledImages(byte[] pixels, byte[] labels) {
  /** Rows and columns of an image. */
  static final int SIDE = 28;

  /** Pixels of an image. */
  static final int PIXELS = SIDE * SIDE;

  /** The number of classes. */
  static final int CLASSES = 10;

  private static final float[] BRIGHTNESS = new float[256];

  static {
    for (int i = 0; i < BRIGHTNESS.length; i++) {
      BRIGHTNESS[i] = i / 255f;
    }
  }

  /**
   * Puts images and labels together.
   *
   * @throws IOException if the images are not 28 x 28, a label is above 9, or there are not as many labels as images;
   *     the message names the file
   */
  static LabelledImages of(IdxFile images, IdxFile labels) throws IOException {
    List<Integer> shape = images.shape();
    if (shape.get(1) != SIDE || shape.get(2) != SIDE) {
      throw IdxFile.fault(images.name(), "expected images of %d x %d pixels, found %d x %d",
          SIDE, SIDE, shape.get(1), shape.get(2));
    }
    int expected = shape.get(0);
    int found = labels.values().length;
    if (found != expected) {
      throw IdxFile.fault(labels.name(), "expected %,d labels, as many as %s has images, found %,d",
          expected, images.name(), found);
    }
    for (int i = 0; i < found; i++) {
      int label = Byte.toUnsignedInt(labels.values()[i]);
      if (label >= CLASSES) {
        throw IdxFile.fault(labels.name(), "expected labels from 0 to %d, found %d at position %,d",
            CLASSES - 1, label, i);
      }
    }
    return new LabelledImages(images.values(), labels.values());
  }

  /** The number of images. */
  int size() {
    return labels.length;
  }

  /** The class of an image. */
  int label(int index) {
    return labels[index];
  }

  /** Writes the pixels of an image, scaled to 0..1, as one row of a matrix of [n, 784] values. */
  void copyPixels(int index, float[] matrix, int row) {
    int from = index * PIXELS;
    int to = row * PIXELS;
    for (int i = 0; i < PIXELS; i++) {
      matrix[to + i] = BRIGHTNESS[pixels[from + i] & 0xff];
    }
  }

  /**
   * The first images of this set.
   *
   * @param count how many, at most as many as there are
   * @return the images
   */
  public LabelledImages first(int count) {
    if (count == size()) {
      return this;
    }
    return new LabelledImages(Arrays.copyOf(pixels, count * PIXELS), Arrays.copyOf(labels, count));
  }
}
