package io.github.tensorboard4j.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

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
      if (Files.isSymbolicLink(existing)) {
        throw new IllegalArgumentException(existing + " is a symbolic link to nothing: name another path than " + directory);
      }
      existing = existing.getParent();
    }
    if (existing != null && !Files.isDirectory(existing)) {
      throw new IllegalArgumentException(
          existing + " is not a directory: TensorBoard's run is one, so name another path than " + directory);
    }
  }

  /**
   * Refuses a directory in a file system, other than the default one, that shows a file only once it is closed, as those of zip
   * files and object stores do: TensorBoard could follow no run there, and nothing could be appended later.
   *
   * @throws IllegalArgumentException if the file system is of that kind
   */
  public static void requireAppending(Path directory) {
    if (directory.getFileSystem() == FileSystems.getDefault()) {
      return;
    }
    Path probe = directory.resolve(".tensorboard4j-" + UUID.randomUUID());
    boolean appends;
    try {
      Files.createDirectories(directory);
      try (SeekableByteChannel channel =
          Files.newByteChannel(probe, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND)) {
        channel.write(ByteBuffer.allocate(1));
        appends = Files.exists(probe) && Files.size(probe) == 1;
      } catch (ReadOnlyFileSystemException e) {
        // a fault of its own kind
        return;
      } catch (UnsupportedOperationException e) {
        appends = false;
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      // a fault, which says nothing of the kind: it is met again when there is something to write
      return;
    }
    if (!appends) {
      throw new IllegalArgumentException("The file system of " + directory + " shows a file only once it is closed, so that "
          + "nothing could be followed or kept: record to a directory of the default file system, and copy it afterwards");
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
