package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.RecordFraming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The memory in which a log's events wait for the writer thread, encoded and framed but for their checksums. */
final class EventBuffer {

  /*
   * Two direct buffers. Publishers encode records into the active one under this object's monitor; the writer thread
   * swaps the two and then, outside the monitor, fills in the checksums and appends the batch to the file. So a publisher
   * meets neither a system call nor a wake-up, unless the buffer is half full (then it wakes the writer, once a buffer) or
   * full (then it waits for the writer, which is the only bound on memory that loses nothing).
   *
   * An event that is larger than a buffer gets memory of its own, which stands in for one of the two; that one is set aside
   * meanwhile, so that to go back to it takes no memory.
   *
   * While the file can't be written, the spare buffer is away with the batch that waits to be written, and publishers don't
   * wait: what no longer fits the active buffer is lost, and counted.
   */
  private static final int CAPACITY = 256 << 10;

  private final Runnable wakeWriter;

  // guarded by this
  private final ArrayDeque<ByteBuffer> setAside = new ArrayDeque<>(2);
  private ByteBuffer active = allocate(CAPACITY);
  private @Nullable ByteBuffer spare = allocate(CAPACITY);
  private boolean publisherWaits;
  private boolean unwritable;
  private boolean closed;
  private long lost;

  EventBuffer(Runnable wakeWriter) {
    this.wakeWriter = wakeWriter;
  }

  /** Appends a scalar's event from its template, without allocating. */
  void append(ScalarTemplate template, double wallTime, long step, float value) {
    boolean halfFull;
    synchronized (this) {
      int length = template.length(step);
      ByteBuffer out = claim(RecordFraming.HEADER + length + RecordFraming.FOOTER);
      if (out == null) {
        return;
      }
      int start = out.position();
      out.putLong(start, length);
      template.encode(out, start + RecordFraming.HEADER, wallTime, step, value);
      halfFull = release(out, start, length);
    }
    if (halfFull) {
      wakeWriter.run();
    }
  }

  /** Appends an event of any other kind. */
  void append(EventEncoder event) {
    boolean halfFull;
    synchronized (this) {
      int length = event.length();
      ByteBuffer out = claim(size(length));
      if (out == null) {
        return;
      }
      halfFull = encode(event, out, length);
    }
    if (halfFull) {
      wakeWriter.run();
    }
  }

  synchronized void requireOpen() {
    if (closed) {
      throw closed();
    }
  }

  static IllegalStateException closed() {
    return new IllegalStateException("This writer is closed: add nothing more to it, or open another one");
  }

  /** Takes no event of publishers any more, those included that wait for room. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Returns whether so much waits that it should be written before the flush interval is over. */
  synchronized boolean isPressing() {
    return publisherWaits || active.position() >= active.capacity() / 2;
  }

  /** Lets publishers wait for room, or not while the file can't be written. */
  synchronized void setUnwritable(boolean unwritable) {
    this.unwritable = unwritable;
    notifyAll();
  }

  /** Counts events that are lost outside of this buffer. */
  synchronized void addLost(long events) {
    lost += events;
  }

  /** Returns the number of lost events, with those that are still here. Called at last. */
  synchronized long countLost() {
    return lost + (active.position() == 0 ? 0 : RecordFraming.countEndingBehind(active.flip(), 0));
  }

  /** Appends as the writer thread, which can't wait for itself; returns whether there was room. */
  synchronized boolean tryAppend(EventEncoder event) {
    int length = event.length();
    int size = size(length);
    ByteBuffer out = hasRoom(size) ? activeFor(size) : null;
    if (out == null) {
      return false;
    }
    encode(event, out, length);
    return true;
  }

  /** Returns what publishers have filled, for the writer to write and give back; null if there is nothing. */
  synchronized @Nullable ByteBuffer take() {
    return active.position() == 0 ? null : swap();
  }

  /** Likewise, and appends an event as the first of the next buffer, before a publisher can fill that. */
  synchronized ByteBuffer takeAndAppend(EventEncoder event) {
    ByteBuffer filled = swap();
    if (!tryAppend(event)) {
      lost++;
    }
    return filled;
  }

  /** Takes back what was written. */
  synchronized void giveBack(ByteBuffer written) {
    ByteBuffer standard = written.capacity() == CAPACITY ? written : setAside.remove();
    spare = standard.clear();
  }

  private ByteBuffer swap() {
    ByteBuffer filled = active;
    active = Objects.requireNonNull(spare, "spare");
    spare = null;
    publisherWaits = false;
    notifyAll();
    return filled;
  }

  /** Returns the active buffer with room for a record, or null if the record is lost. */
  private @Nullable ByteBuffer claim(int size) {
    requireOpen();
    if (!hasRoom(size)) {
      awaitRoom(size);
      requireOpen();
      if (!hasRoom(size)) {
        lost++;
        return null;
      }
    }
    ByteBuffer out = activeFor(size);
    if (out == null) {
      lost++;
    }
    return out;
  }

  /** Waits, uninterruptibly and without allocating, until the writer thread has taken the buffer, or can't. */
  private void awaitRoom(int size) {
    boolean interrupted = false;
    while (!hasRoom(size) && !unwritable && !closed) {
      publisherWaits = true;
      wakeWriter.run();
      try {
        wait(Uninterruptibly.RETRY_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether a record fits; one that is larger than any buffer gets its own, once the active one is empty. */
  private boolean hasRoom(int size) {
    return active.remaining() >= size || active.position() == 0;
  }

  /** Returns the active buffer, which has room or is empty; null if there is no memory for a record that is larger. */
  private @Nullable ByteBuffer activeFor(int size) {
    if (active.remaining() < size) {
      ByteBuffer larger;
      try {
        larger = allocate(size);
      } catch (OutOfMemoryError noDirectMemory) {
        return null;
      }
      if (active.capacity() == CAPACITY) {
        setAside.add(active);
      }
      active = larger;
    }
    return active;
  }

  /** Encodes an event in place; returns whether that made the buffer half full. */
  private static boolean encode(EventEncoder event, ByteBuffer out, int length) {
    int start = out.position();
    out.putLong(start, length);
    try {
      CodedOutputStream coded =
          CodedOutputStream.newInstance(out.slice(start + RecordFraming.HEADER, length).order(ByteOrder.LITTLE_ENDIAN));
      event.encode(coded);
      coded.flush();
      coded.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("An event does not have the length that it declares", e);
    }
    return release(out, start, length);
  }

  private static boolean release(ByteBuffer out, int start, int length) {
    int end = start + RecordFraming.HEADER + length + RecordFraming.FOOTER;
    out.position(end);
    int half = out.capacity() / 2;
    return start < half && end >= half;
  }

  private static int size(int length) {
    return Math.addExact(RecordFraming.HEADER + RecordFraming.FOOTER, length);
  }

  private static ByteBuffer allocate(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }
}
