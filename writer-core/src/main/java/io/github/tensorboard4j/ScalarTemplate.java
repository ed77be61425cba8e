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

  private final byte[] bytes;
  private final int valueAt;

  ScalarTemplate(String tag) {
    byte[] name = tag.getBytes(StandardCharsets.UTF_8);
    int value = 1 + CodedOutputStream.computeUInt32SizeNoTag(name.length) + name.length + 1 + Float.BYTES;
    int summary = 1 + CodedOutputStream.computeUInt32SizeNoTag(value) + value;
    int length = 1 + Double.BYTES + 1 + CodedOutputStream.computeUInt32SizeNoTag(summary) + summary + 1;
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) EventFields.WALL_TIME).putDouble(0);
    out.put((byte) EventFields.SUMMARY);
    putVarint(out, summary);
    out.put((byte) EventFields.SUMMARY_VALUE);
    putVarint(out, value);
    out.put((byte) EventFields.VALUE_TAG);
    putVarint(out, name.length);
    out.put(name);
    out.put((byte) EventFields.VALUE_SIMPLE);
    this.valueAt = out.position();
    out.putFloat(0);
    out.put((byte) EventFields.STEP);
    this.bytes = out.array();
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
