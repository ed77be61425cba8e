package io.github.tensorboard4j.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksum of TFRecord files: CRC-32C, rotated and offset so that a checksum of checksums stays sound, as {@code Mask} in
 * TensorFlow's {@code tsl/lib/hash/crc32c.h} does.
 */
public final class MaskedCrc32c {

  private static final int MASK_DELTA = 0xa282ead8;

  private final CRC32C crc = new CRC32C();

  /** Returns the checksum of {@code length} bytes from {@code offset}; moves the buffer's position and limit. */
  public int of(ByteBuffer bytes, int offset, int length) {
    crc.reset();
    bytes.limit(offset + length).position(offset);
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}
