package io.github.tensorboard4j.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checks of a run's directory that can be made before anything is written. */
public final class RunDirectory {

  private RunDirectory() {}

  /**
   * Refuses a path that can't become a directory.
   *
   * @throws IllegalArgumentException if the path, or the nearest parent that exists, is not a directory
   */
  public static void requireDirectory(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing != null && !Files.isDirectory(existing)) {
      throw new IllegalArgumentException(
          existing + " is not a directory: TensorBoard's run is one, so name another path than " + directory);
    }
  }

  /**
   * Creates the directory if it doesn't exist, and a file in it, which is deleted again.
   *
   * @throws UncheckedIOException if either is not possible
   */
  public static void requireWritable(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be made a directory: " + e, e);
    }
    try {
      Files.delete(Files.createTempFile(directory, "writable", null));
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be written to: " + e, e);
    }
  }
}
