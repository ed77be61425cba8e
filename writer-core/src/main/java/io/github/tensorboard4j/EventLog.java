package io.github.tensorboard4j;

import io.github.tensorboard4j.internal.RecordFraming;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a writer's events to its file: when they are written, and what becomes of them when they can't be. */
final class EventLog implements WriterLane.Task {

  /*
   * When the file can't be written, the batch stays where it is and the writer thread goes on from the very byte at every
   * flush interval, so that a disk that is full for a while costs nothing but the events that no longer fit the buffer.
   * What is lost is counted, and logged when the log is closed or the JVM ends.
   *
   * A file that hangs is like one that can't be written, for all but the thread that hangs in it: the watch tells the log so, and
   * nobody waits for the file until it answers.
   */
  private static final Logger LOGGER = LoggerFactory.getLogger(EventLog.class);
  private static final FaultLog FAULTS = new FaultLog();
  /** Makes a file appear that has nothing but its header. */
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final EventFile file;
  private final long flushNanos;
  private final Runnable wakeWriter;
  private final EventBuffer buffer;
  private final SummaryQueue queue;
  private WeakReference<Object> owner = new WeakReference<>(null);
  private boolean owned;

  // guarded by this
  private long requests;
  private long answered;
  private boolean syncRequested;
  private boolean finished;
  private boolean hanging;

  // the writer thread's own; what it changes at each record is made by it, so as not to lie beside what publishers change
  private @Nullable RecordFraming framing;
  private @Nullable ByteBuffer batch;
  private volatile long unwritten;
  private boolean faulty;
  private boolean faultLogged;
  private long nextDrain;

  EventLog(EventFile file, SummaryQueue queue, Duration flushInterval, Runnable wakeWriter) {
    this.file = file;
    this.queue = queue;
    this.buffer = new EventBuffer(wakeWriter);
    this.wakeWriter = wakeWriter;
    this.flushNanos = flushInterval.toNanos();
    this.nextDrain = System.nanoTime() + flushNanos;
  }

  /** Closes the log by itself once nobody holds its owner any more. */
  void ownedBy(Object writer) {
    owner = new WeakReference<>(writer);
    owned = true;
  }

  /**
   * Refuses what is added after the close.
   *
   * @throws IllegalStateException if the log is closed
   */
  void requireOpen() {
    buffer.requireOpen();
  }

  /** Appends a scalar's event from its template, without allocating. */
  void append(ScalarTemplate template, double wallTime, long step, float value) {
    buffer.append(template, wallTime, step, value);
  }

  /** Appends an event of any other kind. */
  void append(EventEncoder event) {
    buffer.append(placed(event));
  }

  /** Returns the event as it takes its place among those of the directory's earlier files. */
  private EventEncoder placed(EventEncoder event) {
    return file.supersedes() ? new SupersedingEvent(event) : event;
  }

  /** Appends the event of a tensor's histogram, sooner or later. */
  void append(String tag, double wallTime, long step, TensorValues values) {
    buffer.requireOpen();
    if (queue.add(tag, wallTime, step, values)) {
      wakeWriter.run();
    }
  }

  /** Appends the event of a summary that can wait to be encoded, sooner or later. */
  void append(DeferredSummary summary) {
    buffer.requireOpen();
    if (queue.add(summary)) {
      wakeWriter.run();
    }
  }

  @Override
  public long requestFlush() {
    return request(false);
  }

  @Override
  public void awaitFlush(long ticket, long deadline) {
    Uninterruptibly.awaitUntil(deadline, this, () -> answered >= ticket || finished, wakeWriter);
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
    buffer.close();
    await(request(true));
  }

  private synchronized long request(boolean sync) {
    syncRequested |= sync;
    return ++requests;
  }

  private void await(long ticket) {
    // which the writer hears of even where it isn't waited for
    wakeWriter.run();
    Uninterruptibly.await(this, () -> answered >= ticket || finished || hanging, wakeWriter);
  }

  @Override
  public long diskCalls() {
    return file.calls();
  }

  @Override
  public void setHanging(boolean hanging) {
    synchronized (this) {
      this.hanging = hanging;
      notifyAll();
    }
    buffer.setHanging(hanging);
    queue.setStalled(hanging);
  }

  @Override
  public void freeMemory() {
    queue.encodeWaiting();
  }

