package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A read-only view of a tensor's elements, in place: one or several NIO buffers of one element type.
 *
 * <p>Each buffer contributes the elements between its position and its limit; neither is moved. The view is read during the
 * call it is passed to and never afterwards, so it may point into a framework's own memory.
 *
 * <p>Direct buffers should have the machine's byte order; others work, at a cost.
 */
public final class TensorValues {

  /** The memory of a tensor, of any size, which is viewed slice by slice. */
  @FunctionalInterface
  public interface Memory {

    /**
     * Returns a view of some consecutive elements.
     *
     * @param offset the first element, counted in the order of the memory
     * @param length the number of elements
     * @return a buffer whose remaining bytes are these elements in the machine's byte order, whatever order it says it has
     */
    ByteBuffer slice(long offset, int length);
  }

  /** The largest slice that is asked of a {@link Memory}: NIO buffers count bytes with an int. */
  private static final int SLICE_BYTES = 1 << 30;

  private final ElementSource[] slices;
  private final double divisor;
  private final long size;

  TensorValues(ElementSource... slices) {
    this(slices, 1);
  }

  private TensorValues(ElementSource[] slices, double divisor) {
    this.slices = slices;
    this.divisor = divisor;
    long sum = 0;
    for (ElementSource slice : slices) {
      sum += slice.remaining();
    }
    this.size = sum;
  }

  /**
   * Returns a view of 32-bit floats.
   *
   * @param values the elements
   * @return the view
   * @throws NullPointerException if the buffer is null
   */
  public static TensorValues of(FloatBuffer values) {
    return of(new ElementSource.FloatSource(Objects.requireNonNull(values, "A tensor is asked for, but it is null")));
  }

  /**
   * Returns a view of 64-bit floats.
   *
   * @param values the elements
   * @return the view
   * @throws NullPointerException if the buffer is null
   */
  public static TensorValues of(DoubleBuffer values) {
    return of(new ElementSource.DoubleSource(Objects.requireNonNull(values, "A tensor is asked for, but it is null")));
  }

  /**
   * Returns a view of 32-bit integers.
   *
   * @param values the elements
   * @return the view
   * @throws NullPointerException if the buffer is null
   */
  public static TensorValues of(IntBuffer values) {
    return of(new ElementSource.IntSource(Objects.requireNonNull(values, "A tensor is asked for, but it is null")));
  }

  /**
   * Returns a view of 64-bit integers, which are rounded to 64-bit floats.
   *
   * @param values the elements
   * @return the view
   * @throws NullPointerException if the buffer is null
   */
  public static TensorValues of(LongBuffer values) {
    return of(new ElementSource.LongSource(Objects.requireNonNull(values, "A tensor is asked for, but it is null")));
  }

  /**
   * Returns a view of 16-bit floats of IEEE 754 (binary16, "half").
   *
   * @param values the elements' bits
   * @return the view
   * @throws NullPointerException if the buffer is null
   */
  public static TensorValues ofHalf(ShortBuffer values) {
    return of(new ElementSource.HalfSource(Objects.requireNonNull(values, "A tensor is asked for, but it is null")));
  }

  /**
   * Returns a view of bfloat16 elements, the upper halves of 32-bit floats.
   *
   * @param values the elements' bits
   * @return the view
   * @throws NullPointerException if the buffer is null
   */
  public static TensorValues ofBfloat16(ShortBuffer values) {
    return of(new ElementSource.Bfloat16Source(Objects.requireNonNull(values, "A tensor is asked for, but it is null")));
  }

  /**
   * Returns a view of a framework's memory, which may be larger than a buffer can be (2<sup>31</sup>-1 bytes).
   *
   * @param dtype the element type, one of those that are {@linkplain #supports supported}
   * @param size the number of elements
   * @param memory the memory
   * @return the view
   * @throws IllegalArgumentException if the element type is not supported, the size is negative, or a slice has not as many
   *     bytes as it should
   * @throws NullPointerException if the element type or the memory is null
   */
  public static TensorValues of(DType dtype, long size, Memory memory) {
    return of(dtype, size, memory, SLICE_BYTES);
  }

  /** Likewise, in slices of so many bytes at most. */
  static TensorValues of(DType dtype, long size, Memory memory, int sliceBytes) {
    if (!supports(dtype)) {
      throw new IllegalArgumentException("Elements of the type " + dtype + " are no numbers that can be viewed");
    }
    if (size < 0) {
      throw new IllegalArgumentException("A tensor has 0 or more elements, not " + size);
    }
    long longest = sliceBytes / dtype.bytes();
    ElementSource[] slices = new ElementSource[Math.toIntExact((size + longest - 1) / longest)];
    for (int i = 0; i < slices.length; i++) {
      long offset = i * longest;
      int length = (int) Math.min(size - offset, longest);
      ByteBuffer bytes = memory.slice(offset, length).duplicate().order(ByteOrder.nativeOrder());
      if (bytes.remaining() != length * dtype.bytes()) {
        throw new IllegalArgumentException(
            length + " elements of " + dtype + " from " + offset + " were asked for, not " + bytes.remaining() + " bytes");
      }
      slices[i] = source(dtype, bytes);
    }
    return new TensorValues(slices);
  }

