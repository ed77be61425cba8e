package io.github.tensorboard4j;

import java.nio.DoubleBuffer;
import java.util.Objects;

/**
 * Sums up a tensor's elements in one pass, in 64-bit floats: their mean, standard deviation, mean magnitude and norm.
 *
 * <p>An element that is NaN or infinite makes these figures NaN or infinite, as it does in numpy, and is counted. One object
 * is used for one tensor after the other without allocating; it is not thread-safe.
 */
public final class TensorStatistics {

  /*
   * Chunks that stay in the first-level cache are summed up each on its own and then added, which also keeps the rounding of
   * large tensors small. A chunk's squares are summed about its own mean, as the variance of elements that lie far from zero
   * would be lost otherwise, and combined as Chan, Golub and LeVeque do ("Updating formulae and a pairwise algorithm for
   * computing sample variances", 1979). Neighbours are summed apart, because an addition waits for the one before.
   */
  private final double[] chunk = new double[ElementSource.Scratch.LENGTH];
  private final ElementSource.Scratch scratch = new ElementSource.Scratch();

  private long count;
  private long notANumber;
  private long infinite;
  private double sum;
  private double sumOfMagnitudes;
  private double sumOfSquares;
  private double sumOfSquaredDeviations;

  /** Creates the statistics of a tensor without elements. */
  public TensorStatistics() {
    count(TensorValues.of(DoubleBuffer.allocate(0)));
  }

  /**
   * Sums up a tensor's elements in place of what was summed up before.
   *
   * @param values the elements, read in place during the call
   * @return this object
   * @throws NullPointerException if the elements are null
   */
  public TensorStatistics count(TensorValues values) {
    Objects.requireNonNull(values, "values");
    count = 0;
    notANumber = 0;
    infinite = 0;
    sum = 0;
    sumOfMagnitudes = 0;
    sumOfSquares = 0;
    sumOfSquaredDeviations = 0;
    for (int slice = 0; slice < values.sliceCount(); slice++) {
      int size = values.sliceSize(slice);
      for (int offset = 0, length; offset < size; offset += length) {
        length = Math.min(chunk.length, size - offset);
        values.read(slice, offset, chunk, scratch, length);
        add(length);
      }
    }
    return this;
  }

  private void add(int length) {
    double evenSum = 0;
    double oddSum = 0;
    double evenMagnitudes = 0;
    double oddMagnitudes = 0;
    double evenSquares = 0;
    double oddSquares = 0;
    int pairs = length & ~1;
    for (int i = 0; i < pairs; i += 2) {
      double even = chunk[i];
      double odd = chunk[i + 1];
      evenSum += even;
      oddSum += odd;
      evenMagnitudes += Math.abs(even);
      oddMagnitudes += Math.abs(odd);
      evenSquares += even * even;
      oddSquares += odd * odd;
    }
    if (pairs < length) {
      double last = chunk[pairs];
      evenSum += last;
      evenMagnitudes += Math.abs(last);
      evenSquares += last * last;
    }
    double chunkSum = evenSum + oddSum;
    double magnitudes = evenMagnitudes + oddMagnitudes;
    if (!Double.isFinite(magnitudes)) {
      countNonFinite(length);
    }
    addDeviations(length, chunkSum);
    count += length;
    sum += chunkSum;
    sumOfMagnitudes += magnitudes;
    sumOfSquares += evenSquares + oddSquares;
  }

  private void addDeviations(int length, double chunkSum) {
    double mean = chunkSum / length;
    double even = 0;
    double odd = 0;
    int pairs = length & ~1;
    for (int i = 0; i < pairs; i += 2) {
      double first = chunk[i] - mean;
      double second = chunk[i + 1] - mean;
      even += first * first;
      odd += second * second;
    }
    if (pairs < length) {
      double last = chunk[pairs] - mean;
      even += last * last;
    }
    sumOfSquaredDeviations += even + odd;
    if (count > 0) {
      double shift = mean - sum / count;
      sumOfSquaredDeviations += shift * shift * ((double) count * length / (count + length));
    }
  }

  private void countNonFinite(int length) {
    for (int i = 0; i < length; i++) {
      if (Double.isNaN(chunk[i])) {
        notANumber++;
      } else if (Double.isInfinite(chunk[i])) {
        infinite++;
      }
    }
  }

  /**
   * Returns how many elements there are.
   *
   * @return the number of elements, of whatever value
   */
  public long count() {
    return count;
  }

  /**
   * Returns how many elements are NaN.
   *
   * @return the number of elements that are no number
   */
  public long nanCount() {
    return notANumber;
  }

  /**
   * Returns how many elements are infinite.
   *
   * @return the number of infinite elements of either sign
   */
  public long infiniteCount() {
    return infinite;
  }

  /**
   * Returns whether all elements are finite.
   *
   * @return whether none is NaN or infinite
   */
  public boolean isFinite() {
    return notANumber + infinite == 0;
  }

  /**
   * Returns the mean.
   *
   * @return the mean of the elements, NaN if there are none
   */
  public double mean() {
    return sum / count;
  }

  /**
   * Returns the standard deviation of the elements as the whole population, as {@code numpy.std} has it.
   *
   * @return the root of the mean squared deviation from the mean, NaN if there are no elements
   */
  public double standardDeviation() {
    return Math.sqrt(sumOfSquaredDeviations / count);
  }

  /**
   * Returns the mean magnitude.
   *
   * @return the mean of the elements' absolute values, NaN if there are no elements
   */
  public double meanMagnitude() {
    return sumOfMagnitudes / count;
  }

  /**
   * Returns the Euclidean norm, also called L2 norm.
   *
   * @return the root of the sum of the squares, 0 if there are no elements
   */
  public double norm() {
    return Math.sqrt(sumOfSquares);
  }
}
