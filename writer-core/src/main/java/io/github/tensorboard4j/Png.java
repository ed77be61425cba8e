package io.github.tensorboard4j;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Encodes pictures as PNG (ISO/IEC 15948), each row with the filter that leaves the smallest differences. */
final class Png {

  /*
   * ImageIO can do this too, as fast, but to larger files, in no JVM without java.desktop, and not on the writer thread: it looks
   * for its readers and writers once, by the class loader of the thread that asks first, and a program wouldn't find its own ones.
   */
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int LEVEL = 4;
  private static final int FILTERS = 5;
  private static final int OUTPUT = 1 << 15;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Pixels pixels;
  private final int stride;

  private Png(Pixels pixels) {
    this.pixels = pixels;
    this.stride = pixels.width() * pixels.channels();
  }

  static byte[] encode(Pixels pixels) {
    return new Png(pixels).encode();
  }

  private byte[] encode() {
    out.writeBytes(SIGNATURE);
    int colorType = switch (pixels.channels()) {
      case 1 -> 0;
      case 3 -> 2;
      default -> 6;
    };
    byte[] header = ByteBuffer.allocate(13).putInt(pixels.width()).putInt(pixels.height())
        .put((byte) Byte.SIZE).put((byte) colorType).array();
    chunk("IHDR", header, header.length);
    deflate();
    chunk("IEND", new byte[0], 0);
    return out.toByteArray();
  }

  private void chunk(String type, byte[] data, int length) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, length);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    out.writeBytes(name);
    out.write(data, 0, length);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
  }

  private void deflate() {
    Deflater deflater = new Deflater(LEVEL);
    try {
      byte[] output = new byte[OUTPUT];
      byte[] row = new byte[stride];
      byte[] above = new byte[stride];
      byte[][] filtered = new byte[FILTERS][1 + stride];
      for (int y = 0; y < pixels.height(); y++) {
        System.arraycopy(pixels.samples(), y * stride, row, 0, stride);
        deflater.setInput(filter(row, above, filtered));
        drain(deflater, output);
        byte[] free = above;
        above = row;
        row = free;
      }
      deflater.finish();
      drain(deflater, output);
    } finally {
      deflater.end();
    }
  }

  /** Writes what is deflated, as one chunk after the other. */
  private void drain(Deflater deflater, byte[] output) {
    for (int length = deflater.deflate(output); length > 0; length = deflater.deflate(output)) {
      chunk("IDAT", output, length);
    }
  }

  /** Returns the row, filtered, behind the number of the filter: none, left, above, mean, Paeth. */
  private byte[] filter(byte[] row, byte[] above, byte[][] filtered) {
    int pixel = pixels.channels();
    long[] differences = new long[FILTERS];
    for (int i = 0; i < stride; i++) {
      int value = row[i] & 0xff;
      int left = i < pixel ? 0 : row[i - pixel] & 0xff;
      int up = above[i] & 0xff;
      int upLeft = i < pixel ? 0 : above[i - pixel] & 0xff;
      differences[0] += keep(filtered[0], i, value);
      differences[1] += keep(filtered[1], i, value - left);
      differences[2] += keep(filtered[2], i, value - up);
      differences[3] += keep(filtered[3], i, value - (left + up) / 2);
      differences[4] += keep(filtered[4], i, value - paeth(left, up, upLeft));
    }
    int best = 0;
    for (int filter = 1; filter < FILTERS; filter++) {
      best = differences[filter] < differences[best] ? filter : best;
    }
    filtered[best][0] = (byte) best;
    return filtered[best];
  }

  private static int keep(byte[] filtered, int i, int difference) {
    filtered[1 + i] = (byte) difference;
    return Math.abs((byte) difference);
  }

  private static int paeth(int left, int up, int upLeft) {
    int toLeft = Math.abs(up - upLeft);
    int toUp = Math.abs(left - upLeft);
    int toUpLeft = Math.abs(left + up - 2 * upLeft);
    return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
  }
}
