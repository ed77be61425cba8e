package io.github.tensorboard4j.training;

import static net.bytebuddy.matcher.ElementMatchers.is;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.ZeroUnits;
import io.github.tensorboard4j.testing.CountedCalls;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisTest {

  @TempDir
  private Path directory;

  @Test
  void shouldWantNothingUnlessAsked() {
    try (TrainingRecorder recorder = recorder().build()) {
      assertThat(recorder.diagnosis(1, 1)).isNull();
    }
  }

  @Test
  void shouldWantWhatIsDueAlone() {
    try (TrainingRecorder recorder = recorder().gradientFrequency(Frequency.iterations(2))
        .updateFrequency(Frequency.iterations(3)).activationFrequency(Frequency.epochs(2)).build()) {
      assertThat(recorder.diagnosis(1, 1)).isNull();
      Diagnosis second = Objects.requireNonNull(recorder.diagnosis(2, 0));
      assertThat(second.wantsGradients()).isTrue();
      assertThat(second.wantsUpdates()).isFalse();
      assertThat(second.wantsActivations()).isFalse();
      assertThat(second.wantsDeadUnits()).isFalse();
      assertThat(Objects.requireNonNull(recorder.diagnosis(3, 0)).wantsUpdates()).isTrue();
      assertThat(recorder.diagnosis(5, 1)).isNull();
      Diagnosis ofEpoch = Objects.requireNonNull(recorder.diagnosis(7, 2));
      assertThat(ofEpoch.wantsActivations()).isTrue();
      assertThat(ofEpoch.wantsGradients()).isFalse();
    }
  }

  @Test
  void shouldDiagnoseAnIterationOnce() {
    try (TrainingRecorder recorder = recorder().gradientFrequency(Frequency.iterations(1)).build()) {
      assertThat(recorder.diagnosis(1, 0)).isNotNull();
      assertThat(recorder.diagnosis(1, 0)).isNull();
      assertThat(recorder.diagnosis(2, 0)).isNotNull();
    }
  }

  @Test
  void shouldRecordHistogramsWithoutStatistics() {
    try (TrainingRecorder recorder = recorder().gradientFrequency(Frequency.iterations(1))
        .updateFrequency(Frequency.epochs(1)).activationFrequency(Frequency.iterations(1)).build()) {
      record(Objects.requireNonNull(recorder.diagnosis(4, 2)));
    }

    assertThat(train().tensorSteps()).isEqualTo(Map.of("gradient/dense/weight", List.of(4L),
        "update/dense/weight", List.of(2L), "layer_dense/activation", List.of(4L)));
    assertThat(train().scalars()).isEmpty();
    Recorded.Rows gradient = train().histograms().get("gradient/dense/weight").get(4L);
    assertThat(gradient.min()).isEqualTo(-4);
    assertThat(gradient.max()).isEqualTo(3);
  }

  @Test
  void shouldRecordStatisticsWithoutHistograms() {
    try (TrainingRecorder recorder = recorder().statisticsFrequency(Frequency.iterations(1)).build()) {
      record(Objects.requireNonNull(recorder.diagnosis(4, 0)));
    }

    assertThat(train().tensorSteps()).isEmpty();
    assertThat(train().scalars()).isEqualTo(Map.ofEntries(
        point("gradient_norm/dense/weight", 5),
        point("gradient_mean_magnitude/dense/weight", 3.5),
        point("update_norm/dense/weight", 0.05),
        point("update_mean_magnitude/dense/weight", 0.035),
        point("parameter_norm/dense/weight", Math.sqrt(2 * 35 * 35)),
        point("parameter_mean_magnitude/dense/weight", 35),
        point("update_ratio_log10/dense/weight", -3),
        point("output_mean/dense", 1.5),
        point("output_stdev/dense", Math.sqrt((1.5 * 1.5 * 3 + 4.5 * 4.5) / 4)),
        point("relu_dead/dense", 0.5)));
  }

  @Test
  void shouldCountNoDeadUnitsWhereTheyAreNotDue() {
    try (CountedCalls counts = CountedCalls.of(is(ZeroUnits.class), named("count"));
        TrainingRecorder recorder = recorder().gradientFrequency(Frequency.iterations(1)).build()) {
      record(Objects.requireNonNull(recorder.diagnosis(1, 0)));

      assertThat(counts.all()).isEmpty();
    }
    assertThat(train().scalars()).isEmpty();
  }

  @Test
  void shouldLeaveOutARatioThatIsNone() {
    TensorValues zero = TensorValues.of(DoubleBuffer.wrap(new double[2]));
    TensorValues one = TensorValues.of(DoubleBuffer.wrap(new double[] {1, 1}));
    try (TrainingRecorder recorder = recorder().statisticsFrequency(Frequency.iterations(1)).build()) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 0));
      diagnosis.update("frozen", "weight", zero, one);
      diagnosis.update("new", "bias", one, zero);
    }

    assertThat(train().scalars()).containsKeys("update_norm/frozen/weight", "parameter_norm/new/bias")
        .doesNotContainKeys("update_ratio_log10/frozen/weight", "update_ratio_log10/new/bias");
  }

  @Test
  void shouldRefuseWrongUse() {
    TensorValues values = TensorValues.of(DoubleBuffer.wrap(new double[2]));
    try (TrainingRecorder recorder = recorder().statisticsFrequency(Frequency.iterations(1)).build()) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 0));
      assertThatIllegalArgumentException().isThrownBy(() -> diagnosis.gradient(" ", "weight", values))
          .withMessageContaining("layer");
      assertThatIllegalArgumentException().isThrownBy(() -> diagnosis.update("dense", "", values, values))
          .withMessageContaining("parameter");
      assertThatIllegalArgumentException().isThrownBy(() -> diagnosis.activation("", values))
          .withMessageContaining("layer");
    }
    assertThatNullPointerException().isThrownBy(() -> recorder().gradientFrequency(null));
    assertThatNullPointerException().isThrownBy(() -> recorder().updateFrequency(null));
    assertThatNullPointerException().isThrownBy(() -> recorder().activationFrequency(null));
    assertThatNullPointerException().isThrownBy(() -> recorder().statisticsFrequency(null));
    assertThatNullPointerException().isThrownBy(() -> recorder().guard(null));
  }

  private static void record(Diagnosis diagnosis) {
    TensorValues outputs = TensorValues.of(DoubleBuffer.wrap(new double[] {0, 6, 0, 0}));
    diagnosis.activation("dense", outputs);
    diagnosis.deadUnits("dense", outputs, 2, 1);
    diagnosis.gradient("dense", "weight", TensorValues.of(DoubleBuffer.wrap(new double[] {6, -8})).dividedBy(2));
    diagnosis.update("dense", "weight", TensorValues.of(DoubleBuffer.wrap(new double[] {0.03, -0.04})),
        TensorValues.of(DoubleBuffer.wrap(new double[] {-35, 35})));
  }

  private static Map.Entry<String, Map<Long, Float>> point(String tag, double value) {
    return Map.entry(tag, Map.of(4L, (float) value));
  }

  private TrainingRecorder.Builder recorder() {
    return TrainingRecorder.builder(directory.resolve("run"));
  }

  private Recorded train() {
    return Recorded.in(directory.resolve("run/train"));
  }
}
