package io.github.tensorboard4j;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.util.Arrays;
import java.util.function.Consumer;

/** Images of the AWT as pixels and back: what needs the module {@code java.desktop}, which a JVM may lack. */
final class Images {

  private static final int LARGEST_BYTE = 255;

  private Images() {}

  /** Copies the pixels of an image. */
  static Pixels read(BufferedImage image) {
    ColorModel colors = image.getColorModel();
    if (colors instanceof ComponentColorModel && !colors.isAlphaPremultiplied()) {
      int type = colors.getTransferType();
      if (colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
        if (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT) {
          return readGray(image.getRaster(), colors);
        }
        if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE) {
          return readGrayFloats(image.getRaster(), colors.hasAlpha() ? 4 : 1);
        }
      }
      if (colors.getColorSpace().isCS_sRGB() && type == DataBuffer.TYPE_BYTE && colors.getComponentSize(0) == Byte.SIZE) {
        return readBytes(image.getRaster());
      }
    }
    return readColors(image);
  }

  /** Reads samples as they are: the AWT would convert gray, of which it thinks in light and not as it is seen, to a paler one. */
  private static Pixels readGray(Raster raster, ColorModel colors) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int channels = colors.hasAlpha() ? 4 : 1;
    int largest = (1 << colors.getComponentSize(0)) - 1;
    byte[] samples = new byte[width * height * channels];
    int[] pixel = new int[raster.getNumBands()];
    for (int i = 0; i < width * height; i++) {
      raster.getPixel(i % width, i / width, pixel);
      byte gray = (byte) ((pixel[0] * LARGEST_BYTE + largest / 2) / largest);
      Arrays.fill(samples, i * channels, (i + 1) * channels, gray);
      if (channels == 4) {
        samples[i * channels + 3] = (byte) ((pixel[1] * LARGEST_BYTE + largest / 2) / largest);
      }
    }
    return new Pixels(width, height, channels, samples);
  }

  /** Likewise, of floats from 0 to 1. */
  private static Pixels readGrayFloats(Raster raster, int channels) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] samples = new byte[width * height * channels];
    float[] pixel = new float[raster.getNumBands()];
    for (int i = 0; i < width * height; i++) {
      raster.getPixel(i % width, i / width, pixel);
      Arrays.fill(samples, i * channels, (i + 1) * channels, toByte(pixel[0]));
      if (channels == 4) {
        samples[i * channels + 3] = toByte(pixel[1]);
      }
    }
    return new Pixels(width, height, channels, samples);
  }

  private static byte toByte(float sample) {
    return (byte) Math.round(Math.max(0, Math.min(1, sample)) * LARGEST_BYTE);
  }

  /** Reads samples that are, whatever their order in memory, red, green, blue and perhaps alpha, a byte each. */
  private static Pixels readBytes(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] samples = (byte[]) raster.getDataElements(0, 0, width, height, null);
    return new Pixels(width, height, raster.getNumBands(), samples);
  }

  private static Pixels readColors(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int channels = image.getColorModel().hasAlpha() ? 4 : 3;
    // these have what getRGB would make of each pixel one by one
    boolean packed = image.getType() == BufferedImage.TYPE_INT_RGB || image.getType() == BufferedImage.TYPE_INT_ARGB;
    byte[] samples = new byte[width * height * channels];
    int[] row = new int[width];
    int next = 0;
    for (int y = 0; y < height; y++) {
      if (packed) {
        image.getRaster().getDataElements(0, y, width, 1, row);
      } else {
        image.getRGB(0, y, width, 1, row, 0, width);
      }
      for (int color : row) {
        samples[next++] = (byte) (color >> 16);
        samples[next++] = (byte) (color >> 8);
        samples[next++] = (byte) color;
        if (channels == 4) {
          samples[next++] = (byte) (color >>> 24);
        }
      }
    }
    return new Pixels(width, height, channels, samples);
  }

  /** Returns an image with these pixels. */
  static BufferedImage toImage(Pixels pixels) {
    int type = switch (pixels.channels()) {
      case 1 -> BufferedImage.TYPE_BYTE_GRAY;
      case 3 -> BufferedImage.TYPE_3BYTE_BGR;
      default -> BufferedImage.TYPE_4BYTE_ABGR;
    };
    BufferedImage image = new BufferedImage(pixels.width(), pixels.height(), type);
    image.getRaster().setDataElements(0, 0, pixels.width(), pixels.height(), pixels.samples());
    return image;
  }

  /** Lets something be painted on white. */
  static Pixels paint(int width, int height, Consumer<Graphics2D> painter) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    paint(image, graphics -> {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, width, height);
      graphics.setColor(Color.BLACK);
      graphics.setBackground(Color.WHITE);
      painter.accept(graphics);
    });
    return read(image);
  }

  /** Lets something be painted on an image, with smooth edges. */
  static void paint(BufferedImage image, Consumer<Graphics2D> painter) {
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      painter.accept(graphics);
    } finally {
      graphics.dispose();
    }
  }
}
