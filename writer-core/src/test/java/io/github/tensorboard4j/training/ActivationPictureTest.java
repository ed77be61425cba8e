package io.github.tensorboard4j.training;

import static io.github.tensorboard4j.testing.ActivationPixels.assertChannels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.testing.Recorded;
import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationPictureTest {

  private static final int ROWS = 3;
  private static final int COLUMNS = 2;

  @TempDir
  private Path run;

  @Test
  void shouldShowTheChannelsOfTheFirstExampleInEitherOrder() {
    float[] first = new float[2 * 10 * ROWS * COLUMNS];
    float[] last = new float[first.length];
    for (int i = 0; i < first.length; i++) {
      int pixel = i % (ROWS * COLUMNS);
      int channel = i / (ROWS * COLUMNS) % 10;
      int example = i / (ROWS * COLUMNS * 10);
      first[i] = element(channel, pixel) + 1000 * example;
      last[(example * ROWS * COLUMNS + pixel) * 10 + channel] = first[i];
    }
    long[] sizes = {2, 10, ROWS, COLUMNS};
    try (TrainingRecorder recorder = recorder(Frequency.iterations(1))) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(5, 0));
      diagnosis.activationImage("first", values(first), sizes, new long[] {60, 6, 2, 1});
      diagnosis.activationImage("last", values(last), sizes, new long[] {60, 1, 20, 10});
    }

    for (String layer : new String[] {"first", "last"}) {
      assertThat(pictures().get("activation/" + layer)).containsOnlyKeys(5L);
      assertChannels(pictures().get("activation/" + layer).get(5L), 10, ROWS, COLUMNS, 8,
          (channel, row, column) -> element(channel, row * COLUMNS + column));
    }
  }

  private static float element(int channel, int pixel) {
    return (channel - 4) * 0.7f + pixel * pixel * 0.3f;
  }

  @Test
  void shouldShowNoMoreThanCanBeLookedAt() {
    try (TrainingRecorder recorder = recorder(Frequency.iterations(1))) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 0));
      record(diagnosis, "many", new float[65], 1, 65, 1, 1);
      record(diagnosis, "large", new float[5 * 1024 * 1024], 1, 5, 1024, 1024);
      record(diagnosis, "too_large", new float[1025], 1, 1, 1, 1025);
      record(diagnosis, "empty", new float[0], 0, 3, 2, 2);
    }

    assertThat(pictures()).containsOnlyKeys("activation/many", "activation/large");
    assertThat(picture("many").getHeight()).isEqualTo(8 * 10 + 2);
    assertThat(picture("large").getWidth()).isEqualTo(4 * 1026 + 2);
  }

  @Test
  void shouldShowAllThatIsTheSameInBlackAndGoOnWhereThereIsNoNumber() {
    try (TrainingRecorder recorder = recorder(Frequency.iterations(1))) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 0));
      record(diagnosis, "zero", new float[2], 1, 1, 1, 2);
      record(diagnosis, "same", new float[] {1e10f, 1e10f}, 1, 1, 1, 2);
      record(diagnosis, "none", new float[] {Float.NaN, Float.POSITIVE_INFINITY}, 1, 1, 1, 2);
      record(diagnosis, "some", new float[] {Float.NaN, 1, 2}, 1, 1, 1, 3);
    }

    assertThat(picture("zero").getRaster().getSample(2, 2, 0)).isZero();
    assertThat(picture("same").getRaster().getSample(2, 2, 0)).isZero();
    assertThat(pictures()).containsKey("activation/none");
    assertThat(picture("some").getRaster().getSample(2 + 8, 2, 0)).isZero();
    assertThat(picture("some").getRaster().getSample(2 + 16, 2, 0)).isEqualTo(255);
  }

  @Test
  void shouldWantConvolutionsUnlessLayersAreNamed() {
    try (TrainingRecorder recorder = recorder(Frequency.epochs(1))) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 1));
      assertThat(diagnosis.wantsActivationImages()).isTrue();
      assertThat(diagnosis.wantsActivations()).isFalse();
      assertThat(diagnosis.wantsActivationImage("conv", true)).isTrue();
      assertThat(diagnosis.wantsActivationImage("pool", false)).isFalse();
      assertThat(recorder.diagnosis(2, 0)).isNull();
    }
    try (TrainingRecorder recorder = recorder(Frequency.iterations(2), "pool")) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(2, 0));
      assertThat(diagnosis.wantsActivationImage("conv", true)).isFalse();
      assertThat(diagnosis.wantsActivationImage("pool", false)).isTrue();
    }
  }

  @Test
  void shouldTakeNoPictureThatIsNotDue() {
    try (TrainingRecorder recorder = TrainingRecorder.builder(run).activationFrequency(Frequency.iterations(1)).build()) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 0));
      assertThat(diagnosis.wantsActivationImages()).isFalse();
      assertThat(diagnosis.wantsActivationImage("conv", true)).isFalse();
      record(diagnosis, "conv", new float[] {1, 2}, 1, 1, 1, 2);
      diagnosis.activation("conv", values(1, 2));
    }

    assertThat(pictures()).isEmpty();
  }

  @Test
  void shouldRefuseWrongUse() {
    assertThatIllegalArgumentException().isThrownBy(() -> recorder(Frequency.iterations(1), "conv", " "))
        .withMessageContaining("names");
    assertThatNullPointerException().isThrownBy(() -> recorder(null));
    try (TrainingRecorder recorder = recorder(Frequency.iterations(1))) {
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 0));
      assertThatIllegalArgumentException().isThrownBy(
          () -> diagnosis.activationImage("conv", values(1), new long[] {1, 1, 1}, new long[] {1, 1, 1}))
          .withMessageContaining("[1, 1, 1]");
      assertThatIllegalArgumentException().isThrownBy(() -> record(diagnosis, "conv", new float[1], 1, 1, 1, -1))
          .withMessageContaining("-1");
      assertThatIllegalArgumentException().isThrownBy(() -> record(diagnosis, " ", new float[1], 1, 1, 1, 1))
          .withMessageContaining("layer");
    }
  }

  private static void record(Diagnosis diagnosis, String layer, float[] values, long... sizes) {
    long[] strides = {Math.abs(sizes[1] * sizes[2] * sizes[3]), Math.abs(sizes[2] * sizes[3]), Math.abs(sizes[3]), 1};
    diagnosis.activationImage(layer, values(values), sizes, strides);
  }

  private static TensorValues values(float... values) {
    return TensorValues.of(FloatBuffer.wrap(values));
  }

  private TrainingRecorder recorder(Frequency frequency, String... layers) {
    return TrainingRecorder.builder(run).activationImageFrequency(frequency, layers).build();
  }

  private Map<String, Map<Long, BufferedImage>> pictures() {
    return Recorded.in(run.resolve("train")).pictures();
  }

  private BufferedImage picture(String layer) {
    return pictures().get("activation/" + layer).get(1L);
  }
}
