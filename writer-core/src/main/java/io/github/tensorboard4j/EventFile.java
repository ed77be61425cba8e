package io.github.tensorboard4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One event file: a name that no other writer takes, and appending to it. Used by the writer thread alone.
 *
 * <p>The name is {@code events.out.tfevents.<seconds>.<host>.<process>.<counter><suffix>}: TensorBoard reads the files of a
 * directory in the order of their names, and asks for {@code tfevents} in each. A new file comes last, even if a clock that
 * was ahead has named the others. It is opened for appending: whoever truncates it leaves no hole.
 */
final class EventFile {

  private static final String PREFIX = "events.out.tfevents.";
  /** As many as a long surely holds. */
  private static final int MOST_DIGITS = 18;

  /** File systems take names of some 255 bytes, of which others have a part. */
  private static final int LONGEST_HOST = 64;

  /** One large write can tear when the process is killed, and takes long on a slow disk, so a write has at most so many bytes. */
  static final int LARGEST_WRITE = 256 << 10;

  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final String HOST = hostName();

  private final String suffix;
  private final FileHeader header;
  private final Disk disk;
  private final long createdSeconds = System.currentTimeMillis() / 1000;
  private Path directory;
  private int counter = COUNTER.getAndIncrement();
  private boolean headerWritten;
  private boolean nameForced;
  /** Counts the beginnings and the ends of calls, for the watch. Written by the writer thread alone. */
  private volatile long calls;

  // of the file that is open
  private @Nullable Path path;
  private @Nullable Object key;
  private @Nullable SeekableByteChannel channel;
  private ByteBuffer pendingHeader = ByteBuffer.allocate(0);
  private long size;

  EventFile(Path directory, String suffix, FileHeader header, Disk disk) {
    this.directory = directory;
    this.disk = disk;
    this.suffix = suffix;
    this.header = header;
  }

  /** Returns whether the file supersedes what earlier ones of its directory have. */
  boolean supersedes() {
    return header.supersedes();
  }

  /** Appends what is between the buffer's position and its limit; after a fault the position is how far it came. */
  void append(ByteBuffer batch) throws IOException {
    calls++;
    try {
      SeekableByteChannel out = channel == null ? create() : channel;
      write(out, pendingHeader);
      headerWritten = true;
      write(out, batch);
    } finally {
      calls++;
    }
  }

  /** Returns the number of calls that have begun or ended: odd within one. Called by any thread. */
  long calls() {
    return calls;
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

  private void write(SeekableByteChannel out, ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    try {
      while (bytes.position() < end) {
        bytes.limit(Math.min(end, bytes.position() + LARGEST_WRITE));
        size += out.write(bytes);
        calls += 2;
      }
    } finally {
      bytes.limit(end);
    }
  }

  /**
   * Returns whether the file is where it was and as long as it was left; follows it to a directory that was renamed. Otherwise
   * it takes every write and keeps none, or none that can be read or found.
   */
  boolean isIntact() throws IOException {
    calls++;
    try {
      return isWhereItWasLeft();
    } finally {
      calls++;
    }
  }

  private boolean isWhereItWasLeft() throws IOException {
    if (channel == null || path == null) {
      return true;
    }
    try {
      if (!channel.isOpen() || channel.size() != size) {
        return false;
      }
    } catch (IOException stale) {
      // as of a file that another host has deleted
      return false;
    }
    return isAt(path) || findRenamed();
  }

  /** Returns whether the file is the one of that name, or that can't be found out. */
  private boolean isAt(Path file) {
    try {
      return key == null || key.equals(keyOf(file));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      Path parent = file.getParent();
      return parent == null || !isBelowAFile(parent);
    }
  }

  private static boolean isBelowAFile(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing != null && !Files.isDirectory(existing);
  }

  /** Gives the file up: what is appended next goes to another. */
  void abandon() {
    counter = COUNTER.getAndIncrement();
    try {
      close();
    } catch (IOException e) {
      // it is lost already
    }
    channel = null;
    path = null;
  }

  /**
   * Looks for the file where a directory above it was renamed, as {@code mv run run-good} does: in those beside the lowest one
   * that is gone, at the same place below.
   */
  private boolean findRenamed() throws IOException {
    if (path == null || key == null) {
      return false;
    }
    Path file = path.toAbsolutePath();
    Path moved = file.getParent();
    while (moved != null && moved.getParent() != null && !Files.isDirectory(moved.getParent())) {
      moved = moved.getParent();
    }
    if (moved == null || moved.getParent() == null) {
      return false;
    }
    try (DirectoryStream<Path> siblings = Files.newDirectoryStream(moved.getParent())) {
      for (Path sibling : siblings) {
        Path candidate = sibling.resolve(moved.relativize(file));
        Path parent = candidate.getParent();
        if (parent != null && Files.exists(candidate) && key.equals(keyOf(candidate))) {
          directory = parent;
          path = candidate;
          return true;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return false;
  }

  private static @Nullable Object keyOf(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Waits until the storage device has what was appended. */
  void force() throws IOException {
    if (channel == null) {
      return;
    }
    calls++;
    try {
      disk.force(channel);
      if (!nameForced) {
        // any directory above the file may be as new as it
        disk.forceNames(directory, () -> calls += 2);
        nameForced = true;
      }
    } finally {
      calls++;
    }
  }

  void close() throws IOException {
    if (channel == null) {
      return;
    }
    calls++;
    try {
      channel.close();
    } finally {
      calls++;
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
      Path created = directory.resolve(name);
      try {
        SeekableByteChannel out = disk.create(created);
        pendingHeader = headerWritten ? header.further() : header.first();
        key = keyOf(created);
        path = created;
        size = 0;
        nameForced = false;
        channel = out;
        return out;
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
      } catch (IOException | RuntimeException | OutOfMemoryError notLinux) {
        name = "localhost";
      }
    }
    String legal = name.isBlank() ? "localhost" : name.replaceAll("[^A-Za-z0-9.-]", "_");
    return legal.substring(0, Math.min(legal.length(), LONGEST_HOST));
  }
}
