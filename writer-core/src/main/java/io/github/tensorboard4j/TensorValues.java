package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * A read-only view of a tensor's elements, in place: one or several NIO buffers of one element type.
 *
 * <p>Each buffer contributes the elements between its position and its limit; neither is moved. A tensor that is larger
 * than one buffer can be (2<sup>31</sup>-1 elements) is given as several slices. The view is read during the call it is
 * passed to and never afterwards, so it may point into a framework's own memory.
 *
 * <p>Direct buffers should have the machine's byte order; others work, at a cost.
 */
public final class TensorValues {

  /** One slice. */
  private interface Source {
    int remaining();

    int elementBytes();

    /** Converts elements to doubles, which hold every supported type but large longs exactly. */
    void read(int offset, double[] target, Scratch scratch, int count);

    /** Copies elements, as they are, to the start of a block. */
    Source copy(int offset, int count, ByteBuffer block);
  }

  /** Room for bulk copies, so that a read allocates nothing. */
  static final class Scratch {
    static final int LENGTH = 2048;

    private final float[] floats = new float[LENGTH];
    private final short[] shorts = new short[LENGTH];
  }

  private final Source[] slices;
  private final long size;

  private TensorValues(Source[] slices) {
    this.slices = slices;
    long sum = 0;
    for (Source slice : slices) {
      sum += slice.remaining();
    }
    this.size = sum;
  }

  /**
   * Views 32-bit floats.
   *
   * @param slices the tensor's elements, in any number of buffers
   * @return the view
   */
  public static TensorValues of(FloatBuffer... slices) {
    return new TensorValues(sources(slices, FloatSource::new));
  }

  /**
   * Views 64-bit floats.
   *
   * @param slices the tensor's elements, in any number of buffers
   * @return the view
   */
  public static TensorValues of(DoubleBuffer... slices) {
    return new TensorValues(sources(slices, DoubleSource::new));
  }

  /**
   * Views 32-bit integers.
   *
   * @param slices the tensor's elements, in any number of buffers
   * @return the view
   */
  public static TensorValues of(IntBuffer... slices) {
    return new TensorValues(sources(slices, IntSource::new));
  }

  /**
   * Views 64-bit integers, which are rounded to 64-bit floats.
   *
   * @param slices the tensor's elements, in any number of buffers
   * @return the view
   */
  public static TensorValues of(LongBuffer... slices) {
    return new TensorValues(sources(slices, LongSource::new));
  }

  /**
   * Views 16-bit floats of IEEE 754 (binary16, "half").
   *
   * @param slices the elements' bits, in any number of buffers
   * @return the view
   */
  public static TensorValues ofHalf(ShortBuffer... slices) {
    return new TensorValues(sources(slices, HalfSource::new));
  }

  /**
   * Views bfloat16 elements, the upper halves of 32-bit floats.
   *
   * @param slices the elements' bits, in any number of buffers
   * @return the view
   */
  public static TensorValues ofBfloat16(ShortBuffer... slices) {
    return new TensorValues(sources(slices, Bfloat16Source::new));
  }

  /**
   * Tells how many elements the view has.
   *
   * @return the number of elements in all slices
   */
  public long size() {
    return size;
  }

  /** Tells how many blocks {@link #copyTo} needs. */
  int blockCount(int blockBytes) {
    int count = 0;
    for (Source slice : slices) {
      int elements = blockBytes / slice.elementBytes();
      count += (slice.remaining() + elements - 1) / elements;
    }
    return count;
  }

  /** Copies all elements to blocks of memory and gives a view of the copy. */
  TensorValues copyTo(List<ByteBuffer> blocks) {
    List<Source> copies = new ArrayList<>(blocks.size());
    for (Source slice : slices) {
      for (int offset = 0; offset < slice.remaining(); ) {
        ByteBuffer block = blocks.get(copies.size());
        int count = Math.min(slice.remaining() - offset, block.capacity() / slice.elementBytes());
        copies.add(slice.copy(offset, count, block));
        offset += count;
      }
    }
    return new TensorValues(copies.toArray(Source[]::new));
  }

  int sliceCount() {
    return slices.length;
  }

  int sliceSize(int slice) {
    return slices[slice].remaining();
  }

