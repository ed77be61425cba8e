package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.EventFields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A tag's scalar event, encoded once: what changes from point to point has a fixed place, but for the step, whose varint
 * comes last (protobuf asks for no order of fields).
 */
final class ScalarTemplate {

  private static final int WALL_TIME_AT = 1;
  private static final byte[] SIMPLE_VALUE = {(byte) EventFields.VALUE_SIMPLE};
  private static final byte[] PLUGIN = "scalars".getBytes(StandardCharsets.US_ASCII);

  private final byte[] bytes;
  private final boolean described;
  private final int valueAt;

  ScalarTemplate(String tag) {
    this(tag, "");
  }

  /**
   * Takes a tag, and a description of the series in Markdown, empty if it has none. One of TensorBoard's loaders takes
   * descriptions of tensors alone, so that a scalar that has one is written as a tensor.
   */
  ScalarTemplate(String tag, String description) {
    byte[] name = tag.getBytes(StandardCharsets.UTF_8);
    this.described = !description.isEmpty();
    byte[] head = description.isEmpty() ? SIMPLE_VALUE : tensorHead(TensorData.utf8(description));
    int value = TensorSummary.delimited(name.length) + head.length + Float.BYTES;
    int summary = TensorSummary.delimited(value);
    int length = 1 + Double.BYTES + TensorSummary.delimited(summary) + 1;
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) EventFields.WALL_TIME).putDouble(0);
    out.put((byte) EventFields.SUMMARY);
    putVarint(out, summary);
    out.put((byte) EventFields.SUMMARY_VALUE);
    putVarint(out, value);
    out.put((byte) EventFields.VALUE_TAG);
    putVarint(out, name.length);
    out.put(name);
    out.put(head);
    this.valueAt = out.position();
    out.putFloat(0);
    out.put((byte) EventFields.STEP);
    this.bytes = out.array();
  }

  /** Returns the metadata of a described scalar, and its tensor up to the four bytes of the value. */
  private static byte[] tensorHead(byte[] description) {
    int plugin = TensorSummary.delimited(PLUGIN.length);
    int metadata = TensorSummary.delimited(plugin) + TensorSummary.delimited(description.length) + 2;
    int tensor = 2 + TensorSummary.delimited(Float.BYTES);
    ByteBuffer out = ByteBuffer.allocate(TensorSummary.delimited(metadata) + TensorSummary.delimited(tensor) - Float.BYTES);
    out.put((byte) EventFields.VALUE_METADATA);
    putVarint(out, metadata);
    out.put((byte) EventFields.METADATA_PLUGIN);
    putVarint(out, plugin);
    out.put((byte) EventFields.PLUGIN_NAME);
    putVarint(out, PLUGIN.length);
    out.put(PLUGIN);
    out.put((byte) EventFields.METADATA_DESCRIPTION);
    putVarint(out, description.length);
    out.put(description);
    out.put((byte) EventFields.METADATA_DATA_CLASS).put((byte) EventFields.DATA_CLASS_SCALAR);
    out.put((byte) EventFields.VALUE_TENSOR);
    putVarint(out, tensor);
    out.put((byte) EventFields.TENSOR_DTYPE).put((byte) DType.FLOAT.number());
    out.put((byte) EventFields.TENSOR_CONTENT);
    putVarint(out, Float.BYTES);
    return out.array();
  }

  /** Returns whether the event has a description, which the first of a series is enough for. */
  boolean isDescribed() {
    return described;
  }

  int length(long step) {
    return bytes.length + CodedOutputStream.computeUInt64SizeNoTag(step);
  }

  void encode(ByteBuffer out, int at, double wallTime, long step, float value) {
    out.put(at, bytes);
    out.putDouble(at + WALL_TIME_AT, wallTime);
    out.putFloat(at + valueAt, value);
    int end = at + bytes.length;
    long rest = step;
    while ((rest & ~0x7fL) != 0) {
      out.put(end++, (byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put(end, (byte) rest);
  }

  /** Returns a single event, for where events of all kinds meet. */
  EventEncoder event(double wallTime, long step, float value) {
    ByteBuffer event = ByteBuffer.allocate(length(step)).order(ByteOrder.LITTLE_ENDIAN);
    encode(event, 0, wallTime, step, value);
    return new EncodedEvent(event.array());
  }

  private static void putVarint(ByteBuffer out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }
}
