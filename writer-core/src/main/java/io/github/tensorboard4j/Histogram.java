package io.github.tensorboard4j;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Counts a tensor's elements in buckets of equal width between its smallest and its largest finite element.
 *
 * <p>The counts are exact: they equal {@code numpy.histogram(x.astype(float64), bins=k)} of the finite elements. NaN and
 * infinite elements can't be drawn, so they are counted apart. One histogram is used for one tensor after the other
 * without allocating; it is not thread-safe.
 */
final class Histogram {

  /*
   * Two passes over chunks that stay in the first-level cache. The first pass finds the range; it looks for what is not
   * finite in a chunk as a whole, and only where there is something, element for element. (Math.min and Math.max tell NaN
   * too, but mispredict their branch at the zeros of a ReLU.) The second pass guesses a bucket by one multiplication and
   * then compares with the bucket's edges, as numpy does: the guess is off by one, if at all (by more only in a
   * range of subnormal numbers), and the edges decide.
   * Neighbouring elements count in different lanes, because equal neighbours (the zeros of a ReLU) would otherwise wait
   * for each other's store to the same counter.
   */
  private static final int LANES = 4;

  private final int buckets;
  private final long[] lanes;
  private final double[] edges;
  private final double[] chunk = new double[ElementSource.Scratch.LENGTH];
  private final ElementSource.Scratch scratch = new ElementSource.Scratch();

  private double min;
  private double max;
  private long finite;
  private long notANumber;
  private long positiveInfinite;
  private long negativeInfinite;

  /** Creates an empty histogram of at least one bucket. */
  Histogram(int buckets) {
    this.buckets = buckets;
    this.lanes = new long[LANES * buckets];
    this.edges = new double[buckets + 1];
    count(TensorValues.of(DoubleBuffer.allocate(0)));
  }

  /** Counts a tensor's elements, which must not change meanwhile, in place of what was counted before. */
  void count(TensorValues values) {
    Objects.requireNonNull(values, "values");
    reset();
    for (int slice = 0; slice < values.sliceCount(); slice++) {
      int size = values.sliceSize(slice);
      for (int offset = 0, length; offset < size; offset += length) {
        length = Math.min(chunk.length, size - offset);
        values.read(slice, offset, chunk, scratch, length);
        widen(length);
      }
    }
    if (finite == 0) {
      min = Double.NaN;
      max = Double.NaN;
      return;
    }
    if (min == max) {
      return;
    }
    // the range of two huge doubles of opposite sign overflows; halves don't
    double scale = max - min == Double.POSITIVE_INFINITY ? 0.5 : 1;
    divide(scale);
    boolean allFinite = notANumber + positiveInfinite + negativeInfinite == 0;
    for (int slice = 0; slice < values.sliceCount(); slice++) {
      int size = values.sliceSize(slice);
      for (int offset = 0, length; offset < size; offset += length) {
        length = Math.min(chunk.length, size - offset);
        values.read(slice, offset, chunk, scratch, length);
        int kept = allFinite ? length : keepFinite(length);
        int distributed = distribute(0, kept, scale);
        if (distributed < kept) {
          clamp(kept);
          distribute(distributed, kept, scale);
        }
      }
    }
    for (int i = 0; i <= buckets; i++) {
      edges[i] /= scale;
    }
  }

  /** Returns the smallest finite element, NaN if no element is finite. */
  double min() {
    return min;
  }

  /** Returns the largest finite element, NaN if no element is finite. */
  double max() {
    return max;
  }

  /** Returns how many elements are finite, and in buckets. */
  long finiteCount() {
    return finite;
  }

  /** Returns how many elements are NaN. */
  long nanCount() {
    return notANumber;
  }

  /** Returns how many elements are {@link Double#POSITIVE_INFINITY}. */
  long positiveInfinityCount() {
    return positiveInfinite;
  }

  /** Returns how many elements are {@link Double#NEGATIVE_INFINITY}. */
  long negativeInfinityCount() {
    return negativeInfinite;
  }

  long nonFiniteCount() {
    return notANumber + positiveInfinite + negativeInfinite;
  }

  /** Returns how many buckets there are to read: none without a finite element, one if all are equal, else all. */
  int bucketCount() {
    return finite == 0 ? 0 : min == max ? 1 : buckets;
  }

