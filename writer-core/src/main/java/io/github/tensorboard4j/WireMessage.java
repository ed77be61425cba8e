package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A protobuf message that is small or rare: written field by field, its length found by encoding it. */
@FunctionalInterface
interface WireMessage {

  /** Writes the message's fields. */
  void encode(CodedOutputStream out) throws IOException;

  /** Returns the serialized message. */
  static byte[] bytes(WireMessage message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      message.encode(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("An array in memory takes every byte", e);
    }
    return bytes.toByteArray();
  }

  /** Writes a field that is a message. */
  static void write(CodedOutputStream out, int field, WireMessage message) throws IOException {
    out.writeByteArray(field, bytes(message));
  }
}
