package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SummaryWriterTest {

  @TempDir
  private Path run;

  @Test
  void shouldGoOnWhereAFileHasTakenTheDirectorysPlaceSinceTheBuilderWasMade(@TempDir Path logs) throws IOException {
    SummaryWriter.Builder builder = SummaryWriter.builder(logs.resolve("run"));
    Files.createFile(logs.resolve("run"));

    assertThatCode(() -> {
      try (SummaryWriter writer = builder.build()) {
        writer.addScalar("loss", 1, 1);
        writer.addScalars("losses", Map.of("train", 1.0), 1);
      }
    }).doesNotThrowAnyException();
  }

  @Test
  void shouldBeginAFileWithItsVersionAndWhereItResumes() {
    SummaryWriter.builder(run).firstStep(7).build().close();

    List<Event> events = Recorded.in(run).events();
    assertThat(events.get(0).fileVersion()).isEqualTo("brain.Event:2");
    assertThat(events).filteredOn(Event::isSessionStart).last()
        .satisfies(start -> assertThat(start.step()).isEqualTo(7));
  }

  @Test
  void shouldStartASessionOnlyWhereItResumes() {
    SummaryWriter.open(run).close();

    assertThat(Recorded.in(run).events()).hasSize(2).noneMatch(Event::isSessionStart);
  }

  @Test
  void shouldNameAFileAfterTheNewestOfItsDirectory() throws IOException {
    Files.createDirectories(run);
    Files.createFile(run.resolve("events.out.tfevents.4102444800.other.1.v2"));
    Files.createFile(run.resolve("events.out.tfevents.foreign"));
    SummaryWriter.open(run).close();
    SummaryWriter.open(run).close();

    List<String> names = Recorded.files(run).stream().map(file -> file.getFileName().toString()).toList();
    assertThat(names).hasSize(4);
    assertThat(names.get(0)).endsWith("4102444800.other.1.v2");
    assertThat(names.get(1)).startsWith("events.out.tfevents.4102444801.");
    assertThat(names.get(2)).startsWith("events.out.tfevents.4102444802.");
    assertThat(names.get(3)).endsWith("foreign");
  }

  @Test
  void shouldKeepScalarsAsTheyAre() {
    float[] values = {0.25f, -0f, Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    long[] steps = {0, 1, 127, 128, 1L << 40, Long.MAX_VALUE};
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      for (int i = 0; i < values.length; i++) {
        writer.addScalar("loss", values[i], steps[i], Instant.ofEpochSecond(1_500_000_000 + i));
      }
    }

    List<Event> scalars = Recorded.in(run).events().stream().filter(event -> !event.values().isEmpty()).toList();
    assertThat(scalars).hasSameSizeAs(values);
    for (int i = 0; i < values.length; i++) {
      assertThat(scalars.get(i).step()).isEqualTo(steps[i]);
      assertThat(scalars.get(i).wallTime()).isEqualTo(Instant.ofEpochSecond(1_500_000_000 + i));
      assertThat(scalars.get(i).values().get(0).tag()).isEqualTo("loss");
      assertThat(Float.valueOf(scalars.get(i).values().get(0).scalar())).isEqualTo(Float.valueOf(values[i]));
    }
  }

  @Test
  void shouldStampScalarsWithTheTimeOfDayInSeconds() {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("loss", 1, 1);
    }
    Instant after = Instant.now();

    assertThat(Recorded.in(run).events()).allSatisfy(event -> assertThat(event.wallTime()).isBetween(before, after));
  }

  @Test
  void shouldWriteHistogramsAsRowsOfLimitsAndCount() {
    try (SummaryWriter writer = SummaryWriter.builder(run).histogramBuckets(2).build()) {
      writer.addHistogram("layer/W", FloatBuffer.wrap(new float[] {0, 1, 3, 4}), 5);
    }

    Event.Value value = single("layer/W");
    assertThat(value.plugin()).isEqualTo("histograms");
    assertThat(value.shape()).containsExactly(2L, 3L);
    assertThat(doubles(value.tensorContent())).containsExactly(0.0, 2.0, 2.0, 2.0, 4.0, 2.0);
  }

  @Test
  void shouldCountWhatIsNotFiniteInAScalarBesideTheHistogram() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addHistogram("W", FloatBuffer.wrap(new float[] {1, 2}), 1);
      writer.addHistogram("W", FloatBuffer.wrap(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY}), 2);
      writer.addHistogram("W", FloatBuffer.wrap(new float[] {1, 2}), 3);
    }

    assertThat(Recorded.in(run).scalars().get("non_finite/W")).containsExactly(Map.entry(2L, 2f), Map.entry(3L, 0f));
    assertThat(Recorded.in(run).tensorSteps().get("W")).containsExactly(1L, 2L, 3L);
  }

  @Test
  void shouldCountATensorAsItWasWhenItWasAdded() {
    FloatBuffer tensor = FloatBuffer.allocate(1_000_000);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      for (int step = 1; step <= 20; step++) {
        for (int i = 0; i < tensor.capacity(); i++) {
          tensor.put(i, step + (i & 1));
        }
        writer.addHistogram("W", tensor, step);
      }
    }

    List<Event> events = Recorded.in(run).events().stream().filter(event -> !event.values().isEmpty()).toList();
    assertThat(events).extracting(Event::step).isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
    for (Event event : events) {
      List<Double> rows = doubles(event.values().get(0).tensorContent());
      assertThat(rows.get(0)).isEqualTo((double) event.step());
      assertThat(rows.get(2)).isEqualTo(500_000.0);
      assertThat(rows.get(rows.size() - 2)).isEqualTo(event.step() + 1.0);
      assertThat(rows.get(rows.size() - 1)).isEqualTo(500_000.0);
    }
  }

  @Test
  void shouldKeepTheStepsOfASeriesInOrderWhenTensorsComeFasterThanTheyAreCounted() {
    FloatBuffer large = FloatBuffer.allocate(20 << 20);
    FloatBuffer small = FloatBuffer.wrap(new float[] {1, 2, 3});
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      for (int step = 1; step <= 12; step++) {
        writer.addHistogram("W", step % 3 == 0 ? small : large, step);
      }
    }

    assertThat(Recorded.in(run).tensorSteps().get("W")).isEqualTo(LongStream.rangeClosed(1, 12).boxed().toList());
  }

  @Test
  void shouldKeepTextInAnyLanguage() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addText("config", "# λ = 0,1 \uD83D\uDE80", 3);
    }

    assertThat(single("config").strings()).containsExactly("# λ = 0,1 \uD83D\uDE80");
  }

  @Test
  void shouldKeepGraphBytesLargerThanTheBuffer() {
    byte[] graph = new byte[5 << 20];
    new java.util.Random(3).nextBytes(graph);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("before", 1, 1);
      writer.addGraph(ByteBuffer.wrap(graph, 1, graph.length - 2));
      writer.addScalar("after", 1, 1);
    }

    List<Event> events = Recorded.in(run).events();
    ByteBuffer kept = events.stream().flatMap(event -> event.graphDef().stream()).findFirst().orElseThrow();
    assertThat(kept).isEqualTo(ByteBuffer.wrap(graph, 1, graph.length - 2));
    assertThat(Recorded.in(run).scalars()).containsOnlyKeys("before", "after");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldLoseNoHistogramAmongScalarsThatComeAsFastAsTheyCan() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      Thread publisher = new Thread(() -> {
        for (long step = 0; !stop.get(); step++) {
          writer.addScalar("loss", 1, step);
        }
      });
      publisher.start();
      for (int step = 0; step < 100; step++) {
        writer.addHistogram("W", FloatBuffer.wrap(new float[] {step, 2}), step);
        writer.sync();
      }
      stop.set(true);
      publisher.join();
    }

    assertThat(Recorded.in(run).tensorSteps().get("W")).isEqualTo(LongStream.range(0, 100).boxed().toList());
  }

  @Test
  void shouldWriteEventsThatAreLargerThanItsMemoryAmongOthers() {
    byte[] graph = new byte[3 << 20];
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      for (int i = 0; i < 5; i++) {
        writer.addGraph(ByteBuffer.wrap(graph));
        writer.addGraph(ByteBuffer.wrap(graph));
        for (int step = 0; step < 10_000; step++) {
          writer.addScalar("loss", step, i * 10_000L + step);
        }
      }
    }

    assertThat(Recorded.in(run).graphs()).isEqualTo(10);
    assertThat(Recorded.in(run).scalar("loss")).hasSize(50_000);
  }

  @Test
  void shouldWriteEachOfSeveralScalarsToARunOfItsOwn() {
    try (SummaryWriter writer = SummaryWriter.builder(run).filenameSuffix(".own").firstStep(5).build()) {
      writer.addScalars("loss", Map.of("train", 1.0, "lr=0.1, λ (2)", 2.0), 7);
      writer.addScalars("accuracy", Map.of("train", 0.5), 7);
      writer.flush();

      assertThat(Recorded.in(run.resolve("train")).scalars()).containsOnlyKeys("loss", "accuracy");
    }

    assertThat(Recorded.in(run.resolve("lr=0.1, λ (2)")).scalar("loss")).containsExactly(Map.entry(7L, 2f));
    assertThat(Recorded.in(run).scalars()).isEmpty();
    Path file = Recorded.files(run.resolve("train")).get(0);
    assertThat(Recorded.files(run.resolve("train"))).hasSize(1);
    assertThat(file.getFileName().toString()).endsWith(".own");
    assertThat(Recorded.in(run.resolve("train")).events()).anyMatch(event -> event.isSessionStart() && event.step() == 5);
  }

  @Test
  void shouldRefuseSeveralScalarsOfWhichOneIsNone() {
    Map<String, Double> missing = new HashMap<>();
    missing.put("train", 1.0);
    missing.put("validation", null);
    SummaryWriter writer = SummaryWriter.open(run);
    assertThatThrownBy(() -> writer.addScalars("loss", Map.of(), 1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loss needs series");
    assertThatThrownBy(() -> writer.addScalars("loss", missing, 1)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("validation has no value");
    assertThatThrownBy(() -> writer.addScalars("loss", Map.of("../up", 1.0), 1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"../up\"");
    assertThat(run.resolve("train")).doesNotExist();
    writer.close();
    assertThatThrownBy(() -> writer.addScalars("loss", Map.of("train", 1.0), 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void shouldAddAWholeSessionAtOnceAndRefuseAMetricThatIsACurve() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("loss", 1, 5);
      assertThatThrownBy(() -> writer.addHparams(Map.of("rate", 0.1), Map.of("loss", 1.0), SessionStatus.SUCCESS))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("loss").hasMessageContaining("HparamsColumns");
      assertThatThrownBy(() -> writer.addHparams(Map.of("rate", 0.1), Map.of("best", 1.0), null))
          .isInstanceOf(NullPointerException.class).hasMessageContaining("status");
      writer.addHparams(Map.of("rate", 0.1), Map.of("best", 0.25), SessionStatus.SUCCESS);
      assertThatThrownBy(() -> writer.addHparams(Map.of("rate", 0.1), Map.of("other", 1.0), SessionStatus.SUCCESS))
          .isInstanceOf(IllegalStateException.class);
    }

    assertThat(Recorded.in(run).tensorSteps()).containsOnlyKeys(
        "_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info");
    assertThat(Recorded.in(run).scalars()).containsOnlyKeys("loss", "best");
  }

  @Test
  void shouldKeepAHyperParameterThatCannotBeWrittenFromStartingASession() {
    Object broken = new Object() {
      @Override
      public String toString() {
        throw new IllegalStateException("no string");
      }
    };
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      assertThatThrownBy(() -> writer.addHparams(Map.of("broken", broken))).hasMessage("no string");
      assertThatThrownBy(() -> writer.endSession(SessionStatus.SUCCESS)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("addHparams");
      writer.addHparams(Map.of("a", 1));
      assertThatThrownBy(() -> writer.addHparams(Map.of("b", 1))).isInstanceOf(IllegalStateException.class);
      writer.endSession(SessionStatus.FAILURE);
      assertThatThrownBy(() -> writer.endSession(SessionStatus.SUCCESS)).isInstanceOf(IllegalStateException.class);
    }

    assertThat(Recorded.in(run).tensorSteps())
        .containsOnlyKeys("_hparams_/session_start_info", "_hparams_/session_end_info");
  }

  @Test
  void shouldRefuseAFileSystemThatShowsAFileOnlyOnceItIsClosed() throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(run.resolve("logs.zip"), Map.of("create", "true"))) {
      assertThatThrownBy(() -> SummaryWriter.open(zip.getPath("/run"))).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("only once it is closed");
    }
  }

  @Test
  void shouldRefuseWhatTensorBoardOrTheFileSystemCannotTake() throws IOException {
    Path link = Files.createSymbolicLink(run.resolve("link"), run.resolve("nothing"));
    assertThatThrownBy(() -> SummaryWriter.open(link.resolve("run"))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("symbolic link to nothing");
    assertThatThrownBy(() -> SummaryWriter.builder(run).filenameSuffix("a".repeat(101)))
        .isInstanceOf(IllegalArgumentException.class);
    Path sparse = run.resolve("sparse");
    try (FileChannel file = FileChannel.open(sparse, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
        StandardOpenOption.READ);
        SummaryWriter writer = SummaryWriter.open(run)) {
      ByteBuffer large = file.map(FileChannel.MapMode.READ_WRITE, 0, (1L << 30) + 1);
      assertThatThrownBy(() -> writer.addGraph(large)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.addScalar("a".repeat(4097), 1, 1)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4096");
      writer.addScalar("a".repeat(4096), 1, 1);
    }
  }

  @Test
  void shouldReplaceWhatIsNoUnicode() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("lone\uD800surrogate", 1, 1);
      writer.addText("text\uDC00", "a\uD800", 1);
      writer.addHparams(Map.of("name\uD800", "value\uD800"));
    }

    assertThat(Recorded.in(run).scalars()).containsOnlyKeys("lone?surrogate");
    assertThat(single("text?").strings()).containsExactly("a?");
  }

  @Test
  void shouldRefuseWrongUseAtOnce() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      assertThatThrownBy(() -> writer.addScalar("", 1, 1)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tag");
      assertThatThrownBy(() -> writer.addScalar(null, 1, 1)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("tag");
      assertThatThrownBy(() -> writer.addScalar("a", 1, 1, null)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("wall time");
      assertThatThrownBy(() -> writer.addScalar("non_finite/W", 1, 1)).isInstanceOf(IllegalArgumentException.class);
      writer.addScalar("a", 1, 1);
      assertThatThrownBy(() -> writer.addText("a", "b", 1)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("already has scalars");
      assertThatThrownBy(() -> writer.addText("t", null, 1)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> writer.addHparams(Map.of("", 1))).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blank");
      assertThatThrownBy(() -> writer.addGraph((GraphDefSource) null)).hasMessage("A graph is asked for, but it is null");
      assertThatThrownBy(() -> writer.addHparams(null)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("Hyper-parameters");
    }
    SummaryWriter.Builder builder = SummaryWriter.builder(run);
    assertThatThrownBy(() -> builder.flushInterval(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.flushInterval(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("flush interval");
    assertThatThrownBy(() -> builder.filenameSuffix("a/b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.filenameSuffix(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("A file name's suffix");
    assertThatThrownBy(() -> builder.firstStep(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.histogramBuckets(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRefuseAFileForADirectory() throws IOException {
    Path file = Files.createFile(run.resolve("file"));

    for (Path path : List.of(file, file.resolve("below"), file.resolve("far/below"))) {
      assertThatThrownBy(() -> SummaryWriter.open(path)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(file + " is not a directory").hasMessageEndingWith(path.toString());
    }
  }

  @Test
  void shouldRefuseAdditionsAfterClose() {
    SummaryWriter writer = SummaryWriter.open(run);
    writer.close();
    writer.close();
    writer.flush();

    assertThatThrownBy(() -> writer.addScalar("a", 1, 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void shouldKeepTwoWritersOfOneDirectoryApart() {
    try (SummaryWriter one = SummaryWriter.open(run); SummaryWriter two = SummaryWriter.open(run)) {
      one.addScalar("one", 1, 1);
      two.addScalar("two", 2, 1);
    }

    assertThat(Recorded.files(run)).hasSize(2);
    assertThat(Recorded.in(run).scalars()).containsOnlyKeys("one", "two");
  }

  @Test
  void shouldLeaveAFileAsItIsThatAnotherProcessHasGivenTheSameName() throws IOException {
    SummaryWriter.open(run).close();
    String[] name = Recorded.files(run).get(0).getFileName().toString().split("\\.");
    long seconds = Long.parseLong(name[3]);
    int counter = Integer.parseInt(name[name.length - 1]);
    for (long second = seconds; second < seconds + 30; second++) {
      name[3] = String.format("%010d", second);
      name[name.length - 1] = String.format("%04d", counter + 1);
      Files.writeString(run.resolve(String.join(".", name)), "another's");
    }
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("loss", 1, 1);
    }

    int others = 0;
    for (Path file : Recorded.files(run)) {
      others += Files.size(file) == "another's".length() ? 1 : 0;
    }
    assertThat(others).isEqualTo(30);
    assertThat(Recorded.files(run)).hasSize(32);
  }

  @Test
  void shouldKeepEveryScalarOfSeveralThreadsInTheOrderOfEach() throws InterruptedException {
    int count = 50_000;
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        String tag = "thread" + t;
        threads.add(new Thread(() -> {
          for (int i = 0; i < count; i++) {
            writer.addScalar(tag, i, i);
          }
        }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }

    Map<String, List<Long>> steps = Recorded.in(run).events().stream()
        .filter(event -> !event.values().isEmpty())
        .collect(Collectors.groupingBy(
            event -> event.values().get(0).tag(), Collectors.mapping(Event::step, Collectors.toList())));
    assertThat(steps).hasSize(4);
    List<Long> expected = LongStream.range(0, count).boxed().toList();
    assertThat(steps.values()).allSatisfy(each -> assertThat(each).isEqualTo(expected));
  }

  @Test
  void shouldHandOverToTheOperatingSystemOnFlush() {
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofHours(1)).build()) {
      writer.addScalar("loss", 1, 1);
      writer.flush();

      assertThat(Recorded.in(run).scalars()).containsKey("loss");
    }
  }

  @Test
  void shouldWriteByItselfAfterTheFlushInterval() throws InterruptedException {
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofMillis(20)).build()) {
      writer.addScalar("loss", 1, 1);
      for (int i = 0; i < 500 && (Recorded.files(run).isEmpty() || Recorded.in(run).scalars().isEmpty()); i++) {
        Thread.sleep(10);
      }

      assertThat(Recorded.in(run).scalars()).containsKey("loss");
    }
  }

  @Test
  void shouldFlushForAnInterruptedThreadAndKeepTheInterrupt() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("loss", 1, 1);
      Thread.currentThread().interrupt();
      writer.flush();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(Recorded.in(run).scalars()).containsKey("loss");
    }
  }

  @Test
  void shouldGoOnWritingWhenItsThreadIsInterrupted() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("loss", 1, 1);
      writer.flush();
      Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().equals("tensorboard4j-writer"))
          .forEach(Thread::interrupt);
      writer.addScalar("loss", 2, 2);
      writer.flush();

      assertThat(Recorded.in(run).scalars().get("loss")).containsOnlyKeys(1L, 2L);
    }
  }

  @Test
  void shouldKeepTheInterruptOfAThreadThatWaitedForRoom() throws IOException {
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofHours(1)).build()) {
      writer.flush();
      Files.delete(Recorded.files(run).get(0));
      writer.addScalar("loss", 1, 1);
      Thread.currentThread().interrupt();
      writer.addText("text", "larger than the buffer ".repeat(20_000), 1);

      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldMakeRoomForALargeEventWithoutWaitingForTheFlushInterval() {
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofHours(1)).build()) {
      writer.addScalar("loss", 1, 1);
      writer.addGraph(ByteBuffer.allocate(1 << 20));
      writer.addScalar("loss", 2, 2);
    }

    assertThat(Recorded.in(run).scalars().get("loss")).containsOnlyKeys(1L, 2L);
  }

  @Test
  void shouldCountLargeTensorsWithoutWaitingForTheFlushInterval() throws InterruptedException {
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofHours(1)).build()) {
      writer.flush();
      writer.addHistogram("W", FloatBuffer.allocate(4 << 20), 1);
      for (int i = 0; i < 500 && Recorded.in(run).tensorSteps().isEmpty(); i++) {
        Thread.sleep(10);
      }

      assertThat(Recorded.in(run).tensorSteps()).containsOnlyKeys("W");
    }
  }

  @Test
  void shouldAllocateNothingForAScalarOfAKnownTag() {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20 && allocated > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        long empty = threads.getCurrentThreadAllocatedBytes() - before;
        before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
          writer.addScalar("loss", i, i);
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before - empty;
      }

      assertThat(allocated).isZero();
    }
  }

  @Test
  void shouldLeaveNoThreadBehind() throws InterruptedException {
    SummaryWriter.open(run).close();

    for (int i = 0; i < 500 && writerThreads() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(writerThreads()).isZero();
  }

  @Test
  void shouldKeepWhatAnAbandonedWriterWasGiven() throws InterruptedException {
    abandon();

    for (int i = 0; i < 500 && writerThreads() > 0; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(writerThreads()).isZero();
    assertThat(Recorded.in(run).scalars()).containsKey("loss");
  }

  private void abandon() {
    SummaryWriter.builder(run).flushInterval(Duration.ofMillis(10)).build().addScalar("loss", 1, 1);
  }

  private static long writerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("tensorboard4j-writer"))
        .count();
  }

  private Event.Value single(String tag) {
    return Recorded.in(run).events().stream()
        .flatMap(event -> event.values().stream())
        .filter(value -> value.tag().equals(tag))
        .reduce((one, two) -> {
          throw new AssertionError("There are several values of " + tag);
        })
        .orElseThrow();
  }

  private static List<Double> doubles(ByteBuffer content) {
    List<Double> doubles = new ArrayList<>();
    while (content.hasRemaining()) {
      doubles.add(content.getDouble());
    }
    return doubles;
  }

  @Test
  void shouldAskNoDiskOnTheThreadThatAddsALineOfSeveral() {
    Thread caller = Thread.currentThread();
    AtomicInteger calls = new AtomicInteger();
    Disk disk = new Disk() {
      @Override
      public SeekableByteChannel create(Path file) throws IOException {
        count();
        return FILE_SYSTEM.create(file);
      }

      @Override
      public void force(SeekableByteChannel channel) throws IOException {
        count();
        FILE_SYSTEM.force(channel);
      }

      @Override
      public void forceDirectory(Path directory) throws IOException {
        count();
        FILE_SYSTEM.forceDirectory(directory);
      }

      @Override
      public Object deviceOf(Path directory) {
        count();
        return FILE_SYSTEM.deviceOf(directory);
      }

      private void count() {
        if (Thread.currentThread() == caller) {
          calls.incrementAndGet();
        }
      }
    };
    try (SummaryWriter writer = SummaryWriter.builder(run).disk(disk).build()) {
      calls.set(0);
      writer.addScalars("loss", Map.of("train", 1.0, "test", 2.0), 1);
      assertThat(calls).hasValue(0);
    }

    assertThat(Recorded.in(run.resolve("test")).scalar("loss")).containsEntry(1L, 2f);
  }

  @Test
  void shouldAddAllCurvesOfAStepOrNone() {
    Map<String, PrCurve> curves = new LinkedHashMap<>();
    curves.put("cat", PrCurve.of(new int[] {0, 1}, new float[] {0.5f, 1}));
    curves.put("dog", null);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("animals/bird", 1, 1);

      assertThatNullPointerException().isThrownBy(() -> writer.addPrCurves("animals", curves, 1))
          .withMessageContaining("dog has no curve");
      curves.remove("dog");
      curves.put("bird", curves.get("cat"));
      assertThatIllegalArgumentException().isThrownBy(() -> writer.addPrCurves("animals", curves, 1))
          .withMessageContaining("animals/bird already has scalars");
      assertThatIllegalArgumentException().isThrownBy(() -> writer.addPrCurves("animals", Map.of(), 1))
          .withMessageContaining("need classes");
    }

    assertThat(Recorded.in(run).tensorSteps()).doesNotContainKey("animals/cat");
  }

  @Test
  void shouldRefuseALineWhoseNameHasMoreBytesThanAFileSystemTakes() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      assertThatIllegalArgumentException().isThrownBy(() -> writer.addScalars("loss", Map.of("\u6f22".repeat(90), 1.0), 1))
          .withMessageContaining("200 bytes");
      writer.addScalars("loss", Map.of("\u6f22".repeat(60), 1.0), 1);
    }

    assertThat(Recorded.in(run.resolve("\u6f22".repeat(60))).scalar("loss")).hasSize(1);
  }

  @Test
  void shouldDescribeASeriesBeforeItsFirstPointAndNotAgain() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addScalar("known", 1, 1);
      writer.describe("loss", "The mean of a batch");

      assertThatThrownBy(() -> writer.describe("loss", "Another")).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("loss");
      assertThatThrownBy(() -> writer.describe("known", "Too late")).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("known");
      assertThatThrownBy(() -> writer.describe("long", "x".repeat(65_537))).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("65537").hasMessageContaining("addText");
      writer.addText("words", "text", 1);
      assertThatThrownBy(() -> writer.describe("words", "A text")).isInstanceOf(IllegalArgumentException.class);
      writer.addScalar("loss", 0.5, 1);
    }

    assertThat(Recorded.in(run).scalar("loss")).containsExactly(Map.entry(1L, 0.5f));
  }

  @Test
  void shouldDescribeTheFirstPointOfASeriesAlone() throws IOException {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.describe("loss", "The mean of a batch".repeat(100));
      for (int step = 1; step <= 1_000; step++) {
        writer.addScalar("loss", step, step);
      }
    }

    assertThat(Recorded.in(run).scalar("loss")).hasSize(1_000);
    assertThat(Files.size(Recorded.files(run).get(0))).isLessThan(100_000);
  }

  @Test
  void shouldRefuseCountsOfBucketsThatCannotBe() {
    assertThatThrownBy(() -> BucketCounts.of(new double[] {1}, new double[] {1}))
        .hasMessageContaining("1 edges and 1 counts");
    assertThatThrownBy(() -> BucketCounts.of(new double[0], new double[0])).hasMessageContaining("0 edges");
    assertThatThrownBy(() -> BucketCounts.of(new double[] {1, 0}, new double[] {1})).hasMessageContaining("1.0 before 0.0");
    assertThatThrownBy(() -> BucketCounts.of(new double[] {0, Double.NaN}, new double[] {1})).hasMessageContaining("NaN");
    assertThatThrownBy(() -> BucketCounts.of(new double[] {0, 1}, new double[] {-1})).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> BucketCounts.of(new double[] {0, 1}, new double[] {Double.POSITIVE_INFINITY}))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> BucketCounts.of(new double[65_538], new double[65_537])).hasMessageContaining("65537");
  }

  @Test
  void shouldRefuseValuesOfAHyperParameterThatCannotBe() {
    HparamsColumns.Builder columns = HparamsColumns.builder();

    assertThatThrownBy(() -> columns.values("units", List.of())).hasMessageContaining("units");
    assertThatThrownBy(() -> columns.values("units", List.of(8, "16"))).hasMessageContaining("[8, 16]");
    assertThatThrownBy(() -> columns.values("clip", List.of(1.0, Double.POSITIVE_INFINITY)))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> columns.range("rate", 1, 0)).hasMessageContaining("1.0 to 0.0");
    assertThatThrownBy(() -> columns.range("rate", 0, Double.NaN)).hasMessageContaining("NaN");
  }
}
