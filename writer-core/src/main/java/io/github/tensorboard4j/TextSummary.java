package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.EventFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A text for TensorBoard: a scalar string tensor in Markdown. */
final class TextSummary extends TensorSummary {

  private final byte[] text;

  TextSummary(double wallTime, long step, String tag, String markdown) {
    super(wallTime, step, tag, "text", new byte[0]);
    this.text = markdown.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  int tensorLength() {
    return 2 + delimited(0) + delimited(text.length);
  }

  @Override
  void encodeTensor(CodedOutputStream out) throws IOException {
    out.writeUInt32NoTag(EventFields.TENSOR_DTYPE);
    out.writeUInt32NoTag(EventFields.DT_STRING);
    start(out, EventFields.TENSOR_SHAPE, 0);
    bytes(out, EventFields.TENSOR_STRING, text);
  }
}