  /** Returns a bucket's lower limit, which belongs to the bucket. */
  double left(int bucket) {
    Objects.checkIndex(bucket, bucketCount());
    return min == max ? min : edges[bucket];
  }

  /** Returns a bucket's upper limit, which belongs to the next bucket, or to this one if it is the last. */
  double right(int bucket) {
    Objects.checkIndex(bucket, bucketCount());
    return min == max ? max : edges[bucket + 1];
  }

  /** Returns how many elements lie in a bucket. */
  long count(int bucket) {
    Objects.checkIndex(bucket, bucketCount());
    if (min == max) {
      return finite;
    }
    long sum = 0;
    for (int lane = 0; lane < LANES; lane++) {
      sum += lanes[lane * buckets + bucket];
    }
    return sum;
  }

  private void reset() {
    min = Double.POSITIVE_INFINITY;
    max = Double.NEGATIVE_INFINITY;
    finite = 0;
    notANumber = 0;
    positiveInfinite = 0;
    negativeInfinite = 0;
    Arrays.fill(lanes, 0);
  }

  private void widen(int length) {
    int kept = length;
    if (!isFinite(length)) {
      countNonFinite(length);
      kept = keepFinite(length);
    }
    double low = min;
    double high = max;
    for (int i = 0; i < kept; i++) {
      double value = chunk[i];
      if (value < low) {
        low = value;
      }
      if (value > high) {
        high = value;
      }
    }
    finite += kept;
    min = low;
    max = high;
  }

  /** Returns whether all elements are finite: a difference from itself is zero, or NaN for those that are not. */
  private boolean isFinite(int length) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i < length - 1; i += 2) {
      even += chunk[i] - chunk[i];
      odd += chunk[i + 1] - chunk[i + 1];
    }
    return i == length ? even + odd == 0 : even + odd + (chunk[i] - chunk[i]) == 0;
  }

  private void countNonFinite(int length) {
    for (int i = 0; i < length; i++) {
      double value = chunk[i];
      if (value != value) {
        notANumber++;
      } else if (value == Double.POSITIVE_INFINITY) {
        positiveInfinite++;
      } else if (value == Double.NEGATIVE_INFINITY) {
        negativeInfinite++;
      }
    }
  }

  private int keepFinite(int length) {
    int kept = 0;
    for (int i = 0; i < length; i++) {
      double value = chunk[i];
      if (value - value == 0) {
        chunk[kept++] = value;
      }
    }
    return kept;
  }

  /**
   * Makes the edges as {@code numpy.histogram_bin_edges} does, by {@code numpy.linspace}: multiples of the step from the
   * minimum, and exactly the maximum at last.
   */
  private void divide(double scale) {
    double first = min * scale;
    double range = max * scale - first;
    double step = range / buckets;
    for (int i = 0; i < buckets; i++) {
      // rounding may take the last of them beyond the maximum, where the range is a few subnormal numbers
      edges[i] = Math.min((step == 0 ? (double) i / buckets * range : i * step) + first, max * scale);
    }
    edges[buckets] = max * scale;
  }

  /**
   * Counts elements of the chunk, and returns how far that came: to the end, or to an element outside of the range. No check of
   * each element would be as cheap as to let an array's index go out of bounds there.
   */
  private int distribute(int from, int length, double scale) {
    double[] limits = edges;
    long[] counts = lanes;
    int last = buckets - 1;
    double first = limits[0];
    double bucketsPerUnit = buckets / (limits[buckets] - first);
    int i = from;
    try {
      for (; i < length; i++) {
        double value = chunk[i] * scale;
        int bucket = Math.min((int) ((value - first) * bucketsPerUnit), last);
        while (value < limits[bucket]) {
          bucket--;
        }
        while (bucket < last && value >= limits[bucket + 1]) {
          bucket++;
        }
        counts[(i & LANES - 1) * buckets + bucket]++;
      }
    } catch (ArrayIndexOutOfBoundsException outside) {
      return i;
    }
    return length;
  }

  /** Moves what another thread has changed since the range was found, and now lies outside of it, to the range's ends. */
  private void clamp(int length) {
    for (int i = 0; i < length; i++) {
      chunk[i] = Math.max(min, Math.min(chunk[i], max));
    }
  }
}