  void read(int slice, int offset, double[] target, Scratch scratch, int count) {
    slices[slice].read(offset, target, scratch, count);
  }

  private static <B> Source[] sources(B[] buffers, Function<B, Source> wrap) {
    Source[] sources = new Source[buffers.length];
    for (int i = 0; i < buffers.length; i++) {
      sources[i] = wrap.apply(Objects.requireNonNull(buffers[i], "A slice of the tensor is null"));
    }
    return sources;
  }

  private record FloatSource(FloatBuffer buffer) implements Source {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Float.BYTES;
    }

    @Override
    public Source copy(int offset, int count, ByteBuffer block) {
      FloatBuffer copy = block.asFloatBuffer();
      copy.put(0, buffer, buffer.position() + offset, count);
      return new FloatSource(copy.limit(count));
    }

    @Override
    public void read(int offset, double[] target, Scratch scratch, int count) {
      float[] floats = scratch.floats;
      buffer.get(buffer.position() + offset, floats, 0, count);
      for (int i = 0; i < count; i++) {
        target[i] = floats[i];
      }
    }
  }

  private record DoubleSource(DoubleBuffer buffer) implements Source {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Double.BYTES;
    }

    @Override
    public Source copy(int offset, int count, ByteBuffer block) {
      DoubleBuffer copy = block.asDoubleBuffer();
      copy.put(0, buffer, buffer.position() + offset, count);
      return new DoubleSource(copy.limit(count));
    }

    @Override
    public void read(int offset, double[] target, Scratch scratch, int count) {
      buffer.get(buffer.position() + offset, target, 0, count);
    }
  }

  private record IntSource(IntBuffer buffer) implements Source {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Integer.BYTES;
    }

    @Override
    public Source copy(int offset, int count, ByteBuffer block) {
      IntBuffer copy = block.asIntBuffer();
      copy.put(0, buffer, buffer.position() + offset, count);
      return new IntSource(copy.limit(count));
    }

    @Override
    public void read(int offset, double[] target, Scratch scratch, int count) {
      for (int i = 0, at = buffer.position() + offset; i < count; i++) {
        target[i] = buffer.get(at + i);
      }
    }
  }

  private record LongSource(LongBuffer buffer) implements Source {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Long.BYTES;
    }

    @Override
    public Source copy(int offset, int count, ByteBuffer block) {
      LongBuffer copy = block.asLongBuffer();
      copy.put(0, buffer, buffer.position() + offset, count);
      return new LongSource(copy.limit(count));
    }

    @Override
    public void read(int offset, double[] target, Scratch scratch, int count) {
      for (int i = 0, at = buffer.position() + offset; i < count; i++) {
        target[i] = buffer.get(at + i);
      }
    }
  }

  private record HalfSource(ShortBuffer buffer) implements Source {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Short.BYTES;
    }

    @Override
    public Source copy(int offset, int count, ByteBuffer block) {
      ShortBuffer copy = block.asShortBuffer();
      copy.put(0, buffer, buffer.position() + offset, count);
      return new HalfSource(copy.limit(count));
    }

    @Override
    public void read(int offset, double[] target, Scratch scratch, int count) {
      short[] shorts = scratch.shorts;
      buffer.get(buffer.position() + offset, shorts, 0, count);
      for (int i = 0; i < count; i++) {
        target[i] = halfToDouble(shorts[i]);
      }
    }
  }

  private record Bfloat16Source(ShortBuffer buffer) implements Source {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Short.BYTES;
    }

    @Override
    public Source copy(int offset, int count, ByteBuffer block) {
      ShortBuffer copy = block.asShortBuffer();
      copy.put(0, buffer, buffer.position() + offset, count);
      return new Bfloat16Source(copy.limit(count));
    }

    @Override
    public void read(int offset, double[] target, Scratch scratch, int count) {
      short[] shorts = scratch.shorts;
      buffer.get(buffer.position() + offset, shorts, 0, count);
      for (int i = 0; i < count; i++) {
        target[i] = Float.intBitsToFloat(shorts[i] << 16);
      }
    }
  }

  private static double halfToDouble(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      float subnormal = fraction * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    int wide = exponent == 0x1f ? 0x7f800000 : exponent + 112 << 23;
    return Float.intBitsToFloat(sign | wide | fraction << 13);
  }
}
