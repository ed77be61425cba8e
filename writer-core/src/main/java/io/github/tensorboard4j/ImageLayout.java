package io.github.tensorboard4j;

/**
 * The order of a picture tensor's dimensions, slowest first: {@code N} pictures, {@code T} points of time, {@code C} channels,
 * {@code H} rows from the top, {@code W} columns from the left.
 *
 * <p>There are 1 channel (gray), 3 (red, green, blue) or 4 (and alpha, where 0 is transparent); 1 where the layout has no
 * {@code C}.
 */
public enum ImageLayout {
  /** One gray picture: rows, columns. */
  HW,
  /** One gray picture, column by column: columns, rows. */
  WH,
  /** One picture, its channels pixel by pixel, as most image libraries have them: rows, columns, channels. */
  HWC,
  /** One picture, its channels plane by plane, as most networks have them: channels, rows, columns. */
  CHW,
  /** Several gray pictures: pictures, rows, columns. */
  NHW,
  /** Several pictures, their channels pixel by pixel: pictures, rows, columns, channels. */
  NHWC,
  /** Several pictures, their channels plane by plane: pictures, channels, rows, columns. */
  NCHW,
  /** Several videos, their channels pixel by pixel: videos, frames, rows, columns, channels. */
  NTHWC,
  /** Several videos, their channels plane by plane: videos, frames, channels, rows, columns. */
  NTCHW;

  /** Returns whether a tensor with this layout is one picture. */
  boolean isSingle() {
    return !has('N');
  }

  /** Returns whether a tensor with this layout has several videos. */
  boolean isVideos() {
    return has('T');
  }

  /** Returns whether the channels of a pixel lie apart from each other. */
  boolean isPlanar() {
    return has('C') && !name().endsWith("C");
  }

  int rank() {
    return name().length();
  }

  /** Returns a dimension's size, 1 where this layout doesn't have it. */
  int size(char dimension, int[] shape) {
    return has(dimension) ? shape[name().indexOf(dimension)] : 1;
  }

  /** Returns what a tensor with this layout has, for a message. */
  String described() {
    return (isVideos() ? "Videos" : "Pictures") + " in the layout " + name();
  }

  private boolean has(char dimension) {
    return name().indexOf(dimension) >= 0;
  }
}
