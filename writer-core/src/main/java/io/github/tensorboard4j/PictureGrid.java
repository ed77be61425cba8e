package io.github.tensorboard4j;

import java.util.List;

/** Many pictures in one. */
record PictureGrid(List<Picture> pictures, int columns, int padding) {

  static Picture of(List<Picture> pictures, int columns, int padding) {
    if (columns < 1) {
      throw new IllegalArgumentException("A grid has one column or more, not " + columns);
    }
    if (padding < 0) {
      throw new IllegalArgumentException("A grid has a padding of 0 pixels or more, not " + padding);
    }
    PictureGrid grid = new PictureGrid(pictures, Math.min(columns, pictures.size()), padding);
    int rows = (pictures.size() + grid.columns - 1) / grid.columns;
    long width = grid.columns * (long) grid.cellWidth() + padding;
    long height = rows * (long) grid.cellHeight() + padding;
    long bytes = pictures.stream().mapToLong(Picture::bytes).sum();
    return new Picture((int) Math.min(Integer.MAX_VALUE, width), (int) Math.min(Integer.MAX_VALUE, height), bytes,
        Picture.complaint(pictures), () -> grid.draw((int) width, (int) height));
  }

  private int cellWidth() {
    return pictures.stream().mapToInt(Picture::width).max().orElseThrow() + padding;
  }

  private int cellHeight() {
    return pictures.stream().mapToInt(Picture::height).max().orElseThrow() + padding;
  }

  private Pixels draw(int width, int height) {
    List<Pixels> made = pictures.stream().map(Picture::pixels).toList();
    int channels = made.stream().mapToInt(Pixels::channels).max().orElseThrow();
    Pixels grid = Pixels.black(width, height, channels);
    int cellWidth = cellWidth();
    int cellHeight = cellHeight();
    for (int i = 0; i < made.size(); i++) {
      grid.put(made.get(i).withChannels(channels), padding + i % columns * cellWidth, padding + i / columns * cellHeight);
    }
    return grid;
  }
}
