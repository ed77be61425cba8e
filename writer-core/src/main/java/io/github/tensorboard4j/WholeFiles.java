package io.github.tensorboard4j;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Files that take their place whole: neither who reads them nor who has lost power meets a part of one. When a method returns,
 * the storage device has what it wrote and the names of it. Used by the writer thread alone.
 */
final class WholeFiles {

  /** What a file is to have. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A call to the disk. */
  interface Call<T> {
    T make() throws IOException;
  }

  private final Disk disk;
  /** Counts the beginnings and the ends of calls, for the watch. Written by the writer thread alone. */
  private volatile long calls;

  WholeFiles(Disk disk) {
    this.disk = disk;
  }

  /** Returns the number of calls that have begun or ended: odd within one. Called by any thread. */
  long calls() {
    return calls;
  }

  /** Makes a call to the disk. */
  <T> T call(Call<T> call) throws IOException {
    calls++;
    try {
      return call.make();
    } finally {
      calls++;
    }
  }

  /** Does something, such as logging, that may hang as the disk does. */
  void during(Runnable call) {
    calls++;
    try {
      call.run();
    } finally {
      calls++;
    }
  }

  /** Creates a directory and all above it that don't exist. */
  void createDirectory(Path directory) throws IOException {
    call(() -> {
      Files.createDirectories(directory);
      nextCall();
      disk.forceNames(directory, this::nextCall);
      return directory;
    });
  }

  /** Writes a file beside its place and lets it take that at once, whatever is there. */
  void replace(Path directory, String name, Content content) throws IOException {
    call(() -> {
      Path draft = directory.resolve(name + "." + UUID.randomUUID() + ".tmp");
      try {
        write(draft, content);
        move(draft, directory.resolve(name));
      } finally {
        Files.deleteIfExists(draft);
      }
      nextCall();
      disk.forceDirectory(directory);
      return draft;
    });
  }

  private void write(Path draft, Content content) throws IOException {
    try (SeekableByteChannel channel = disk.create(draft)) {
      nextCall();
      content.writeTo(new Pieces(Channels.newOutputStream(channel)));
      disk.force(channel);
      nextCall();
    }
    nextCall();
  }

  private static void move(Path draft, Path file) throws IOException {
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Counts the end of a call and the beginning of another. */
  private void nextCall() {
    calls += 2;
  }

  /** Makes several writes of a large one, each a call of its own: only one that doesn't come back hangs. */
  private final class Pieces extends FilterOutputStream {

    Pieces(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int done = 0; done < length; done += EventFile.LARGEST_WRITE) {
        out.write(bytes, offset + done, Math.min(EventFile.LARGEST_WRITE, length - done));
        nextCall();
      }
    }
  }
}
