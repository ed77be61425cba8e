package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorStatisticsTest {

  private final TensorStatistics statistics = new TensorStatistics();

  @Test
  void shouldEqualExactSums() {
    Random random = new Random(7);
    for (int size : new int[] {1, 2, 3, 2047, 2048, 2049, 10_001}) {
      float[] elements = new float[size];
      for (int i = 0; i < size; i++) {
        elements[i] = (float) (random.nextGaussian() * 3 - 1);
      }
      statistics.count(TensorValues.of(FloatBuffer.wrap(elements)));

      double[] exact = exact(elements);
      assertThat(statistics.count()).isEqualTo(size);
      assertThat(statistics.mean()).isCloseTo(exact[0], within(1e-13));
      assertThat(statistics.standardDeviation()).isCloseTo(exact[1], within(1e-13));
      assertThat(statistics.meanMagnitude()).isCloseTo(exact[2], within(1e-13));
      assertThat(statistics.norm()).isCloseTo(exact[3], within(exact[3] * 1e-14));
      assertThat(statistics.isFinite()).isTrue();
    }
  }

  @Test
  void shouldKeepTheDeviationOfElementsThatLieFarFromZero() {
    double[] elements = new double[5000];
    Arrays.setAll(elements, i -> 1e9 + (i % 2 == 0 ? 1e-3 : -1e-3));
    statistics.count(TensorValues.of(DoubleBuffer.wrap(elements)));

    assertThat(statistics.standardDeviation()).isCloseTo(1e-3, within(1e-6));
  }

  @Test
  void shouldTakeSeveralSlicesForOneTensor() {
    float[] elements = new float[9000];
    Random random = new Random(8);
    for (int i = 0; i < elements.length; i++) {
      elements[i] = random.nextFloat() + i / 1000;
    }
    ByteBuffer bytes = ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(elements);
    statistics.count(TensorValues.of(
        DType.FLOAT, elements.length, (offset, length) -> bytes.slice((int) offset * Float.BYTES, length * Float.BYTES),
        2800 * Float.BYTES));

    double[] exact = exact(elements);
    assertThat(statistics.count()).isEqualTo(elements.length);
    assertThat(statistics.mean()).isCloseTo(exact[0], within(1e-12));
    assertThat(statistics.standardDeviation()).isCloseTo(exact[1], within(1e-12));
  }

  @Test
  void shouldCountWhatIsNotFiniteAndLetItSpread() {
    float[] elements = new float[5000];
    elements[4999] = Float.NaN;
    assertThat(statistics.count(TensorValues.of(FloatBuffer.wrap(elements))).nanCount()).isEqualTo(1);
    assertThat(statistics.isFinite()).isFalse();
    assertThat(statistics.mean()).isNaN();
    assertThat(statistics.standardDeviation()).isNaN();
    assertThat(statistics.norm()).isNaN();

    elements[4999] = Float.POSITIVE_INFINITY;
    elements[3] = Float.NEGATIVE_INFINITY;
    statistics.count(TensorValues.of(FloatBuffer.wrap(elements)));
    assertThat(statistics.nanCount()).isZero();
    assertThat(statistics.infiniteCount()).isEqualTo(2);
    assertThat(statistics.isFinite()).isFalse();
    assertThat(statistics.norm()).isInfinite();
    assertThat(statistics.meanMagnitude()).isInfinite();
  }

  @Test
  void shouldNotCallAsManyNaNsAsInfinitiesFinite() {
    statistics.count(TensorValues.of(FloatBuffer.wrap(new float[] {Float.NaN, 1, Float.POSITIVE_INFINITY})));

    assertThat(statistics.isFinite()).isFalse();
  }

  @Test
  void shouldCallHugeFiniteElementsFinite() {
    statistics.count(TensorValues.of(DoubleBuffer.wrap(new double[] {Double.MAX_VALUE, Double.MAX_VALUE})));

    assertThat(statistics.isFinite()).isTrue();
  }

  @Test
  void shouldHaveNoMeanOfNothing() {
    assertThat(statistics.count()).isZero();
    assertThat(statistics.mean()).isNaN();
    assertThat(statistics.meanMagnitude()).isNaN();
    assertThat(statistics.norm()).isZero();
  }

  @Test
  void shouldDivideElementsWhereTheyAreRead() {
    float[] elements = {3, -7, 1e-3f};
    TensorValues third = TensorValues.of(FloatBuffer.wrap(elements)).dividedBy(3);
    statistics.count(third);

    assertThat(statistics.mean()).isEqualTo(((3d / 3 + 1e-3f / 3d) + -7d / 3) / 3);
    assertThat(third.dividedBy(2).size()).isEqualTo(3);
    assertThat(statistics.count(third.dividedBy(2)).meanMagnitude()).isCloseTo((3d + 7d + 1e-3f) / 18, within(1e-15));
    Histogram histogram = new Histogram(3);
    histogram.count(third);
    assertThat(histogram.min()).isEqualTo(-7d / 3);
    assertThat(histogram.max()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> third.dividedBy(0)).withMessageContaining("0");
    assertThatIllegalArgumentException().isThrownBy(() -> third.dividedBy(Double.NaN)).withMessageContaining("NaN");
  }

  @Test
  void shouldCountTheUnitsThatAreZeroThroughout() {
    // 2 examples, 3 units, 2 places: unit 1 is zero everywhere, unit 2 but once
    float[] channelsFirst = {1, 0, 0, 0, 0, 0, /**/ 0, 2, 0, -0f, 3, 0};
    assertThat(ZeroUnits.count(TensorValues.of(FloatBuffer.wrap(channelsFirst)), 3, 2)).isEqualTo(1);
    // the same with the units last
    float[] channelsLast = {1, 0, 0, 0, 0, 0, /**/ 0, 0, 3, 2, 0, 0};
    assertThat(ZeroUnits.count(TensorValues.of(FloatBuffer.wrap(channelsLast)), 3, 1)).isEqualTo(1);
    assertThat(ZeroUnits.count(TensorValues.of(FloatBuffer.wrap(new float[] {0, Float.NaN})), 2, 1)).isEqualTo(1);
    assertThat(ZeroUnits.count(TensorValues.of(FloatBuffer.allocate(0)), 2, 1)).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ZeroUnits.count(TensorValues.of(FloatBuffer.allocate(1)), 0, 1)).withMessageContaining("0 units");
  }

  @Test
  void shouldFindZeroUnitsInTensorsOfManyChunks() {
    int units = 7;
    int places = 500;
    float[] elements = new float[6 * units * places];
    for (int i = 0; i < elements.length; i++) {
      int unit = i / places % units;
      elements[i] = unit == 2 || unit == 6 ? 0 : unit == 4 ? (i == elements.length - 2 * places - 1 ? 1 : 0) : 1;
    }

    assertThat(ZeroUnits.count(TensorValues.of(FloatBuffer.wrap(elements)), units, places)).isEqualTo(2);
  }

  /** Returns mean, standard deviation, mean magnitude and norm, summed up without rounding. */
  private static double[] exact(float[] elements) {
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal magnitudes = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    for (float element : elements) {
      BigDecimal value = new BigDecimal(element);
      sum = sum.add(value);
      magnitudes = magnitudes.add(value.abs());
      squares = squares.add(value.multiply(value));
    }
    BigDecimal count = BigDecimal.valueOf(elements.length);
    BigDecimal mean = sum.divide(count, MathContext.DECIMAL128);
    BigDecimal variance = squares.divide(count, MathContext.DECIMAL128).subtract(mean.multiply(mean));
    return new double[] {mean.doubleValue(), Math.sqrt(Math.max(0, variance.doubleValue())),
        magnitudes.divide(count, MathContext.DECIMAL128).doubleValue(), Math.sqrt(squares.doubleValue())};
  }

  @Test
  void shouldCopyWhatIsDividedAsItIsRead() {
    TensorValues sums = TensorValues.of(FloatBuffer.wrap(new float[] {2, -6, 9}));

    assertThat(sums.dividedBy(4).toFloats()).containsExactly(0.5f, -1.5f, 2.25f);
    assertThat(new TensorStatistics().count(sums.dividedBy(4)).mean()).isEqualTo(1.25 / 3);
  }
}
