package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recorder has for trainings of whose epochs no framework tells. */
class TrainingWithoutEpochsTest {

  @TempDir
  private Path directory;

  private final IterationFigures figures = new IterationFigures();

  @Test
  void shouldRecordValidationByIteration() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.recordValidation(figures.start(10, 50).loss(0.5).predictions(30, 40));
      recorder.recordValidation(figures.start(20, 50).loss(0.25));
      recorder.recordValidationBatchMetric("f1", 0.75, 20);
    }

    Map<String, Map<Long, Float>> validation = Recorded.in(directory.resolve("run/validation")).scalars();
    assertThat(validation).containsOnlyKeys("batch_loss", "batch_accuracy", "batch_f1");
    assertThat(validation.get("batch_loss")).containsExactly(Map.entry(10L, 0.5f), Map.entry(20L, 0.25f));
    assertThat(validation.get("batch_accuracy")).containsExactly(Map.entry(10L, 0.75f));
    assertThat(validation.get("batch_f1")).containsExactly(Map.entry(20L, 0.75f));
  }

  @Test
  void shouldRecordTheValidationOfAnEpochThatIsMeasuredLater() {
    List<EpochSummary> told = new ArrayList<>();
    try (TrainingRecorder recorder = recorder().onEpoch(told::add).build()) {
      recorder.begin(101, () -> HyperParameters.builder().build());
      recorder.recordValidation(EpochSummary.builder(3).loss(7).validationLoss(0.5).validationAccuracy(0.75).build());
    }

    Recorded validation = Recorded.in(directory.resolve("run/validation"));
    assertThat(validation.scalar("epoch_loss")).containsExactly(Map.entry(3L, 0.5f));
    assertThat(validation.scalar("epoch_accuracy")).containsExactly(Map.entry(3L, 0.75f));
    assertThat(validation.events()).filteredOn(Event::isSessionStart).last()
        .satisfies(start -> assertThat(start.step()).isEqualTo(3));
    assertThat(told).isEmpty();
    assertThat(directory.resolve("run/train")).doesNotExist();
  }

  @Test
  void shouldTakeADeclaredEpochThatIsBrokenOffForNoFailure() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.begin(1, () -> HyperParameters.builder().build());
      recorder.startDeclaredEpochAt(0);
      recorder.recordIteration(figures.start(1, 8).loss(1).endedAt(500_000_000));
      EpochSummary epoch = recorder.endEpochAt(1, 1_000_000_000).build();
      recorder.recordEpoch(epoch);
      recorder.startDeclaredEpochAt(1_000_000_000);
      recorder.recordIteration(figures.start(2, 8).loss(1).endedAt(1_500_000_000));
      assertThat(epoch.seconds()).hasValue(1);
    }

    assertThat(Recorded.in(directory.resolve("run")).tensorSteps()).doesNotContainKey("_hparams_/session_end_info");
  }

  @Test
  void shouldHaveParametersAfterTheFirstIterationsAndEveryHundredth() {
    try (TrainingRecorder recorder = recorder().build()) {
      Frequency frequency = recorder.histogramFrequencyWithoutEpochs();
      assertThat(LongStream.rangeClosed(0, 300).filter(frequency::isDueAtIteration)).containsExactly(1L, 10L, 100L, 200L,
          300L);
      assertThat(frequency.isDueAtEpoch(1)).isFalse();
      assertThat(frequency).isEqualTo(Frequency.withoutEpochs()).isNotEqualTo(Frequency.iterations(100))
          .hasToString("after the iterations 1, 10 and every 100");
      assertThat(recorder.histogramFrequency()).isEqualTo(Frequency.epochs(1));
    }
  }

  @Test
  void shouldHaveParametersAsOftenAsTheUserSays() {
    try (TrainingRecorder recorder = recorder().histogramFrequency(Frequency.never()).build()) {
      assertThat(recorder.histogramFrequencyWithoutEpochs()).isEqualTo(Frequency.never());
      assertThat(recorder.histogramFrequency()).isEqualTo(Frequency.never());
    }
  }

  @Test
  void shouldGiveItsWritersOnlyOnceItIsKnownWhetherAnEarlierTrainingGoesOn() {
    try (TrainingRecorder earlier = recorder().build()) {
      earlier.trainWriter().addScalar("own", 1, 0);
      earlier.begin(1, () -> HyperParameters.builder().build());
    }
    try (TrainingRecorder recorder = recorder().build()) {
      assertThatIllegalStateException().isThrownBy(recorder::trainWriter).withMessageContaining("first iteration");
      assertThatIllegalStateException().isThrownBy(recorder::validationWriter).withMessageContaining("first iteration");
      recorder.begin(7, () -> HyperParameters.builder().build());
      recorder.trainWriter().addScalar("own", 2, 7);
    }

    assertThat(Recorded.in(directory.resolve("run/train")).scalar("own"))
        .containsExactly(Map.entry(0L, 1f), Map.entry(7L, 2f));
  }

  @Test
  void shouldRefuseFiguresOfNoIteration() {
    try (TrainingRecorder recorder = recorder().build()) {
      assertThatIllegalArgumentException().isThrownBy(() -> recorder.recordValidation(new IterationFigures()))
          .withMessageContaining("call start");
    }
  }

  private TrainingRecorder.Builder recorder() {
    return TrainingRecorder.builder(directory.resolve("run"));
  }
}
