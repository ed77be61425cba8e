package io.github.tensorboard4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;

/** Recounts the pixels of pictures of what layers put out from the outputs, as their framework has them. */
public final class ActivationPixels {

  private static final int IN_A_ROW = 8;
  private static final int GAP = 2;
  // a framework's second pass may differ in the last bits, and a value be rounded to the next gray
  private static final Offset<Integer> ROUNDING = Offset.offset(1);

  /** What a layer has put out for an example. */
  public interface Channels {
    double at(int channel, int row, int column);
  }

  private ActivationPixels() {}

  /** Asserts that a picture shows channels side by side in gray, each element as a square of so many pixels. */
  public static void assertChannels(BufferedImage shown, int channels, int rows, int columns, int factor, Channels outputs) {
    int width = columns * factor + GAP;
    int height = rows * factor + GAP;
    assertThat(shown.getWidth()).isEqualTo(Math.min(channels, IN_A_ROW) * width + GAP);
    assertThat(shown.getHeight()).isEqualTo((channels + IN_A_ROW - 1) / IN_A_ROW * height + GAP);
    assertThat(shown.getRaster().getNumBands()).isEqualTo(1);
    double lowest = all(channels, rows, columns, outputs).min().orElseThrow();
    double highest = all(channels, rows, columns, outputs).max().orElseThrow();
    for (int channel = 0; channel < channels; channel++) {
      int left = channel % IN_A_ROW * width + GAP;
      int top = channel / IN_A_ROW * height + GAP;
      assertThat(shown.getRaster().getSample(left - 1, top, 0)).as("the gap before a channel").isZero();
      for (int y = 0; y < rows * factor; y++) {
        for (int x = 0; x < columns * factor; x++) {
          double share = (outputs.at(channel, y / factor, x / factor) - lowest) / (highest - lowest);
          assertThat(shown.getRaster().getSample(left + x, top + y, 0)).as("channel %d at %d, %d", channel, x, y)
              .isCloseTo((int) Math.round(255 * share), ROUNDING);
        }
      }
    }
  }

  private static DoubleStream all(int channels, int rows, int columns, Channels outputs) {
    return IntStream.range(0, channels * rows * columns)
        .mapToDouble(i -> outputs.at(i / columns / rows, i / columns % rows, i % columns));
  }
}
