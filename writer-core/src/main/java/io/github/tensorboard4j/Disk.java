package io.github.tensorboard4j;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What event files ask of the file system; tests stand in for it with one that breaks. */
interface Disk {

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
    public void forceDirectory(Path directory) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException | UnsupportedOperationException notPossible) {
        // as on Windows, which writes its directories through
      }
    }

    @Override
    public Object deviceOf(Path directory) throws IOException {
      return Files.getFileStore(directory);
    }
  };

  /** Creates a file and opens it for appending. */
  SeekableByteChannel create(Path file) throws IOException;

  /** Waits until the storage device has what was written to a file. */
  void force(SeekableByteChannel channel) throws IOException;

  /** Waits until the storage device has the names in a directory. */
  void forceDirectory(Path directory) throws IOException;

  /** Returns what hangs as a whole, if one of its files does. */
  Object deviceOf(Path directory) throws IOException;
}
