package io.github.tensorboard4j.internal;

import java.nio.ByteBuffer;

/**
 * TFRecord framing: the length (u64, little-endian), the length's masked checksum, the data, the data's masked checksum.
 */
public final class RecordFraming {

  public static final int HEADER = Long.BYTES + Integer.BYTES;
  public static final int FOOTER = Integer.BYTES;

  private final MaskedCrc32c crc = new MaskedCrc32c();

  /**
   * Fills in the checksums of all records between the start and the position, whose lengths and data are there; returns how many
   * they are.
   */
  public int seal(ByteBuffer records) {
    int end = records.position();
    int at = 0;
    int count = 0;
    while (at < end) {
      int length = (int) records.getLong(at);
      int lengthCrc = crc.of(records, at, Long.BYTES);
      int dataCrc = crc.of(records, at + HEADER, length);
      records.limit(records.capacity());
      records.putInt(at + Long.BYTES, lengthCrc);
      records.putInt(at + HEADER + length, dataCrc);
      at += HEADER + length + FOOTER;
      count++;
    }
    records.limit(records.capacity()).position(end);
    return count;
  }

  /** Returns where the record begins that holds the byte at an offset, among records from the start to the limit. */
  public static int startOfRecordAt(ByteBuffer records, int offset) {
    int start = 0;
    int end = 0;
    while (end <= offset && end < records.limit()) {
      start = end;
      end += HEADER + (int) records.getLong(start) + FOOTER;
    }
    return end <= offset ? end : start;
  }

  /** Returns how many of the records between the start and the limit end behind an offset. */
  public static long countEndingBehind(ByteBuffer records, int offset) {
    long count = 0;
    int at = 0;
    while (at < records.limit()) {
      at += HEADER + (int) records.getLong(at) + FOOTER;
      if (at > offset) {
        count++;
      }
    }
    return count;
  }
}
