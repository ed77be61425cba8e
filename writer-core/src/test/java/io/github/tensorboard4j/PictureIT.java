package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.ImagePoint;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What TensorBoard itself, with each of its two loaders, shows of recorded pictures. */
class PictureIT {

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldServeEachPixelOfPicturesOfEveryKind(Loader loader) throws IOException {
    List<Picture> pictures = List.of(noise(20, 30, 1), noise(20, 30, 3), noise(20, 30, 4));
    Picture large = noise(1_000, 800, 3);
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      for (int step = 1; step <= 30; step++) {
        writer.addImage("of/each λ step", step % 2 == 0 ? pictures.get(0) : large, step,
            Instant.ofEpochSecond(1_500_000_000 + step));
      }
      writer.addImages("several", pictures, 1);
      writer.addImages("several", pictures, 2);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      List<ImagePoint> steps = server.await("30 steps", client -> client.images("run", "of/each λ step", 0),
          points -> points.size() == 30);

      assertThat(steps).extracting(ImagePoint::step).isEqualTo(LongStream.rangeClosed(1, 30).boxed().toList());
      assertThat(steps.get(4).wallTime()).isEqualTo(1_500_000_005);
      assertSame(steps.get(0), large);
      assertSame(steps.get(29), pictures.get(0));
      assertThat(server.client().imageSamples().get("run")).isEqualTo(Map.of("of/each λ step", 1, "several", 3));
      for (int sample = 0; sample < 3; sample++) {
        List<ImagePoint> points = server.client().images("run", "several", sample);
        assertThat(points).hasSize(2);
        assertSame(points.get(1), pictures.get(sample));
      }
      assertThat(server.problems()).isEmpty();
    }
  }

  private static void assertSame(ImagePoint shown, Picture added) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(shown.file()));
    Pixels pixels = added.pixels();
    assertThat(image.getWidth()).isEqualTo(added.width());
    assertThat(image.getHeight()).isEqualTo(added.height());
    assertThat(image.getRaster().getNumBands()).isEqualTo(pixels.channels());
    assertThat((byte[]) image.getRaster().getDataElements(0, 0, added.width(), added.height(), null))
        .isEqualTo(pixels.samples());
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldServeVideosFiguresAndConfusionMatrices(Loader loader) throws IOException {
    ByteBuffer video = ByteBuffer.allocate(6 * 40 * 50);
    for (int i = 0; i < video.capacity(); i++) {
      video.put(i, (byte) (i / 2_000 * 40));
    }
    ConfusionMatrix matrix = ConfusionMatrix.of(new int[][] {{5, 1}, {2, 7}}, List.of("cat", "dog"));
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addVideo("video", Video.of(video, 5, ImageLayout.NHW, 6, 40, 50), 1);
      writer.addConfusionMatrix("matrix", matrix, 1);
      writer.addFigure("figure", 60, 50, graphics -> graphics.fillOval(5, 5, 50, 40), 1);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("three series", client -> client.imageSamples().getOrDefault("run", Map.of()), tags -> tags.size() == 3);

      byte[] gif = server.client().images("run", "video", 0).get(0).file();
      assertThat(new String(gif, StandardCharsets.ISO_8859_1)).startsWith("GIF89a").contains("NETSCAPE2.0");
      assertSame(server.client().images("run", "matrix", 0).get(0), matrix.toPicture());
      BufferedImage figure =
          ImageIO.read(new ByteArrayInputStream(server.client().images("run", "figure", 0).get(0).file()));
      assertThat(figure.getRGB(0, 0)).isEqualTo(0xffffffff);
      assertThat(figure.getRGB(30, 25)).isEqualTo(0xff000000);
      assertThat(server.problems()).isEmpty();
    }
  }

  @Test
  void shouldShowPicturesOnTheImagesPage() {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addImages("digits", List.of(noise(28, 28, 1), noise(28, 28, 3)), 3);
      writer.addVideo("video", Video.of(IntStream.range(0, 4).mapToObj(i -> noise(30, 30, 3)).toList(), 2), 3);
    }
    try (Browser browser = Browser.start(); TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST)) {
      server.await("two series", client -> client.imageSamples().getOrDefault("run", Map.of()), tags -> tags.size() == 2);
      Page page = browser.open(server, Dashboard.IMAGES);

      assertThat(page.messages()).isEmpty();
      assertThat(page.consoleErrors()).isEmpty();
      assertThat(page.texts()).contains("digits", "sample: 1 of 2", "sample: 2 of 2", "video");
    }
  }

  private static Picture noise(int width, int height, int channels) {
    byte[] pixels = new byte[width * height * channels];
    new Random(width + channels).nextBytes(pixels);
    return Picture.of(ByteBuffer.wrap(pixels), ImageLayout.HWC, height, width, channels);
  }
}
