package io.github.tensorboard4j.testkit;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * Counts the hues in the picture of a chart.
 *
 * <p>Background, axes and labels are grey, the colours of the runs are not, and a line that is thinned or paled by
 * anti-aliasing or smoothing keeps its hue. So pixels of some chroma are sorted by hue into 36 sectors of the colour
 * wheel, and each gapless stretch of well-filled sectors is one hue. The few mixed pixels where lines cross fill none.
 */
final class Hues {
  private static final int SECTORS = 36;
  private static final int LEAST_CHROMA = 24;
  private static final int LEAST_PIXELS = 12;
  private static final double LEAST_SHARE = 0.02;

  private Hues() {}

  /** The number of hues in a PNG. */
  static int count(byte[] png) {
    try {
      return count(ImageIO.read(new ByteArrayInputStream(png)));
    } catch (IOException e) {
      throw new UncheckedIOException("no picture", e);
    }
  }

  static int count(BufferedImage picture) {
    int[] pixels = new int[SECTORS];
    int coloured = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        Color color = new Color(picture.getRGB(x, y));
        int sector = sector(color.getRed(), color.getGreen(), color.getBlue());
        if (sector >= 0) {
          pixels[sector]++;
          coloured++;
        }
      }
    }
    return stretches(pixels, Math.max(LEAST_PIXELS, LEAST_SHARE * coloured));
  }

  private static int sector(int red, int green, int blue) {
    int chroma = Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
    float hue = Color.RGBtoHSB(red, green, blue, null)[0];
    return chroma < LEAST_CHROMA ? -1 : Math.min((int) (hue * SECTORS), SECTORS - 1);
  }

  private static int stretches(int[] pixels, double least) {
    int count = 0;
    for (int i = 0; i < SECTORS; i++) {
      int before = (i + SECTORS - 1) % SECTORS;
      if (pixels[i] >= least && pixels[before] < least) {
        count++;
      }
    }
    return count;
  }
}
