package io.github.tensorboard4j.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A tensor's shape; its dimensions, or even their number, may be unknown. */
public final class TensorShape {

  /** The size of a dimension that is not known before the model runs, such as the batch. */
  public static final long UNKNOWN_SIZE = -1;

  /** A shape whose number of dimensions is not known. */
  public static final TensorShape UNKNOWN = new TensorShape(null);

  /** The shape of a single number. */
  public static final TensorShape SCALAR = new TensorShape(new long[0]);

  /** The dimensions' sizes, null if not even their number is known. */
  private final long @Nullable [] sizes;

  private TensorShape(long @Nullable [] sizes) {
    this.sizes = sizes;
  }

  /**
   * Returns a shape of known rank.
   *
   * @param sizes the dimensions' sizes; any negative size means unknown
   * @return the shape
   * @throws NullPointerException if the array is null
   */
  public static TensorShape of(long... sizes) {
    return sizes.length == 0
        ? SCALAR
        : new TensorShape(Arrays.stream(sizes).map(size -> Math.max(size, UNKNOWN_SIZE)).toArray());
  }

  /**
   * Returns whether the number of dimensions is known.
   *
   * @return false only for {@link #UNKNOWN}
   */
  public boolean isKnown() {
    return sizes != null;
  }

  /**
   * Returns the number of dimensions.
   *
   * @return the rank, 0 for a single number
   * @throws IllegalStateException if the rank is not known
   */
  public int rank() {
    return known().length;
  }

  /**
   * Returns the size of one dimension.
   *
   * @param dimension from 0 to {@code rank() - 1}
   * @return its size, or {@link #UNKNOWN_SIZE}
   * @throws IllegalStateException if the rank is not known
   * @throws IndexOutOfBoundsException if there is no such dimension
   */
  public long size(int dimension) {
    return known()[dimension];
  }

  /**
   * Returns the sizes of all dimensions.
   *
   * @return a fresh array, {@link #UNKNOWN_SIZE} where a size is not known
   * @throws IllegalStateException if the rank is not known
   */
  public long[] sizes() {
    return known().clone();
  }

  private long[] known() {
    if (sizes == null) {
      throw new IllegalStateException("the rank of an unknown shape; ask isKnown() first");
    }
    return sizes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TensorShape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    return sizes == null ? "[?]" : Arrays.toString(sizes).replace("-1", "?");
  }
}
