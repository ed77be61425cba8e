package io.github.tensorboard4j.training;

import io.github.tensorboard4j.ImageLayout;
import io.github.tensorboard4j.Picture;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** The pictures in a model's inputs. Those that are larger than asked for are made smaller. Not thread-safe. */
final class PictureInputs {

  static final int LONGEST_SIDE = 16_384;
  private static final float BYTES = 255;

  /** How the pictures of a batch lie in memory. */
  private record Layout(int channels, int height, int width, boolean planar) {

    int size() {
      return channels * height * width;
    }

    int index(int channel, int row, int column) {
      return planar ? (channel * height + row) * width + column : (row * width + column) * channels + channel;
    }
  }

  private final ValidationReport report;
  private float black;
  private float white;

  PictureInputs(ValidationReport report) {
    this.report = report;
    this.black = report.black();
    this.white = report.white();
  }

  /** Returns whether inputs of a shape are pictures. */
  boolean arePictures(long... shape) {
    return layout(shape) != null;
  }

  private @Nullable Layout layout(long... shape) {
    if (shape.length == 4) {
      return isChannels(shape[1]) ? layout(shape[1], shape[2], shape[3], true)
          : isChannels(shape[3]) ? layout(shape[3], shape[1], shape[2], false) : null;
    }
    int width = report.width();
    int height = report.height();
    if (width == 0) {
      return null;
    }
    if (shape.length == 3) {
      return shape[1] == height && shape[2] == width ? layout(1, height, width, true) : null;
    }
    long pixels = (long) width * height;
    return shape.length == 2 && shape[1] % pixels == 0 && isChannels(shape[1] / pixels)
        ? layout(shape[1] / pixels, height, width, true)
        : null;
  }

  private static @Nullable Layout layout(long channels, long height, long width, boolean planar) {
    return height < 1 || width < 1 || height > LONGEST_SIDE || width > LONGEST_SIDE ? null
        : new Layout((int) channels, (int) height, (int) width, planar);
  }

  private static boolean isChannels(long number) {
    return number == 1 || number == 3 || number == 4;
  }

  /** Takes note of a batch: the first shows what is black and what is white, if that wasn't said. */
  void meet(ValidationExamples examples) {
    float[] inputs = examples.inputs();
    if (black >= white && inputs != null && arePictures(examples.inputShape())) {
      findRange(inputs);
    }
  }

  /**
   * Returns the picture of an example.
   *
   * @param longestSide how many pixels a side has at most
   * @return the picture, null if the inputs are none
   */
  @Nullable
  Picture of(ValidationExamples examples, int example, int longestSide) {
    float[] inputs = examples.inputs();
    Layout layout = inputs == null ? null : layout(examples.inputShape());
    if (inputs == null || layout == null) {
      return null;
    }
    int step = (Math.max(layout.width, layout.height) + longestSide - 1) / longestSide;
    int height = (layout.height + step - 1) / step;
    int width = (layout.width + step - 1) / step;
    float[] pixels = new float[height * width * layout.channels];
    int from = example * layout.size();
    for (int row = 0, at = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        for (int channel = 0; channel < layout.channels; channel++) {
          pixels[at++] = mean(inputs, from, layout, channel, row * step, column * step, step);
        }
      }
    }
    return Picture.ofRange(FloatBuffer.wrap(pixels), black, white, ImageLayout.HWC, height, width, layout.channels);
  }

  /** Returns the mean of a square of pixels, or of what of it lies within the picture. */
  private float mean(float[] inputs, int from, Layout layout, int channel, int top, int left, int side) {
    float sum = 0;
    int count = 0;
    for (int row = top; row < Math.min(top + side, layout.height); row++) {
      for (int column = left; column < Math.min(left + side, layout.width); column++) {
        sum += inRange(inputs[from + layout.index(channel, row, column)]);
        count++;
      }
    }
    return sum / count;
  }

  /** Keeps values of a later batch within the range that the first has shown: nobody is to be told of them. */
  private float inRange(float value) {
    return report.hasRange() ? value : Math.max(black, Math.min(white, value));
  }

  private void findRange(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      if (Float.isFinite(value)) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    if (least >= 0 && greatest <= BYTES) {
      black = 0;
      white = greatest <= 1 ? 1 : BYTES;
    } else if (least >= -1 && greatest <= 1) {
      black = -1;
      white = 1;
    } else if (least < greatest) {
      black = least;
      white = greatest;
    } else {
      black = 0;
      white = 1;
    }
  }
}
