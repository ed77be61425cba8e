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
   * Both start with no memory and grow when they are used, so that a writer that does little costs little.
   *
   * An event that is larger than a buffer gets memory of its own, which stands in for one of the two; that one is set aside
   * meanwhile, so that to go back to it takes no memory.
   *
   * While the file can't be written, the spare buffer is away with the batch that waits to be written, and publishers don't
   * wait: what no longer fits the active buffer is lost, and counted.
   */
  private static final int CAPACITY = 256 << 10;
  private static final int INITIAL = 2 << 10;

  private static volatile boolean directMemoryUsedUp;

  private final Runnable wakeWriter;
  private final int capacity;
  private final long retryMillis;

  // guarded by this
  private final ArrayDeque<ByteBuffer> setAside = new ArrayDeque<>(2);
  private ByteBuffer active = ByteBuffer.allocate(0);
  private @Nullable ByteBuffer spare = ByteBuffer.allocate(0);
  private boolean publisherWaits;
  private boolean faulty;
  private boolean hanging;
  private boolean closed;
  private long lost;

  EventBuffer(Runnable wakeWriter) {
    this(wakeWriter, CAPACITY, Uninterruptibly.RETRY_MILLIS);
  }

  /** Creates a buffer of so many bytes, at most, in each half, whose publishers wake the writer again so often. */
  EventBuffer(Runnable wakeWriter, int capacity, long retryMillis) {
    this.wakeWriter = wakeWriter;
    this.capacity = capacity;
    this.retryMillis = retryMillis;
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
      out.position(start + RecordFraming.HEADER + length + RecordFraming.FOOTER);
      halfFull = isNowHalfFull(start);
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
      ByteBuffer out = claim(size(event, length));
      if (out == null) {
        return;
      }
      int start = out.position();
      encodeAfterPreceding(event, out, length);
      halfFull = isNowHalfFull(start);
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
    return publisherWaits || !isUnwritable() && active.position() >= capacity / 2;
  }

  /** Returns whether the record from there to the position has made the buffer half full. */
  private boolean isNowHalfFull(int start) {
    return start < capacity / 2 && active.position() >= capacity / 2;
  }

  /** Lets publishers wait for room, or not while the file can't be written. */
  synchronized void setFaulty(boolean faulty) {
    this.faulty = faulty;
    notifyAll();
  }

  /** Likewise while the disk hangs. */
  synchronized void setHanging(boolean hanging) {
    this.hanging = hanging;
    notifyAll();
  }

  private boolean isUnwritable() {
    return faulty || hanging;
  }

  /** Counts events that are lost outside of this buffer. */
  synchronized void addLost(long events) {
    lost += events;
  }

  /** Returns the number of lost events, with those that are still here while the file can't be written. */
  synchronized long countLost() {
    if (!isUnwritable()) {
      return lost;
    }
    ByteBuffer waiting = active.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
    return lost + RecordFraming.countEndingBehind(waiting, 0);
  }

  /** Frees the memory, after the last event; those that are still here are lost. */
  synchronized void free() {
    lost = countLost();
    active = ByteBuffer.allocate(0);
    spare = null;
    setAside.clear();
  }

  /** Appends as the writer thread, which can't wait for itself; returns whether there was room. */
  synchronized boolean tryAppend(EventEncoder event) {
    int length = event.length();
    ByteBuffer out = roomFor(size(event, length));
    if (out == null) {
      return false;
    }
    encodeAfterPreceding(event, out, length);
    return true;
  }

  /** Returns what publishers have filled, for the writer to write and give back; null if there is nothing. */
  synchronized @Nullable ByteBuffer take() {
    return active.position() == 0 ? null : swap();
  }

  /** Likewise, and appends an event as the first of the next buffer, before a publisher can fill that. */
  synchronized ByteBuffer takeAndAppend(EventEncoder event) {
    ByteBuffer filled = swap();
    try {
      if (!tryAppend(event)) {
        lost++;
      }
    } catch (RuntimeException | Error e) {
      // what is filled must not be lost with the event
      lost++;
    }
    return filled;
  }

  /** Takes back what was written. */
  synchronized void giveBack(ByteBuffer written) {
    ByteBuffer standard = written.capacity() <= capacity ? written : setAside.remove();
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
    ByteBuffer out = roomFor(size);
    if (out == null) {
      out = awaitRoom(size);
      requireOpen();
      if (out == null) {
        lost++;
      }
    }
    return out;
  }

  /** Waits, uninterruptibly and without allocating, until the writer thread has taken the buffer, or can't. */
  private @Nullable ByteBuffer awaitRoom(int size) {
    boolean interrupted = false;
    ByteBuffer out = null;
    while (out == null && active.position() > 0 && !isUnwritable() && !closed) {
      publisherWaits = true;
      wakeWriter.run();
      try {
        if (publisherWaits) {
          wait(retryMillis);
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
      out = closed ? null : roomFor(size);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return out;
  }

  /** Returns the active buffer if it has room for a record, or can have; else null. */
  private @Nullable ByteBuffer roomFor(int size) {
    if (active.remaining() < size) {
      long needed = (long) active.position() + size;
      try {
        if (needed <= capacity) {
          grow((int) needed);
        } else if (active.position() == 0) {
          standIn(size);
        } else {
          return null;
        }
      } catch (OutOfMemoryError noDirectMemory) {
        return null;
      }
    }
    return active;
  }

  /** Gives the active buffer more memory, as it has not yet had all that it may have. */
  private void grow(int needed) {
    int larger = Math.max(active.capacity(), Math.min(INITIAL, capacity));
    while (larger < needed) {
      larger = Math.min(capacity, 8 * larger);
    }
    active = allocate(larger).put(active.flip());
  }

  /** Lets memory of its own size stand in for the active buffer, for an event that is larger than a buffer may be. */
  private void standIn(int size) {
    ByteBuffer larger = allocate(size);
    if (active.capacity() <= capacity) {
      setAside.add(active);
    }
    active = larger;
  }

  /** Encodes an event in place, framed but for its checksums. */
  static void encode(EventEncoder event, ByteBuffer out, int length) {
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
    out.position(start + RecordFraming.HEADER + length + RecordFraming.FOOTER);
  }

  /** Likewise, after the event that must stand right before it, if there is one. */
  private static void encodeAfterPreceding(EventEncoder event, ByteBuffer out, int length) {
    EventEncoder preceding = event.preceding();
    if (preceding != null) {
      encode(preceding, out, preceding.length());
    }
    encode(event, out, length);
  }

  /** Returns the size of an event's record, and of that which must stand right before it. */
  private static int size(EventEncoder event, int length) {
    EventEncoder preceding = event.preceding();
    int before = preceding == null ? 0 : size(preceding, preceding.length());
    return Math.addExact(before + RecordFraming.HEADER + RecordFraming.FOOTER, length);
  }

  /** Allocates direct memory, or where there is none on the heap: a program may have used up the one and have the other. */
  private static ByteBuffer allocate(int capacity) {
    ByteBuffer memory;
    if (directMemoryUsedUp) {
      memory = ByteBuffer.allocate(capacity);
    } else {
      try {
        memory = ByteBuffer.allocateDirect(capacity);
      } catch (OutOfMemoryError noDirectMemory) {
        // the JVM has collected garbage and slept before it said so: once is enough
        directMemoryUsedUp = true;
        memory = ByteBuffer.allocate(capacity);
      }
    }
    return memory.order(ByteOrder.LITTLE_ENDIAN);
  }
}
