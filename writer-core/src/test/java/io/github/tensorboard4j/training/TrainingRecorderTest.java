package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TrainingRecorderTest {

  private static final long SECOND = 1_000_000_000;

  private static final int UNKNOWN = 0;
  private static final int SUCCESS = 1;
  private static final int FAILURE = 2;

  @TempDir
  private Path directory;

  private final IterationFigures figures = new IterationFigures();

  @Test
  void shouldWeighAnEpochsLossByExamplesAndItsAccuracyByPredictions() {
    List<EpochSummary> told = new ArrayList<>();
    try (TrainingRecorder recorder = recorder().onEpoch(told::add).build()) {
      recorder.startEpoch();
      recorder.recordIteration(figures.start(1, 30).loss(1.0).predictions(10, 30).learningRate(0.1));
      recorder.recordIteration(figures.start(2, 10).loss(3.0).predictions(5, 20).learningRate(0.05));
      recorder.recordEpoch(recorder.endEpoch(1).validationLoss(0.75).validationAccuracy(0.5).build());
    }

    Map<String, Map<Long, Float>> train = train();
    assertThat(train.get("epoch_loss")).containsExactly(Map.entry(1L, 1.5f));
    assertThat(train.get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.3f));
    assertThat(train.get("epoch_learning_rate")).containsExactly(Map.entry(1L, 0.05f));
    assertThat(train.get("epoch_seconds").get(1L)).isPositive();
    assertThat(train.get("epoch_examples_per_second").get(1L))
        .isCloseTo(40 / train.get("epoch_seconds").get(1L), within(train.get("epoch_examples_per_second").get(1L) * 1e-5f));
    assertThat(validation()).containsOnlyKeys("epoch_loss", "epoch_accuracy");
    assertThat(validation().get("epoch_loss")).containsExactly(Map.entry(1L, 0.75f));
    assertThat(told).singleElement().satisfies(epoch -> {
      assertThat((float) epoch.loss().orElseThrow()).isEqualTo(train.get("epoch_loss").get(1L));
      assertThat((float) epoch.seconds().orElseThrow()).isEqualTo(train.get("epoch_seconds").get(1L));
      assertThat(epoch.validationAccuracy()).hasValue(0.5);
    });
  }

  @Test
  void shouldStartEachEpochAnew() {
    try (TrainingRecorder recorder = recorder().build()) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        recorder.startEpoch();
        recorder.recordIteration(figures.start(epoch, 10).loss(epoch).predictions(10 - epoch, 10).learningRate(0.1));
        recorder.recordEpoch(recorder.endEpoch(epoch).build());
      }
    }

    assertThat(train().get("epoch_loss")).containsExactly(Map.entry(1L, 1f), Map.entry(2L, 2f));
    assertThat(train().get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.9f), Map.entry(2L, 0.8f));
  }

  @Test
  void shouldGiveTheBatchCurvesAPointEverySoManyIterations() {
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(3)).build()) {
      recorder.startEpoch();
      for (int iteration = 1; iteration <= 7; iteration++) {
        recorder.recordIteration(figures.start(iteration, 8).loss(iteration).predictions(4, 8).learningRate(0.1));
      }
    }

    assertThat(train().get("batch_loss")).containsExactly(Map.entry(3L, 3f), Map.entry(6L, 6f));
    assertThat(train()).containsOnlyKeys(
        "batch_loss", "batch_accuracy", "batch_learning_rate", "batch_seconds", "batch_examples_per_second");
  }

  @Test
  void shouldGiveTheBatchCurvesTheFirstIterationsAndEveryTenth() {
    long start = System.nanoTime() - 100 * SECOND;
    try (TrainingRecorder recorder = recorder().build()) {
      for (int iteration = 1; iteration <= 35; iteration++) {
        recorder.recordIteration(figures.start(iteration, 8).loss(iteration).endedAt(start + iteration));
      }
    }

    assertThat(train().get("batch_loss")).containsOnlyKeys(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 20L, 30L);
  }

  @Test
  void shouldGiveTheBatchCurvesAPointWhereASecondHasPassed() {
    long start = System.nanoTime() - 100 * SECOND;
    try (TrainingRecorder recorder = recorder().build()) {
      for (int iteration = 11; iteration <= 30; iteration++) {
        recorder.recordIteration(figures.start(iteration, 8).loss(iteration).endedAt(start + iteration * SECOND / 4));
      }
    }

    assertThat(train().get("batch_loss")).containsOnlyKeys(11L, 15L, 19L, 20L, 24L, 28L, 30L);
    assertThat(train().get("batch_seconds").get(15L)).isEqualTo(0.25f);
  }

  @Test
  void shouldGiveTheBatchCurvesAPointWhereTheLossCeasesToBeANumber() {
    long start = System.nanoTime() - 100 * SECOND;
    try (TrainingRecorder recorder = recorder().build()) {
      for (int iteration = 11; iteration <= 19; iteration++) {
        double loss = iteration == 13 || iteration >= 16 ? Double.NaN : iteration;
        recorder.recordIteration(figures.start(iteration, 8).loss(loss).endedAt(start + iteration));
      }
    }

    assertThat(train().get("batch_loss")).containsOnlyKeys(11L, 13L, 16L);
  }

  @Test
  void shouldGiveTheBatchCurvesNoOtherPointThanTheFrequencyThatWasChosenHas() {
    long start = System.nanoTime() - 100 * SECOND;
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(10)).build()) {
      for (int iteration = 1; iteration <= 25; iteration++) {
        assertThat(recorder.isBatchDue(iteration)).isEqualTo(iteration % 10 == 0);
        recorder.recordIteration(figures.start(iteration, 8).loss(Double.NaN).endedAt(start + iteration * 2 * SECOND));
      }
    }

    assertThat(train().get("batch_loss")).containsOnlyKeys(10L, 20L);
  }

  @Test
  void shouldStandByWhatItAnsweredOfAnIteration() {
    long ahead = System.nanoTime() + 100 * SECOND;
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.recordIteration(figures.start(11, 8).loss(1).endedAt(ahead));
      assertThat(recorder.isBatchDue(12)).isFalse();
      recorder.recordIteration(figures.start(12, 8).loss(1).endedAt(ahead + 2 * SECOND));
      assertThat(recorder.isBatchDue(12)).isFalse();
      recorder.recordIteration(figures.start(13, 8).loss(1).endedAt(ahead + 2 * SECOND));
      assertThat(recorder.isBatchDue(13)).isTrue();
      assertThat(recorder.isBatchDue(20)).isTrue();
    }

    assertThat(train().get("batch_loss")).containsOnlyKeys(11L, 13L);
  }

  @Test
  void shouldLeaveOutWhatIsNotKnownAndKeepADivergedLoss() {
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(1)).build()) {
      recorder.startEpoch();
      recorder.recordIteration(figures.start(1, 8).loss(Double.NaN).predictions(0, 0));
      recorder.recordEpoch(recorder.endEpoch(1).build());
    }

    assertThat(train()).containsOnlyKeys("batch_loss", "batch_seconds", "batch_examples_per_second", "epoch_loss",
        "epoch_seconds", "epoch_examples_per_second");
    assertThat(train().get("batch_loss").get(1L)).isNaN();
    assertThat(train().get("epoch_loss").get(1L)).isNaN();
    assertThat(directory.resolve("run/validation")).doesNotExist();
  }

  @Test
  void shouldMakeNoFigureOfAnEpochWithoutIterations() {
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.never()).build()) {
      recorder.recordEpoch(recorder.endEpoch(1).build());
      recorder.startEpoch();
      recorder.recordIteration(figures.start(1, 8));
      recorder.recordEpoch(recorder.endEpoch(2).build());
    }

    assertThat(train()).containsOnlyKeys("epoch_seconds", "epoch_examples_per_second");
    assertThat(train().get("epoch_seconds")).containsOnlyKeys(2L);
  }

  @Test
  void shouldTimeByWhenThingsWereAndNotByWhenTheyAreTold() {
    long second = 1_000_000_000;
    long start = System.nanoTime() - 100 * second;
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(2)).build()) {
      recorder.startEpochAt(start);
      for (int iteration = 1; iteration <= 4; iteration++) {
        recorder.recordIteration(figures.start(iteration, 8).loss(iteration).accuracy(0.25 * iteration).learningRate(0.5)
            .endedAt(start + iteration * second));
      }
      recorder.recordEpoch(recorder.endEpochAt(1, start + 8 * second).build());
    }

    Map<String, Map<Long, Float>> train = train();
    assertThat(train.get("batch_loss")).containsExactly(Map.entry(2L, 2f), Map.entry(4L, 4f));
    assertThat(train.get("batch_accuracy")).containsExactly(Map.entry(2L, 0.5f), Map.entry(4L, 1f));
    assertThat(train.get("batch_learning_rate")).containsExactly(Map.entry(2L, 0.5f), Map.entry(4L, 0.5f));
    assertThat(train.get("batch_seconds")).containsExactly(Map.entry(2L, 1f), Map.entry(4L, 1f));
    assertThat(train.get("batch_examples_per_second")).containsExactly(Map.entry(2L, 8f), Map.entry(4L, 8f));
    assertThat(train.get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.625f));
    assertThat(train.get("epoch_seconds")).containsExactly(Map.entry(1L, 8f));
    assertThat(train.get("epoch_examples_per_second")).containsExactly(Map.entry(1L, 4f));
  }

  @Test
  void shouldNotCountTheTimeThatTheDescriptionOfATrainingTakes() {
    AtomicLong taken = new AtomicLong();
    TrainingDescription slow = () -> {
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < SECOND / 50) {
        Thread.onSpinWait();
      }
      taken.set(System.nanoTime() - begin);
      return HyperParameters.builder().build();
    };
    long start = System.nanoTime();
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(1)).build()) {
      recorder.startEpochAt(start - SECOND);
      recorder.begin(1, slow);
      recorder.recordIteration(figures.start(1, 8).endedAt(start));
      recorder.recordIteration(figures.start(2, 8).endedAt(start + 10 * SECOND));
      recorder.recordIteration(figures.start(3, 8).endedAt(start + 11 * SECOND));
      recorder.recordEpoch(recorder.endEpochAt(1, start + 11 * SECOND).build());
      recorder.startEpochAt(start + 12 * SECOND);
      recorder.recordEpoch(recorder.endEpochAt(2, start + 13 * SECOND).build());
    }

    float described = taken.get() / (float) SECOND;
    assertThat(train().get("batch_seconds").get(1L)).as("over before the description").isEqualTo(1);
    assertThat(train().get("batch_seconds").get(2L)).isLessThanOrEqualTo(10 - described);
    assertThat(train().get("batch_seconds").get(3L)).isEqualTo(1);
    assertThat(train().get("epoch_seconds").get(1L)).isLessThanOrEqualTo(12 - described);
    assertThat(train().get("epoch_seconds").get(2L)).isEqualTo(1);
  }

  @Test
  void shouldLeaveAnUnknownFractionOutOfTheEpochsAccuracy() {
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(1)).build()) {
      recorder.startEpoch();
      recorder.recordIteration(figures.start(1, 8).loss(1).learningRate(0.1));
      recorder.recordIteration(figures.start(2, 8).loss(1).accuracy(0.75).learningRate(0.1));
      recorder.recordEpoch(recorder.endEpoch(1).build());
    }

    assertThat(train().get("batch_accuracy")).containsOnlyKeys(2L);
    assertThat(train().get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.75f));
  }

  @Test
  void shouldRefuseAScalarOfOnesOwnThatWouldMixWithARecordedCurve() {
    try (TrainingRecorder recorder = recorder().build()) {
      for (String tag : new String[] {"epoch_loss", "epoch_seconds", "batch_accuracy", "batch_learning_rate"}) {
        assertThatThrownBy(() -> recorder.recordScalar(tag, 5, 1)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll(tag, "another tag");
      }
      recorder.recordScalar("epoch_bleu", 5, 1);
    }

    assertThat(train()).containsOnlyKeys("epoch_bleu");
  }

  @Test
  void shouldRecordFurtherMetricsAndDurations() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.recordBatchMetric("F1", 0.4, 20);
      recorder.recordEpochMetric("F1", 0.5, 3);
      recorder.recordValidationMetric("F1", 0.25, 3);
      recorder.recordDuration("forward", 1.5, 20);
    }

    assertThat(train()).containsOnlyKeys("batch_F1", "epoch_F1", "time/forward_ms");
    assertThat(train().get("batch_F1")).containsExactly(Map.entry(20L, 0.4f));
    assertThat(train().get("epoch_F1")).containsExactly(Map.entry(3L, 0.5f));
    assertThat(train().get("time/forward_ms")).containsExactly(Map.entry(20L, 1.5f));
    assertThat(validation().get("epoch_F1")).containsExactly(Map.entry(3L, 0.25f));
  }

  @Test
  void shouldKeepLayersOfAnyNameApartFromItsOwnTags() {
    TensorValues values = TensorValues.of(FloatBuffer.wrap(new float[] {1, Float.NaN}));
    try (TrainingRecorder recorder = recorder().gradientFrequency(Frequency.iterations(1)).build()) {
      recorder.diagnosis(1, 0).gradient("dense", "weight", values);
      recorder.recordDuration("forward", 1, 1);
      recorder.recordParameter("dense", "weight", values, 1);
      recorder.recordParameter("0_conv", "weight", values, 1);
      recorder.recordParameter("gradient/dense", "weight", values, 1);
      recorder.recordParameter("parameter", "weight", values, 1);
      recorder.recordParameter("time", "forward_ms", values, 1);
      recorder.recordParameter("non_finite/dense", "weight", values, 1);
      recorder.recordWeightImage("dense", "weight",
          TensorValues.of(FloatBuffer.wrap(new float[] {1, 2, 3, 4})), WeightShape.rowMajor(2, 2), 1);
    }

    assertThat(Recorded.in(directory.resolve("run/train")).tensorSteps()).containsOnlyKeys(
        "gradient/dense/weight", "layer_dense/weight", "layer_0_conv/weight", "layer_gradient/dense/weight",
        "layer_parameter/weight", "layer_time/forward_ms", "layer_non_finite/dense/weight", "image_dense/weight");
  }

  @Test
  void shouldTellThatAnEpochsLossDivergedInOneOfItsBatches() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.startEpoch();
      recorder.recordIteration(figures.start(1, 8).loss(0.5).predictions(4, 8).learningRate(0.1));
      recorder.recordIteration(figures.start(2, 8).loss(Double.NaN).predictions(0, 8).learningRate(0.1));
      recorder.recordEpoch(recorder.endEpoch(1).build());
    }

    assertThat(train().get("epoch_loss").get(1L)).isNaN();
  }

  @Test
  void shouldNotTakeTheTimeBeforeATrainingWithoutEpochsForItsFirstIterations() {
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(1)).build()) {
      recorder.recordIteration(figures.start(1, 8).loss(1).predictions(4, 8).learningRate(0.1));
      recorder.recordIteration(figures.start(2, 8).loss(1).predictions(4, 8).learningRate(0.1));
    }

    assertThat(train().get("batch_loss")).containsOnlyKeys(1L, 2L);
    assertThat(train().get("batch_seconds")).containsOnlyKeys(2L);
    assertThat(train().get("batch_examples_per_second")).containsOnlyKeys(2L);
  }

  @Test
  void shouldRecordNoBatchCurvesWhenNoneAreAskedFor() {
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.never()).build()) {
      recorder.startEpoch();
      recorder.recordIteration(figures.start(10, 8).loss(1).predictions(4, 8).learningRate(0.1));
      recorder.recordEpoch(recorder.endEpoch(1).build());
    }

    assertThat(train()).doesNotContainKey("batch_loss").containsKey("epoch_loss");
  }

  @Test
  void shouldPutHyperParametersIntoTheRunItself() {
    try (TrainingRecorder recorder = recorder().hyperParameter("dropout", 0.5f).hyperParameter("seed", 2).build()) {
      recorder.begin(1, () -> HyperParameters.builder().seed(1).optimizer("Adam").build());
      recorder.recordParameter("dense", "weight", TensorValues.of(FloatBuffer.wrap(new float[] {1, 2})), 1);
      recorder.end(SessionStatus.SUCCESS);
    }

    assertThat(Recorded.in(directory.resolve("run")).tensorSteps())
        .containsOnlyKeys("_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info");
    assertThat(Recorded.in(directory.resolve("run/train")).tensorSteps()).containsOnlyKeys("layer_dense/weight");
  }

  @Test
  void shouldAskForTheDescriptionOnceAndKeepThePartsThatCanBeDescribed() {
    AtomicInteger asked = new AtomicInteger();
    TrainingDescription description = new TrainingDescription() {
      @Override
      public HyperParameters hyperParameters() {
        asked.incrementAndGet();
        return HyperParameters.builder().learningRate(0.1).build();
      }

      @Override
      public Optional<GraphDefSource> graph() {
        throw new IllegalStateException("This model has no graph");
      }

      @Override
      public Optional<String> configuration() {
        return Optional.of("a text");
      }
    };
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.begin(1, description);
      recorder.begin(2, description);
    }

    assertThat(asked).hasValue(1);
    assertThat(Recorded.in(directory.resolve("run/train")).texts()).containsExactly("a text");
    assertThat(Recorded.in(directory.resolve("run")).tensorSteps()).containsKey("_hparams_/session_start_info");
  }

  @Test
  void shouldTellHowTheTrainingEnded() throws IOException {
    assertThat(statusOf(recorder -> recorder.end(SessionStatus.SUCCESS))).isEqualTo(SUCCESS);
    assertThat(statusOf(recorder -> recorder.end(SessionStatus.FAILURE))).isEqualTo(FAILURE);
    assertThat(statusOf(recorder -> {})).as("closed after an epoch's end").isEqualTo(UNKNOWN);
    assertThat(statusOf(TrainingRecorder::startEpoch)).as("closed within an epoch").isEqualTo(FAILURE);
    assertThat(statusOf(recorder -> recorder.startEpochAt(System.nanoTime()))).as("closed within a later epoch")
        .isEqualTo(FAILURE);
    assertThat(statusOf(recorder -> recorder.recordIteration(figures.start(2, 8).loss(Double.NaN)))).as("diverged")
        .isEqualTo(FAILURE);
    assertThat(statusOf(recorder -> recorder.recordIteration(figures.start(2, 8).loss(Double.POSITIVE_INFINITY))))
        .isEqualTo(FAILURE);
    assertThat(statusOf(recorder -> recorder.recordIteration(figures.start(2, 8)))).as("no loss known").isEqualTo(UNKNOWN);
    assertThat(statusOf(TrainingRecorder::trainingStopped)).as("stopped by the guard").isEqualTo(FAILURE);
  }

  @Test
  void shouldNotTakeAFrameworkWithoutEpochsForABrokenOffEpoch() throws IOException {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.begin(1, () -> HyperParameters.builder().learningRate(0.1).build());
      recorder.startEpochAt(System.nanoTime());
      recorder.recordIteration(figures.start(1, 8).loss(1));
    }

    assertThat(status(directory.resolve("run"))).isEqualTo(UNKNOWN);
  }

  private int statusOf(Consumer<TrainingRecorder> ending) throws IOException {
    Path run = Files.createTempDirectory(directory, "run");
    try (TrainingRecorder recorder = TrainingRecorder.builder(run).build()) {
      recorder.begin(1, () -> HyperParameters.builder().learningRate(0.1).build());
      recorder.startEpoch();
      recorder.recordIteration(figures.start(1, 8).loss(1));
      recorder.recordEpoch(recorder.endEpoch(1).build());
      ending.accept(recorder);
    }
    return status(run);
  }

  private static int status(Path run) throws IOException {
    for (Event event : Recorded.in(run).events()) {
      for (Event.Value value : event.values()) {
        if (value.tag().equals("_hparams_/session_end_info")) {
          UnknownFieldSet data = UnknownFieldSet.parseFrom(ByteString.copyFrom(value.pluginContent()));
          UnknownFieldSet end = UnknownFieldSet.parseFrom(data.getField(4).getLengthDelimitedList().get(0));
          return end.getField(1).getVarintList().get(0).intValue();
        }
      }
    }
    return UNKNOWN;
  }

  @Test
  void shouldDeleteNothingThatIsNotToBeReplaced() throws IOException {
    Path run = directory.resolve("run");
    record(ExistingRun.CONTINUE, 1);
    Path foreign = Files.createFile(run.resolve("events.out.tfevents.1.host"));
    List<Path> first = allFiles(run);
    record(ExistingRun.CONTINUE, 1);
    record(ExistingRun.CONTINUE, 101);

    assertThat(first).hasSize(4).contains(foreign);
    assertThat(allFiles(run)).hasSize(10).containsAll(first);
  }

  @Test
  void shouldReplaceAnEarlierTrainingWhenTheNewOneBegins() throws IOException {
    Path run = directory.resolve("run");
    record(ExistingRun.CONTINUE, 1);
    Path kept = Files.writeString(run.resolve("model.zip"), "");
    List<Path> first = allFiles(run);
    TrainingRecorder neverBegun = recorder().existingRun(ExistingRun.REPLACE).build();
    neverBegun.close();
    assertThat(allFiles(run)).isEqualTo(first);
    record(ExistingRun.REPLACE, 1);

    assertThat(allFiles(run)).hasSize(4).contains(kept);
    assertThat(Recorded.in(run.resolve("train")).events()).noneMatch(Event::isSessionStart);
  }

  @Test
  void shouldEndAnEarlierTrainingOfThisProcessThatItReplaces() throws IOException {
    Path run = directory.resolve("run");
    TrainingRecorder first = recorder().build();
    first.begin(1, () -> HyperParameters.builder().learningRate(0.1).build());
    first.recordEpoch(EpochSummary.builder(1).loss(0.5).build());
    first.flush();
    record(ExistingRun.REPLACE, 1);
    first.recordEpoch(EpochSummary.builder(2).loss(0.25).build());
    first.close();

    assertThat(allFiles(run)).hasSize(3);
    assertThat(train().get("epoch_loss")).containsExactly(Map.entry(1L, 1f));
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldLetTwoTrainingsReplaceEachOtherAtOnce() throws InterruptedException {
    for (int round = 0; round < 50; round++) {
      CountDownLatch start = new CountDownLatch(1);
      List<Thread> trainings = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Thread training = new Thread(() -> {
          try {
            start.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          record(ExistingRun.REPLACE, 1);
        });
        training.start();
        trainings.add(training);
      }
      start.countDown();
      for (Thread training : trainings) {
        training.join();
      }
    }

    assertThat(train()).containsOnlyKeys("epoch_loss");
  }

  @Test
  void shouldReplaceNothingButEventFiles() throws IOException {
    Path run = directory.resolve("run");
    Files.createDirectories(run.resolve("events.out.tfevents.directory"));
    Path notes = Files.writeString(run.resolve("notes on tfevents.txt"), "mine");
    record(ExistingRun.REPLACE, 1);

    assertThat(notes).hasContent("mine");
    assertThat(run.resolve("events.out.tfevents.directory")).isDirectory();
  }

  @Test
  void shouldSupersedeAnEarlierTrainingThatHadNoHyperParameters() {
    for (int i = 0; i < 2; i++) {
      try (TrainingRecorder recorder = recorder().build()) {
        recorder.begin(1, () -> HyperParameters.builder().build());
        recorder.recordEpoch(EpochSummary.builder(1).loss(i).build());
      }
    }

    assertThat(Recorded.in(directory.resolve("run/train")).events()).filteredOn(Event::isSessionStart)
        .last().satisfies(start -> assertThat(start.step()).isZero());
  }

  @Test
  void shouldBuildRecordersThatShareNothing() {
    TrainingRecorder.Builder builder = recorder();
    try (TrainingRecorder first = builder.build(); TrainingRecorder second = builder.build()) {
      first.begin(100, () -> HyperParameters.builder().build());
      second.begin(1, () -> HyperParameters.builder().build());
      second.validationWriter().addScalar("a", 1, 1);
    }

    assertThat(Recorded.in(directory.resolve("run/validation")).events())
        .noneMatch(event -> event.isSessionStart() && event.step() == 100);
  }

  @Test
  void shouldReplaceAnEarlierTrainingBeforeItWritesAnythingOfItsOwn() {
    record(ExistingRun.CONTINUE, 1);
    try (TrainingRecorder recorder = recorder().existingRun(ExistingRun.REPLACE).build()) {
      recorder.recordParameter("dense", "weight", TensorValues.of(FloatBuffer.wrap(new float[] {1, 2})), 0);
      recorder.flush();
      recorder.begin(1, () -> HyperParameters.builder().build());
      recorder.recordEpoch(EpochSummary.builder(1).loss(0.5).build());
    }

    assertThat(Recorded.in(directory.resolve("run/train")).histograms()).containsOnlyKeys("layer_dense/weight");
    assertThat(train().get("epoch_loss")).containsExactly(Map.entry(1L, 0.5f));
  }

  @Test
  void shouldSupersedeTheValidationOfAResumedTrainingFromTheEpochOnThatIsRecordedFirst() {
    record(ExistingRun.CONTINUE, 1);
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.begin(31, () -> HyperParameters.builder().build());
      recorder.recordEpoch(EpochSummary.builder(4).loss(1).validationLoss(1).build());
    }

    assertThat(Recorded.in(directory.resolve("run/validation")).events()).filteredOn(Event::isSessionStart)
        .last().satisfies(start -> assertThat(start.step()).isEqualTo(4));
    assertThat(Recorded.in(directory.resolve("run/train")).events()).filteredOn(Event::isSessionStart)
        .last().satisfies(start -> assertThat(start.step()).isEqualTo(31));
  }

  @Test
  void shouldSumUpEachEpochAloneEvenIfNoneIsStarted() {
    try (TrainingRecorder recorder = recorder().build()) {
      for (int epoch = 1; epoch <= 3; epoch++) {
        recorder.recordIteration(figures.start(epoch, 8).loss(epoch == 1 ? 100 : 1).accuracy(0.5));
        recorder.recordEpoch(recorder.endEpoch(epoch).build());
      }
    }

    assertThat(train().get("epoch_loss")).containsExactly(Map.entry(1L, 100f), Map.entry(2L, 1f), Map.entry(3L, 1f));
  }

  @Test
  void shouldKeepTheUsersHyperParametersWhenTheListenersCannotBeFoundOut() {
    try (TrainingRecorder recorder = recorder().hyperParameter("dropout", 0.5).build()) {
      recorder.begin(1, () -> {
        throw new IllegalStateException("unknown");
      });
    }

    assertThat(Recorded.in(directory.resolve("run")).tensorSteps()).containsKey("_hparams_/session_start_info");
  }

  @Test
  void shouldRefuseARunThatExists() throws IOException {
    Path run = directory.resolve("run");
    Files.createDirectories(run.resolve("train"));
    record(ExistingRun.REFUSE, 1);

    assertThatThrownBy(() -> recorder().existingRun(ExistingRun.REFUSE).build())
        .isInstanceOf(IllegalStateException.class).hasMessageContaining(run.toString()).hasMessageContaining("REPLACE");
  }

  @Test
  void shouldFailAtOnceWhereNothingCanBeWrittenIfAskedTo() throws IOException {
    try (FileSystem full = Jimfs.newFileSystem(Configuration.unix())) {
      Path run = full.getPath("/run");
      TrainingRecorder.builder(run).failFast().build().close();
      assertThat(run.resolve("train")).isEmptyDirectory();
    }
    Path unwritable = Path.of("/proc/1/run");
    assumeTrue(Files.isDirectory(unwritable.getParent()), "no directory here that nobody can write to");
    TrainingRecorder.builder(unwritable).build().close();

    assertThatThrownBy(() -> TrainingRecorder.builder(unwritable).failFast().build())
        .isInstanceOf(UncheckedIOException.class).hasMessageContaining(unwritable.toString());
  }

  private void record(ExistingRun choice, long firstIteration) {
    try (TrainingRecorder recorder = recorder().existingRun(choice).build()) {
      recorder.begin(firstIteration, () -> HyperParameters.builder().learningRate(0.1).build());
      recorder.recordEpoch(EpochSummary.builder(1).loss(1).validationLoss(1).build());
    }
  }

  private static List<Path> allFiles(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void shouldGoOnWhenTheConsumerOfEpochsThrows() {
    try (TrainingRecorder recorder = recorder().onEpoch(epoch -> {
      throw new IllegalStateException("a fault of the user's");
    }).build()) {
      recorder.recordEpoch(EpochSummary.builder(1).loss(1).build());
      recorder.recordEpoch(EpochSummary.builder(2).loss(2).build());
    }

    assertThat(train().get("epoch_loss")).containsOnlyKeys(1L, 2L);
  }

  @Test
  void shouldKeepErrorsOfTheUsersAndOfListenersOutOfATraining() {
    try (TrainingRecorder recorder = recorder().onEpoch(epoch -> {
      throw new AssertionError("the user's");
    }).build()) {
      recorder.recordEpoch(EpochSummary.builder(1).loss(1).build());
      recorder.attempt(() -> {
        throw new StackOverflowError("a listener's");
      });
      recorder.contain(new NoClassDefFoundError("a listener's"));
      assertThatThrownBy(() -> recorder.contain(new InternalError("the JVM's"))).isInstanceOf(InternalError.class);
    }

    assertThat(train().get("epoch_loss")).containsOnlyKeys(1L);
  }

  @Test
  void shouldGiveNoWriterAfterTheEnd() {
    TrainingRecorder recorder = recorder().build();
    recorder.trainWriter().addScalar("own", 1, 1);
    recorder.validationWriter().addScalar("own", 2, 1);
    recorder.close();

    assertThat(train()).containsOnlyKeys("own");
    assertThat(validation()).containsOnlyKeys("own");
    assertThatThrownBy(recorder::trainWriter).isInstanceOf(IllegalStateException.class).hasMessageContaining("ended");
    assertThatThrownBy(recorder::validationWriter).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldResumeWhereAnEarlierTrainingWas() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.begin(101, () -> HyperParameters.builder().build());
      recorder.startEpoch();
      recorder.recordIteration(figures.start(110, 8).loss(1).predictions(4, 8).learningRate(0.1));
    }

    assertThat(Recorded.in(directory.resolve("run/train")).events()).filteredOn(Event::isSessionStart)
        .last().satisfies(start -> assertThat(start.step()).isEqualTo(101));
  }

  @Test
  void shouldLeaveOutWhatComesAfterClose() {
    TrainingRecorder recorder =
        recorder().batchFrequency(Frequency.iterations(1)).gradientFrequency(Frequency.iterations(1)).build();
    recorder.close();
    recorder.close();
    recorder.begin(1, () -> HyperParameters.builder().put("a", 1).build());
    recorder.startEpoch();
    recorder.recordIteration(figures.start(1, 8).loss(1).predictions(4, 8).learningRate(0.1));
    recorder.recordParameter("dense", "W", TensorValues.of(FloatBuffer.wrap(new float[] {1, 2})), 1);
    recorder.recordEpochMetric("F1", 1, 1);
    recorder.recordValidationMetric("F1", 1, 1);
    recorder.end(SessionStatus.SUCCESS);
    recorder.diagnosis(1, 0).gradient("dense", "W", TensorValues.of(FloatBuffer.wrap(new float[] {1, 2})));
    recorder.recordIteration(figures.start(2, 8).loss(1).accuracy(0.5).endedAt(System.nanoTime()));
    recorder.recordEpoch(recorder.endEpoch(1).build());
    recorder.flush();

    assertThat(directory.resolve("run")).doesNotExist();
  }

  @Test
  void shouldAllocateNothingForAnIteration() {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(1)).build()) {
      recorder.startEpoch();
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20 && allocated > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= 10_000; i++) {
          recorder.recordIteration(figures.start(i, 8).loss(1).predictions(4, 8).learningRate(0.1));
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
    assertThatThrownBy(() -> recorder().batchFrequency(Frequency.epochs(1))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("iterations");
    try (TrainingRecorder recorder = recorder().build()) {
      assertThatThrownBy(() -> recorder.begin(1, null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> recorder.recordIteration(new IterationFigures())).hasMessageContaining("call start");
      assertThatThrownBy(() -> recorder.recordEpochMetric("loss", 1, 1)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another name");
      assertThatThrownBy(() -> recorder.recordBatchMetric(" ", 1, 1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> recorder.recordValidationMetric(null, 1, 1)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> recorder.recordParameter("l", null, TensorValues.of(FloatBuffer.allocate(1)), 1))
          .isInstanceOf(NullPointerException.class);
    }
    assertThatThrownBy(() -> figures.start(1, 8).accuracy(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> figures.start(0, 8)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> figures.start(1, 8).predictions(9, 8)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> recorder().build().endEpoch(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> recorder().flushInterval(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> recorder().hyperParameter("a", null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("a");
    assertThatThrownBy(() -> recorder().hyperParameter("learning_rate", "cosine"))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("learning_rate_schedule");
    assertThatThrownBy(() -> recorder().hyperParameter(" ", 1))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("blank");
    assertThat(Frequency.iterations(10).isDueAtIteration(0)).isFalse();
    assertThatThrownBy(() -> Frequency.epochs(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never()");
    assertThatThrownBy(() -> Frequency.iterations(-5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldForgetAnEpochThatWasBrokenOff() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.startEpoch();
      recorder.recordIteration(figures.start(1, 8).loss(100).accuracy(1));
      recorder.recordOutput("policy", figures.start(1, 8).loss(100));
      recorder.startEpoch();
      recorder.recordIteration(figures.start(2, 8).loss(1).accuracy(0.5));
      recorder.recordOutput("policy", figures.start(2, 8).loss(2));
      recorder.recordEpoch(recorder.endEpoch(1).build());
    }

    assertThat(train().get("epoch_loss")).containsExactly(Map.entry(1L, 1f));
    assertThat(train().get("epoch_accuracy")).containsExactly(Map.entry(1L, 0.5f));
    assertThat(train().get("epoch_loss/policy")).containsExactly(Map.entry(1L, 2f));
  }

  @Test
  void shouldHandOverWhatIsRecordedOnFlush() {
    try (TrainingRecorder recorder = recorder().flushInterval(Duration.ofHours(1)).build()) {
      recorder.recordScalar("own", 1, 1);
      recorder.recordValidationMetric("F1", 0.5, 1);
      recorder.flush();

      assertThat(train()).containsOnlyKeys("own");
      assertThat(validation()).containsOnlyKeys("epoch_F1");
    }
  }

  @Test
  void shouldReplaceAnEarlierTrainingBeforeAValidationThatIsRecordedFirst() {
    record(ExistingRun.CONTINUE, 1);
    try (TrainingRecorder recorder = recorder().existingRun(ExistingRun.REPLACE).build()) {
      recorder.recordValidation(EpochSummary.builder(1).validationLoss(0.25).build());
      recorder.flush();

      assertThat(Recorded.files(directory.resolve("run/train"))).isEmpty();
    }

    assertThat(validation().get("epoch_loss")).containsExactly(Map.entry(1L, 0.25f));
  }

  @Test
  void shouldSupersedeAResumedValidationFromTheEpochOfItsFirstMetric() {
    assertThat(firstValidationStep(recorder -> recorder.recordValidationMetric("F1", 1, 4))).isEqualTo(4);
    assertThat(firstValidationStep(recorder -> recorder.recordOutputValidation("policy",
        EpochSummary.builder(5).validationLoss(1).build()))).isEqualTo(5);
  }

  private long firstValidationStep(Consumer<TrainingRecorder> use) {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.begin(31, () -> HyperParameters.builder().build());
      use.accept(recorder);
    }
    return Recorded.in(directory.resolve("run/validation")).events().stream().filter(Event::isSessionStart)
        .reduce((first, second) -> second).orElseThrow().step();
  }

  @Test
  void shouldRecordTheLearningRateOfAParameter() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.recordLearningRate("dense", "weight", 0.125, 7);
    }

    assertThat(train().get("learning_rate/dense/weight")).containsExactly(Map.entry(7L, 0.125f));
  }

  @Test
  void shouldPreferTheUsersHyperParametersAndKeepNamesStrings() {
    HyperParameters described = HyperParameters.builder().optimizer("Adam").learningRate(0.1).loss("MSE").batchSize(32)
        .parameterCount(1_000).seed(7).build();

    assertThat(described.with(Map.of("learning_rate", 0.5, "loss", 3, "dropout", 0.25)))
        .isEqualTo(Map.of("optimizer", "Adam",
            "learning_rate", 0.5, "loss", "3", "batch_size", 32L, "parameters", 1_000L, "seed", 7L, "dropout", 0.25));
    assertThatThrownBy(() -> HyperParameters.builder().put("seed", "seven")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldSayWhetherThereIsEverADiagnosis() {
    assertThat(recorder().build().diagnoses()).isFalse();
    Frequency often = Frequency.iterations(1);
    assertThat(recorder().activationFrequency(often).build().diagnoses()).isTrue();
    assertThat(recorder().gradientFrequency(often).build().diagnoses()).isTrue();
    assertThat(recorder().updateFrequency(often).build().diagnoses()).isTrue();
    assertThat(recorder().statisticsFrequency(often).build().diagnoses()).isTrue();
  }

  @Test
  void shouldListTheSlowestOfManyLayersInTheirOrder() {
    StepProfile profile = new StepProfile("/device:CPU:0").layer("first", "first", 2_000, 0, 4, 0);
    for (int i = 0; i < 150; i++) {
      profile.layer("middle", "middle", 1_000, 0, 4, 0);
    }
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.recordProfile(profile.layer("last", "last", 3_000, 0, 4, 0), 1);
    }

    List<String> rows = Recorded.in(directory.resolve("run/train")).texts().get(0).lines().skip(2).toList();
    assertThat(rows).hasSize(100);
    assertThat(rows.get(0)).contains("first");
    assertThat(rows.get(98)).contains("middle");
    assertThat(rows.get(99)).contains("last");
  }

  @Test
  void shouldHaveValuesThatEqualOthersOfTheSame() {
    EpochSummary.Builder epoch = EpochSummary.builder(1).loss(0.5).accuracy(0.75).learningRate(0.125).seconds(2)
        .examplesPerSecond(16).validationLoss(0.25);
    EpochSummary all = epoch.validationAccuracy(1).build();

    assertThat(all).isEqualTo(epoch.build()).hasSameHashCodeAs(epoch.build())
        .hasToString("epoch 1, loss 0.5, accuracy 0.75, learning rate 0.125, seconds 2.0, examples/s 16.0, "
            + "validation loss 0.25, validation accuracy 1.0")
        .isNotEqualTo(epoch.validationAccuracy(0.5).build()).isNotEqualTo(EpochSummary.builder(1).build())
        .isNotEqualTo("epoch 1");
    assertThat(EpochSummary.builder(3).build()).hasToString("epoch 3");
    assertThat(Frequency.epochs(2)).isEqualTo(Frequency.epochs(2)).hasSameHashCodeAs(Frequency.epochs(2))
        .isNotEqualTo(Frequency.iterations(2)).hasToString("every 2 epochs");
    assertThat(Frequency.iterations(3)).hasToString("every 3 iterations");
    assertThat(Frequency.never()).hasToString("never");
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
