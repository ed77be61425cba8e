package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testing.ChildJvm;
import io.github.tensorboard4j.testing.Recorded;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SystemMetricsTest {

  private static final Duration OFTEN = Duration.ofMillis(100);
  private static final String THREAD = "tensorboard4j-system";

  @TempDir
  private Path directory;

  private final IterationFigures figures = new IterationFigures();

  @Test
  void shouldRecordTheJvmsFiguresAtTheLastIteration() throws InterruptedException {
    CountDownLatch sampled = new CountDownLatch(2);
    CountDownLatch iterated = new CountDownLatch(1);
    try (TrainingRecorder recorder = new Options(run())
        .with(figures -> {
          sampled.countDown();
          await(iterated);
        }).systemMetrics(OFTEN).build()) {
      recorder.begin(5, HyperParameters.builder()::build);
      recorder.recordIteration(figures.start(5, 1).loss(1));
      recorder.recordIteration(figures.start(6, 1).loss(1));
      iterated.countDown();
      sampled.await();
    }

    Map<String, Map<Long, Float>> train = Recorded.in(run().resolve("train")).scalars();
    assertThat(train).containsKeys("system/heap_mib", "system/non_heap_mib", "system/gc_ms");
    assertThat(train.get("system/heap_mib")).containsKey(6L);
    assertThat(train.get("system/heap_mib").keySet()).isSubsetOf(5L, 6L);
    assertThat(train.get("system/heap_mib").get(6L)).isBetween(1f, Runtime.getRuntime().maxMemory() / 1048576f);
    assertThat(train.get("system/non_heap_mib").get(6L)).isPositive();
  }

  @Test
  void shouldReadNothingUnlessAskedTo() {
    AtomicInteger samples = new AtomicInteger();
    try (TrainingRecorder recorder = new Options(run()).with(figures -> samples.incrementAndGet()).build()) {
      recorder.begin(1, HyperParameters.builder()::build);
      recorder.recordIteration(figures.start(1, 1).loss(1));
      assertThat(threads()).doesNotContain(THREAD);
    }

    assertThat(samples).hasValue(0);
    assertThat(Recorded.in(run().resolve("train")).scalars())
        .allSatisfy((tag, points) -> assertThat(tag).doesNotStartWith("system/"));
  }

  @Test
  void shouldReadOffTheTrainingThreadAndEndWithTheRecording() throws InterruptedException {
    CountDownLatch sampled = new CountDownLatch(1);
    Thread[] sampling = new Thread[1];
    try (TrainingRecorder recorder = new Options(run()).with(figures -> {
      sampling[0] = Thread.currentThread();
      sampled.countDown();
    }).systemMetrics(Duration.ofHours(1)).build()) {
      assertThat(threads()).doesNotContain(THREAD);
      recorder.begin(1, HyperParameters.builder()::build);
      sampled.await();
      assertThat(sampling[0]).isNotSameAs(Thread.currentThread());
      assertThat(sampling[0].isDaemon()).isTrue();
    }

    sampling[0].join();
  }

  @Test
  void shouldLeaveOutASamplerThatFailsAndKeepTheOthers() throws InterruptedException {
    AtomicInteger failures = new AtomicInteger();
    CountDownLatch samples = new CountDownLatch(3);
    try (TrainingRecorder recorder = new Options(run())
        .with(figures -> {
          failures.incrementAndGet();
          throw new IllegalStateException("no figures today");
        })
        .with(figures -> {
          figures.accept("own", 7);
          samples.countDown();
        }).systemMetrics(OFTEN).build()) {
      recorder.begin(1, HyperParameters.builder()::build);
      samples.await();
    }

    assertThat(failures).hasValue(1);
    assertThat(Recorded.in(run().resolve("train")).scalar("system/own")).containsExactly(Map.entry(1L, 7f));
  }

  @Test
  void shouldLetGoARecordingThatNobodyHolds() throws InterruptedException {
    Thread[] sampling = new Thread[1];
    CountDownLatch sampled = new CountDownLatch(1);
    TrainingRecorder recorder = new Options(run()).with(figures -> {
      sampling[0] = Thread.currentThread();
      sampled.countDown();
    }).systemMetrics(OFTEN).build();
    recorder.begin(1, HyperParameters.builder()::build);
    sampled.await();
    recorder = null;

    while (sampling[0].isAlive()) {
      System.gc();
      sampling[0].join(50);
    }
  }

  @Test
  void shouldRefuseToReadMoreOftenThanItCan() {
    assertThatThrownBy(() -> TrainingRecorder.builder(run()).systemMetrics(Duration.ofMillis(99)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("100 ms").hasMessageContaining("PT0.099S");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void shouldRecordTheGpusOfTheCommandOnThePath() throws Exception {
    NvidiaSmiTest.script(directory, "echo '0, 1024, 87, 65, 120.5'", "echo '1, 12, [N/A], 30, [N/A]'");
    String path = directory + File.pathSeparator + System.getenv("PATH");
    Process child = ChildJvm.start(Map.of("PATH", path), Training.class, run().toString(),
        directory.resolve("asked").toString());

    assertThat(child.waitFor()).as(() -> new String(readAll(child))).isZero();
    Map<String, Map<Long, Float>> train = Recorded.in(run().resolve("train")).scalars();
    assertThat(train.get("system/gpu0/memory_mib")).containsValue(1024f);
    assertThat(train.get("system/gpu0/utilization")).containsValue(87f);
    assertThat(train.get("system/gpu0/temperature_c")).containsValue(65f);
    assertThat(train.get("system/gpu0/power_w")).containsValue(120.5f);
    assertThat(train.get("system/gpu1/memory_mib")).containsValue(12f);
    assertThat(train).doesNotContainKeys("system/gpu1/utilization", "system/gpu1/power_w");
    assertThat(readAll(child)).isEmpty();
  }

  /** A training of another process, which ends once the command has been asked twice. */
  static final class Training {

    public static void main(String[] args) throws Exception {
      try (TrainingRecorder recorder = TrainingRecorder.builder(Path.of(args[0])).systemMetrics(OFTEN).build()) {
        recorder.begin(1, HyperParameters.builder()::build);
        Path asked = Path.of(args[1]);
        for (int iteration = 1; !Files.exists(asked) || Files.readAllLines(asked).size() < 2; iteration++) {
          recorder.recordIteration(new IterationFigures().start(iteration, 1).loss(1));
          Thread.sleep(10);
        }
      }
    }
  }

  /** Options to which a framework adds figures. */
  private static final class Options extends RecordingOptions<Options> {

    Options(Path run) {
      super(run);
    }

    Options with(SystemSampler sampler) {
      addSystemSampler(sampler);
      return this;
    }

    @Override
    protected Options self() {
      return this;
    }

    TrainingRecorder build() {
      return buildRecorder();
    }
  }

  private Path run() {
    return directory.resolve("run");
  }

  private static byte[] readAll(Process process) {
    try {
      return process.getErrorStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
  }
}
