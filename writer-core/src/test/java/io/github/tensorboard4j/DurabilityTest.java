package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.tensorboard4j.testing.ChildJvm;
import io.github.tensorboard4j.testing.Recorded;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept when the process or the disk fails. */
@Timeout(120)
class DurabilityTest {

  @TempDir
  private Path directory;

  /** Adds scalars and says which are flushed, until it is killed. */
  static final class EndlessTraining {
    public static void main(String[] args) {
      SummaryWriter writer = SummaryWriter.builder(Path.of(args[0])).flushInterval(Duration.ofMillis(5)).build();
      for (long step = 1;; step++) {
        writer.addScalar("loss", step, step);
        if (step % 10_000 == 0) {
          writer.flush();
          System.out.println(step);
        }
      }
    }
  }

  /** Adds scalars and ends without a close. */
  static final class ForgetfulTraining {
    public static void main(String[] args) {
      SummaryWriter writer = SummaryWriter.builder(Path.of(args[0])).flushInterval(Duration.ofHours(1)).build();
      for (long step = 1; step <= 1000; step++) {
        writer.addScalar("loss", step, step);
      }
      if (args.length > 1) {
        System.exit(3);
      }
    }
  }

  @Test
  void shouldKeepWhatWasFlushedBeforeAKill() throws IOException, InterruptedException {
    Process process = ChildJvm.start(EndlessTraining.class, directory.toString());
    long acknowledged = 0;
    try (BufferedReader out = process.inputReader()) {
      while (acknowledged < 200_000) {
        acknowledged = Long.parseLong(out.readLine());
      }
    } finally {
      process.destroyForcibly().waitFor();
    }

    Map<Long, Float> loss = Recorded.in(directory).scalars().get("loss");
    assertThat(loss.size()).isGreaterThanOrEqualTo((int) acknowledged);
    long step = 0;
    for (Map.Entry<Long, Float> point : loss.entrySet()) {
      step++;
      assertThat(point.getKey()).isEqualTo(step);
      assertThat(point.getValue()).isEqualTo((float) step);
    }
  }

  @Test
  void shouldKeepEverythingOfAProcessThatEndsWithoutAClose() throws IOException, InterruptedException {
    Process returned = ChildJvm.start(ForgetfulTraining.class, directory.resolve("returned").toString());
    Process exited = ChildJvm.start(ForgetfulTraining.class, directory.resolve("exited").toString(), "exit");

    assertThat(returned.waitFor()).isZero();
    assertThat(exited.waitFor()).isEqualTo(3);
    assertThat(Recorded.in(directory.resolve("returned")).scalars().get("loss")).hasSize(1000);
    assertThat(Recorded.in(directory.resolve("exited")).scalars().get("loss")).hasSize(1000);
  }

