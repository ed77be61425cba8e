package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** An event that was encoded before. */
record EncodedEvent(byte[] bytes) implements EventEncoder {

  @Override
  public int length() {
    return bytes.length;
  }

  @Override
  public void encode(CodedOutputStream out) throws IOException {
    out.write(bytes, 0, bytes.length);
  }
}