  /**
   * Returns whether elements of a type can be viewed: {@code FLOAT}, {@code DOUBLE}, {@code HALF}, {@code BFLOAT16},
   * {@code INT32} and {@code INT64} can.
   *
   * @param dtype the element type
   * @return whether its elements can be viewed
   */
  public static boolean supports(DType dtype) {
    return switch (dtype) {
      case FLOAT, DOUBLE, HALF, BFLOAT16, INT32, INT64 -> true;
      default -> false;
    };
  }

  private static ElementSource source(DType dtype, ByteBuffer bytes) {
    return switch (dtype) {
      case FLOAT -> new ElementSource.FloatSource(bytes.asFloatBuffer());
      case DOUBLE -> new ElementSource.DoubleSource(bytes.asDoubleBuffer());
      case HALF -> new ElementSource.HalfSource(bytes.asShortBuffer());
      case BFLOAT16 -> new ElementSource.Bfloat16Source(bytes.asShortBuffer());
      case INT32 -> new ElementSource.IntSource(bytes.asIntBuffer());
      case INT64 -> new ElementSource.LongSource(bytes.asLongBuffer());
      default -> throw new IllegalArgumentException("No view of " + dtype);
    };
  }

  private static TensorValues of(ElementSource source) {
    return new TensorValues(new ElementSource[] {source});
  }

  /**
   * Returns a view of the same elements, each divided by a number when it is read, as 64-bit floats: of a sum over a batch's
   * examples, say, their mean.
   *
   * @param number the number
   * @return the view
   * @throws IllegalArgumentException if the number is zero, NaN or infinite
   */
  public TensorValues dividedBy(double number) {
    if (number == 0 || !Double.isFinite(number)) {
      throw new IllegalArgumentException("Elements are divided by a finite number that is not zero, not by " + number);
    }
    return new TensorValues(slices, divisor * number);
  }

  /**
   * Returns the number of elements.
   *
   * @return the number of elements in all slices
   */
  public long size() {
    return size;
  }

  /** Returns a copy of all elements, which are no more than an array holds. */
  float[] toFloats() {
    return toFloats(Math.toIntExact(size));
  }

  /**
   * Returns a copy of the first elements, rounded to 32-bit floats.
   *
   * @param count how many, at most as many as there are
   * @return the elements, in the order of the memory
   * @throws IllegalArgumentException if the number is negative or more than there are
   */
  public float[] toFloats(int count) {
    if (count < 0 || count > size) {
      throw new IllegalArgumentException("The first " + count + " elements are asked for of a tensor that has " + size);
    }
    float[] floats = new float[count];
    ElementSource.Scratch scratch = new ElementSource.Scratch();
    double[] block = new double[ElementSource.Scratch.LENGTH];
    int at = 0;
    for (int slice = 0; at < count; slice++) {
      int end = Math.min(sliceSize(slice), count - at);
      for (int offset = 0; offset < end; offset += block.length) {
        int length = Math.min(end - offset, block.length);
        read(slice, offset, block, scratch, length);
        for (int i = 0; i < length; i++) {
          floats[at++] = (float) block[i];
        }
      }
    }
    return floats;
  }

  /** Returns how many blocks {@link #copyTo} needs. */
  int blockCount(int blockBytes) {
    long count = 0;
    for (ElementSource slice : slices) {
      int elements = blockBytes / slice.elementBytes();
      count += (slice.remaining() - 1L + elements) / elements;
    }
    return Math.toIntExact(count);
  }

  /** Copies all elements to blocks of memory and returns a view of the copy. */
  TensorValues copyTo(List<ByteBuffer> blocks) {
    List<ElementSource> copies = new ArrayList<>(blocks.size());
    for (ElementSource slice : slices) {
      for (int offset = 0; offset < slice.remaining();) {
        ByteBuffer block = blocks.get(copies.size());
        int count = Math.min(slice.remaining() - offset, block.capacity() / slice.elementBytes());
        copies.add(slice.copy(offset, count, block));
        offset += count;
      }
    }
    return new TensorValues(copies.toArray(ElementSource[]::new), divisor);
  }

  int sliceCount() {
    return slices.length;
  }

  int sliceSize(int slice) {
    return slices[slice].remaining();
  }

  void read(int slice, int offset, double[] target, ElementSource.Scratch scratch, int count) {
    slices[slice].read(offset, target, scratch, count);
    if (divisor != 1) {
      for (int i = 0; i < count; i++) {
        target[i] /= divisor;
      }
    }
  }
}
