package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorValues;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Views of arrays in ND4J's own memory. They hold for the callback they are made in, and no longer. */
final class ParameterViews {

  /** A pointer's buffer silently ends 2 GiB behind its address; a longer array is several slices of at most so many bytes. */
  private static final long SLICE_BYTES = 1 << 30;

  private ParameterViews() {}

  /**
   * Brings an array's buffer up to date in host memory: on a GPU one synchronization and one copy, if at all.
   * All parameters of a network are views of one buffer, so one call serves them all.
   */
  static void synchronize(INDArray array) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
  }

  /**
   * Views an array's elements, in the order of the memory. An array with gaps between its elements is copied first.
   *
   * @return the view, or null for a type that has no numbers
   */
  static TensorValues of(INDArray array) {
    INDArray dense = isDense(array) ? array : array.dup();
    return switch (dense.dataType()) {
      case FLOAT -> TensorValues.of(slices(dense, FloatPointer.class, FloatPointer::asBuffer, FloatBuffer[]::new));
      case DOUBLE -> TensorValues.of(slices(dense, DoublePointer.class, DoublePointer::asBuffer, DoubleBuffer[]::new));
      case HALF -> TensorValues.ofHalf(slices(dense, ShortPointer.class, ShortPointer::asBuffer, ShortBuffer[]::new));
      case BFLOAT16 ->
          TensorValues.ofBfloat16(slices(dense, ShortPointer.class, ShortPointer::asBuffer, ShortBuffer[]::new));
      case INT -> TensorValues.of(slices(dense, IntPointer.class, IntPointer::asBuffer, IntBuffer[]::new));
      case LONG -> TensorValues.of(slices(dense, LongPointer.class, LongPointer::asBuffer, LongBuffer[]::new));
      default -> null;
    };
  }

  /** Views the memory of an array of 32-bit floats from its first element to its last, gaps included. */
  static FloatBuffer span(INDArray array) {
    long last = 0;
    for (int dimension = 0; dimension < array.rank(); dimension++) {
      last += (array.size(dimension) - 1) * array.stride(dimension);
    }
    return slice(array, 0, last + 1, FloatPointer.class).asBuffer();
  }

  private static boolean isDense(INDArray array) {
    return array.length() <= 1 || array.elementWiseStride() == 1;
  }

  private static <P extends Pointer, B> B[] slices(
      INDArray array, Class<P> type, Function<P, B> buffer, IntFunction<B[]> buffers) {
    long length = array.length();
    long longest = SLICE_BYTES / array.dataType().width();
    B[] slices = buffers.apply((int) ((length + longest - 1) / longest));
    for (int i = 0; i < slices.length; i++) {
      long from = i * longest;
      slices[i] = buffer.apply(slice(array, from, Math.min(length - from, longest), type));
    }
    return slices;
  }

  private static <P extends Pointer> P slice(INDArray array, long from, long length, Class<P> type) {
    return array.data().pointer().getPointer(type, array.offset() + from).capacity(length);
  }
}
