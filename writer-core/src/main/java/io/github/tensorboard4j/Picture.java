package io.github.tensorboard4j;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A picture for TensorBoard's Images page, made of an image, of a tensor, or of other pictures. Immutable: the pixels are copied
 * when it is made, and nothing of the caller's is read afterwards.
 *
 * <pre>{@code
 * writer.addImage("digit", Picture.of(pixels, ImageLayout.HW, 28, 28), step);
 * writer.addImage("batch", Picture.grid(Picture.listOf(batch, ImageLayout.NCHW, 64, 3, 32, 32), 8), step);
 * }</pre>
 *
 * <p>A picture has between 1 and 16,384 pixels on each side, is gray or coloured, with transparency or without, and has 8 bits
 * a channel. The samples of a tensor are shown as they are: 128 is as gray as {@code #808080} on a page.
 *
 * <p>Tensors of floats have 0 for black and 1 for white, unless a range is given. What is beyond is shown as black or white, and
 * NaN as black; the log says so at the first picture of a series that has any. Only who gives a wrong shape is stopped: a
 * training that diverges goes on.
 */
public final class Picture {

  static final int LONGEST_SIDE = 16_384;
  /** What the pictures of one event may have together: with four channels, a gigabyte, which a record can still hold. */
  static final int MOST_PIXELS = LONGEST_SIDE * LONGEST_SIDE;

  private static final int PADDING = 2;

  private final int width;
  private final int height;
  private final long bytes;
  private final @Nullable String complaint;
  private final Supplier<Pixels> pixels;

  /**
   * Takes the size of a picture and what makes it, later and on another thread; how many bytes that needs until then; and what
   * should be said about it.
   */
  Picture(int width, int height, long bytes, @Nullable String complaint, Supplier<Pixels> pixels) {
    requireSides(width, height);
    this.width = width;
    this.height = height;
    this.bytes = bytes;
    this.complaint = complaint;
    this.pixels = pixels;
  }

  private static Picture of(Pixels pixels, @Nullable String complaint) {
    return new Picture(pixels.width(), pixels.height(), pixels.samples().length, complaint, () -> pixels);
  }

  /**
   * Returns a picture of an image of any type. Gray ones keep the brightness of their samples, of which those with 16 bits are
   * rounded to 8, and those of floats go from 0 (black) to 1 (white).
   *
   * @param image the image
   * @return the picture
   * @throws IllegalArgumentException if a side has more than 16,384 pixels
   * @throws NullPointerException if the image is null
   */
  public static Picture of(BufferedImage image) {
    Objects.requireNonNull(image, "An image is asked for, but it is null");
    requireSides(image.getWidth(), image.getHeight());
    return of(Images.read(image), null);
  }

  /**
   * Returns a picture of a tensor of floats between 0 (black) and 1 (white).
   *
   * @param pixels the elements, between the buffer's position and its limit
   * @param layout the order of the dimensions: {@code HW}, {@code HWC} or {@code CHW}
   * @param shape the sizes of the dimensions, in that order
   * @return the picture
   * @throws IllegalArgumentException if the layout is that of several pictures, if the shape doesn't fit it or the number of
   *     elements, if there are other than 1, 3 or 4 channels, or if a side has more than 16,384 pixels
   * @throws NullPointerException if an argument is null
   */
  public static Picture of(FloatBuffer pixels, ImageLayout layout, int... shape) {
    return ofRange(pixels, 0, 1, layout, shape);
  }

  /**
   * Returns a picture of a tensor of bytes, unsigned, between 0 (black) and 255 (white).
   *
   * @param pixels the elements, between the buffer's position and its limit
   * @param layout the order of the dimensions: {@code HW}, {@code HWC} or {@code CHW}
   * @param shape the sizes of the dimensions, in that order
   * @return the picture
   * @throws IllegalArgumentException if the layout is that of several pictures, if the shape doesn't fit it or the number of
   *     elements, if there are other than 1, 3 or 4 channels, or if a side has more than 16,384 pixels
   * @throws NullPointerException if an argument is null
   */
  public static Picture of(ByteBuffer pixels, ImageLayout layout, int... shape) {
    requireSingle(layout);
    return list(PixelTensor.copy(pixels, layout, shape)).get(0);
  }

  /**
   * Returns a picture of a tensor of floats between any two numbers, such as -1 and 1.
   *
   * @param pixels the elements, between the buffer's position and its limit
   * @param black what is shown as black
   * @param white what is shown as white, more than that
   * @param layout the order of the dimensions: {@code HW}, {@code HWC} or {@code CHW}
   * @param shape the sizes of the dimensions, in that order
   * @return the picture
   * @throws IllegalArgumentException if the range is empty or not finite, if the layout is that of several pictures, if the
   *     shape doesn't fit it or the number of elements, if there are other than 1, 3 or 4 channels, or if a side has more than
   *     16,384 pixels
   * @throws NullPointerException if an argument is null
   */
  public static Picture ofRange(FloatBuffer pixels, float black, float white, ImageLayout layout, int... shape) {
    requireSingle(layout);
    return list(PixelTensor.copy(pixels, black, white, layout, shape)).get(0);
  }

  /**
   * Returns the pictures of a batch, a tensor of floats between 0 (black) and 1 (white).
   *
   * @param pixels the elements, between the buffer's position and its limit
   * @param layout the order of the dimensions: {@code NHW}, {@code NHWC} or {@code NCHW}; of another, all pictures it has
   * @param shape the sizes of the dimensions, in that order
   * @return the pictures, at least one
   * @throws IllegalArgumentException if the shape doesn't fit the layout or the number of elements, if there are other than 1, 3
   *     or 4 channels, or if a side has more than 16,384 pixels
   * @throws NullPointerException if an argument is null
   */
  public static List<Picture> listOf(FloatBuffer pixels, ImageLayout layout, int... shape) {
    return listOfRange(pixels, 0, 1, layout, shape);
  }

  /**
   * Returns the pictures of a batch, a tensor of bytes, unsigned, between 0 (black) and 255 (white).
   *
   * @param pixels the elements, between the buffer's position and its limit
   * @param layout the order of the dimensions: {@code NHW}, {@code NHWC} or {@code NCHW}; of another, all pictures it has
   * @param shape the sizes of the dimensions, in that order
   * @return the pictures, at least one
   * @throws IllegalArgumentException if the shape doesn't fit the layout or the number of elements, if there are other than 1, 3
   *     or 4 channels, or if a side has more than 16,384 pixels
   * @throws NullPointerException if an argument is null
   */
  public static List<Picture> listOf(ByteBuffer pixels, ImageLayout layout, int... shape) {
    return list(PixelTensor.copy(pixels, layout, shape));
  }

  /**
   * Returns the pictures of a batch, a tensor of floats between any two numbers, such as -1 and 1.
   *
   * @param pixels the elements, between the buffer's position and its limit
   * @param black what is shown as black
   * @param white what is shown as white, more than that
   * @param layout the order of the dimensions: {@code NHW}, {@code NHWC} or {@code NCHW}; of another, all pictures it has
   * @param shape the sizes of the dimensions, in that order
   * @return the pictures, at least one
   * @throws IllegalArgumentException if the range is empty or not finite, if the shape doesn't fit the layout or the number of
   *     elements, if there are other than 1, 3 or 4 channels, or if a side has more than 16,384 pixels
   * @throws NullPointerException if an argument is null
   */
  public static List<Picture> listOfRange(FloatBuffer pixels, float black, float white, ImageLayout layout, int... shape) {
    return list(PixelTensor.copy(pixels, black, white, layout, shape));
  }

  private static List<Picture> list(PixelTensor tensor) {
    return tensor.pictures().stream().map(pixels -> of(pixels, tensor.complaint())).toList();
  }

  /**
   * Returns one picture of many, row by row, on black and two pixels apart, as torchvision's {@code make_grid} has them. Those
   * that are smaller than others stand at the top left of their place.
   *
   * @param pictures the pictures, at least one
   * @param columns how many stand in a row
   * @return the picture
   * @throws IllegalArgumentException if there is no picture or no column, or if a side gets more than 16,384 pixels
   * @throws NullPointerException if the list or a picture is null
   */
  public static Picture grid(List<Picture> pictures, int columns) {
    return grid(pictures, columns, PADDING);
  }

  /**
   * Returns one picture of many, row by row, on black. Those that are smaller than others stand at the top left of their place.
   *
   * @param pictures the pictures, at least one
   * @param columns how many stand in a row
   * @param padding how many pixels are left black between them and around them
   * @return the picture
   * @throws IllegalArgumentException if there is no picture or no column, if the padding is negative, or if a side gets more
   *     than 16,384 pixels
   * @throws NullPointerException if the list or a picture is null
   */
  public static Picture grid(List<Picture> pictures, int columns, int padding) {
    return PictureGrid.of(requirePictures(pictures), columns, padding);
  }

  /**
   * Returns a picture that is painted now, on white, such as a chart: each Java library that paints charts to a
   * {@link Graphics2D} can do that, and none is needed for it.
   *
   * @param width the number of columns
   * @param height the number of rows
   * @param painter what paints, on this thread and before this method returns
   * @return the picture
   * @throws IllegalArgumentException if a side has less than 1 or more than 16,384 pixels
   * @throws NullPointerException if the painter is null
   */
  public static Picture painted(int width, int height, Consumer<Graphics2D> painter) {
    Objects.requireNonNull(painter, "A painter is asked for, but it is null");
    requireSides(width, height);
    return of(Images.paint(width, height, painter), null);
  }

  /**
   * Returns this picture with boxes drawn on it, each in a colour that its label has everywhere. A gray picture becomes coloured.
   *
   * @param boxes the boxes; what is beyond the picture isn't seen
   * @return the picture
   * @throws IllegalArgumentException if a box lies outside the picture as a whole
   * @throws NullPointerException if the list or a box is null
   */
  public Picture withBoxes(List<Box> boxes) {
    List<Box> drawn = List.copyOf(Objects.requireNonNull(boxes, "Boxes are asked for, but they are null"));
    for (Box box : drawn) {
      if (box.left() >= width || box.top() >= height || box.right() <= 0 || box.bottom() <= 0) {
        throw new IllegalArgumentException(box + " lies outside of a picture of " + width + " x " + height + " pixels");
      }
    }
    return new Picture(width, height, bytes, complaint, () -> BoxDrawing.draw(pixels.get(), drawn));
  }

  /**
   * Returns this picture with a line of text below it, on white, as large as it fits. A gray picture becomes coloured.
   *
   * @param caption the text, in any language
   * @return the picture, which is higher
   * @throws IllegalArgumentException if it gets higher than 16,384 pixels
   * @throws NullPointerException if the text is null
   */
  public Picture withCaption(String caption) {
    Objects.requireNonNull(caption, "A caption may be empty, but not null");
    return new Picture(width, height + CaptionDrawing.lineHeight(width, height), bytes, complaint,
        () -> CaptionDrawing.draw(pixels.get(), caption));
  }

  /**
   * Returns this picture with each pixel as a square of several: a small one that text is to be read on.
   *
   * @param factor how many pixels the sides of the square have
   * @return the picture
   * @throws IllegalArgumentException if the factor is less than 1, or if a side gets more than 16,384 pixels
   */
  public Picture enlarged(int factor) {
    if (factor < 1 || factor > LONGEST_SIDE) {
      throw new IllegalArgumentException("A picture is enlarged by 1 or more, up to " + LONGEST_SIDE + ", not by " + factor);
    }
    return new Picture(width * factor, height * factor, bytes, complaint, () -> pixels.get().enlarged(factor));
  }

  /**
   * Returns the number of columns.
   *
   * @return the width in pixels
   */
  public int width() {
    return width;
  }

  /**
   * Returns the number of rows.
   *
   * @return the height in pixels
   */
  public int height() {
    return height;
  }

  /** Returns how much memory it takes until it is made. */
  long bytes() {
    return bytes;
  }

  /** Makes the picture. */
  Pixels pixels() {
    return pixels.get();
  }

  /** Returns what should be said about some picture. */
  static @Nullable String complaint(List<Picture> pictures) {
    Optional<String> first = pictures.stream().flatMap(picture -> Stream.ofNullable(picture.complaint)).findFirst();
    return first.orElse(null);
  }

  static List<Picture> requirePictures(List<Picture> pictures) {
    List<Picture> copy = List.copyOf(Objects.requireNonNull(pictures, "Pictures are asked for, but they are null"));
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("One picture or more are asked for, but there is none");
    }
    return copy;
  }

  /** Likewise, and refuses more than one event can hold. */
  static List<Picture> requireFitsOneEvent(List<Picture> pictures) {
    List<Picture> copy = requirePictures(pictures);
    long sum = copy.stream().mapToLong(picture -> (long) picture.width * picture.height).sum();
    if (sum > MOST_PIXELS) {
      throw new IllegalArgumentException("Pictures that are added at once have at most " + MOST_PIXELS + " pixels, unlike "
          + copy.size() + " with " + sum);
    }
    return copy;
  }

  static void requireSides(int width, int height) {
    if (width < 1 || width > LONGEST_SIDE || height < 1 || height > LONGEST_SIDE) {
      throw new IllegalArgumentException(
          "A picture has between 1 and " + LONGEST_SIDE + " pixels on each side, not " + width + " x " + height);
    }
  }

  private static void requireSingle(ImageLayout layout) {
    Objects.requireNonNull(layout, "A layout is asked for, but it is null");
    if (!layout.isSingle()) {
      throw new IllegalArgumentException(
          "The layout " + layout + " has several pictures: listOf returns them, and grid makes one of them");
    }
  }

  /**
   * A box on a picture, in pixels from its top left.
   *
   * @param left the left edge
   * @param top the upper edge
   * @param right the right edge, more than the left one
   * @param bottom the lower edge, more than the upper one
   * @param label what stands at the box, in any language; empty for none
   */
  public record Box(double left, double top, double right, double bottom, String label) {

    /**
     * Creates a box.
     *
     * @param left the left edge
     * @param top the upper edge
     * @param right the right edge
     * @param bottom the lower edge
     * @param label what stands at the box
     * @throws IllegalArgumentException if an edge isn't finite, or if the box has no area
     * @throws NullPointerException if the label is null
     */
    public Box {
      Objects.requireNonNull(label, "A box's label may be empty, but not null");
      if (!(Double.isFinite(right - left) && Double.isFinite(bottom - top) && left < right && top < bottom)) {
        throw new IllegalArgumentException(
            "A box's left edge is less than its right one and its upper one less than its lower "
                + "one, unlike " + left + ", " + top + ", " + right + ", " + bottom);
      }
    }
  }
}
