package io.github.tensorboard4j.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.djl.ArrayViews.ArrayMemory;
import io.github.tensorboard4j.djl.internal.Types;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A copy of an array's elements, in memory that the next copy uses again. Not thread-safe. */
final class HostCopy {

  /** The bytes of a block: NIO buffers count them with an int. */
  private static final int BLOCK_BYTES = 1 << 30;

  private final List<ByteBuffer> blocks = new ArrayList<>();
  private DataType type = DataType.FLOAT32;
  private long size = -1;

  /** Copies the elements of an array on the host, as 64-bit floats if they are such, else as 32-bit floats. */
  void copy(NDArray array) {
    forget();
    NDArray floats = floats(array);
    type = floats.getDataType();
    ArrayMemory memory = new ArrayMemory(floats);
    for (int i = 0; offset(i) < floats.size(); i++) {
      ByteBuffer elements = memory.slice(offset(i), length(i, floats.size()));
      block(i, elements.remaining()).put(elements).flip();
    }
    size = floats.size();
  }

  /** Forgets the elements, and keeps the memory. */
  void forget() {
    size = -1;
  }

  private ByteBuffer block(int index, int bytes) {
    if (index == blocks.size() || blocks.get(index).capacity() < bytes) {
      blocks.subList(index, blocks.size()).clear();
      blocks.add(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
    }
    return blocks.get(index).clear();
  }

  /** Returns whether an array on the host can be subtracted: whether it has as many elements of the same type. */
  boolean matches(NDArray array) {
    return size == array.size() && type == typeOf(array);
  }

  /** Turns the elements into what they were minus those of an array that {@linkplain #matches matches}. */
  void subtract(NDArray array) {
    ArrayMemory memory = new ArrayMemory(floats(array));
    for (int i = 0; offset(i) < size; i++) {
      subtract(blocks.get(i), memory.slice(offset(i), length(i, size)).order(ByteOrder.nativeOrder()));
    }
  }

  private void subtract(ByteBuffer block, ByteBuffer elements) {
    if (type == DataType.FLOAT64) {
      DoubleBuffer minuends = block.asDoubleBuffer();
      DoubleBuffer subtrahends = elements.asDoubleBuffer();
      for (int i = 0; i < minuends.limit(); i++) {
        minuends.put(i, minuends.get(i) - subtrahends.get(i));
      }
    } else {
      FloatBuffer minuends = block.asFloatBuffer();
      FloatBuffer subtrahends = elements.asFloatBuffer();
      for (int i = 0; i < minuends.limit(); i++) {
        minuends.put(i, minuends.get(i) - subtrahends.get(i));
      }
    }
  }

  /** Returns a view of the elements, which holds until they change. */
  TensorValues values() {
    // slices lie within blocks, for the core's are not larger
    return TensorValues.of(Types.dtype(type), size, (offset, length) -> {
      int elements = blockElements();
      int bytes = type.getNumOfBytes();
      return blocks.get((int) (offset / elements)).slice((int) (offset % elements) * bytes, length * bytes);
    });
  }

  private long offset(int block) {
    return (long) block * blockElements();
  }

  private int length(int block, long elements) {
    return (int) Math.min(blockElements(), elements - offset(block));
  }

  private int blockElements() {
    return BLOCK_BYTES / type.getNumOfBytes();
  }

  /** Returns the type of the floats that an array is copied as. */
  private static DataType typeOf(NDArray array) {
    return array.getDataType() == DataType.FLOAT64 ? DataType.FLOAT64 : DataType.FLOAT32;
  }

  private static NDArray floats(NDArray array) {
    return array.toType(typeOf(array), false);
  }
}
