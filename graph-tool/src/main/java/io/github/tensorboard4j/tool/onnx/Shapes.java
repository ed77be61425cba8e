package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.util.Arrays;

/** Reckoning with dimensions of which some are unknown. */
final class Shapes {

  static final long UNKNOWN = TensorShape.UNKNOWN_SIZE;

  private Shapes() {}

  static long[] unknown(int rank) {
    long[] sizes = new long[rank];
    Arrays.fill(sizes, UNKNOWN);
    return sizes;
  }

  /** The shape of an operation on all pairs of elements; null if one of the shapes is not known. */
  static long[] broadcast(long[] a, long[] b) {
    if (a == null || b == null) {
      return null;
    }
    long[] sizes = new long[Math.max(a.length, b.length)];
    for (int i = 1; i <= sizes.length; i++) {
      long first = i <= a.length ? a[a.length - i] : 1;
      long second = i <= b.length ? b[b.length - i] : 1;
      sizes[sizes.length - i] = broadcast(first, second);
    }
    return sizes;
  }

  private static long broadcast(long a, long b) {
    if (a == 1 || b == 1) {
      return a == 1 ? b : a;
    }
    if (a >= 0 && b >= 0 && a != b) {
      throw new IllegalArgumentException(a + " and " + b + " don't fit");
    }
    return Math.max(a, b);
  }

  /** The product; unknown if a factor is and none is zero. */
  static long product(long... factors) {
    long product = 1;
    boolean unknown = false;
    for (long factor : factors) {
      unknown |= factor < 0;
      product = factor < 0 ? product : Math.multiplyExact(product, factor);
    }
    return unknown && product != 0 ? UNKNOWN : product;
  }

  static long sum(long a, long b) {
    return a < 0 || b < 0 ? UNKNOWN : a + b;
  }

  /** What is certain where a value is one of two. */
  static TensorType either(TensorType a, TensorType b) {
    DType dtype = a.dtype() == b.dtype() ? a.dtype() : DType.UNKNOWN;
    if (!a.shape().isKnown() || !b.shape().isKnown() || a.shape().rank() != b.shape().rank()) {
      return TensorType.of(dtype, TensorShape.UNKNOWN);
    }
    long[] sizes = a.shape().sizes();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sizes[i] == b.shape().size(i) ? sizes[i] : UNKNOWN;
    }
    return TensorType.of(dtype, TensorShape.of(sizes));
  }

  /** What two sources say of the same value; where they contradict each other, nothing is certain. */
  static TensorType both(TensorType a, TensorType b) {
    DType dtype = a.dtype() == DType.UNKNOWN ? b.dtype() : a.dtype();
    if (!a.shape().isKnown() || !b.shape().isKnown()) {
      return TensorType.of(dtype, a.shape().isKnown() ? a.shape() : b.shape());
    }
    if (a.shape().rank() != b.shape().rank()) {
      return TensorType.of(dtype, TensorShape.UNKNOWN);
    }
    long[] sizes = a.shape().sizes();
    for (int i = 0; i < sizes.length; i++) {
      long other = b.shape().size(i);
      sizes[i] = sizes[i] < 0 ? other : other < 0 || other == sizes[i] ? sizes[i] : UNKNOWN;
    }
    return TensorType.of(dtype, TensorShape.of(sizes));
  }
}