  @Override
  public long run(long now) {
    if (owned && owner.get() == null) {
      buffer.close();
    }
    long ticket;
    boolean sync;
    boolean last;
    synchronized (this) {
      ticket = requests;
      // asked after the ticket is taken: who asks to close, closes the buffer first
      last = buffer.isClosed();
      boolean due = last || ticket > answered || now - nextDrain >= 0 || buffer.isPressing() || queue.isPressing();
      if (!due) {
        return nextDrain;
      }
      sync = syncRequested;
      syncRequested = false;
    }
    boolean done = false;
    try {
      write(sync || last, last);
      done = true;
    } finally {
      synchronized (this) {
        answered = ticket;
        finished = done && last;
        syncRequested |= sync && !done;
        notifyAll();
      }
    }
    nextDrain = System.nanoTime() + flushNanos;
    if (last) {
      return FINISHED;
    }
    return queue.isPressing() ? now : nextDrain;
  }

  private void write(boolean sync, boolean last) {
    attempt(this::retryBatch);
    if (last) {
      queue.close();
    }
    publishQueued();
    attempt(() -> {
      writeBuffered();
      if (sync && !faulty) {
        file.force();
      }
    });
    unwritten = batch == null ? 0 : RecordFraming.countEndingBehind(batch, batch.position());
    if (last) {
      attempt(file::close);
      batch = null;
      buffer.free();
      file.during(this::logLosses);
    }
  }

  /** Makes sure of the file, and writes the rest of a batch that met a fault before. */
  private void retryBatch() throws IOException {
    if (!file.isIntact()) {
      file.during(() -> LOGGER.warn(
          "{} was deleted or changed by another. What was in it may be lost; writing goes on in a new file.", file));
      file.abandon();
      if (batch != null) {
        batch.position(RecordFraming.startOfRecordAt(batch, batch.position()));
      }
    }
    if (batch != null) {
      file.append(batch);
      giveBack(batch);
    }
    recovered();
  }

  private void writeBuffered() throws IOException {
    if (!faulty) {
      ByteBuffer filled = buffer.take();
      if (filled != null) {
        writeBatch(filled);
      } else {
        file.append(NOTHING);
      }
    }
  }

  private void writeBatch(ByteBuffer filled) throws IOException {
    batch = filled;
    if (framing == null) {
      framing = new RecordFraming();
    }
    unwritten = framing.seal(filled);
    filled.flip();
    file.append(filled);
    giveBack(filled);
  }

  private void giveBack(ByteBuffer written) {
    batch = null;
    buffer.giveBack(written);
  }

  /**
   * Encodes what waits for it, but nothing that comes meanwhile, for there may be no end of it. These events are lost only
   * where the buffer is full and can't be written. Other events don't wait for all of them: it may take longer than the flush
   * interval.
   */
  private void publishQueued() {
    for (int waiting = queue.size(); waiting > 0; waiting--) {
      try {
        publishNext();
      } catch (RuntimeException | Error e) {
        // for want of memory: the others are still encoded
        buffer.addLost(1);
        LOGGER.debug("A summary of {} is lost", file, e);
      }
      if (System.nanoTime() - nextDrain >= 0) {
        attempt(this::writeBuffered);
        nextDrain = System.nanoTime() + flushNanos;
      }
    }
  }

  private void publishNext() {
    SummaryQueue.Ready next = queue.poll();
    if (next == null) {
      return;
    }
    publish(placed(next.event()));
    ScalarTemplate scalar = next.nonFiniteScalar();
    if (scalar != null) {
      publish(placed(scalar.event(next.wallTime(), next.step(), next.nonFinite())));
    }
  }

  private void publish(EventEncoder event) {
    if (buffer.tryAppend(event)) {
      return;
    }
    if (faulty) {
      buffer.addLost(1);
    } else {
      attempt(() -> writeBatch(buffer.takeAndAppend(event)));
    }
  }

  /** A part of writing that may meet a fault of the file. */
  private interface Part {
    void run() throws IOException;
  }

  private void attempt(Part part) {
    try {
      part.run();
    } catch (IOException | RuntimeException | Error e) {
      fault(e);
    }
  }

  private void fault(Throwable e) {
    if (!faulty) {
      faulty = true;
      buffer.setFaulty(true);
      file.during(() -> faultLogged = FAULTS.error(
          "Can't write TensorBoard events to {}. The program goes on, and writing is tried again; what is lost will be logged "
              + "at the end.",
          file, e));
    }
  }

  private void recovered() {
    if (faulty) {
      faulty = false;
      buffer.setFaulty(false);
      if (faultLogged) {
        file.during(() -> LOGGER.warn("Writing TensorBoard events to {} works again.", file));
      }
    }
  }

  /** Returns the number of events that are lost, or would be if nothing more could be written. */
  long countLost() {
    return buffer.countLost() + queue.countLost() + unwritten;
  }

  @Override
  public void logLosses() {
    long lost = countLost();
    if (lost > 0) {
      LOGGER.error("{} TensorBoard events of {} were lost, since they couldn't be written.", lost, file);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
