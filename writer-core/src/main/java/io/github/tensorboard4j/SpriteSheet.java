package io.github.tensorboard4j;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures of one size side by side in one, row by row, as TensorBoard's projector takes them. */
final class SpriteSheet {

  private static final int MOST_PIXELS = 8_192;

  private final BufferedImage sheet;
  private final int width;
  private final int height;

  private SpriteSheet(BufferedImage sheet, int width, int height) {
    this.sheet = sheet;
    this.width = width;
    this.height = height;
  }

  static SpriteSheet of(List<BufferedImage> pictures) {
    int width = pictures.get(0).getWidth();
    int height = pictures.get(0).getHeight();
    int columns = (int) Math.ceil(Math.sqrt(pictures.size()));
    int rows = (pictures.size() + columns - 1) / columns;
    if ((long) columns * width > MOST_PIXELS || (long) rows * height > MOST_PIXELS) {
      throw new IllegalArgumentException(pictures.size() + " pictures of " + width + " x " + height
          + " pixels are more than the "
          + MOST_PIXELS + " x " + MOST_PIXELS + " that a browser can show: make them smaller, or leave some vectors out");
    }
    BufferedImage sheet = new BufferedImage(columns * width, rows * height, BufferedImage.TYPE_INT_ARGB);
    int[] pixels = new int[width * height];
    for (int i = 0; i < pictures.size(); i++) {
      BufferedImage picture = pictures.get(i);
      if (picture.getWidth() != width || picture.getHeight() != height) {
        throw new IllegalArgumentException("Picture " + i + " has " + picture.getWidth() + " x " + picture.getHeight()
            + " pixels, but the first has " + width + " x " + height);
      }
      picture.getRGB(0, 0, width, height, pixels, 0, width);
      sheet.setRGB(i % columns * width, i / columns * height, width, height, pixels, 0, width);
    }
    return new SpriteSheet(sheet, width, height);
  }

  /** Returns the width of each picture. */
  int width() {
    return width;
  }

  /** Returns the height of each picture. */
  int height() {
    return height;
  }

  byte[] png() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(sheet, "png", out);
    }
    return bytes.toByteArray();
  }
}
