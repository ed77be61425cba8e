package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.ChildJvm;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HangingDiskTest {

  @TempDir
  Path directory;

  private final HangingDisk disk = new HangingDisk();

  @AfterEach
  void letTheWriterThreadGo() {
    disk.answer();
  }

  @Test
  void shouldWriteToOneDiskWhileManyRunsOnAnotherHang() throws IOException {
    List<SummaryWriter> hanging = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      SummaryWriter writer = SummaryWriter.builder(directory.resolve("hanging" + i)).disk(disk).build();
      writer.flush();
      hanging.add(writer);
    }
    disk.hang();
    hanging.forEach(writer -> writer.addScalar("loss", 1, 1));

    try (SummaryWriter writer = SummaryWriter.open(directory.resolve("healthy"))) {
      for (int i = 1; i <= 100_000; i++) {
        writer.addScalar("loss", i, i);
      }
      writer.addHistogram("W", FloatBuffer.allocate(100_000), 1);
    }

    Recorded healthy = Recorded.in(directory.resolve("healthy"));
    assertThat(healthy.scalar("loss")).hasSize(100_000);
    assertThat(healthy.histograms().get("W")).hasSize(1);
    disk.answer();
    hanging.forEach(SummaryWriter::close);
    for (int i = 0; i < 100; i++) {
      assertThat(Recorded.in(directory.resolve("hanging" + i)).scalar("loss")).containsOnlyKeys(1L);
    }
  }

  @Test
  void shouldGoOnWithATrainingWhoseDiskHangsAndWriteWhatFitWhenItAnswers() throws IOException, InterruptedException {
    SummaryWriter writer = SummaryWriter.builder(directory).disk(disk).build();
    writer.addScalar("loss", 0, 0);
    writer.flush();
    disk.hang();
    for (int i = 1; i <= 100_000; i++) {
      writer.addScalar("loss", i, i);
    }
    for (int i = 1; i <= 2_000; i++) {
      writer.addHistogram("W", FloatBuffer.allocate(100_000), i);
    }
    writer.flush();
    writer.sync();

    disk.answer();
    long step = 100_000;
    while (!Recorded.in(directory).scalar("loss").containsKey(step)) {
      writer.addScalar("loss", 1, ++step);
      writer.flush();
      Thread.sleep(10);
    }
    writer.close();

    List<Long> kept = Recorded.in(directory).scalar("loss").keySet().stream().filter(i -> i <= 100_000).toList();
    assertThat(kept).hasSizeBetween(5_000, 99_999).isEqualTo(LongStream.range(0, kept.size()).boxed().toList());
    assertThat(Recorded.in(directory).histograms().get("W").keySet())
        .isEqualTo(new LinkedHashSet<>(LongStream.rangeClosed(1, 1_024).boxed().toList()));
  }

  @Test
  void shouldGoOnWithATrainingThatAddsPicturesWhileItsDiskHangs() throws InterruptedException {
    SummaryWriter writer = SummaryWriter.builder(directory).disk(disk).build();
    writer.flush();
    disk.hang();
    Picture picture = Picture.of(ByteBuffer.allocate(300 * 200), ImageLayout.HW, 300, 200);
    for (int i = 1; i <= 2_000; i++) {
      writer.addImage("picture", picture, i);
    }
    writer.flush();

    disk.answer();
    while (Recorded.in(directory).tensorSteps().getOrDefault("picture", List.of()).size() < 1_024) {
      Thread.sleep(10);
    }
    writer.close();
    List<Long> kept = Recorded.in(directory).tensorSteps().get("picture");
    assertThat(kept).hasSizeBetween(1_024, 1_999).isEqualTo(LongStream.rangeClosed(1, kept.size()).boxed().toList());
  }

  @Test
  void shouldLoseNothingOnADiskThatIsSlow() {
    disk.slowDown(500);
    try (SummaryWriter writer = SummaryWriter.builder(directory).disk(disk).build()) {
      for (int i = 1; i <= 80_000; i++) {
        writer.addScalar("loss", i, i);
      }
    }

    assertThat(Recorded.in(directory).scalar("loss")).hasSize(80_000);
  }

  @Test
  void shouldWriteAllWhenTheJvmEndsAndTheDiskAnswersInTime() throws IOException, InterruptedException {
    Process process = ChildJvm.start(TrainingOnADiskThatAnswersLate.class, directory.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(Recorded.in(directory).scalar("loss")).as(log).hasSize(11);
  }

  /** Ends without a close while its disk hangs, for seven seconds. */
  static final class TrainingOnADiskThatAnswersLate {
    public static void main(String[] args) {
      HangingDisk disk = new HangingDisk();
      SummaryWriter writer = SummaryWriter.builder(Path.of(args[0])).disk(disk).build();
      writer.addScalar("loss", 0, 0);
      writer.flush();
      disk.hang();
      for (int i = 1; i <= 10; i++) {
        writer.addScalar("loss", i, i);
      }
      Thread later = new Thread(() -> {
        try {
          Thread.sleep(7_000);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        disk.answer();
      });
      later.setDaemon(true);
      later.start();
    }
  }

  @Test
  @Timeout(10)
  void shouldNotWaitForADiskThatHangsAfterAFault() {
    EventBuffer buffer = new EventBuffer(() -> {});
    ScalarTemplate template = new ScalarTemplate("loss");
    buffer.setFaulty(true);
    buffer.setHanging(true);
    buffer.setFaulty(false);
    for (int i = 1; i <= 10_000; i++) {
      buffer.append(template, 0, i, 0);
    }

    assertThat(buffer.countLost()).isEqualTo(10_000);
  }

  @Test
  void shouldSpeakOnceOfADiskThatHangsAndEndTheJvm() throws IOException, InterruptedException {
    Process process = ChildJvm.start(TrainingOnADiskThatHangs.class, directory.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).containsOnlyOnce("doesn't answer").doesNotContain("\tat ");
    assertThat(log).contains("10 TensorBoard events of " + Files.list(directory).findFirst().orElseThrow() + " were lost");
  }

  /** Ends without a close while its disk hangs, for ever. */
  static final class TrainingOnADiskThatHangs {
    public static void main(String[] args) {
      HangingDisk disk = new HangingDisk();
      SummaryWriter writer =
          SummaryWriter.builder(Path.of(args[0])).flushInterval(Duration.ofMillis(1)).disk(disk).build();
      writer.addScalar("loss", 0, 0);
      writer.flush();
      disk.hang();
      for (int i = 1; i <= 10; i++) {
        writer.addScalar("loss", i, i);
      }
      writer.flush();
      writer.flush();
    }
  }

  private static final Embedding EMBEDDING = Embedding.builder(new float[][] {{1, 2}, {3, 4}}).build();

  @Test
  void shouldWriteEventsWhileAnEmbeddingOfTheSameRunHangs() throws InterruptedException {
    disk.hangWith("tensors.tsv");
    SummaryWriter writer = SummaryWriter.builder(directory).disk(disk).build();
    writer.addEmbedding("words", EMBEDDING, 1);
    writer.addScalar("loss", 1, 1);
    writer.flush();

    assertThat(Recorded.in(directory).scalar("loss")).containsOnlyKeys(1L);
    Path config = directory.resolve("projector_config.pbtxt");
    assertThat(config).doesNotExist();
    disk.answer();
    while (!Files.exists(config)) {
      Thread.sleep(10);
    }
    writer.close();
    assertThat(config).content().contains("\"words:00001\"");
  }

  @Test
  void shouldLeaveOutFurtherEmbeddingsWhileTheDiskHangsAndSayHowMany() throws IOException, InterruptedException {
    Process process = ChildJvm.start(EmbeddingsOnADiskThatHangs.class, directory.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(directory.resolve("projector_config.pbtxt")).content().contains("\"words:00000\"", "\"words:00011\"")
        .doesNotContain("\"words:00001\"", "\"words:00010\"");
    assertThat(log).containsOnlyOnce("10 embeddings of " + directory + " after words:00000 were lost")
        .containsOnlyOnce("were lost").doesNotContain("\tat ");
  }

  /** Adds one embedding, ten while its disk hangs, and one when it answers. */
  static final class EmbeddingsOnADiskThatHangs {
    public static void main(String[] args) throws InterruptedException {
      HangingDisk disk = new HangingDisk();
      disk.hangWith("tensors.tsv");
      SummaryWriter writer = SummaryWriter.builder(Path.of(args[0])).disk(disk).build();
      for (int step = 0; step <= 10; step++) {
        writer.addEmbedding("words", EMBEDDING, step);
      }
      disk.answer();
      while (!Files.exists(Path.of(args[0], "projector_config.pbtxt")) || hangs()) {
        Thread.sleep(10);
      }
      writer.addEmbedding("words", EMBEDDING, 11);
      writer.close();
    }

    private static boolean hangs() {
      return WriterLane.all().stream().flatMap(lane -> lane.openTasks().stream()).anyMatch(EmbeddingFiles.class::isInstance);
    }
  }

  @Test
  void shouldNameTheEmbeddingThatIsLostWhenTheJvmEnds() throws IOException, InterruptedException {
    Process process = ChildJvm.start(EmbeddingsOnADiskThatHangsForEver.class, directory.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    for (String run : List.of("one", "other")) {
      assertThat(log).containsOnlyOnce("The embedding words:00001 of " + directory.resolve(run) + " was lost");
    }
    assertThat(log).containsOnlyOnce("1 embeddings of " + directory.resolve("other") + " after words:00001 were lost");
  }

  /** Ends while its disk hangs, with embeddings of two runs, and another that is left out. */
  static final class EmbeddingsOnADiskThatHangsForEver {
    public static void main(String[] args) {
      HangingDisk disk = new HangingDisk();
      disk.hangWith("tensors.tsv");
      SummaryWriter one = SummaryWriter.builder(Path.of(args[0], "one")).disk(disk).build();
      SummaryWriter other = SummaryWriter.builder(Path.of(args[0], "other")).disk(disk).build();
      one.addEmbedding("words", EMBEDDING, 1);
      other.addEmbedding("words", EMBEDDING, 1);
      other.addEmbedding("words", EMBEDDING, 2);
    }
  }

  @Test
  void shouldNotWaitForALogThatHangsWithAnEmbedding() throws IOException, InterruptedException {
    Files.writeString(directory.resolve("embeddings"), "a file");
    Process process = ChildJvm.start(TrainingWhoseLogHangs.class, directory.toString());

    assertThat(process.waitFor()).isZero();
  }

  /** Can't write its embedding, and waits for ever for the log to say so. */
  static final class TrainingWhoseLogHangs {
    public static void main(String[] args) {
      PrintStream log = new PrintStream(OutputStream.nullOutputStream()) {
        @Override
        public void println(String line) {
          if (line.contains("Can't write the embedding")) {
            hang();
          }
        }
      };
      System.setErr(log);
      SummaryWriter writer = SummaryWriter.open(Path.of(args[0]));
      writer.addEmbedding("words", EMBEDDING, 1);
      writer.flush();
      Runtime.getRuntime().halt(0);
    }

    private static void hang() {
      while (true) {
        LockSupport.park();
      }
    }
  }
}
