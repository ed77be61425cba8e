package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRecorderTest {

  @TempDir
  private Path directory;

  @Test
  void shouldWeighAnEpochsLossByExamplesAndItsAccuracyByPredictions() {
    List<EpochSummary> told = new ArrayList<>();
    try (TrainingRecorder recorder = recorder().onEpoch(told::add).build()) {
      recorder.startEpoch();
      recorder.batch(1, 30, 1.0, 10, 30, 0.1);
      recorder.batch(2, 10, 3.0, 5, 20, 0.05);
      recorder.epoch(recorder.endEpoch(1).withValidation(0.75, 0.5));
    }

    Map<String, Map<Long, Float>> train = train();
    assertThat(train.get("epoch_loss")).containsExactly(Map.entry(1L, 1.5f));
    assertThat(train.get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.3f));
    assertThat(train.get("epoch_learning_rate")).containsExactly(Map.entry(1L, 0.05f));
    assertThat(train.get("epoch_seconds").get(1L)).isPositive();
    assertThat(train.get("examples_per_second").get(1L))
        .isCloseTo(40 / train.get("epoch_seconds").get(1L), within(train.get("examples_per_second").get(1L) * 1e-5f));
    assertThat(validation()).containsOnlyKeys("epoch_loss", "epoch_accuracy");
    assertThat(validation().get("epoch_loss")).containsExactly(Map.entry(1L, 0.75f));
    assertThat(told).singleElement().satisfies(epoch -> {
      assertThat((float) epoch.loss()).isEqualTo(train.get("epoch_loss").get(1L));
      assertThat((float) epoch.seconds()).isEqualTo(train.get("epoch_seconds").get(1L));
      assertThat(epoch.validationAccuracy()).isEqualTo(0.5);
    });
  }

  @Test
  void shouldStartEachEpochAnew() {
    try (TrainingRecorder recorder = recorder().build()) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        recorder.startEpoch();
        recorder.batch(epoch, 10, epoch, 10 - epoch, 10, 0.1);
        recorder.epoch(recorder.endEpoch(epoch));
      }
    }

    assertThat(train().get("epoch_loss")).containsExactly(Map.entry(1L, 1f), Map.entry(2L, 2f));
    assertThat(train().get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.9f), Map.entry(2L, 0.8f));
  }

  @Test
  void shouldGiveTheBatchCurvesAPointEverySoManyIterations() {
    try (TrainingRecorder recorder = recorder().batchFrequency(3).build()) {
      recorder.startEpoch();
      for (int iteration = 1; iteration <= 7; iteration++) {
        recorder.batch(iteration, 8, iteration, 4, 8, 0.1);
      }
    }

    assertThat(train().get("batch_loss")).containsExactly(Map.entry(3L, 3f), Map.entry(6L, 6f));
    assertThat(train()).containsOnlyKeys(
        "batch_loss", "batch_accuracy", "batch_learning_rate", "batch_seconds", "batch_examples_per_second");
  }

  @Test
  void shouldLeaveOutWhatIsNotKnownAndKeepADivergedLoss() {
    try (TrainingRecorder recorder = recorder().batchFrequency(1).build()) {
      recorder.startEpoch();
      recorder.batch(1, 8, Double.NaN, 0, 0, Double.NaN);
      recorder.epoch(recorder.endEpoch(1));
    }

    assertThat(train()).containsOnlyKeys(
        "batch_loss", "batch_seconds", "batch_examples_per_second", "epoch_loss", "epoch_seconds", "examples_per_second");
    assertThat(train().get("epoch_loss").get(1L)).isNaN();
    assertThat(directory.resolve("run/validation")).doesNotExist();
  }

  @Test
  void shouldTimeByWhenThingsWereAndNotByWhenTheyAreTold() {
    long second = 1_000_000_000;
    long start = System.nanoTime() - 100 * second;
    try (TrainingRecorder recorder = recorder().batchFrequency(2).build()) {
      recorder.startEpoch(start);
      for (int iteration = 1; iteration <= 4; iteration++) {
        recorder.batch(iteration, 8, iteration, 0.25 * iteration, 0.5, start + iteration * second);
      }
      recorder.epoch(recorder.endEpoch(1, start + 8 * second));
    }

    Map<String, Map<Long, Float>> train = train();
    assertThat(train.get("batch_loss")).containsExactly(Map.entry(2L, 2f), Map.entry(4L, 4f));
    assertThat(train.get("batch_accuracy")).containsExactly(Map.entry(2L, 0.5f), Map.entry(4L, 1f));
    assertThat(train.get("batch_learning_rate")).containsExactly(Map.entry(2L, 0.5f), Map.entry(4L, 0.5f));
    assertThat(train.get("batch_seconds")).containsExactly(Map.entry(2L, 1f), Map.entry(4L, 1f));
    assertThat(train.get("batch_examples_per_second")).containsExactly(Map.entry(2L, 8f), Map.entry(4L, 8f));
    assertThat(train.get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.625f));
    assertThat(train.get("epoch_seconds")).containsExactly(Map.entry(1L, 8f));
    assertThat(train.get("examples_per_second")).containsExactly(Map.entry(1L, 4f));
  }

  @Test
  void shouldLeaveAnUnknownFractionOutOfTheEpochsAccuracy() {
    try (TrainingRecorder recorder = recorder().batchFrequency(1).build()) {
      recorder.startEpoch();
      recorder.batch(1, 8, 1, Double.NaN, 0.1, System.nanoTime());
      recorder.batch(2, 8, 1, 0.75, 0.1, System.nanoTime());
      recorder.epoch(recorder.endEpoch(1));
    }

    assertThat(train().get("batch_accuracy")).containsOnlyKeys(2L);
    assertThat(train().get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.75f));
  }

  @Test
  void shouldRecordFurtherFiguresAndGradients() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.trainScalar("epoch_F1", 0.5, 3);
      recorder.trainScalar("epoch_F1", Double.NaN, 4);
      recorder.validationScalar("epoch_F1", 0.25, 3);
      recorder.gradient("dense", "W", TensorValues.of(FloatBuffer.wrap(new float[] {1, 2})), 7);
    }

    assertThat(train()).containsOnlyKeys("epoch_F1");
    assertThat(train().get("epoch_F1")).containsExactly(Map.entry(3L, 0.5f));
    assertThat(validation().get("epoch_F1")).containsExactly(Map.entry(3L, 0.25f));
    assertThat(Recorded.in(directory.resolve("run/train")).tensorSteps()).containsOnlyKeys("gradient/dense/W");
  }

  @Test
  void shouldMakeNoValidationRunForAFigureThatIsNotKnown() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.validationScalar("epoch_F1", Double.NaN, 1);
    }

    assertThat(directory.resolve("run")).doesNotExist();
  }

  @Test
  void shouldTellThatAnEpochsLossDivergedInOneOfItsBatches() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.startEpoch();
      recorder.batch(1, 8, 0.5, 4, 8, 0.1);
      recorder.batch(2, 8, Double.NaN, 0, 8, 0.1);
      recorder.epoch(recorder.endEpoch(1));
    }

    assertThat(train().get("epoch_loss").get(1L)).isNaN();
  }

  @Test
  void shouldNotTakeTheTimeBeforeATrainingWithoutEpochsForItsFirstIterations() {
    try (TrainingRecorder recorder = recorder().batchFrequency(1).build()) {
      recorder.batch(1, 8, 1, 4, 8, 0.1);
      recorder.batch(2, 8, 1, 4, 8, 0.1);
    }

    assertThat(train().get("batch_loss")).containsOnlyKeys(1L, 2L);
    assertThat(train().get("batch_seconds")).containsOnlyKeys(2L);
    assertThat(train().get("batch_examples_per_second")).containsOnlyKeys(2L);
  }

  @Test
  void shouldRecordNoBatchCurvesWhenNoneAreAskedFor() {
    try (TrainingRecorder recorder = recorder().batchFrequency(0).build()) {
      recorder.startEpoch();
      recorder.batch(10, 8, 1, 4, 8, 0.1);
      recorder.epoch(recorder.endEpoch(1));
    }

    assertThat(train()).doesNotContainKey("batch_loss").containsKey("epoch_loss");
  }

  @Test
  void shouldPutHyperParametersIntoTheRunItself() {
    try (TrainingRecorder recorder = recorder().hyperParameter("dropout", 0.5f).hyperParameter("seed", 2).build()) {
      recorder.begin(1, Map.of("seed", 1, "optimizer", "Adam"));
      recorder.parameter("dense", "W", TensorValues.of(FloatBuffer.wrap(new float[] {1, 2})), 1);
    }

    assertThat(Recorded.in(directory.resolve("run")).tensorSteps())
        .containsOnlyKeys("_hparams_/session_start_info", "_hparams_/session_end_info");
    assertThat(Recorded.in(directory.resolve("run/train")).tensorSteps()).containsOnlyKeys("dense/W");
  }

  @Test
  void shouldReplaceTheHyperParametersOfAnEarlierTrainingButNotOfTheOneThatItResumes() throws IOException {
    Path run = directory.resolve("run");
    record(1);
    Path foreign = Files.createFile(run.resolve("events.out.tfevents.1.host"));
    List<Path> first = Recorded.files(run);
    record(1);
    List<Path> second = Recorded.files(run);
    record(101);

    assertThat(first).hasSize(2).contains(foreign);
    assertThat(second).hasSize(2).contains(foreign).isNotEqualTo(first);
    assertThat(Recorded.files(run)).hasSize(3).containsAll(second);
  }

  private void record(long firstIteration) {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.begin(firstIteration, Map.of("learning_rate", 0.1));
    }
  }

  @Test
  void shouldResumeWhereAnEarlierTrainingWas() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.begin(101, Map.of());
      recorder.startEpoch();
      recorder.batch(110, 8, 1, 4, 8, 0.1);
    }

    assertThat(Recorded.in(directory.resolve("run/train")).events()).filteredOn(Event::sessionStart)
        .singleElement().satisfies(start -> assertThat(start.step()).isEqualTo(101));
  }

  @Test
  void shouldLeaveOutWhatComesAfterClose() {
    TrainingRecorder recorder = recorder().batchFrequency(1).build();
    recorder.close();
    recorder.close();
    recorder.begin(1, Map.of("a", 1));
    recorder.startEpoch();
    recorder.batch(1, 8, 1, 4, 8, 0.1);
    recorder.parameter("dense", "W", TensorValues.of(FloatBuffer.wrap(new float[] {1, 2})), 1);
    recorder.configuration("text");
    recorder.trainScalar("epoch_F1", 1, 1);
    recorder.validationScalar("epoch_F1", 1, 1);
    recorder.gradient("dense", "W", TensorValues.of(FloatBuffer.wrap(new float[] {1, 2})), 1);
    recorder.batch(2, 8, 1, 0.5, 0.1, System.nanoTime());
    recorder.epoch(recorder.endEpoch(1));
    recorder.flush();

    assertThat(directory.resolve("run")).doesNotExist();
  }

  @Test
  void shouldAllocateNothingForAnIteration() {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TrainingRecorder recorder = recorder().batchFrequency(1).build()) {
      recorder.startEpoch();
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20 && allocated > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= 10_000; i++) {
          recorder.batch(i, 8, 1, 4, 8, 0.1);
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }

      assertThat(allocated).isZero();
    }
  }

  @Test
  void shouldRefuseWrongUseAtOnce() throws IOException {
    Path file = Files.createFile(directory.resolve("train"));
    assertThatThrownBy(() -> TrainingRecorder.builder(file)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a directory");
    assertThatThrownBy(() -> TrainingRecorder.builder(directory)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("train is not a directory");
    assertThatThrownBy(() -> TrainingRecorder.builder(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> recorder().batchFrequency(-1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> recorder().flushInterval(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> recorder().hyperParameter("a", null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("a");
    assertThatThrownBy(() -> Frequency.epochs(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never()");
    assertThatThrownBy(() -> Frequency.iterations(-5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldBeDueEverySoOften() {
    assertThat(Frequency.epochs(2).isDueAtEpoch(4)).isTrue();
    assertThat(Frequency.epochs(2).isDueAtEpoch(3)).isFalse();
    assertThat(Frequency.epochs(2).isDueAtIteration(4)).isFalse();
    assertThat(Frequency.iterations(5).isDueAtIteration(10)).isTrue();
    assertThat(Frequency.iterations(5).isDueAtEpoch(10)).isFalse();
    assertThat(Frequency.never().isDueAtEpoch(1)).isFalse();
    assertThat(Frequency.never().isDueAtIteration(1)).isFalse();
  }

  private TrainingRecorder.Builder recorder() {
    return TrainingRecorder.builder(directory.resolve("run"));
  }

  private Map<String, Map<Long, Float>> train() {
    return Recorded.in(directory.resolve("run/train")).scalars();
  }

  private Map<String, Map<Long, Float>> validation() {
    return Recorded.in(directory.resolve("run/validation")).scalars();
  }
}
