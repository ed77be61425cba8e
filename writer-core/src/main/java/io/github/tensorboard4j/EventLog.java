package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.RecordFraming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of an event from the thread that publishes it to its file. */
final class EventLog {

  /*
   * Two direct buffers. Publishers encode records into the active one under this object's monitor; the writer thread
   * swaps the two and then, outside the monitor, fills in the checksums and appends the batch to the file. So a publisher
   * meets neither a system call nor a wake-up, unless the buffer is half full (then it wakes the writer, once a buffer) or
   * full (then it waits for the writer, which is the only bound on memory that loses nothing).
   *
   * When the file can't be written, the batch stays where it is and the writer goes on from the very byte at every flush
   * interval, so that a disk that is full for a while costs nothing but the events that no longer fit the active buffer.
   * Publishers never wait for a file at fault. What is lost is counted and told at close.
   */
  private static final int CAPACITY = 256 << 10;
  private static final Logger LOGGER = LoggerFactory.getLogger(SummaryWriter.class);

  private final EventFile file;
  private final long flushNanos;
  private final HistogramQueue histograms;
  private final RecordFraming framing = new RecordFraming();
  private WeakReference<SummaryWriter> owner = new WeakReference<>(null);
  private boolean owned;

  // guarded by this
  private ByteBuffer active = allocate(CAPACITY);
  private ByteBuffer spare = allocate(CAPACITY);
  private long requests;
  private long answered;
  private boolean syncRequested;
  private boolean closing;
  private boolean closed;
  private boolean faulty;
  private long lost;

  // the writer thread's own
  private ByteBuffer batch;
  private boolean reported;
  private long nextDrain;

  EventLog(EventFile file, HistogramQueue histograms, Duration flushInterval) {
    this.file = file;
    this.histograms = histograms;
    this.flushNanos = flushInterval.toNanos();
    this.nextDrain = System.nanoTime() + flushNanos;
  }

  /** Closes the log by itself once nobody holds the writer any more. */
  void ownedBy(SummaryWriter writer) {
    owner = new WeakReference<>(writer);
    owned = true;
  }

  /** Appends a scalar's event from its template, without allocating. */
  void append(ScalarTemplate template, double wallTime, long step, float value) {
    boolean wake;
    synchronized (this) {
      int length = template.length(step);
      ByteBuffer out = claim(RecordFraming.HEADER + length + RecordFraming.FOOTER);
      if (out == null) {
        return;
      }
      int start = out.position();
      out.putLong(start, length);
      template.encode(out, start + RecordFraming.HEADER, wallTime, step, value);
      wake = release(out, start, length);
    }
    if (wake) {
      WriterThread.wake();
    }
  }

  /** Appends an event of any other kind. */
  void append(EventEncoder event) {
    boolean wake;
    synchronized (this) {
      int length = event.length();
      ByteBuffer out = claim(Math.addExact(RecordFraming.HEADER + RecordFraming.FOOTER, length));
      if (out == null) {
        return;
      }
      wake = encode(event, out, length);
    }
    if (wake) {
      WriterThread.wake();
    }
  }

  /** Appends the event of a tensor's histogram, sooner or later. */
  void append(String tag, double wallTime, long step, TensorValues values) {
    synchronized (this) {
      requireOpen();
    }
    if (histograms.add(tag, wallTime, step, values)) {
      WriterThread.wake();
    }
  }

  /** Waits until the writer thread has tried to write all that was appended before. */
  void flush() {
    await(request(false));
  }

  /** Like {@link #flush()}, and waits for the storage device. */
  void sync() {
    await(request(true));
  }

  void close() {
    synchronized (this) {
      closing = true;
    }
    await(request(true));
  }

  synchronized boolean isClosed() {
    return closing;
  }

  private synchronized long request(boolean sync) {
    syncRequested |= sync;
    return ++requests;
  }

  private void await(long ticket) {
    WriterThread.await(this, () -> answered >= ticket || closed);
  }

  /** Gives the active buffer with room for a record, or null if the record is lost. */
  private ByteBuffer claim(int size) {
    requireOpen();
    if (!hasRoom(size)) {
      awaitRoom(size);
      requireOpen();
      if (!hasRoom(size)) {
        lost++;
        return null;
      }
    }
    return activeFor(size);
  }

