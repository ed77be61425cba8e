package io.github.tensorboard4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Recounts the pixels of pictures of weights from the weights, as their framework has them. */
public final class WeightPixels {

  private static final int IN_A_ROW = 8;
  private static final int GAP = 2;

  /** The weights of a convolution. */
  public interface Kernels {
    double at(int output, int input, int row, int column);
  }

  /** The weights of a matrix. */
  public interface Matrix {
    double at(int row, int column);
  }

  private WeightPixels() {}

  /** Asserts that a picture shows kernels of so many channels side by side, each weight as a square of so many pixels. */
  public static void assertKernels(
      BufferedImage shown, int outputs, int channels, int rows, int columns, int factor, Kernels weights) {
    int width = columns * factor + GAP;
    int height = rows * factor + GAP;
    assertSize(shown, Math.min(outputs, IN_A_ROW) * width + GAP, (outputs + IN_A_ROW - 1) / IN_A_ROW * height + GAP);
    assertThat(shown.getRaster().getNumBands()).isEqualTo(channels);
    double largest = largest(IntStream.range(0, outputs * channels * rows * columns).mapToDouble(i -> weights.at(
        i / columns / rows / channels, i / columns / rows % channels, i / columns % rows, i % columns)));
    for (int output = 0; output < outputs; output++) {
      int left = output % IN_A_ROW * width + GAP;
      int top = output / IN_A_ROW * height + GAP;
      assertThat(shown.getRGB(left - 1, top) & 0xffffff).as("the gap before a kernel").isZero();
      for (int y = 0; y < rows * factor; y++) {
        for (int x = 0; x < columns * factor; x++) {
          for (int channel = 0; channel < channels; channel++) {
            assertThat(shown.getRaster().getSample(left + x, top + y, channel))
                .as("channel %d of kernel %d at %d, %d", channel, output, x, y)
                .isEqualTo(sample(weights.at(output, channel, y / factor, x / factor), largest));
          }
        }
      }
    }
  }

  /** Asserts that a picture shows a matrix, its rows from the top, each weight as a square of so many pixels. */
  public static void assertMatrix(BufferedImage shown, int rows, int columns, int factor, Matrix weights) {
    assertSize(shown, columns * factor, rows * factor);
    assertThat(shown.getRaster().getNumBands()).isEqualTo(1);
    double largest =
        largest(IntStream.range(0, rows * columns).mapToDouble(i -> weights.at(i / columns, i % columns)));
    for (int y = 0; y < rows * factor; y++) {
      for (int x = 0; x < columns * factor; x++) {
        assertThat(shown.getRaster().getSample(x, y, 0)).as("the pixel at %d, %d", x, y)
            .isEqualTo(sample(weights.at(y / factor, x / factor), largest));
      }
    }
  }

  private static void assertSize(BufferedImage shown, int width, int height) {
    assertThat(shown.getWidth()).isEqualTo(width);
    assertThat(shown.getHeight()).isEqualTo(height);
  }

  private static double largest(DoubleStream weights) {
    return weights.map(Math::abs).max().orElseThrow();
  }

  private static int sample(double weight, double largest) {
    return (int) Math.round(127.5 + 127.5 * weight / largest);
  }
}
