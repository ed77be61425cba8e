package io.github.tensorboard4j.training;

import static io.github.tensorboard4j.testing.WeightPixels.assertKernels;
import static io.github.tensorboard4j.testing.WeightPixels.assertMatrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.testing.Recorded;
import java.awt.image.BufferedImage;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightPictureTest {

  @TempDir
  private Path directory;

  @Test
  void shouldShowKernelsOfThreeChannelsInColour() {
    float[] weights = weights(10 * 3 * 5 * 4);

    assertKernels(picture(weights, WeightShape.rowMajor(10, 3, 5, 4)), 10, 3, 5, 4, 8,
        (output, input, row, column) -> weights[((output * 3 + input) * 5 + row) * 4 + column]);
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 8", "2, 3, 8", "4, 11, 5", "5, 100, 1"})
  void shouldShowTheFirstChannelOfOtherKernelsInGrayAndEnlargeSmallOnes(int inputs, int side, int factor) {
    float[] weights = weights(3 * inputs * side * side);

    assertKernels(picture(weights, WeightShape.rowMajor(3, inputs, side, side)), 3, 1, side, side, factor,
        (output, input, row, column) -> weights[(output * inputs * side + row) * side + column]);
  }

  @Test
  void shouldShowTheFirstKernelsOfMany() {
    float[] weights = weights(70 * 2 * 3 * 3);

    assertKernels(picture(weights, WeightShape.rowMajor(70, 2, 3, 3)), 64, 1, 3, 3, 8,
        (output, input, row, column) -> weights[(output * 6 + row) * 3 + column]);
  }

  @Test
  void shouldFindWeightsWhereverTheyLie() {
    float[] weights = weights(4 * 3 * 2 * 5);
    WeightShape fortran = WeightShape.strided(new long[] {4, 3, 2, 5}, new long[] {1, 4, 12, 24});

    assertKernels(picture(weights, fortran), 4, 3, 2, 5, 8,
        (output, input, row, column) -> weights[output + 4 * input + 12 * row + 24 * column]);
  }

  @Test
  void shouldShowAMatrixWithItsLongerSideAcross() {
    float[] weights = weights(6 * 100);

    assertMatrix(picture(weights, WeightShape.rowMajor(6, 100)), 6, 100, 5,
        (row, column) -> weights[row * 100 + column]);
    assertMatrix(picture(weights, WeightShape.rowMajor(100, 6)), 6, 100, 5,
        (row, column) -> weights[column * 6 + row]);
    assertMatrix(picture(weights, WeightShape.strided(new long[] {100, 6}, new long[] {1, 100})), 6, 100, 5,
        (row, column) -> weights[row * 100 + column]);
  }

  @Test
  void shouldShowKernelsOfOnePixelAsAMatrix() {
    float[] weights = weights(3 * 7);

    assertMatrix(picture(weights, WeightShape.rowMajor(3, 7, 1, 1)), 3, 7, 8, (row, column) -> weights[row * 7 + column]);
  }

  @Test
  void shouldShowZeroInGrayWhateverElseThereIs() {
    BufferedImage ofFew = picture(new float[] {0, 3, Float.NaN, Float.POSITIVE_INFINITY}, WeightShape.rowMajor(2, 2));

    assertThat(ofFew.getRaster().getSample(0, 0, 0)).isEqualTo(128);
    assertThat(ofFew.getRaster().getSample(8, 0, 0)).isEqualTo(255);
    assertThat(ofFew.getRaster().getSample(0, 8, 0)).isZero();
    assertThat(ofFew.getRaster().getSample(8, 8, 0)).isEqualTo(255);
    assertThat(picture(new float[4], WeightShape.rowMajor(2, 2)).getRaster().getSample(0, 0, 0)).isEqualTo(128);
  }

  @Test
  void shouldReadWeightsOfOtherTypes() {
    double[] weights = {-1, 0.5, 0.25, 2};
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.recordWeightImage(
          "dense", "weight", TensorValues.of(DoubleBuffer.wrap(weights)), WeightShape.rowMajor(2, 2), 3);
    }

    Map<Long, BufferedImage> steps = recorded().pictures().get("image_dense/weight");
    assertThat(steps).containsOnlyKeys(3L);
    assertMatrix(steps.get(3L), 2, 2, 8, (row, column) -> weights[row * 2 + column]);
  }

  @Test
  void shouldLeaveOutWhatIsNoPictureOrTooLarge() {
    try (TrainingRecorder recorder = recorder().build()) {
      for (long[] sizes : new long[][] {{}, {9}, {1, 9}, {9, 1}, {2, 3, 4}, {2, 3, 4, 5, 6}, {0, 3}, {0, 3, 2, 2},
          {2, 0, 2, 2}, {2, 2, 0, 0}, {2, 1025}, {1025, 2}, {1, 1, 129, 2}, {5, 1, 1, 1}}) {
        record(recorder, new float[3_000], WeightShape.rowMajor(sizes));
      }
      record(recorder, new float[3_000], WeightShape.strided(new long[] {2, 2}, new long[] {1, 1 << 24}));
      record(recorder, new float[2_048], WeightShape.rowMajor(2, 1024));
    }

    assertThat(recorded().pictures()).containsOnlyKeys("image_dense/weight");
    assertThat(recorded().pictures().get("image_dense/weight").get(1L).getWidth()).isEqualTo(1024);
    assertThat(recorded().tensorSteps().get("image_dense/weight")).hasSize(1);
  }

  @Test
  void shouldRefuseAShapeThatDoesNotFit() {
    assertThatIllegalArgumentException().isThrownBy(() -> WeightShape.strided(new long[] {2, 3}, new long[] {1}))
        .withMessage("Weights have as many strides as sizes, none of them negative, unlike [1] and [2, 3]");
    assertThatIllegalArgumentException().isThrownBy(() -> WeightShape.rowMajor(2, -3));
    try (TrainingRecorder recorder = recorder().build()) {
      assertThatIllegalArgumentException().isThrownBy(() -> record(recorder, new float[5], WeightShape.rowMajor(2, 3)))
          .withMessage("The first 6 elements are asked for of a tensor that has 5");
    }
  }

  private BufferedImage picture(float[] weights, WeightShape shape) {
    try (TrainingRecorder recorder = recorder().existingRun(ExistingRun.REPLACE).build()) {
      record(recorder, weights, shape);
    }
    return recorded().pictures().get("image_dense/weight").get(1L);
  }

  private static void record(TrainingRecorder recorder, float[] weights, WeightShape shape) {
    recorder.recordWeightImage("dense", "weight", TensorValues.of(FloatBuffer.wrap(weights)), shape, 1);
  }

  private TrainingRecorder.Builder recorder() {
    return TrainingRecorder.builder(directory.resolve("run"));
  }

  private Recorded recorded() {
    return Recorded.in(directory.resolve("run/train"));
  }

  private static float[] weights(int count) {
    Random random = new Random(count);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return weights;
  }
}
