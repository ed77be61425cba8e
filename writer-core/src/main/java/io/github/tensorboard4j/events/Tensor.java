package io.github.tensorboard4j.events;

import io.github.tensorboard4j.DType;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor as a file has it.
 *
 * @param content the elements that are numbers, in little-endian order
 * @param strings the elements that are strings
 */
record Tensor(DType dtype, List<Long> shape, ByteBuffer content, List<ByteBuffer> strings) {

  static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  /** Stands where a value has no tensor. */
  static final Tensor NONE = new Tensor(DType.UNKNOWN, List.of(), NO_BYTES, List.of());
}
