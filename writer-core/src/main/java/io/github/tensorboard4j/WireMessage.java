package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

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
    write(out, field, bytes(message));
  }

  /** Writes a field of bytes. */
  static void write(CodedOutputStream out, int field, byte[] bytes) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  /** Replaces lone surrogates, which are no UTF-8 and would make TensorBoard drop the rest of the file. */
  static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
