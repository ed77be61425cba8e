package io.github.tensorboard4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One event file: a name that no other writer takes, and appending to it. Used by the writer thread alone.
 *
 * <p>The name is {@code events.out.tfevents.<seconds>.<host>.<process>.<counter><suffix>}: TensorBoard reads the files of a
 * directory in the order of their names, and asks for {@code tfevents} in each. A new file comes last, even if a clock that
 * was ahead has named the others.
 */
final class EventFile {

  private static final String PREFIX = "events.out.tfevents.";
  /** As many as a long surely holds. */
  private static final int MOST_DIGITS = 18;

  /** One large write can tear when the process is killed, so a write stays below this many bytes. */
  static final int LARGEST_WRITE = 1 << 20;

  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final String HOST = hostName();

  private final Path directory;
  private final String suffix;
  private final long createdSeconds = System.currentTimeMillis() / 1000;
  private int counter = COUNTER.getAndIncrement();
  private @Nullable Path path;
  private @Nullable SeekableByteChannel channel;

  EventFile(Path directory, String suffix) {
    this.directory = directory;
    this.suffix = suffix;
  }

  /** Appends what is between the buffer's position and its limit; after a fault the position is how far it came. */
  void append(ByteBuffer batch) throws IOException {
    SeekableByteChannel out = channel == null ? create() : channel;
    int end = batch.limit();
    try {
      while (batch.position() < end) {
        batch.limit(Math.min(end, batch.position() + LARGEST_WRITE));
        out.write(batch);
      }
    } finally {
      batch.limit(end);
    }
  }

  /** Throws if somebody has deleted the file, since a deleted file takes every write and keeps none. */
  void checkStillThere() throws IOException {
    if (path != null && Files.notExists(path)) {
      throw new NoSuchFileException(path.toString(), null, "the file was deleted while it was being written");
    }
  }

  /** Waits until the storage device has what was appended. */
  void force() throws IOException {
    if (channel instanceof FileChannel file) {
      file.force(false);
    }
  }

  void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public String toString() {
    return String.valueOf(path == null ? directory : path);
  }

  private SeekableByteChannel create() throws IOException {
    Files.createDirectories(directory);
    String newest = newestName();
    long seconds = createdSeconds;
    while (true) {
      String name = String.format(
          Locale.ROOT, "%s%010d.%s.%d.%04d%s", PREFIX, seconds, HOST, ProcessHandle.current().pid(), counter, suffix);
      if (name.compareTo(newest) <= 0) {
        seconds = secondsOf(newest) + 1;
        newest = "";
        continue;
      }
      try {
        SeekableByteChannel created =
            Files.newByteChannel(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel = created;
        path = directory.resolve(name);
        return created;
      } catch (FileAlreadyExistsException taken) {
        // another process with this one's number, as two containers have on a shared disk
        counter = COUNTER.getAndIncrement();
      }
    }
  }

  /** Returns the last name of those event files that are named after a time, empty if there is none. */
  private String newestName() throws IOException {
    String newest = "";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "[0-9]*")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        newest = name.compareTo(newest) > 0 ? name : newest;
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return newest;
  }

  private static long secondsOf(String name) {
    String rest = name.substring(PREFIX.length());
    int end = 1;
    while (end < rest.length() && end < MOST_DIGITS && Character.isDigit(rest.charAt(end))) {
      end++;
    }
    return Long.parseLong(rest.substring(0, end));
  }

  /** Asks the environment before the network, whose answer can take seconds. */
  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    if (name == null || name.isBlank()) {
      name = System.getenv("COMPUTERNAME");
    }
    if (name == null || name.isBlank()) {
      try {
        name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      } catch (IOException | RuntimeException notLinux) {
        name = "localhost";
      }
    }
    return name.isBlank() ? "localhost" : name.replaceAll("[^A-Za-z0-9.-]", "_");
  }
}
