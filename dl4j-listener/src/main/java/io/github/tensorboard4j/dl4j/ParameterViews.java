package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.dl4j.internal.Types;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Views of arrays in ND4J's own memory. They hold for the callback they are made in, and no longer. */
final class ParameterViews {

  private ParameterViews() {}

  /**
   * Brings an array's buffer up to date in host memory: on a GPU one synchronization and one copy, if at all. All parameters of
   * a network are views of one buffer, and so are their gradients: one call for each serves them all.
   */
  static void synchronize(INDArray array) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
  }

  /**
   * Returns a view of an array's elements, in the order of the memory, where {@link #synchronize} has brought its buffer up to
   * date. An array with gaps between its elements is copied first.
   *
   * @return the view, or null where there is no array, or of a type that has no numbers
   */
  static @Nullable TensorValues of(@Nullable INDArray array) {
    if (array == null) {
      return null;
    }
    DType dtype = Types.dtype(array.dataType());
    if (!TensorValues.supports(dtype)) {
      return null;
    }
    INDArray dense = dense(array);
    return TensorValues.of(dtype, dense.length(), (offset, length) -> bytes(dense, offset, length));
  }

  /** Returns an array whose buffer {@link #synchronize} has brought up to date; a copy, if it has gaps between its elements. */
  static INDArray dense(INDArray array) {
    return isDense(array) ? array : onHost(array);
  }

  /** Returns a view of an array that is brought up to date, null where there is none, or of a type that has no numbers. */
  static @Nullable TensorValues current(@Nullable INDArray array) {
    return array == null ? null : of(onHost(array));
  }

  /** Returns an array without gaps between its elements, and up to date in host memory: the same or a copy. */
  static INDArray onHost(INDArray array) {
    INDArray dense = isDense(array) ? array : array.dup();
    synchronize(dense);
    return dense;
  }

  private static boolean isDense(INDArray array) {
    return array.length() <= 1 || array.elementWiseStride() == 1;
  }

  private static ByteBuffer bytes(INDArray array, long offset, int length) {
    long width = array.dataType().width();
    return array.data().pointer()
        .getPointer(BytePointer.class, (array.offset() + offset) * width)
        .capacity(length * width)
        .asByteBuffer();
  }
}
