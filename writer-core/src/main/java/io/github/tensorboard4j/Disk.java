package io.github.tensorboard4j;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What event files ask of the file system; tests stand in for it with one that breaks. */
interface Disk {

  /** What Linux says of a device that is broken. */
  String INPUT_OUTPUT_ERROR = "Input/output error";

  /** The file systems of the JVM. */
  Disk FILE_SYSTEM = new Disk() {

    @Override
    public SeekableByteChannel create(Path file) throws IOException {
      return Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    }

    @Override
    public void force(SeekableByteChannel channel) throws IOException {
      if (channel instanceof FileChannel file) {
        file.force(false);
      }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException | UnsupportedOperationException e) {
        if (INPUT_OUTPUT_ERROR.equals(e.getMessage())) {
          throw e;
        }
        // not possible, as on Windows, which writes its directories through
      }
    }

    @Override
    public Object deviceOf(Path directory) {
      Path existing = directory.toAbsolutePath();
      while (existing != null && !Files.exists(existing)) {
        existing = existing.getParent();
      }
      if (existing != null) {
        try {
          return Files.getAttribute(existing, "unix:dev");
        } catch (IOException | RuntimeException notUnix) {
          // its root tells it, as on Windows
        }
      }
      return directory.toAbsolutePath().getRoot();
    }
  };

  /** Creates a file and opens it for appending. */
  SeekableByteChannel create(Path file) throws IOException;

  /** Waits until the storage device has what was written to a file. */
  void force(SeekableByteChannel channel) throws IOException;

  /** Waits until the storage device has the names in a directory. */
  void forceDirectory(Path directory) throws IOException;

  /** Waits until the storage device has the names of a directory and of all above it, any of which may be new; calls back after each. */
  default void forceNames(Path directory, Runnable forced) throws IOException {
    for (Path above = directory.toAbsolutePath(); above != null; above = above.getParent()) {
      forceDirectory(above);
      forced.run();
    }
  }

  /** Returns what hangs as a whole, if one of its files does: what a directory is on, or will be. */
  Object deviceOf(Path directory);
}
