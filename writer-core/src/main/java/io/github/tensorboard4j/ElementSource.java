package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** One slice of a tensor: elements of one type in a buffer, between its position and its limit. */
interface ElementSource {

  int remaining();

  int elementBytes();

  /** Converts elements to doubles, which hold every supported type but large longs exactly. */
  void read(int offset, double[] target, Scratch scratch, int count);

  /** Copies elements, as they are, to the start of a block. */
  ElementSource copy(int offset, int count, ByteBuffer block);

  /** Room for bulk copies, so that a read allocates nothing. */
  final class Scratch {
    static final int LENGTH = 2048;

    final float[] floats = new float[LENGTH];
    final short[] shorts = new short[LENGTH];
  }

  /** 32-bit floats. */
  record FloatSource(FloatBuffer buffer) implements ElementSource {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Float.BYTES;
    }

    @Override
    public ElementSource copy(int offset, int count, ByteBuffer block) {
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

  /** 64-bit floats. */
  record DoubleSource(DoubleBuffer buffer) implements ElementSource {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Double.BYTES;
    }

    @Override
    public ElementSource copy(int offset, int count, ByteBuffer block) {
      DoubleBuffer copy = block.asDoubleBuffer();
      copy.put(0, buffer, buffer.position() + offset, count);
      return new DoubleSource(copy.limit(count));
    }

    @Override
    public void read(int offset, double[] target, Scratch scratch, int count) {
      buffer.get(buffer.position() + offset, target, 0, count);
    }
  }

  /** 32-bit integers. */
  record IntSource(IntBuffer buffer) implements ElementSource {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Integer.BYTES;
    }

    @Override
    public ElementSource copy(int offset, int count, ByteBuffer block) {
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

  /** 64-bit integers. */
  record LongSource(LongBuffer buffer) implements ElementSource {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Long.BYTES;
    }

    @Override
    public ElementSource copy(int offset, int count, ByteBuffer block) {
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

  /** 16-bit floats, by their bits. */
  record HalfSource(ShortBuffer buffer) implements ElementSource {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Short.BYTES;
    }

    @Override
    public ElementSource copy(int offset, int count, ByteBuffer block) {
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

  /** bfloat16 elements, by their bits: the upper halves of 32-bit floats, as {@code bfloat16.h} of TensorFlow defines them. */
  record Bfloat16Source(ShortBuffer buffer) implements ElementSource {
    @Override
    public int remaining() {
      return buffer.remaining();
    }

    @Override
    public int elementBytes() {
      return Short.BYTES;
    }

    @Override
    public ElementSource copy(int offset, int count, ByteBuffer block) {
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

  /** Converts as IEEE 754-2019, section 3.4, encodes binary16: 1 sign bit, 5 exponent bits of bias 15, 10 fraction bits. */
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
