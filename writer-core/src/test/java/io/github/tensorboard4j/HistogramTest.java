package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistogramTest {

  private final Histogram histogram = new Histogram(4);

  @Test
  void shouldCountEachElementInTheBucketWhoseLowerLimitItReaches() {
    histogram.count(TensorValues.of(FloatBuffer.wrap(new float[] {0, 0.5f, 1, 1.5f, 2, 3.999f, 4})));

    assertThat(counts()).containsExactly(2, 2, 1, 2);
    assertThat(histogram.left(0)).isEqualTo(0);
    assertThat(histogram.right(0)).isEqualTo(1).isEqualTo(histogram.left(1));
    assertThat(histogram.right(3)).isEqualTo(4);
  }

  @Test
  void shouldHaveNoBucketWithoutElements() {
    histogram.count(TensorValues.of(FloatBuffer.allocate(0)));

    assertThat(histogram.bucketCount()).isZero();
    assertThat(histogram.finiteCount()).isZero();
    assertThat(histogram.min()).isNaN();
  }

  @Test
  void shouldHaveOneBucketForEqualElements() {
    histogram.count(TensorValues.of(FloatBuffer.wrap(new float[] {2.5f, 2.5f, 2.5f})));

    assertThat(histogram.bucketCount()).isEqualTo(1);
    assertThat(histogram.left(0)).isEqualTo(2.5);
    assertThat(histogram.right(0)).isEqualTo(2.5);
    assertThat(histogram.count(0)).isEqualTo(3);
  }

  @Test
  void shouldCountWhatIsNotFiniteApart() {
    float[] values = new float[5000];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    values[7] = Float.NaN;
    values[3000] = Float.POSITIVE_INFINITY;
    values[3001] = Float.POSITIVE_INFINITY;
    values[4999] = Float.NEGATIVE_INFINITY;
    histogram.count(TensorValues.of(FloatBuffer.wrap(values)));

    assertThat(histogram.nanCount()).isEqualTo(1);
    assertThat(histogram.positiveInfinityCount()).isEqualTo(2);
    assertThat(histogram.negativeInfinityCount()).isEqualTo(1);
    assertThat(histogram.finiteCount()).isEqualTo(4996);
    assertThat(counts()).contains(histogram.count(0)).satisfies(all -> assertThat(sum(all)).isEqualTo(4996));
    assertThat(histogram.min()).isBetween(0.0, 0.01);
    assertThat(histogram.max()).isBetween(0.99, 1.0);
  }

  @Test
  void shouldLeaveOutAsManyNaNsAsInfinities() {
    histogram.count(TensorValues.of(FloatBuffer.wrap(new float[] {1, Float.NaN, 2, Float.POSITIVE_INFINITY})));
    assertThat(sum(counts())).isEqualTo(2);
    assertThat(histogram.nonFiniteCount()).isEqualTo(2);

    histogram.count(TensorValues.of(FloatBuffer.wrap(new float[] {1, Float.NaN, 2, Float.NEGATIVE_INFINITY})));
    assertThat(sum(counts())).isEqualTo(2);
    assertThat(histogram.nonFiniteCount()).isEqualTo(2);
  }

  @Test
  void shouldHaveNoBucketWhenNothingIsFinite() {
    histogram.count(TensorValues.of(FloatBuffer.wrap(new float[] {Float.NaN, Float.NEGATIVE_INFINITY})));

    assertThat(histogram.bucketCount()).isZero();
    assertThat(histogram.nanCount()).isEqualTo(1);
    assertThat(histogram.negativeInfinityCount()).isEqualTo(1);
  }

  @Test
  void shouldSpreadTheWholeRangeOfDoubles() {
    double max = Double.MAX_VALUE;
    histogram.count(TensorValues.of(DoubleBuffer.wrap(new double[] {-max, -max / 4, 0, max / 4, max})));

    assertThat(counts()).containsExactly(1, 1, 2, 1);
    assertThat(histogram.left(0)).isEqualTo(-max);
    assertThat(histogram.right(1)).isZero();
    assertThat(histogram.right(3)).isEqualTo(max);
  }

  @Test
  void shouldKeepEveryElementOfARangeThatIsTooSmallToDivide() {
    double one = 1;
    histogram.count(TensorValues.of(DoubleBuffer.wrap(new double[] {one, Math.nextUp(one), Math.nextUp(one)})));
    assertThat(sum(counts())).isEqualTo(3);

    histogram.count(TensorValues.of(DoubleBuffer.wrap(new double[] {0, Double.MIN_VALUE})));
    assertThat(sum(counts())).isEqualTo(2);
  }

  @Test
  void shouldDivideARangeOfSubnormalNumbers() {
    double unit = Double.MIN_VALUE;
    histogram.count(TensorValues.of(DoubleBuffer.wrap(new double[] {0, unit, 2 * unit, 3 * unit, 5 * unit, 8 * unit})));

    assertThat(counts()).containsExactly(2, 2, 1, 1);
  }

  @Test
  void shouldTakeSlicesAsOneTensor() {
    Random random = new Random(2);
    float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    histogram.count(TensorValues.of(FloatBuffer.wrap(values)));
    long[] whole = counts();

    ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(values);
    List<Integer> lengths = new ArrayList<>();
    TensorValues slices = TensorValues.of(DType.FLOAT, values.length, (offset, length) -> {
      lengths.add(length);
      return bytes.slice((int) offset * Float.BYTES, length * Float.BYTES);
    }, 6_000 * Float.BYTES + 3);
    histogram.count(slices);

    assertThat(lengths).containsExactly(6_000, 4_000);

    assertThat(slices.size()).isEqualTo(10_000);
    assertThat(counts()).containsExactly(whole);
  }

  @Test
  void shouldReadBetweenPositionAndLimitAndMoveNeither() {
    FloatBuffer buffer = FloatBuffer.wrap(new float[] {100, 1, 2, 100}).position(1).limit(3);
    histogram.count(TensorValues.of(buffer));

    assertThat(histogram.max()).isEqualTo(2);
    assertThat(buffer.position()).isEqualTo(1);
    assertThat(buffer.limit()).isEqualTo(3);
  }

  @Test
  void shouldCountIntegers() {
    histogram.count(TensorValues.of(IntBuffer.wrap(new int[] {-3, 0, 5})));
    assertThat(histogram.min()).isEqualTo(-3);
    assertThat(histogram.max()).isEqualTo(5);

    histogram.count(TensorValues.of(LongBuffer.wrap(new long[] {1L << 40, 0})));
    assertThat(histogram.max()).isEqualTo(0x1p40);
  }

  @Test
  void shouldNotThrowWhereAnotherThreadChangesTheTensor() throws InterruptedException {
    FloatBuffer values = FloatBuffer.allocate(4_000);
    AtomicBoolean stop = new AtomicBoolean();
    Thread other = new Thread(() -> {
      Random random = new Random(3);
      while (!stop.get()) {
        values.put(random.nextInt(values.capacity()), Float.intBitsToFloat(random.nextInt()));
      }
    });
    other.start();
    for (int round = 0; round < 20_000; round++) {
      histogram.count(TensorValues.of(values));
      assertThat(LongStream.range(0, histogram.bucketCount()).map(bucket -> histogram.count((int) bucket)).sum())
          .isBetween(histogram.finiteCount() - 100, histogram.finiteCount() + 100);
    }
    stop.set(true);
    other.join();
  }

  @Test
  void shouldHaveEdgesThatDoNotGoBackwardsInTheSmallestRanges() {
    for (int ulps = 1; ulps <= 200; ulps++) {
      Histogram fine = new Histogram(30);
      fine.count(TensorValues.of(DoubleBuffer.wrap(new double[] {0, ulps * Double.MIN_VALUE})));
      for (int bucket = 0; bucket < fine.bucketCount(); bucket++) {
        assertThat(fine.left(bucket)).as(ulps + " ulps").isLessThanOrEqualTo(fine.right(bucket));
      }
    }
  }

  @Test
  void shouldCountAsManyElementsAsABufferCanHave() {
    ElementSource longest = new ElementSource() {
      @Override
      public int remaining() {
        return Integer.MAX_VALUE;
      }

      @Override
      public int elementBytes() {
        return Short.BYTES;
      }

      @Override
      public void read(int offset, double[] target, Scratch scratch, int count) {
        target[0] = offset;
      }

      @Override
      public ElementSource copy(int offset, int count, ByteBuffer block) {
        throw new AssertionError("not copied here");
      }
    };
    histogram.count(new TensorValues(longest));

    assertThat(histogram.finiteCount()).isEqualTo(Integer.MAX_VALUE);
    assertThat(new TensorValues(longest).blockCount(StagingMemory.BLOCK)).isEqualTo(1 << 14);
  }

  @Test
  void shouldRefuseMemoryThatIsNotAsLongAsItShouldBe() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(40);
    assertThatThrownBy(() -> TensorValues.of(DType.FLOAT, 2, (offset, length) -> bytes))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("40 bytes");
    assertThatThrownBy(() -> TensorValues.of(DType.STRING, 2, (offset, length) -> bytes))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("STRING");
    assertThatThrownBy(() -> TensorValues.of(DType.FLOAT, -1, (offset, length) -> bytes))
        .isInstanceOf(IllegalArgumentException.class);
    TensorValues.of(DType.FLOAT, 10, (offset, length) -> bytes);

    assertThat(bytes.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
  }

  @Test
  void shouldForgetTheTensorBefore() {
    histogram.count(TensorValues.of(FloatBuffer.wrap(new float[] {Float.NaN, 1, 2, 3})));
    histogram.count(TensorValues.of(FloatBuffer.wrap(new float[] {5, 6})));

    assertThat(histogram.nanCount()).isZero();
    assertThat(histogram.finiteCount()).isEqualTo(2);
    assertThat(histogram.min()).isEqualTo(5);
  }

  private long[] counts() {
    long[] counts = new long[histogram.bucketCount()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = histogram.count(i);
    }
    return counts;
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
