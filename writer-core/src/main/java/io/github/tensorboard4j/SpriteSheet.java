package io.github.tensorboard4j;

import java.util.List;

/**
 * Pictures of one size side by side in one, row by row, as TensorBoard's projector takes them.
 *
 * @param sheet all of them
 * @param width the width of each
 * @param height the height of each
 */
record SpriteSheet(Picture sheet, int width, int height) {

  private static final int LONGEST_SIDE = 8_192;

  static SpriteSheet of(List<Picture> pictures) {
    int width = pictures.get(0).width();
    int height = pictures.get(0).height();
    int columns = (int) Math.ceil(Math.sqrt(pictures.size()));
    int rows = (pictures.size() + columns - 1) / columns;
    if ((long) columns * width > LONGEST_SIDE || (long) rows * height > LONGEST_SIDE) {
      throw new IllegalArgumentException(pictures.size() + " pictures of " + width + " x " + height
          + " pixels are more than the "
          + LONGEST_SIDE + " x " + LONGEST_SIDE + " that a browser can show: make them smaller, or leave some vectors out");
    }
    for (int i = 0; i < pictures.size(); i++) {
      Picture picture = pictures.get(i);
      if (picture.width() != width || picture.height() != height) {
        throw new IllegalArgumentException("Picture " + i + " has " + picture.width() + " x " + picture.height()
            + " pixels, but the first has " + width + " x " + height);
      }
    }
    return new SpriteSheet(Picture.grid(pictures, columns, 0), width, height);
  }

  byte[] png() {
    return Png.encode(sheet.pixels());
  }
}
