package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.github.tensorboard4j.TensorValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Views of arrays in the engine's own memory. They hold for the call that they are passed to, and no longer. */
final class ParameterViews {

  /** NIO buffers count bytes with an int; a larger array is several slices. */
  private static final long SLICE = 1 << 30;

  private ParameterViews() {}

  /**
   * Passes an array's elements to a reader. They are read in place, unless the array is on another device, is sparse, has
   * gaps between its elements or a type that the engine doesn't know in Java, or the engine has no view of its memory: then
   * from one copy, which is freed at once.
   *
   * @return false for a type that has no numbers, which isn't read
   */
  static boolean read(NDArray array, Consumer<TensorValues> reader) {
    return read(array, SLICE, reader);
  }

  /** Likewise, in slices of so many bytes at most. */
  static boolean read(NDArray array, long sliceBytes, Consumer<TensorValues> reader) {
    if (!hasNumbers(array.getDataType())) {
      return false;
    }
    try (NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      if (array.getDevice().equals(Device.cpu())) {
        reader.accept(view(plain(array), sliceBytes));
      } else {
        readFromHost(array, copy -> reader.accept(view(copy, sliceBytes)));
      }
    }
    return true;
  }

  /**
   * Copies an array to the host for a reader. The array is lent to a manager of the host's device for it: what the engine
   * makes underway belongs to that manager and goes with it, instead of staying with the model.
   */
  static void readFromHost(NDArray array, Consumer<NDArray> reader) {
    try (NDManager host = array.getManager().newSubManager(Device.cpu())) {
      array.tempAttach(host);
      reader.accept(plain(array).toDevice(Device.cpu(), true));
    }
  }

  private static boolean hasNumbers(DataType type) {
    return isForeign(type) || switch (type) {
      case FLOAT32, FLOAT64, FLOAT16, INT32, INT64 -> true;
      default -> false;
    };
  }

  /** Tells the types that PyTorch has and DJL can convert from only: bfloat16 is unknown to it, and to ask for it aborts. */
  private static boolean isForeign(DataType type) {
    return type == DataType.BFLOAT16 || type == DataType.UNKNOWN;
  }

  private static NDArray plain(NDArray array) {
    NDArray dense = array.isSparse() ? array.toDense() : array;
    return isForeign(dense.getDataType()) ? dense.toType(DataType.FLOAT32, true) : dense;
  }

  private static TensorValues view(NDArray array, long sliceBytes) {
    ByteBuffer[] bytes = slices(array, sliceBytes);
    return switch (array.getDataType()) {
      case FLOAT32 -> TensorValues.of(map(bytes, ByteBuffer::asFloatBuffer, FloatBuffer[]::new));
      case FLOAT64 -> TensorValues.of(map(bytes, ByteBuffer::asDoubleBuffer, DoubleBuffer[]::new));
      case FLOAT16 -> TensorValues.ofHalf(map(bytes, ByteBuffer::asShortBuffer, ShortBuffer[]::new));
      case INT32 -> TensorValues.of(map(bytes, ByteBuffer::asIntBuffer, IntBuffer[]::new));
      case INT64 -> TensorValues.of(map(bytes, ByteBuffer::asLongBuffer, LongBuffer[]::new));
      default -> throw new IllegalStateException("No view of " + array.getDataType());
    };
  }

  private static ByteBuffer[] slices(NDArray array, long sliceBytes) {
    long length = array.size();
    long sliceLength = sliceBytes / array.getDataType().getNumOfBytes();
    if (length <= sliceLength) {
      return new ByteBuffer[] {direct(array)};
    }
    NDArray flat = array.reshape(-1);
    ByteBuffer[] slices = new ByteBuffer[Math.toIntExact((length + sliceLength - 1) / sliceLength)];
    for (int i = 0; i < slices.length; i++) {
      long from = i * sliceLength;
      slices[i] = direct(flat.get(from + ":" + Math.min(length, from + sliceLength)));
    }
    return slices;
  }

  private static ByteBuffer direct(NDArray array) {
    return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
  }

  private static <B> B[] map(ByteBuffer[] bytes, Function<ByteBuffer, B> view, IntFunction<B[]> views) {
    B[] slices = views.apply(bytes.length);
    for (int i = 0; i < slices.length; i++) {
      slices[i] = view.apply(bytes[i]);
    }
    return slices;
  }
}
