package io.github.tensorboard4j.examples.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A training set and a test set of labelled images.
 *
 * @param train the images to learn from
 * @param test the images to validate with
 */
public record MnistData(LabelledImages train, LabelledImages test) {
  /** Reads the file that is called by a stem, such as {@code train-images}, and the suffix of its rank. */
  @FunctionalInterface
  private interface Source {
    IdxFile read(String stem, int rank) throws IOException;
  }

  /**
   * The MNIST digits that come with the example: 60,000 to learn from and 10,000 to validate with.
   *
   * @return the digits
   * @throws IOException if they are not on the class path as they should be
   */
  public static MnistData bundled() throws IOException {
    return read(MnistData::readBundled);
  }

  /**
   * The IDX files of a directory, gzipped or plain, under the names that MNIST and Fashion-MNIST have.
   *
   * @throws IOException if a file is missing, truncated or not what its name says; the message names it
   */
  static MnistData load(Path directory) throws IOException {
    return read((stem, rank) -> readFile(find(directory, stem, rank), rank));
  }

  private static MnistData read(Source source) throws IOException {
    return new MnistData(
        LabelledImages.of(source.read("train-images", 3), source.read("train-labels", 1)),
        LabelledImages.of(source.read("t10k-images", 3), source.read("t10k-labels", 1)));
  }

  private static IdxFile readBundled(String stem, int rank) throws IOException {
    String resource = "/mnist/" + stem + "-idx" + rank + "-ubyte.gz";
    try (InputStream in = MnistData.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new NoSuchFileException(resource);
      }
      return IdxFile.read(resource, in, rank);
    }
  }

  private static IdxFile readFile(Path file, int rank) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return IdxFile.read(file.toString(), in, rank);
    }
  }

  private static Path find(Path directory, String stem, int rank) throws IOException {
    String type = "idx" + rank + "-ubyte";
    List<String> names = List.of(
        stem + "-" + type + ".gz", stem + "-" + type, stem + "." + type + ".gz", stem + "." + type);
    for (String name : names) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new IOException(directory + ": expected one of " + String.join(", ", names) + ", found none of them");
  }
}
