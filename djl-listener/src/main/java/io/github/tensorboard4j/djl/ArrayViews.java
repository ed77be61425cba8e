package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.djl.internal.Types;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Views of arrays in the engine's own memory. They hold for the call that they are passed to, and no longer. */
final class ArrayViews {

  private ArrayViews() {}

  /**
   * Passes an array's elements to a reader. They are read in place, unless the array is on another device, is sparse, has
   * gaps between its elements or a type that the engine doesn't know in Java, or the engine has no view of its memory: then
   * from one copy, which is freed at once.
   *
   * @return false for a type that has no numbers, which isn't read
   */
  static boolean read(NDArray array, Consumer<TensorValues> reader) {
    return onHost(array, plain -> reader.accept(view(plain)));
  }

  /**
   * Passes an array to a reader, as one whose memory can be read: itself, or else a copy, which is freed at once with all that
   * the reader makes of it.
   *
   * @return false for a type that has no numbers, which isn't passed
   */
  static boolean onHost(NDArray array, Consumer<NDArray> reader) {
    if (!hasNumbers(array.getDataType())) {
      return false;
    }
    try (NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      if (array.getDevice().equals(Device.cpu())) {
        reader.accept(plain(array));
      } else {
        readFromHost(array, reader);
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
    return isForeign(type) || TensorValues.supports(Types.dtype(type));
  }

  /** Returns whether PyTorch has the type, but DJL can only convert from it: to ask for bfloat16 in Java aborts the JVM. */
  private static boolean isForeign(DataType type) {
    return type == DataType.BFLOAT16 || type == DataType.UNKNOWN;
  }

  private static NDArray plain(NDArray array) {
    NDArray dense = array.isSparse() ? array.toDense() : array;
    return isForeign(dense.getDataType()) ? dense.toType(DataType.FLOAT32, true) : dense;
  }

  /** Returns a view of an array that can be read as it is. */
  static TensorValues view(NDArray array) {
    return TensorValues.of(Types.dtype(array.getDataType()), array.size(), new ArrayMemory(array));
  }

  /** The memory of a dense array. What the slices need is attached to the array's manager, or to the scope at hand. */
  static final class ArrayMemory implements TensorValues.Memory {

    private final NDArray array;
    private @Nullable NDArray flat;

    ArrayMemory(NDArray array) {
      this.array = array;
    }

    @Override
    public ByteBuffer slice(long offset, int length) {
      if (length == array.size()) {
        return array.toByteBuffer(true);
      }
      if (flat == null) {
        // an array with gaps is copied here, so once for all slices
        flat = array.reshape(-1);
      }
      return flat.get(offset + ":" + (offset + length)).toByteBuffer(true);
    }
  }
}
