package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tensor's pictures, copied: the samples in the tensor's order, and what was not as it should be. */
record PixelTensor(ImageLayout layout, int[] shape, byte[] samples, @Nullable String complaint) {

  private static final float WHITE = 255;

  /** Copies bytes, each of which is a sample between 0 and 255. */
  static PixelTensor copy(ByteBuffer buffer, ImageLayout layout, int... shape) {
    Objects.requireNonNull(buffer, "Pixels are asked for, but they are null");
    requireShape(buffer.remaining(), layout, shape);
    byte[] samples = new byte[buffer.remaining()];
    buffer.get(buffer.position(), samples);
    return new PixelTensor(layout, shape.clone(), samples, null);
  }

  /** Copies floats, the first of which is black and the second white; those outside become the one or the other, NaN black. */
  static PixelTensor copy(FloatBuffer buffer, float black, float white, ImageLayout layout, int... shape) {
    Objects.requireNonNull(buffer, "Pixels are asked for, but they are null");
    if (!Float.isFinite(black) || !Float.isFinite(white) || black >= white) {
      throw new IllegalArgumentException("Pixels lie between two numbers, the first of which is less, not " + black + " and "
          + white);
    }
    requireShape(buffer.remaining(), layout, shape);
    byte[] samples = new byte[buffer.remaining()];
    int start = buffer.position();
    double range = (double) white - black;
    int outside = 0;
    float example = 0;
    for (int i = 0; i < samples.length; i++) {
      float value = buffer.get(start + i);
      if (!(value >= black && value <= white)) {
        example = value;
        outside++;
      }
      // which is black where it is NaN
      samples[i] = (byte) (int) Math.max(0, Math.min(WHITE, WHITE * ((double) value - black) / range + 0.5));
    }
    String complaint = outside == 0 ? null
        : outside + " of " + samples.length + " elements are NaN or not between " + black + " and " + white + ", such as "
            + example + ": they are shown as black or white";
    return new PixelTensor(layout, shape.clone(), samples, complaint);
  }

  /** Returns the pictures, those of a video one after the other. */
  List<Pixels> pictures() {
    int width = layout.size('W', shape);
    int height = layout.size('H', shape);
    int channels = layout.size('C', shape);
    int size = width * height * channels;
    if (layout == ImageLayout.WH) {
      byte[] rows = new byte[size];
      interleave(samples, 0, width, rows);
      return List.of(new Pixels(width, height, channels, rows));
    }
    if (samples.length == size && !layout.isPlanar()) {
      return List.of(new Pixels(width, height, channels, samples));
    }
    List<Pixels> pictures = new ArrayList<>();
    for (int start = 0; start < samples.length; start += size) {
      byte[] picture = new byte[size];
      if (layout.isPlanar() && channels > 1) {
        interleave(samples, start, channels, picture);
      } else {
        System.arraycopy(samples, start, picture, 0, size);
      }
      pictures.add(new Pixels(width, height, channels, picture));
    }
    return pictures;
  }

  /** Takes an element of each plane in turn: the channels of a pixel, or the columns of a row. */
  private static void interleave(byte[] planes, int start, int channels, byte[] picture) {
    int plane = picture.length / channels;
    for (int channel = 0; channel < channels; channel++) {
      int from = start + channel * plane;
      for (int pixel = 0; pixel < plane; pixel++) {
        picture[pixel * channels + channel] = planes[from + pixel];
      }
    }
  }

  private static void requireShape(int elements, ImageLayout layout, int[] shape) {
    Objects.requireNonNull(layout, "A layout is asked for, but it is null");
    Objects.requireNonNull(shape, "A shape is asked for, but it is null");
    String given = Arrays.toString(shape);
    if (shape.length != layout.rank()) {
      throw new IllegalArgumentException(
          layout.described() + " have a shape of " + layout.rank() + " sizes, unlike " + given);
    }
    int channels = layout.size('C', shape);
    if (channels != 1 && channels != 3 && channels != 4) {
      throw new IllegalArgumentException(
          layout.described() + " have 1, 3 or 4 channels, not " + channels + " as in the shape " + given);
    }
    Picture.requireSides(layout.size('W', shape), layout.size('H', shape));
    long product = 1;
    for (int size : shape) {
      if (size < 1) {
        throw new IllegalArgumentException(layout.described() + " have sizes of 1 or more, unlike the shape " + given);
      }
      product = product > Integer.MAX_VALUE ? product : product * size;
    }
    if (product != elements) {
      throw new IllegalArgumentException(
          layout.described() + " with the shape " + given + " have " + (product > Integer.MAX_VALUE ? "more" : product)
              + " elements, but the buffer has " + elements);
    }
  }
}
