package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testing.Recorded;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recorded video looks like, as ImageIO decodes it. */
class VideoTest {

  @TempDir
  private Path run;

  /** A decoded frame, and for how many hundredths of a second it is shown. */
  private record Frame(BufferedImage image, int hundredths) {}

  @Test
  void shouldShowGrayFramesAsTheyAre() {
    ByteBuffer pixels = ByteBuffer.allocate(5 * 16 * 16);
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put(i, (byte) (i * 7 + i / 256));
    }

    List<Frame> frames = recorded(Video.of(pixels, 8, ImageLayout.NHW, 5, 16, 16));
    assertThat(frames).hasSize(5).allSatisfy(frame -> assertThat(frame.hundredths()).isEqualTo(13));
    for (int frame = 0; frame < 5; frame++) {
      for (int i = 0; i < 256; i++) {
        int gray = pixels.get(frame * 256 + i) & 0xff;
        assertThat(frames.get(frame).image().getRGB(i % 16, i / 16) & 0xffffff).isEqualTo(0x010101 * gray);
      }
    }
  }

  @Test
  void shouldShowFramesOfFewColorsAsTheyAre() {
    List<BufferedImage> images = new ArrayList<>();
    for (int frame = 0; frame < 3; frame++) {
      BufferedImage image = new BufferedImage(20, 10, BufferedImage.TYPE_INT_ARGB);
      for (int i = 0; i < 200; i++) {
        image.setRGB(i % 20, i / 20, 0xff000000 | i * 0x010307 + frame * 0x303030 & 0xffffff);
      }
      images.add(image);
    }

    List<Frame> frames = recorded(Video.of(images.stream().map(Picture::of).toList(), 50));
    assertThat(frames).hasSize(3).allSatisfy(frame -> assertThat(frame.hundredths()).isEqualTo(2));
    for (int frame = 0; frame < 3; frame++) {
      assertThat(frames.get(frame).image().getRGB(0, 0, 20, 10, null, 0, 20))
          .containsExactly(images.get(frame).getRGB(0, 0, 20, 10, null, 0, 20));
    }
  }

  @Test
  void shouldShowFramesOfManyColorsNearlyAsTheyAre() {
    BufferedImage image = new BufferedImage(256, 128, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 128; y++) {
      for (int x = 0; x < 256; x++) {
        image.setRGB(x, y, x << 16 | y * 2 << 8 | (255 - x));
      }
    }

    BufferedImage frame = recorded(Video.of(List.of(Picture.of(image)), 1)).get(0).image();
    long difference = 0;
    for (int y = 0; y < 128; y++) {
      for (int x = 0; x < 256; x++) {
        for (int shift = 0; shift < 24; shift += 8) {
          difference += Math.abs((frame.getRGB(x, y) >> shift & 0xff) - (image.getRGB(x, y) >> shift & 0xff));
        }
      }
    }
    assertThat(difference / (256.0 * 128 * 3)).isLessThan(8);
  }

  @Test
  void shouldShowTransparentFramesOnWhite() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(1, 0, 0x80000000);

    BufferedImage frame = recorded(Video.of(List.of(Picture.of(image)), 1)).get(0).image();
    assertThat(frame.getRGB(0, 0)).isEqualTo(0xffffffff);
    assertThat(frame.getRGB(1, 0)).isEqualTo(0xff7f7f7f);
  }

  @Test
  void shouldShowSeveralVideosSideBySide() {
    FloatBuffer pixels = FloatBuffer.allocate(3 * 2 * 3 * 4 * 5);
    for (int video = 0; video < 3; video++) {
      for (int frame = 0; frame < 2; frame++) {
        for (int i = 0; i < 60; i++) {
          pixels.put((video * 2 + frame) * 60 + i, (video * 50 + frame * 20 + 10) / 255f);
        }
      }
    }

    List<Frame> frames = recorded(Video.of(pixels, 4, ImageLayout.NTCHW, 3, 2, 3, 4, 5));
    assertThat(frames).hasSize(2);
    for (int frame = 0; frame < 2; frame++) {
      BufferedImage image = frames.get(frame).image();
      assertThat(image.getWidth()).isEqualTo(2 + 5 + 2 + 5 + 2);
      for (int video = 0; video < 3; video++) {
        assertThat(image.getRGB(2 + video % 2 * 7, 2 + video / 2 * 6) & 0xff).isEqualTo(video * 50 + frame * 20 + 10);
      }
    }
  }

  @Test
  void shouldRefuseWhatIsNoVideo() {
    Picture wide = Picture.of(ByteBuffer.allocate(6), ImageLayout.HW, 2, 3);
    Picture high = Picture.of(ByteBuffer.allocate(6), ImageLayout.HW, 3, 2);

    assertRefused("there is none", () -> Video.of(List.of(), 1));
    assertRefused("3 x 2 and 2 x 3", () -> Video.of(List.of(wide, high), 1));
    assertRefused("not 51.0", () -> Video.of(List.of(wide), 51));
    assertRefused("not 0.0", () -> Video.of(List.of(wide), 0));
    assertRefused("not NaN", () -> Video.of(List.of(wide), Double.NaN));
    assertRefused("[1, 6]", () -> Video.of(ByteBuffer.allocate(6), 1, ImageLayout.NTCHW, 1, 6));
  }

  private static void assertRefused(String part, ThrowingCallable use) {
    assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(part);
  }

  /** Returns a video's frames as they are recorded, of which the first says that they begin again. */
  private List<Frame> recorded(Video video) {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addVideo("video", video, 1);
    }
    ByteBuffer gif = Recorded.in(run).events().stream().flatMap(event -> event.values().stream())
        .findFirst().orElseThrow().stringBytes().get(2);
    byte[] bytes = new byte[gif.remaining()];
    gif.get(bytes);
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try {
      reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(bytes)));
      List<Frame> frames = new ArrayList<>();
      for (int i = 0; i < reader.getNumImages(true); i++) {
        IIOMetadataNode root =
            (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
        IIOMetadataNode control = (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
        frames.add(new Frame(reader.read(i), Integer.parseInt(control.getAttribute("delayTime"))));
        if (i == 0) {
          IIOMetadataNode loop = (IIOMetadataNode) root.getElementsByTagName("ApplicationExtension").item(0);
          assertThat((byte[]) loop.getUserObject()).containsExactly(1, 0, 0);
        }
      }
      return frames;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
