package io.github.tensorboard4j.training;

import java.util.Arrays;

/**
 * How the weights of a parameter lie in memory. Those of a two-dimensional convolution have four dimensions: output, input, row
 * and column of the kernel, in this order, whatever the framework's is; those of a dense layer have rows and columns.
 */
public final class WeightShape {

  private final long[] sizes;
  private final long[] strides;

  private WeightShape(long[] sizes, long[] strides) {
    this.sizes = sizes;
    this.strides = strides;
  }

  /**
   * Returns the shape of weights whose last dimension changes fastest, as in C.
   *
   * @param sizes the sizes of the dimensions
   * @return the shape
   * @throws IllegalArgumentException if a size is negative
   * @throws NullPointerException if the sizes are null
   */
  public static WeightShape rowMajor(long... sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    return strided(sizes, strides);
  }

  /**
   * Returns the shape of weights in any order, or of a part of them that begins with the first.
   *
   * @param sizes the sizes of the dimensions
   * @param strides how far apart in memory two neighbours in each dimension are, in elements
   * @return the shape
   * @throws IllegalArgumentException if there are not as many strides as sizes, or one of either is negative
   * @throws NullPointerException if the sizes or the strides are null
   */
  public static WeightShape strided(long[] sizes, long[] strides) {
    if (sizes.length != strides.length || Arrays.stream(sizes).anyMatch(size -> size < 0)
        || Arrays.stream(strides).anyMatch(stride -> stride < 0)) {
      throw new IllegalArgumentException("Weights have as many strides as sizes, none of them negative, unlike "
          + Arrays.toString(strides) + " and " + Arrays.toString(sizes));
    }
    return new WeightShape(sizes.clone(), strides.clone());
  }

  int rank() {
    return sizes.length;
  }

  long size(int dimension) {
    return sizes[dimension];
  }

  long stride(int dimension) {
    return strides[dimension];
  }

  @Override
  public String toString() {
    return Arrays.toString(sizes);
  }
}
