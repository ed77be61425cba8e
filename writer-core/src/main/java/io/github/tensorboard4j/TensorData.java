package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.EventFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A tensor that is encoded as it is.
 *
 * @param content the elements that are numbers, in little-endian order; empty for strings
 * @param strings the elements that are strings; empty for numbers
 */
record TensorData(DType dtype, long[] shape, ByteBuffer content, List<byte[]> strings) {

  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  /** Takes strings, in UTF-8 or of any bytes. */
  static TensorData ofStrings(List<byte[]> strings, long... shape) {
    return new TensorData(DType.STRING, shape, NO_BYTES, strings);
  }

  /** Takes numbers, in little-endian order between the buffer's position and its limit. */
  static TensorData ofNumbers(DType dtype, ByteBuffer content, long... shape) {
    return new TensorData(dtype, shape, content, List.of());
  }

  /** Takes 32-bit floats. */
  static TensorData ofFloats(float[] values, long... shape) {
    ByteBuffer content = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    content.asFloatBuffer().put(values);
    return ofNumbers(DType.FLOAT, content, shape);
  }

  /** Returns a text's bytes, in which lone surrogates, for which TensorBoard would drop the rest of the file, are replaced. */
  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the event of a series of such tensors. */
  EventEncoder summary(double wallTime, long step, String tag, String plugin, byte[] pluginContent) {
    return summary(wallTime, step, tag, plugin, pluginContent, EventFields.DATA_CLASS_TENSOR, TensorSummary.NO_DESCRIPTION);
  }

  /** Likewise, for a plugin that TensorBoard keeps strings for as files, such as those for pictures and sounds. */
  EventEncoder blobs(double wallTime, long step, String tag, String plugin, byte[] pluginContent) {
    return summary(
        wallTime, step, tag, plugin, pluginContent, EventFields.DATA_CLASS_BLOB_SEQUENCE, TensorSummary.NO_DESCRIPTION);
  }

  /** Likewise, with all that the metadata can say. */
  EventEncoder summary(
      double wallTime, long step, String tag, String plugin, byte[] pluginContent, int dataClass, byte[] description) {
    return new TensorSummary(wallTime, step, tag, plugin, pluginContent, dataClass, description) {
      @Override
      int tensorLength() {
        return protoLength();
      }

      @Override
      void encodeTensor(CodedOutputStream out) throws IOException {
        encodeProto(out);
      }
    };
  }

  private int protoLength() {
    int length = 2 + TensorSummary.delimited(shapeLength());
    for (byte[] string : strings) {
      length = Math.addExact(length, TensorSummary.delimited(string.length));
    }
    return Math.addExact(length, content.hasRemaining() ? TensorSummary.delimited(content.remaining()) : 0);
  }

  private void encodeProto(CodedOutputStream out) throws IOException {
    out.writeUInt32NoTag(EventFields.TENSOR_DTYPE);
    out.writeUInt32NoTag(dtype.number());
    TensorSummary.start(out, EventFields.TENSOR_SHAPE, shapeLength());
    for (long size : shape) {
      TensorSummary.start(out, EventFields.SHAPE_DIM, dimensionLength(size));
      out.writeUInt32NoTag(EventFields.DIM_SIZE);
      out.writeUInt64NoTag(size);
    }
    if (content.hasRemaining()) {
      TensorSummary.start(out, EventFields.TENSOR_CONTENT, content.remaining());
      out.writeRawBytes(content.slice());
    }
    for (byte[] string : strings) {
      TensorSummary.bytes(out, EventFields.TENSOR_STRING, string);
    }
  }

  private int shapeLength() {
    int length = 0;
    for (long size : shape) {
      length += TensorSummary.delimited(dimensionLength(size));
    }
    return length;
  }

  private static int dimensionLength(long size) {
    return 1 + CodedOutputStream.computeUInt64SizeNoTag(size);
  }
}
