package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures that follow each other in time, which TensorBoard's Images page shows as an animated GIF, again and again. Immutable.
 *
 * <p>A GIF has 256 colours a frame: gray videos are shown as they are, coloured ones nearly. It has no half transparent pixels:
 * such frames are shown on white.
 */
public final class Video {

  /** A GIF counts in hundredths of a second, and browsers slow down what waits for less than two. */
  private static final double FASTEST = 50;
  private static final double SLOWEST = 0.01;

  private final List<Picture> frames;
  private final double framesPerSecond;

  private Video(List<Picture> frames, double framesPerSecond) {
    if (!(framesPerSecond >= SLOWEST && framesPerSecond <= FASTEST)) {
      throw new IllegalArgumentException(
          "A video has between " + SLOWEST + " and " + FASTEST + " frames a second, not " + framesPerSecond);
    }
    this.frames = frames;
    this.framesPerSecond = framesPerSecond;
    Gif.load();
  }

  /**
   * Returns a video of pictures.
   *
   * @param frames the pictures, at least one, all of one size
   * @param framesPerSecond how many are shown in a second, between 0.01 and 50, rounded so that each is shown for whole
   *     hundredths of a second
   * @return the video
   * @throws IllegalArgumentException if there is no frame, if their sizes differ, if they have more than 2<sup>28</sup> pixels
   *     together, or if the rate is out of its range
   * @throws NullPointerException if the list or a frame is null
   */
  public static Video of(List<Picture> frames, double framesPerSecond) {
    List<Picture> copy = Picture.requireFitsOneEvent(frames);
    Picture first = copy.get(0);
    for (Picture frame : copy) {
      if (frame.width() != first.width() || frame.height() != first.height()) {
        throw new IllegalArgumentException("The frames of a video have one size, unlike " + first.width() + " x "
            + first.height() + " and " + frame.width() + " x " + frame.height());
      }
    }
    return new Video(copy, framesPerSecond);
  }

  /**
   * Returns a video of a tensor of floats between 0 (black) and 1 (white).
   *
   * @param pixels the elements, between the buffer's position and its limit
   * @param framesPerSecond how many frames are shown in a second, between 0.01 and 50
   * @param layout the order of the dimensions; those of {@code NHW}, {@code NHWC} and {@code NCHW} are the frames of one video,
   *     the videos of {@code NTHWC} and {@code NTCHW} are shown side by side
   * @param shape the sizes of the dimensions, in that order
   * @return the video
   * @throws IllegalArgumentException if the shape doesn't fit the layout or the number of elements, if there are other than 1, 3
   *     or 4 channels, if a side has more than 16,384 pixels, if there are more than 2<sup>28</sup> pixels together, or if the
   *     rate is out of its range
   * @throws NullPointerException if an argument is null
   */
  public static Video of(FloatBuffer pixels, double framesPerSecond, ImageLayout layout, int... shape) {
    return of(Picture.listOf(pixels, layout, shape), framesPerSecond, layout, shape);
  }

  /**
   * Returns a video of a tensor of bytes, unsigned, between 0 (black) and 255 (white).
   *
   * @param pixels the elements, between the buffer's position and its limit
   * @param framesPerSecond how many frames are shown in a second, between 0.01 and 50
   * @param layout the order of the dimensions; those of {@code NHW}, {@code NHWC} and {@code NCHW} are the frames of one video,
   *     the videos of {@code NTHWC} and {@code NTCHW} are shown side by side
   * @param shape the sizes of the dimensions, in that order
   * @return the video
   * @throws IllegalArgumentException if the shape doesn't fit the layout or the number of elements, if there are other than 1, 3
   *     or 4 channels, if a side has more than 16,384 pixels, if there are more than 2<sup>28</sup> pixels together, or if the
   *     rate is out of its range
   * @throws NullPointerException if an argument is null
   */
  public static Video of(ByteBuffer pixels, double framesPerSecond, ImageLayout layout, int... shape) {
    return of(Picture.listOf(pixels, layout, shape), framesPerSecond, layout, shape);
  }

  private static Video of(List<Picture> pictures, double framesPerSecond, ImageLayout layout, int... shape) {
    int videos = layout.isVideos() ? layout.size('N', shape) : 1;
    if (videos == 1) {
      return of(pictures, framesPerSecond);
    }
    int length = pictures.size() / videos;
    int columns = (int) Math.ceil(Math.sqrt(videos));
    List<Picture> frames = new ArrayList<>();
    for (int time = 0; time < length; time++) {
      List<Picture> atOnce = new ArrayList<>();
      for (int video = 0; video < videos; video++) {
        atOnce.add(pictures.get(video * length + time));
      }
      frames.add(Picture.grid(atOnce, columns));
    }
    return of(frames, framesPerSecond);
  }

  List<Picture> frames() {
    return frames;
  }

  double framesPerSecond() {
    return framesPerSecond;
  }
}
