package io.github.tensorboard4j.examples.mnist;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The content of an IDX file of unsigned bytes, the format of MNIST and its relatives.
 *
 * <p>The file is two zero bytes, the element type (8 for unsigned bytes), the number of dimensions, each
 * dimension as a big-endian 32-bit integer, and the elements in row-major order (Y. LeCun, C. Cortes, C. Burges,
 * "The MNIST database of handwritten digits", section "The IDX file format").
 *
 * @param name what errors call the file
 * @param shape the dimensions, outermost first
 * @param values the elements in row-major order, to be read as unsigned
 */
record IdxFile(String name, List<Integer> shape, byte[] values) {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /**
   * Reads a whole file, gzipped or plain.
   *
   * @param name what errors call the file
   * @param in the file's bytes; not closed
   * @param rank the number of dimensions that the file must have
   * @throws IOException if the file can't be read, is damaged, or is no IDX file of that rank; the message names
   *     the file, what was expected and what was found
   */
  static IdxFile read(String name, InputStream in, int rank) throws IOException {
    try {
      DataInputStream data = new DataInputStream(decompressed(in));
      List<Integer> shape = readShape(name, data, rank);
      return new IdxFile(name, shape, readValues(name, data, shape));
    } catch (EOFException e) {
      throw new IOException(
          name + ": truncated: expected an IDX file, found its end within the header or the gzipped data", e);
    } catch (ZipException e) {
      throw new IOException(name + ": expected intact gzipped data, found damage: " + e.getMessage(), e);
    }
  }

  private static InputStream decompressed(InputStream in) throws IOException {
    InputStream raw = new BufferedInputStream(in, 1 << 16);
    raw.mark(2);
    int magic = raw.read() << 8 | raw.read();
    raw.reset();
    return magic == GZIP_MAGIC ? new GZIPInputStream(raw, 1 << 16) : raw;
  }

  private static List<Integer> readShape(String name, DataInputStream data, int rank) throws IOException {
    int expected = UNSIGNED_BYTE << 8 | rank;
    int magic = data.readInt();
    if (magic != expected) {
      throw fault(name, "expected an IDX file of unsigned bytes with %d dimension(s), which starts with 0x%08x, "
          + "found 0x%08x", rank, expected, magic);
    }
    int[] shape = new int[rank];
    for (int i = 0; i < rank; i++) {
      shape[i] = data.readInt();
    }
    return IntStream.of(shape).boxed().toList();
  }

  private static byte[] readValues(String name, InputStream data, List<Integer> shape) throws IOException {
    int expected = elements(name, shape);
    byte[] values = data.readNBytes(expected);
    if (values.length < expected) {
      throw fault(name, "truncated: expected %,d bytes (%s) after the header, found %,d",
          expected, text(shape), values.length);
    }
    if (data.read() >= 0) {
      throw fault(name, "expected %,d bytes (%s) after the header, found more", expected, text(shape));
    }
    return values;
  }

  private static int elements(String name, List<Integer> shape) throws IOException {
    long elements = 1;
    for (int dimension : shape) {
      elements *= Math.max(0, dimension);
      if (elements <= 0 || elements > MAX_BYTES) {
        throw fault(name, "expected an IDX file of 1 to %,d bytes, found the dimensions %s", MAX_BYTES, text(shape));
      }
    }
    return (int) elements;
  }

  /** An error that names its file. */
  static IOException fault(String name, String format, Object... arguments) {
    return new IOException(name + ": " + String.format(Locale.ROOT, format, arguments));
  }

  private static String text(List<Integer> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(" x "));
  }
}
