package io.github.tensorboard4j.training;

import io.github.tensorboard4j.ImageLayout;
import io.github.tensorboard4j.Picture;
import io.github.tensorboard4j.TensorValues;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Makes pictures of weights, as {@link RecordingOptions#weightImageFrequency} describes them. */
final class WeightPicture {

  private static final int MOST_KERNELS = 64;
  private static final int KERNELS_IN_A_ROW = 8;
  private static final int LONGEST_KERNEL_SIDE = 128;
  private static final int LONGEST_MATRIX_SIDE = 1024;
  private static final int COLOURS = 3;

  // what is small is made larger up to these sides
  private static final int KERNEL_SIDE = 64;
  private static final int MATRIX_SIDE = 512;
  private static final int LARGEST_FACTOR = 8;

  private WeightPicture() {}

  /** Returns the picture of weights, null if they have none. */
  static @Nullable Picture of(TensorValues values, WeightShape shape) {
    if (shape.rank() == 4) {
      return shape.size(2) == 1 && shape.size(3) == 1 ? matrix(values, shape) : kernels(values, shape);
    }
    return shape.rank() == 2 ? matrix(values, shape) : null;
  }

  private static @Nullable Picture kernels(TensorValues values, WeightShape shape) {
    int count = (int) Math.min(shape.size(0), MOST_KERNELS);
    long rows = shape.size(2);
    long columns = shape.size(3);
    long longest = Math.max(rows, columns);
    if (longest > LONGEST_KERNEL_SIDE) {
      return null;
    }
    int channels = shape.size(1) == COLOURS ? COLOURS : (int) Math.min(shape.size(1), 1);
    int[] sizes = {count, (int) rows, (int) columns, channels};
    float[] pixels =
        StridedElements.of(values, sizes, new long[] {shape.stride(0), shape.stride(2), shape.stride(3), shape.stride(1)});
    if (pixels.length == 0) {
      return null;
    }
    float range = range(pixels);
    int factor = factor(KERNEL_SIDE, longest);
    return Picture.grid(
        Picture.listOfRange(FloatBuffer.wrap(pixels), -range, range, ImageLayout.NHWC, sizes).stream()
            .map(kernel -> kernel.enlarged(factor)).toList(),
        KERNELS_IN_A_ROW);
  }

  private static @Nullable Picture matrix(TensorValues values, WeightShape shape) {
    int across = shape.size(0) > shape.size(1) ? 0 : 1;
    long width = shape.size(across);
    long height = shape.size(1 - across);
    if (height < 2 || width > LONGEST_MATRIX_SIDE) {
      return null;
    }
    int[] sizes = {(int) height, (int) width};
    float[] pixels = StridedElements.of(values, sizes, new long[] {shape.stride(1 - across), shape.stride(across)});
    if (pixels.length == 0) {
      return null;
    }
    float range = range(pixels);
    return Picture.ofRange(FloatBuffer.wrap(pixels), -range, range, ImageLayout.HW, sizes)
        .enlarged(factor(MATRIX_SIDE, width));
  }

  /** Returns the largest magnitude that is finite, 1 if there is none but zero. */
  private static float range(float[] pixels) {
    float largest = 0;
    for (float pixel : pixels) {
      float magnitude = Math.abs(pixel);
      if (magnitude > largest && magnitude < Float.POSITIVE_INFINITY) {
        largest = magnitude;
      }
    }
    return largest == 0 ? 1 : largest;
  }

  private static int factor(int side, long longest) {
    return (int) Math.max(1, Math.min(LARGEST_FACTOR, side / longest));
  }
}
