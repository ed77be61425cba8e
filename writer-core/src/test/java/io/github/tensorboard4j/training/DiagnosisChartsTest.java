package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisChartsTest {

  private static final TensorValues VALUES = TensorValues.of(DoubleBuffer.wrap(new double[] {1, 2}));
  private static final TensorValues ZEROS = TensorValues.of(DoubleBuffer.wrap(new double[] {0, 0}));

  @TempDir
  private Path run;

  @Test
  void shouldLayOutNothingWithoutStatistics() {
    try (TrainingRecorder recorder = TrainingRecorder.builder(run).gradientFrequency(Frequency.iterations(1))
        .updateFrequency(Frequency.iterations(1)).build()) {
      recorder.begin(1, () -> HyperParameters.builder().build());
      diagnose(recorder, 1);
      recordIteration(recorder, 1);
    }

    assertThat(layouts()).isEmpty();
  }

  @Test
  void shouldLayOutOnceWhileTheTrainingRuns() {
    try (TrainingRecorder recorder = recorder()) {
      recorder.begin(1, () -> HyperParameters.builder().build());
      for (int iteration = 1; iteration <= 3; iteration++) {
        diagnose(recorder, iteration);
        recordIteration(recorder, iteration);
      }
      recorder.flush();

      assertThat(layouts()).singleElement().asString()
          .contains("update_ratio_log10", "gradient_norm", "batch_loss", "batch_accuracy")
          .doesNotContain("epoch_", "of biases");
    }
    assertThat(layouts()).hasSize(1);
  }

  @Test
  void shouldKnowUpdatesThatAreLearntOfAfterTheirIteration() {
    try (TrainingRecorder recorder = recorder()) {
      recorder.begin(1, () -> HyperParameters.builder().build());
      recorder.startEpoch();
      Diagnosis first = Objects.requireNonNull(recorder.diagnosis(1, 1));
      first.gradient("dense", "weight", VALUES);
      recordIteration(recorder, 1);
      first.update("dense", "weight", VALUES, VALUES);
      recorder.recordEpoch(recorder.endEpoch(1).build());
      recorder.flush();

      assertThat(layouts()).singleElement().asString()
          .contains("update_ratio_log10", "gradient_norm", "epoch_loss", "epoch_accuracy").doesNotContain("batch_");
    }
  }

  @Test
  void shouldHaveNoChartOfWhatIsNotRecorded() {
    try (TrainingRecorder recorder = recorder()) {
      recorder.begin(1, () -> HyperParameters.builder().build());
      Objects.requireNonNull(recorder.diagnosis(1, 0)).gradient("dense", "weight", VALUES);
      recorder.recordIteration(new IterationFigures().start(1, 8).loss(0.5));
    }

    assertThat(layouts()).singleElement().asString().contains("gradient_norm", "batch_loss")
        .doesNotContain("update_ratio_log10", "accuracy");
  }

  @Test
  void shouldHaveTheChartOfBiasesThatPartsOfLayersHave() {
    try (TrainingRecorder recorder = recorder()) {
      recorder.begin(1, () -> HyperParameters.builder().build());
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 0));
      diagnosis.update("bidirectional", "forward/weight", VALUES, VALUES);
      diagnosis.update("bidirectional", "forward/bias", VALUES, VALUES);
      recordIteration(recorder, 1);
    }

    assertThat(layouts()).singleElement().asString().contains("update_ratio_log10/(?!", "update_ratio_log10 of biases");
  }

  @Test
  void shouldHaveTheChartsOfUpdatesThatAreZeroAtFirst() {
    try (TrainingRecorder recorder = recorder()) {
      recorder.begin(1, () -> HyperParameters.builder().build());
      recorder.startEpoch();
      Diagnosis first = Objects.requireNonNull(recorder.diagnosis(1, 1));
      first.gradient("dense", "weight", VALUES);
      first.update("dense", "weight", ZEROS, VALUES);
      first.update("dense", "bias", ZEROS, ZEROS);
      recordIteration(recorder, 1);
      recorder.recordEpoch(recorder.endEpoch(1).build());
    }

    assertThat(layouts()).singleElement().asString().contains("update_ratio_log10/(?!", "update_ratio_log10 of biases");
  }

  private TrainingRecorder recorder() {
    return TrainingRecorder.builder(run).statisticsFrequency(Frequency.iterations(1)).build();
  }

  private static void diagnose(TrainingRecorder recorder, int iteration) {
    Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(iteration, 0));
    diagnosis.gradient("dense", "weight", VALUES);
    diagnosis.update("dense", "weight", VALUES, VALUES);
  }

  private static void recordIteration(TrainingRecorder recorder, int iteration) {
    recorder.recordIteration(new IterationFigures().start(iteration, 8).loss(0.5).predictions(3, 8));
  }

  /** Returns the layouts in the run's own directory, in their serialized form, where titles are text. */
  private List<String> layouts() {
    return Recorded.in(run).events().stream().map(Event::values).flatMap(List::stream)
        .filter(value -> value.tag().equals("custom_scalars__config__"))
        .map(value -> StandardCharsets.UTF_8.decode(value.stringBytes().get(0)).toString()).toList();
  }
}
