package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.EventFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An event that is no summary: one field of bytes beside wall time and step. */
record PlainEvent(double wallTime, long step, int field, ByteBuffer bytes) implements EventEncoder {

  private static final int TAGGED_TAG = 1;
  private static final int TAGGED_METADATA = 2;

  /** The first event of every file. */
  static PlainEvent fileVersion(double wallTime) {
    return new PlainEvent(wallTime, 0, EventFields.FILE_VERSION, utf8("brain.Event:2"));
  }

  /** What files began with before sessions were told by their starts. */
  static PlainEvent olderFileVersion(double wallTime) {
    return new PlainEvent(wallTime, 0, EventFields.FILE_VERSION, utf8("brain.Event:1"));
  }

  /** Who wrote the file. */
  static PlainEvent source(double wallTime, String writer) {
    ByteBuffer name = utf8(writer);
    ByteBuffer metadata = ByteBuffer.allocate(2 + name.remaining());
    metadata.put((byte) EventFields.SOURCE_WRITER).put((byte) name.remaining()).put(name).flip();
    return new PlainEvent(wallTime, 0, EventFields.SOURCE_METADATA, metadata);
  }

  /** The start of a session, from whose step on it supersedes what earlier sessions wrote. */
  static PlainEvent sessionStart(double wallTime, long firstStep) {
    ByteBuffer status =
        ByteBuffer.wrap(new byte[] {EventFields.SESSION_STATUS, EventFields.SESSION_START});
    return new PlainEvent(wallTime, firstStep, EventFields.SESSION_LOG, status);
  }

  /** A model graph. */
  static PlainEvent graph(double wallTime, long step, ByteBuffer graphDef) {
    return new PlainEvent(wallTime, step, EventFields.GRAPH_DEF, graphDef);
  }

  /** What the operations of a graph have taken in a step. */
  static PlainEvent runMetadata(double wallTime, long step, String tag, RunMetadata metadata) {
    byte[] tagged = WireMessage.bytes(out -> {
      out.writeString(TAGGED_TAG, tag);
      out.writeByteArray(TAGGED_METADATA, metadata.encode());
    });
    return new PlainEvent(wallTime, step, EventFields.TAGGED_RUN_METADATA, ByteBuffer.wrap(tagged));
  }

  @Override
  public int length() {
    return 1 + Double.BYTES + 1 + CodedOutputStream.computeInt64SizeNoTag(step)
        + Math.addExact(1 + CodedOutputStream.computeUInt32SizeNoTag(bytes.remaining()), bytes.remaining());
  }

  @Override
  public void encode(CodedOutputStream out) throws IOException {
    out.writeUInt32NoTag(EventFields.WALL_TIME);
    out.writeDoubleNoTag(wallTime);
    out.writeUInt32NoTag(EventFields.STEP);
    out.writeInt64NoTag(step);
    out.writeUInt32NoTag(field);
    out.writeUInt32NoTag(bytes.remaining());
    out.writeRawBytes(bytes.slice());
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
