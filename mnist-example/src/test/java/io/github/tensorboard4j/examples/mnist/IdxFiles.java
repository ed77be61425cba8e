package io.github.tensorboard4j.examples.mnist;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes IDX files for tests. */
final class IdxFiles {
  private IdxFiles() {}

  /** An IDX file of unsigned bytes. */
  static byte[] of(byte[] values, int... shape) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(0);
      out.writeByte(8);
      out.writeByte(shape.length);
      for (int dimension : shape) {
        out.writeInt(dimension);
      }
      out.write(values);
    }
    return bytes.toByteArray();
  }

  static byte[] gzipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  /** The images of a data set, each filled with the number of its position. */
  static byte[] images(int count, int side) throws IOException {
    byte[] pixels = new byte[count * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / (side * side));
    }
    return of(pixels, count, side, side);
  }

  /** The labels of a data set: the positions modulo 10. */
  static byte[] labels(int count) throws IOException {
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 10);
    }
    return of(labels, count);
  }

  /** Writes a data set of four plain files under their usual names. */
  static void writeDataSet(Path directory, int train, int test) throws IOException {
    Files.write(directory.resolve("train-images-idx3-ubyte"), images(train, 28));
    Files.write(directory.resolve("train-labels-idx1-ubyte"), labels(train));
    Files.write(directory.resolve("t10k-images-idx3-ubyte"), images(test, 28));
    Files.write(directory.resolve("t10k-labels-idx1-ubyte"), labels(test));
  }
}
