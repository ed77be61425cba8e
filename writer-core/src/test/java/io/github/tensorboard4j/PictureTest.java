package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recorded picture looks like, as ImageIO decodes it. */
class PictureTest {

  /** The rows of a picture with three channels: 2 x 3 pixels. */
  private static final int[][] COLORS = {{0x000102, 0x80ff40, 0xffffff}, {0x0a0b0c, 0x7f8081, 0xfefdfc}};

  @TempDir
  private Path run;

  @ParameterizedTest
  @ValueSource(ints = {
      BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_INT_BGR,
      BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_4BYTE_ABGR_PRE,
      BufferedImage.TYPE_USHORT_565_RGB, BufferedImage.TYPE_USHORT_555_RGB, BufferedImage.TYPE_BYTE_BINARY,
      BufferedImage.TYPE_BYTE_INDEXED})
  void shouldKeepTheColorsOfAnImageOfAnyType(int type) {
    BufferedImage image = new BufferedImage(61, 47, type);
    Random random = new Random(type);
    for (int y = 0; y < 47; y++) {
      for (int x = 0; x < 61; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }

    assertSame(recorded(Picture.of(image)), image);
    BufferedImage part = image.getSubimage(3, 5, 40, 30);
    assertSame(recorded(Picture.of(part)), part);
  }

  @Test
  void shouldKeepTheSamplesOfGrayImages() {
    BufferedImage bytes = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage shorts = new BufferedImage(256, 1, BufferedImage.TYPE_USHORT_GRAY);
    BufferedImage withAlpha = gray(256, DataBuffer.TYPE_BYTE, true);
    BufferedImage floats = gray(256, DataBuffer.TYPE_FLOAT, false);
    BufferedImage doubles = gray(256, DataBuffer.TYPE_DOUBLE, false);
    for (int gray = 0; gray < 256; gray++) {
      bytes.getRaster().setSample(gray, 0, 0, gray);
      shorts.getRaster().setSample(gray, 0, 0, gray * 257 + (gray % 2 == 0 ? 100 : -100));
      withAlpha.getRaster().setPixel(gray, 0, new int[] {gray, 255 - gray});
      floats.getRaster().setSample(gray, 0, 0, gray / 255f);
      doubles.getRaster().setSample(gray, 0, 0, gray / 255.0);
    }

    // what is beyond black and white, as in a tensor
    floats.getRaster().setSample(0, 0, 0, -0.5f);
    floats.getRaster().setSample(255, 0, 0, 1.5f);

    for (BufferedImage image : List.of(bytes, shorts, floats, doubles)) {
      BufferedImage decoded = recorded(Picture.of(image));
      assertThat(decoded.getRaster().getNumBands()).isEqualTo(1);
      assertThat(decoded.getRaster().getPixels(0, 0, 256, 1, (int[]) null))
          .containsExactly(IntStream.range(0, 256).toArray());
    }
    assertThat(recorded(Picture.of(withAlpha)).getRGB(0, 0, 256, 1, null, 0, 256))
        .containsExactly(IntStream.range(0, 256).map(gray -> 255 - gray << 24 | gray * 0x010101).toArray());
  }

  private static BufferedImage gray(int width, int type, boolean alpha) {
    ColorModel colors = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_GRAY), alpha, false,
        alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, type);
    return new BufferedImage(colors, colors.createCompatibleWritableRaster(width, 1), false, null);
  }

  @ParameterizedTest
  @EnumSource(value = ImageLayout.class, names = {"CHW", "HWC", "NCHW", "NHWC", "NTCHW", "NTHWC"})
  void shouldReadTensorsInEachLayout(ImageLayout layout) {
    int[] shape = shape(layout, 3);
    boolean planar = layout.name().indexOf('C') < layout.name().indexOf('H');
    ByteBuffer bytes = ByteBuffer.allocateDirect(20 + 18).position(20);
    FloatBuffer floats = FloatBuffer.allocate(4 + 18).position(4);
    for (int i = 0; i < 18; i++) {
      int channel = planar ? i / 6 : i % 3;
      int pixel = planar ? i % 6 : i / 3;
      int sample = COLORS[pixel / 3][pixel % 3] >> 8 * (2 - channel) & 0xff;
      bytes.put(20 + i, (byte) sample);
      floats.put(4 + i, sample / 255f);
    }

    assertColors(recorded(Picture.listOf(bytes, layout, shape).get(0)));
    assertColors(recorded(Picture.listOf(floats, layout, shape).get(0)));
    if (layout.isSingle()) {
      assertColors(recorded(Picture.of(bytes, layout, shape)));
      assertColors(recorded(Picture.of(floats, layout, shape)));
    }
    assertThat(bytes.position()).isEqualTo(20);
    assertThat(floats.position()).isEqualTo(4);
  }

  private static int[] shape(ImageLayout layout, int channels) {
    return layout.name().chars().map(dimension -> switch (dimension) {
      case 'H' -> 2;
      case 'W' -> 3;
      case 'C' -> channels;
      default -> 1;
    }).toArray();
  }

  private static void assertColors(BufferedImage image) {
    assertThat(image.getWidth()).isEqualTo(3);
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 3; x++) {
        assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(COLORS[y][x]);
      }
    }
  }

  @Test
  void shouldReadGrayTensorsAndTransparentOnes() {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3, (byte) 200, 5, 6, 7, 8});

    assertThat(samples(Picture.of(bytes, ImageLayout.HW, 2, 4))).containsExactly(1, 2, 3, 200, 5, 6, 7, 8);
    assertThat(samples(Picture.of(bytes, ImageLayout.WH, 4, 2))).containsExactly(1, 3, 5, 7, 2, 200, 6, 8);
    assertThat(samples(Picture.of(bytes, ImageLayout.CHW, 1, 2, 4))).containsExactly(1, 2, 3, 200, 5, 6, 7, 8);
    assertThat(samples(Picture.of(bytes, ImageLayout.HWC, 1, 2, 4))).containsExactly(1, 2, 3, 200, 5, 6, 7, 8);
    assertThat(samples(Picture.of(bytes, ImageLayout.CHW, 4, 1, 2))).containsExactly(1, 3, 5, 7, 2, 200, 6, 8);
    List<Picture> batch = Picture.listOf(bytes, ImageLayout.NHW, 2, 2, 2);
    assertThat(batch).hasSize(2);
    assertThat(samples(batch.get(1))).containsExactly(5, 6, 7, 8);
  }

  @Test
  void shouldRoundFloatsToTheNearestSampleAndShowThoseBeyondAsBlackOrWhite() {
    FloatBuffer floats = FloatBuffer.wrap(
        new float[] {0, 1, 0.5f, 127.4f / 255, 127.6f / 255, -3, 7, Float.NaN, Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY});
    FloatBuffer signed = FloatBuffer.wrap(new float[] {-1, -0.5f, 0, 1, 2});

    assertThat(samples(Picture.of(floats, ImageLayout.HW, 1, 10))).containsExactly(0, 255, 128, 127, 128, 0, 255, 0, 0, 255);
    assertThat(samples(Picture.ofRange(signed, -1, 1, ImageLayout.HW, 1, 5))).containsExactly(0, 64, 128, 255, 255);
    assertThat(samples(Picture.listOfRange(signed, -1, 1, ImageLayout.NHW, 1, 5, 1).get(0)))
        .containsExactly(0, 64, 128, 255, 255);
    assertThat(Picture.complaint(Picture.listOf(floats, ImageLayout.NHW, 2, 5, 1)))
        .startsWith("5 of 10 elements are NaN or not between 0.0 and 1.0");
    assertThat(Picture.complaint(Picture.listOfRange(signed, -1, 2, ImageLayout.NHW, 5, 1, 1))).isNull();
  }

  @Test
  void shouldKeepWhatAPictureWasWhenItWasMade() {
    byte[] bytes = {1, 2, 3, 4};
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    Picture ofBytes = Picture.of(ByteBuffer.wrap(bytes), ImageLayout.HW, 2, 2);
    Picture ofImage = Picture.of(image);
    bytes[0] = 9;
    image.setRGB(0, 0, 0xffffff);

    assertThat(samples(ofBytes)).containsExactly(1, 2, 3, 4);
    assertThat(samples(ofImage)).containsOnly(0);
  }

  @Test
  void shouldCompressLargePicturesWithoutChangingThem() {
    Random random = new Random(1);
    BufferedImage image = new BufferedImage(700, 500, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 500; y++) {
      for (int x = 0; x < 700; x++) {
        // smooth, noisy, flat and transparent parts: each filter is best somewhere
        int color = x < 200 ? 0xff000000 | x << 16 | y / 2 << 8 | (x + y) / 3
            : x < 300 ? random.nextInt() : x < 400 ? 0x80336699 : 0xff000000 | 0x010101 * (y / 2 + random.nextInt(3));
        image.setRGB(x, y, color);
      }
    }

    assertSame(recorded(Picture.of(image)), image);
  }

  @Test
  void shouldPutPicturesInAGridRowByRow() {
    Picture gray = Picture.of(ByteBuffer.wrap(new byte[] {10, 20, 30, 40, 50, 60}), ImageLayout.HW, 2, 3);
    Picture small = Picture.of(ByteBuffer.wrap(new byte[] {70}), ImageLayout.HW, 1, 1);
    Picture red = Picture.of(ByteBuffer.wrap(new byte[] {-1, 0, 0, -1, 0, 0}), ImageLayout.HWC, 1, 2, 3);

    BufferedImage grid = recorded(Picture.grid(List.of(gray, small, red), 2));
    assertThat(grid.getWidth()).isEqualTo(2 + 3 + 2 + 3 + 2);
    assertThat(grid.getHeight()).isEqualTo(2 + 2 + 2 + 2 + 2);
    int[][] expected = new int[10][12];
    for (int i = 0; i < 6; i++) {
      expected[2 + i / 3][2 + i % 3] = 0x0a0a0a * (i + 1);
    }
    expected[2][7] = 0x464646;
    expected[6][2] = 0xff0000;
    expected[6][3] = 0xff0000;
    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 12; x++) {
        assertThat(grid.getRGB(x, y) & 0xffffff).as("%d, %d", x, y).isEqualTo(expected[y][x]);
      }
    }
    assertThat(recorded(Picture.grid(List.of(gray, gray), 8, 0)).getWidth()).isEqualTo(6);
    assertThat(recorded(Picture.grid(List.of(gray, gray), 1, 5)).getHeight()).isEqualTo(5 + 2 + 5 + 2 + 5);
  }

  @Test
  void shouldDrawBoxesWithTheirLabelsOnTopOfThePicture() {
    Picture gray = Picture.of(ByteBuffer.allocate(300 * 200), ImageLayout.HW, 200, 300);
    BufferedImage image = recorded(gray.withBoxes(List.of(
        new Picture.Box(20, 50, 120, 150, "cat"), new Picture.Box(150, 50, 250.4, 149.6, "dog"),
        new Picture.Box(-10, 170, 30, 400, ""), new Picture.Box(260, 160, 299, 190, "cat"))));

    int cat = image.getRGB(20, 100);
    int dog = image.getRGB(150, 100);
    assertThat(cat & 0xffffff).isNotZero().isNotEqualTo(dog & 0xffffff);
    assertThat(image.getRGB(119, 100)).isEqualTo(cat);
    assertThat(image.getRGB(70, 149)).isEqualTo(cat);
    assertThat(image.getRGB(260, 175)).isEqualTo(cat);
    assertThat(image.getRGB(249, 100)).isEqualTo(dog);
    for (int[] untouched : new int[][] {{10, 100}, {70, 100}, {121, 120}, {200, 100}, {280, 175}, {299, 0}}) {
      assertThat(image.getRGB(untouched[0], untouched[1]) & 0xffffff).isZero();
    }
    // the label's ground is the box's colour, its text white
    int[] label = image.getRGB(21, 41, 10, 8, null, 0, 10);
    assertThat(label).contains(cat);
    assertThat(IntStream.of(image.getRGB(21, 38, 22, 12, null, 0, 22)).map(color -> (color >> 8 & 0xff)).max().getAsInt())
        .isGreaterThan(200);
    assertThat(image.getRGB(29, 185) & 0xffffff).isNotZero();
    assertThat(samples(gray)).containsOnly(0);
  }

  @Test
  void shouldWriteACaptionBelowThePicture() {
    Picture gray = Picture.of(ByteBuffer.allocate(100 * 120), ImageLayout.HW, 100, 120);
    Picture captioned = gray.withCaption("7, not 1");
    BufferedImage image = recorded(captioned);

    assertThat(captioned.height()).isGreaterThan(110);
    assertThat(image.getRGB(0, 0, 120, 100, null, 0, 120)).containsOnly(0xff000000);
    int[] line = image.getRGB(0, 100, 120, captioned.height() - 100, null, 0, 120);
    assertThat(IntStream.of(line).filter(color -> color == 0xffffffff).count()).isGreaterThan(line.length / 2);
    assertThat(IntStream.of(line).filter(color -> (color & 0xff) < 100).count()).isGreaterThan(20);
    assertThat(recorded(gray.withCaption("")).getRGB(60, 105)).isEqualTo(0xffffffff);
  }

  @Test
  void shouldEnlargeAPicturePixelByPixel() {
    Picture picture = Picture.of(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), ImageLayout.HW, 2, 2);

    assertThat(samples(picture.enlarged(2))).containsExactly(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4);
  }

  @Test
  void shouldPaintAFigureOnWhite() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addFigure("figure", 50, 40, graphics -> {
        graphics.setColor(Color.RED);
        graphics.fillRect(10, 10, 5, 5);
      }, 3);
    }

    BufferedImage figure = decode(Recorded.in(run), 0);
    assertThat(figure.getWidth()).isEqualTo(50);
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 50; x++) {
        boolean inside = x >= 10 && x < 15 && y >= 10 && y < 15;
        assertThat(figure.getRGB(x, y)).isEqualTo(inside ? 0xffff0000 : 0xffffffff);
      }
    }
  }

  @Test
  void shouldRecordAPicturesOrSeveralOfOneStepWithTheirSize() {
    Picture wide = Picture.of(ByteBuffer.allocate(6), ImageLayout.HW, 2, 3);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addImage("one", wide, 7, Instant.ofEpochSecond(1_500_000_000));
      writer.addImages("several", List.of(wide, wide, wide), 8);
    }

    List<Event> events = Recorded.in(run).events().stream().filter(event -> !event.values().isEmpty()).toList();
    assertThat(events).hasSize(2);
    Event.Value one = events.get(0).values().get(0);
    assertThat(events.get(0).step()).isEqualTo(7);
    assertThat(events.get(0).wallTime()).isEqualTo(Instant.ofEpochSecond(1_500_000_000));
    assertThat(one.tag()).isEqualTo("one");
    assertThat(one.plugin()).isEqualTo("images");
    assertThat(one.dtype()).isEqualTo(DType.STRING);
    assertThat(one.shape()).containsExactly(3L);
    assertThat(one.strings()).startsWith("3", "2");
    assertThat(events.get(1).values().get(0).shape()).containsExactly(5L);
    assertThat(events.get(1).values().get(0).stringBytes()).hasSize(5);
  }

  @Test
  void shouldRefuseWhatIsNoPicture() {
    ByteBuffer bytes = ByteBuffer.allocate(12);
    FloatBuffer floats = FloatBuffer.allocate(12);
    Picture picture = Picture.of(bytes, ImageLayout.HW, 3, 4);
    assertRefused("[3, 4]", () -> Picture.of(bytes, ImageLayout.CHW, 3, 4));
    assertRefused("[3, 5]", () -> Picture.of(floats, ImageLayout.HW, 3, 5));
    assertRefused("15 elements, but the buffer has 12", () -> Picture.of(floats, ImageLayout.HW, 3, 5));
    assertRefused("not 2 as in the shape [2, 2, 3]", () -> Picture.of(floats, ImageLayout.CHW, 2, 2, 3));
    assertRefused("not 6 as in the shape [2, 1, 6]", () -> Picture.of(bytes, ImageLayout.HWC, 2, 1, 6));
    assertRefused("NCHW", () -> Picture.of(bytes, ImageLayout.NCHW, 1, 1, 3, 4));
    assertRefused("[0, 3, 4]", () -> Picture.listOf(bytes, ImageLayout.NHW, 0, 3, 4));
    assertRefused("not 4 x 0", () -> Picture.of(bytes, ImageLayout.HW, 0, 4));
    assertRefused("not 16385 x 1", () -> Picture.of(ByteBuffer.allocate(16385), ImageLayout.HW, 1, 16385));
    assertRefused("16384, 16384, 16384]", () -> Picture.listOf(bytes, ImageLayout.NHW, 16384, 16384, 16384));
    assertRefused("16385", () -> Picture.of(new BufferedImage(16385, 1, BufferedImage.TYPE_BYTE_GRAY)));
    assertRefused("1.0 and 1.0", () -> Picture.ofRange(floats, 1, 1, ImageLayout.HW, 3, 4));
    assertRefused("NaN", () -> Picture.ofRange(floats, 0, Float.NaN, ImageLayout.HW, 3, 4));
    assertRefused("there is none", () -> Picture.grid(List.of(), 3));
    assertRefused("not 0", () -> Picture.grid(List.of(picture), 0));
    assertRefused("not -1", () -> Picture.grid(List.of(picture), 1, -1));
    assertRefused("16384", () -> Picture.grid(List.of(picture, picture), 2, 9_000));
    assertRefused("16384", () -> Picture.grid(List.of(picture, picture), 2, Integer.MAX_VALUE));
    assertRefused("not 0 x 5", () -> Picture.painted(0, 5, Graphics2D::dispose));
    assertRefused("not by 0", () -> picture.enlarged(0));
    assertRefused("20000", () -> picture.enlarged(5_000));
    assertRefused("4 x 3", () -> picture.withBoxes(List.of(new Picture.Box(4, 0, 5, 1, "a"))));
    assertRefused("-1", () -> picture.withBoxes(List.of(new Picture.Box(0, -1, 5, 0, "a"))));
    assertRefused("2.0, 0.0, 2.0, 1.0", () -> new Picture.Box(2, 0, 2, 1, "a"));
    assertRefused("NaN", () -> new Picture.Box(0, 0, Double.NaN, 1, "a"));
    assertRefused("Infinity", () -> new Picture.Box(Double.NEGATIVE_INFINITY, 0, 1, 1, "a"));
    Picture large = picture.enlarged(4_096);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      assertRefused("there is none", () -> writer.addImages("a", List.of(), 1));
      assertRefused("268435456 pixels, unlike 2 with 402653184", () -> writer.addImages("a", List.of(large, large), 1));
      assertThatThrownBy(() -> writer.addImage("a", null, 1)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("picture");
      writer.addImage("a", picture, 1);
      assertRefused("already has images", () -> writer.addScalar("a", 1, 1));
    }
    assertThat(Recorded.in(run).tensorSteps()).containsOnlyKeys("a");
  }

  private static void assertRefused(String part, ThrowingCallable use) {
    assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(part);
  }

  private static void assertSame(BufferedImage decoded, BufferedImage expected) {
    int width = expected.getWidth();
    int height = expected.getHeight();
    assertThat(decoded.getWidth()).isEqualTo(width);
    assertThat(decoded.getHeight()).isEqualTo(height);
    assertThat(decoded.getRGB(0, 0, width, height, null, 0, width))
        .containsExactly(expected.getRGB(0, 0, width, height, null, 0, width));
  }

  private int[] samples(Picture picture) {
    BufferedImage image = recorded(picture);
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }

  /** Returns a picture as it is recorded. */
  private BufferedImage recorded(Picture picture) {
    Path own = run.resolve("run" + System.nanoTime());
    try (SummaryWriter writer = SummaryWriter.open(own)) {
      writer.addImage("picture", picture, 1);
    }
    BufferedImage image = decode(Recorded.in(own), 0);
    assertThat(image.getWidth()).isEqualTo(picture.width());
    assertThat(image.getHeight()).isEqualTo(picture.height());
    return image;
  }

  /** Returns the only series' picture of a sample. */
  private static BufferedImage decode(Recorded recorded, int sample) {
    Event.Value value = recorded.events().stream().flatMap(event -> event.values().stream()).findFirst().orElseThrow();
    ByteBuffer png = value.stringBytes().get(2 + sample);
    byte[] bytes = new byte[png.remaining()];
    png.get(bytes);
    try {
      return ImageIO.read(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