  /** Waits, uninterruptibly and without allocating, until the writer thread has taken the buffer, or can't. */
  private void awaitRoom(int size) {
    boolean interrupted = false;
    while (!hasRoom(size) && !faulty && !closing) {
      request(false);
      WriterThread.wake();
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells whether a record fits; one that is larger than any buffer gets its own, once the active one is empty. */
  private boolean hasRoom(int size) {
    return active.remaining() >= size || active.position() == 0;
  }

  private ByteBuffer activeFor(int size) {
    if (active.remaining() < size) {
      active = allocate(size);
    }
    return active;
  }

  private void requireOpen() {
    if (closing) {
      throw closed();
    }
  }

  static IllegalStateException closed() {
    return new IllegalStateException("This writer is closed: add nothing more to it, or open another one");
  }

  private boolean encode(EventEncoder event, ByteBuffer out, int length) {
    int start = out.position();
    out.putLong(start, length);
    try {
      CodedOutputStream coded =
          CodedOutputStream.newInstance(out.slice(start + RecordFraming.HEADER, length).order(ByteOrder.LITTLE_ENDIAN));
      event.encode(coded);
      coded.flush();
      coded.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("An event does not have the length that it tells", e);
    }
    return release(out, start, length);
  }

  private boolean release(ByteBuffer out, int start, int length) {
    int end = start + RecordFraming.HEADER + length + RecordFraming.FOOTER;
    out.position(end);
    int half = out.capacity() / 2;
    return start < half && end >= half;
  }

  /**
   * Writes what is due. The writer thread calls this again and again.
   *
   * @return the nano time of the next call that is needed, or -1 if the log is finished
   */
  long drain(long now) {
    boolean abandoned = owned && owner.get() == null;
    long ticket;
    boolean sync;
    boolean last;
    synchronized (this) {
      closing |= abandoned;
      ticket = requests;
      sync = syncRequested;
      last = closing;
      boolean due = last || ticket > answered || now - nextDrain >= 0 || active.position() >= active.capacity() / 2
          || histograms.isPressing();
      if (!due) {
        return nextDrain;
      }
      syncRequested = false;
    }
    write(sync, last);
    synchronized (this) {
      answered = ticket;
      closed = last;
      notifyAll();
    }
    nextDrain = System.nanoTime() + flushNanos;
    if (last) {
      return -1;
    }
    return histograms.isPressing() ? now : nextDrain;
  }

  private void write(boolean sync, boolean last) {
    try {
      file.checkStillThere();
      if (batch != null) {
        file.append(batch);
        recycle();
      }
      recovered();
    } catch (IOException | RuntimeException e) {
      fault(e);
    }
    if (last) {
      histograms.close();
    }
    publishHistograms();
    try {
      writeBuffered();
      if (sync && !faulty()) {
        file.force();
      }
      if (last) {
        file.close();
      }
    } catch (IOException | RuntimeException e) {
      fault(e);
    }
    if (last) {
      finish();
    }
  }

  private void writeBuffered() throws IOException {
    if (!faulty() && swap()) {
      file.append(batch);
      recycle();
    }
  }

  /**
   * Counts the tensors that wait, but none that come meanwhile, for there may be no end of them. Their events are lost only
   * where the buffer is full and can't be written.
   */
  private void publishHistograms() {
    for (int waiting = histograms.size(); waiting > 0; waiting--) {
      HistogramQueue.Counted next = histograms.poll();
      publish(next.event());
      ScalarTemplate scalar = next.nonFiniteScalar();
      if (scalar != null) {
        publish(scalar.event(next.wallTime(), next.step(), next.nonFinite()));
      }
    }
  }

  /** Appends as the writer thread, which can't wait for itself. */
  private void publish(EventEncoder event) {
    if (!tryAppend(event)) {
      try {
        writeBuffered();
      } catch (IOException | RuntimeException e) {
        fault(e);
      }
      if (!tryAppend(event)) {
        synchronized (this) {
          lost++;
        }
      }
    }
  }

  private synchronized boolean tryAppend(EventEncoder event) {
    int length = event.length();
    int size = RecordFraming.HEADER + length + RecordFraming.FOOTER;
    if (!hasRoom(size)) {
      return false;
    }
    encode(event, activeFor(size), length);
    return true;
  }

  private synchronized boolean faulty() {
    return faulty;
  }

  /** Makes the publishers' buffer the writer's, sealed and ready to be written. */
  private boolean swap() {
    synchronized (this) {
      if (active.position() == 0) {
        return false;
      }
      batch = active;
      active = spare;
      spare = null;
      notifyAll();
    }
    framing.seal(batch);
    batch.flip();
    return true;
  }

  private void recycle() {
    ByteBuffer free = batch.capacity() == CAPACITY ? batch.clear() : allocate(CAPACITY);
    batch = null;
    synchronized (this) {
      spare = free;
    }
  }

  private void fault(Exception e) {
    synchronized (this) {
      faulty = true;
      notifyAll();
    }
    if (!reported) {
      reported = true;
      LOGGER.error(
          "Can't write TensorBoard events to {}. The program goes on, and writing is tried again; what is lost will be "
              + "told at close.", file, e);
    }
  }

  private void recovered() {
    boolean again;
    synchronized (this) {
      again = faulty;
      faulty = false;
    }
    if (again) {
      reported = false;
      LOGGER.warn("Writing TensorBoard events to {} works again.", file);
    }
  }

  private void finish() {
    long sum;
    synchronized (this) {
      if (batch != null) {
        lost += RecordFraming.countEndingBehind(batch, batch.position());
      }
      if (active.position() > 0) {
        lost += RecordFraming.countEndingBehind(active.flip(), 0);
      }
      sum = lost;
    }
    if (sum > 0) {
      LOGGER.error("{} TensorBoard events of {} were lost, since they couldn't be written.", sum, file);
    }
  }

  private static ByteBuffer allocate(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }
}
