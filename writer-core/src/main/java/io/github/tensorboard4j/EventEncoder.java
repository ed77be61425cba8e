package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A {@code tensorflow.Event} that knows its length and then encodes itself in place. */
interface EventEncoder {

  /** Returns the length of the serialized event in bytes. */
  int length();

  /** Writes exactly {@link #length()} bytes. */
  void encode(CodedOutputStream out) throws IOException;

  /** Returns the event that stands right before this one in the file, null if any may. */
  default @Nullable EventEncoder preceding() {
    return null;
  }
}