  @Test
  void shouldGoOnFromTheVeryByteWhenAFullDiskHasRoomAgain() throws IOException {
    try (FileSystem small = smallDisk()) {
      Path run = small.getPath("/run");
      Path ballast = small.getPath("/ballast");
      fill(ballast);
      try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofMillis(10)).build()) {
        for (int i = 1; i <= 1000; i++) {
          writer.addScalar("loss", i, i);
        }
        writer.flush();
        assertThat(Recorded.in(run).scalars().getOrDefault("loss", Map.of())).hasSizeLessThan(1000);

        Files.delete(ballast);
        writer.flush();
        assertThat(Recorded.in(run).scalars().get("loss")).hasSize(1000);
      }
    }
  }

  @Test
  void shouldNeitherStopNorBreakATrainingWhoseDiskIsFull() throws IOException {
    try (FileSystem small = smallDisk()) {
      Path run = small.getPath("/run");
      SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofMillis(1)).build();
      int count = 200_000;
      for (int i = 1; i <= count; i++) {
        writer.addScalar("loss", i, i);
      }
      writer.close();

      Map<Long, Float> kept = Recorded.in(run).scalars().get("loss");
      assertThat(kept).hasSizeBetween(1, count - 1);
      assertThat(kept.keySet()).isEqualTo(java.util.stream.LongStream.rangeClosed(1, kept.size()).boxed()
          .collect(java.util.stream.Collectors.toSet()));
    }
  }

  @Test
  void shouldGoOnInARunWhoseDirectoryIsDeleted() throws IOException {
    Path run = directory.resolve("run");
    SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofMillis(1)).build();
    writer.addScalar("loss", 1, 1);
    writer.flush();
    Files.delete(Recorded.files(run).get(0));
    Files.delete(run);
    writer.flush();
    for (int i = 2; i <= 100_000; i++) {
      writer.addScalar("loss", i, i);
    }
    writer.close();

    assertThat(Recorded.in(run).events().get(0).fileVersion()).isEqualTo("brain.Event:2");
    assertThat(Recorded.in(run).scalar("loss")).hasSize(99_999);
  }

  @Test
  void shouldGoOnInARunThatIsRenamed() throws IOException {
    Path run = directory.resolve("run");
    Path good = directory.resolve("run-good");
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofMillis(1)).build()) {
      writer.addScalar("loss", 1, 1);
      writer.flush();
      Files.move(run, good);
      writer.addScalar("loss", 2, 2);
      writer.flush();
      writer.addScalar("loss", 3, 3);
    }

    assertThat(run).doesNotExist();
    assertThat(Recorded.files(good)).hasSize(1);
    assertThat(Recorded.in(good).scalar("loss")).containsOnlyKeys(1L, 2L, 3L);
  }

  @Test
  void shouldGoOnInARunWhoseParentIsRenamed() throws IOException {
    Path run = directory.resolve("run");
    Path good = directory.resolve("run-good");
    try (SummaryWriter writer = SummaryWriter.open(run.resolve("train"))) {
      writer.addScalar("loss", 1, 1);
      writer.flush();
      Files.move(run, good);
      writer.addScalar("loss", 2, 2);
    }

    assertThat(run).doesNotExist();
    assertThat(Recorded.in(good.resolve("train")).scalar("loss")).containsOnlyKeys(1L, 2L);
  }

  @Test
  void shouldGoOnInAnotherFileWhereAnotherProcessReplacesTheFirst() throws IOException {
    try (SummaryWriter writer = SummaryWriter.open(directory)) {
      writer.addScalar("loss", 1, 1);
      writer.flush();
      Path file = Recorded.files(directory).get(0);
      Path copy = Files.copy(file, directory.resolve("copy"));
      Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
      writer.addScalar("loss", 2, 2);
    }

    assertThat(Recorded.in(directory).scalar("loss")).containsOnlyKeys(1L, 2L);
  }

  @Test
  void shouldKeepWhatIsAddedWhileAFileStandsWhereTheRunWas() throws IOException {
    Path run = directory.resolve("run");
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("loss", 1, 1);
      writer.flush();
      Files.delete(Recorded.files(run).get(0));
      Files.delete(run);
      Files.createFile(run);
      writer.addScalar("loss", 2, 2);
      writer.flush();
      Files.delete(run);
    }

    assertThat(Recorded.in(run).scalar("loss")).containsOnlyKeys(2L);
  }

  @Test
  void shouldKeepWhatIsAddedWhileAProgramHasUsedUpTheDirectMemory() throws IOException, InterruptedException {
    Process process =
        ChildJvm.start(List.of("-XX:MaxDirectMemorySize=2m"), TrainingWithoutDirectMemory.class, directory.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(Recorded.in(directory).scalar("loss")).as(log).hasSize(1_000);
  }

  /** Takes all direct memory before its writer has any, and gives it back at the end. */
  static final class TrainingWithoutDirectMemory {
    public static void main(String[] args) throws InterruptedException {
      SummaryWriter writer = SummaryWriter.builder(Path.of(args[0])).flushInterval(Duration.ofHours(1)).build();
      ByteBuffer all = ByteBuffer.allocateDirect((2 << 20) - (16 << 10));
      for (int step = 0; step < 1_000; step++) {
        writer.addScalar("loss", all.get(0), step);
      }
      all = null;
      System.gc();
      Thread.sleep(100);
      writer.close();
    }
  }

  @Test
  void shouldWriteAllRunsOfAJvmThatEnds() throws IOException, InterruptedException {
    Process process = ChildJvm.start(List.of(), ManyOpenRuns.class, directory.toString());

    assertThat(process.waitFor()).isZero();
    for (int i = 0; i < 400; i++) {
      assertThat(Recorded.in(directory.resolve("run" + i)).scalar("loss")).containsOnlyKeys(1L);
    }
  }

  /** Ends with 400 writers open. */
  static final class ManyOpenRuns {
    private static final List<SummaryWriter> OPEN = new ArrayList<>();

    public static void main(String[] args) {
      for (int i = 0; i < 400; i++) {
        SummaryWriter writer =
            SummaryWriter.builder(Path.of(args[0]).resolve("run" + i)).flushInterval(Duration.ofHours(1)).build();
        writer.addScalar("loss", 1, 1);
        OPEN.add(writer);
      }
    }
  }

  @Test
  void shouldLeaveNoHoleInAFileThatAnotherTruncates() throws IOException {
    try (SummaryWriter writer = SummaryWriter.builder(directory).flushInterval(Duration.ofHours(1)).build()) {
      for (int i = 1; i <= 100; i++) {
        writer.addScalar("loss", i, i);
      }
      writer.flush();
      Path file = Recorded.files(directory).get(0);
      try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
        other.truncate(other.size() / 2);
      }
      for (int i = 101; i <= 200; i++) {
        writer.addScalar("loss", i, i);
      }
    }

    assertThat(Recorded.files(directory)).hasSize(2);
    assertThat(Recorded.in(directory).scalar("loss")).containsKeys(1L, 101L, 200L).hasSizeBetween(140, 160);
  }

  @Test
  void shouldSayWhatIsLostWhenTheJvmEndsWithoutAClose() throws IOException, InterruptedException {
    Process process = ChildJvm.start(TrainingThatEndsOnAFullDisk.class);
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(log).contains("1000 TensorBoard events").contains("were lost");
  }

  /** Has no room, and doesn't close its writer. */
  static final class TrainingThatEndsOnAFullDisk {
    public static void main(String[] args) throws IOException {
      FileSystem small = smallDisk();
      fill(small.getPath("/ballast"));
      SummaryWriter writer = SummaryWriter.builder(small.getPath("/run")).build();
      for (int i = 1; i <= 1000; i++) {
        writer.addScalar("loss", i, i);
      }
    }
  }

  @Test
  void shouldSpeakOnceAMinuteOfADiskThatFlaps() throws IOException, InterruptedException {
    Process process = ChildJvm.start(TrainingOnAFlappingDisk.class);
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(log).containsOnlyOnce("Can't write TensorBoard events").containsOnlyOnce("works again");
    assertThat(log).doesNotContain("were lost").doesNotContain("\tat ");
  }

  /** Has room and has none, in turn. */
  static final class TrainingOnAFlappingDisk {
    public static void main(String[] args) throws IOException {
      FileSystem small = smallDisk();
      Path ballast = small.getPath("/ballast");
      SummaryWriter writer = SummaryWriter.builder(small.getPath("/run")).flushInterval(Duration.ofHours(1)).build();
      for (int i = 1; i <= 20; i++) {
        fill(ballast);
        for (int j = 0; j < 20; j++) {
          writer.addScalar("loss", i, 20L * i + j);
        }
        writer.flush();
        Files.delete(ballast);
        writer.flush();
      }
      writer.close();
    }
  }

  @Test
  void shouldTakeLittleMemoryForWritersThatAreClosedAndForThoseThatDoLittle() throws IOException, InterruptedException {
    Process process =
        ChildJvm.start(List.of("-Xmx100m", "-XX:MaxDirectMemorySize=50m"), ManyWriters.class, directory.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).doesNotContain("OutOfMemory");
  }

  /** Keeps a thousand writers that were busy and are closed, and ten thousand that are open. */
  static final class ManyWriters {
    public static void main(String[] args) throws IOException {
      List<SummaryWriter> kept = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        SummaryWriter writer = SummaryWriter.builder(Path.of(args[0])).flushInterval(Duration.ofHours(1)).build();
        for (int step = 0; step < 1_000; step++) {
          writer.addScalar("loss", 1, step);
        }
        writer.close();
        kept.add(writer);
      }
      for (int i = 0; i < 10_000; i++) {
        SummaryWriter writer = SummaryWriter.builder(Path.of(args[0])).flushInterval(Duration.ofHours(1)).build();
        writer.addScalar("loss", 1, i);
        kept.add(writer);
      }
      if (kept.size() != 11_000) {
        throw new AssertionError();
      }
      Runtime.getRuntime().halt(0);
    }
  }

  @Test
  void shouldSpeakOnceOfADiskThatIsFullAndAtCloseOfWhatIsLost() throws IOException, InterruptedException {
    Process process = ChildJvm.start(TrainingOnAFullDisk.class);
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(log).containsOnlyOnce("Can't write TensorBoard events");
    assertThat(log).contains("5000 TensorBoard events").contains("were lost");
  }

  @Test
  void shouldSayThatAFileWasDeletedAndGoOnInAnother() throws IOException, InterruptedException {
    Process process = ChildJvm.start(TrainingWhoseFileIsDeleted.class, directory.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(log).containsOnlyOnce("deleted").doesNotContain("were lost");
    assertThat(Recorded.in(directory).scalar("loss")).hasSize(100);
  }

  @Test
  void shouldGoOnAfterThereWasNoMemoryNotEvenForALog() throws IOException, InterruptedException {
    Process process = ChildJvm.start(List.of("-Xmx48m"), TrainingWithoutMemory.class, directory.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(Recorded.in(directory).scalar("loss")).containsKeys(1L, 2L, 3L, 4L);
  }

  /** Takes all memory, several times, while its writer writes. */
  static final class TrainingWithoutMemory {
    public static void main(String[] args) throws InterruptedException {
      java.io.PrintStream err = System.err;
      System.setErr(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()) {
        @Override
        public void println(String text) {
          throw new OutOfMemoryError("a log that finds no memory");
        }
      });
      SummaryWriter writer = SummaryWriter.builder(Path.of(args[0])).flushInterval(Duration.ofMillis(1)).build();
      WriterLane.of("device").register(new FailingTask());
      for (int step = 1; step <= 3; step++) {
        writer.addScalar("loss", step, step);
        writer.addHistogram("W", java.nio.FloatBuffer.allocate(100_000), step);
        try {
          java.util.List<Object> everything = new java.util.ArrayList<>();
          while (true) {
            everything.add(new byte[10_000]);
          }
        } catch (OutOfMemoryError full) {
          Thread.sleep(50);
        }
      }
      writer.addScalar("loss", 4, 4);
      writer.close();
      System.setErr(err);
    }
  }

  /** Throws whenever it is run, but for the last time. */
  private static final class FailingTask implements WriterLane.Task {
    private int runs;

    @Override
    public long run(long now) {
      if (runs++ < 3) {
        throw new OutOfMemoryError("of a task");
      }
      return FINISHED;
    }

    @Override
    public long requestFlush() {
      return 0;
    }

    @Override
    public void awaitFlush(long ticket, long deadline) {}

    @Override
    public void logLosses() {}

    @Override
    public long diskCalls() {
      return 0;
    }

    @Override
    public void setHanging(boolean hanging) {}

    @Override
    public void freeMemory() {}
  }

  /** Goes on after its event file is gone. */
  static final class TrainingWhoseFileIsDeleted {
    public static void main(String[] args) throws IOException {
      Path run = Path.of(args[0]);
      SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofHours(1)).build();
      writer.flush();
      Files.delete(Recorded.files(run).get(0));
      for (int i = 1; i <= 100; i++) {
        writer.addScalar("loss", i, i);
      }
      writer.close();
    }
  }

  /** Has no room for a single byte. */
  static final class TrainingOnAFullDisk {
    public static void main(String[] args) throws IOException {
      FileSystem small = smallDisk();
      fill(small.getPath("/ballast"));
      SummaryWriter writer =
          SummaryWriter.builder(small.getPath("/run")).flushInterval(Duration.ofMillis(1)).build();
      for (int i = 1; i <= 5000; i++) {
        writer.addScalar("loss", i, i);
        if (i % 1000 == 0) {
          writer.flush();
        }
      }
      writer.close();
    }
  }

  private static FileSystem smallDisk() {
    return Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(1 << 20).setBlockSize(512).build());
  }

  private static void fill(Path ballast) throws IOException {
    try (var out = Files.newByteChannel(
        ballast, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (true) {
        out.write(ByteBuffer.allocate(512));
      }
    } catch (IOException full) {
      // as it should be
    }
  }
}
