package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.ChildJvm;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That pictures, which wait for the writer thread, are kept as all else is. */
@Timeout(300)
class PictureQueueTest {

  @TempDir
  private Path run;

  @Test
  void shouldKeepTheStepsOfASeriesInOrderWhetherPicturesAreLargeOrSmall() {
    Picture large = noise(2_000, 2_000, 3);
    Picture small = noise(8, 8, 1);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      for (int step = 1; step <= 60; step++) {
        writer.addImage("picture", step % 3 == 0 ? small : large, step);
      }
    }

    assertThat(Recorded.in(run).tensorSteps().get("picture")).isEqualTo(LongStream.rangeClosed(1, 60).boxed().toList());
  }

  @Test
  void shouldFlushPicturesThatWait() {
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofHours(1)).build()) {
      writer.addImage("picture", noise(500, 500, 3), 1);
      writer.addImage("picture", noise(5, 5, 1), 2);
      writer.flush();
      assertThat(Recorded.in(run).tensorSteps().get("picture")).containsExactly(1L, 2L);

      writer.addImage("picture", noise(500, 500, 3), 3);
      writer.sync();
      assertThat(Recorded.in(run).tensorSteps().get("picture")).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void shouldWriteScalarsThatCameAfterManyPicturesWithinTheFlushInterval() throws InterruptedException {
    Picture picture = Picture.of(ByteBuffer.allocate(2_500 * 2_500), ImageLayout.HW, 2_500, 2_500);
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofMillis(20)).build()) {
      for (int step = 1; step <= 8; step++) {
        writer.addImage("picture", picture, step);
      }
      writer.addScalar("loss", 1, 1);
      while (Recorded.files(run).isEmpty() || Recorded.in(run).scalar("loss").isEmpty()) {
        Thread.sleep(1);
      }

      assertThat(Recorded.in(run).tensorSteps().getOrDefault("picture", List.of())).hasSizeLessThan(8);
    }
    assertThat(Recorded.in(run).tensorSteps().get("picture")).hasSize(8);
  }

  @Test
  void shouldLoseAPictureThatCannotBeMadeAndKeepTheOthers() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addImage("picture", noise(50, 50, 3), 1);
      writer.addImage("picture", new Picture(9, 9, 100, null, () -> {
        throw new OutOfMemoryError("no heap");
      }), 2);
      writer.addImage("picture", noise(50, 50, 3), 3);
      writer.flush();
      writer.addScalar("loss", 1, 1);
    }

    assertThat(Recorded.in(run).tensorSteps()).isEqualTo(Map.of("picture", List.of(1L, 3L)));
    assertThat(Recorded.in(run).scalar("loss")).hasSize(1);
  }

  @Test
  void shouldRecordFiveHundredLargePicturesInLittleMemory() throws Exception {
    Process process = ChildJvm.start(List.of("-Xmx48m"), TrainingThatOnlyAddsPictures.class, run.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).doesNotContain("lost");
    assertThat(Recorded.in(run).tensorSteps().get("picture")).isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList());
  }

  /** Adds half a gigabyte of pixels, as fast as it can. */
  static final class TrainingThatOnlyAddsPictures {
    public static void main(String[] args) {
      FloatBuffer pixels = FloatBuffer.allocate(600 * 600 * 3);
      for (int i = 0; i < pixels.capacity(); i++) {
        pixels.put(i, i / 600 % 7 / 7f);
      }
      try (SummaryWriter writer = SummaryWriter.open(Path.of(args[0]))) {
        for (int step = 1; step <= 500; step++) {
          pixels.put(step, 1);
          writer.addImage("picture", Picture.of(pixels, ImageLayout.CHW, 3, 600, 600), step);
        }
      }
    }
  }

  private static Picture noise(int width, int height, int channels) {
    byte[] pixels = new byte[width * height * channels];
    new Random(width).nextBytes(pixels);
    return Picture.of(ByteBuffer.wrap(pixels), ImageLayout.HWC, height, width, channels);
  }
}
