package io.github.tensorboard4j;

import io.github.tensorboard4j.QueuedSummary.Deferred;
import io.github.tensorboard4j.QueuedSummary.Encoded;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of what takes long to encode from the thread that publishes it to its event: of a tensor to that of its histogram, and
 * of pictures.
 */
final class SummaryQueue {

  /*
   * A tensor may change as soon as its publisher goes on. Counting it there costs some 3 ns an element, copying it a tenth
   * of that: so it is copied to staging memory and counted by the writer thread. When the staging memory is used up, because
   * tensors come faster than they are counted, publishers count their own. That slows them down just as much as is needed,
   * and nothing is left out. Small tensors are always counted at once. What is counted still waits behind the tensors
   * before it, for TensorBoard wants the steps of a series in order. When too much waits, publishers wait too; but not for a
   * file that hangs: what no longer fits then is lost, and what waits gives the staging memory back, which others need.
   *
   * Pictures, whose compression costs ten times as much a byte, go the same way. They don't change, so they wait where they are,
   * and are counted against a bound that all writers share.
   */
  /** The beginning of the tags of those scalars that count what histograms leave out. */
  static final String NON_FINITE = "non_finite/";

  private static final int COUNTED_AT_ONCE = 4096;
  private static final int WAKE_SHARED = 4 << 20;
  private static final int WAKE_ENTRIES = 256;
  private static final int MOST_ENTRIES = 1024;
  private static final int MOST_BYTES = 4 << 20;
  private static final Logger LOGGER = LoggerFactory.getLogger(SummaryQueue.class);
  private static final FaultLog FAULTS = new FaultLog();

  /** An event that is ready, and the scalar event that goes with a histogram where not all elements are finite. */
  record Ready(EventEncoder event, double wallTime, long step, long nonFinite, @Nullable ScalarTemplate nonFiniteScalar) {}

  private final StagingMemory memory;
  private final TensorCounter tensors;
  private final Runnable wakeWriter;

  // guarded by this
  private final ArrayDeque<QueuedSummary> entries = new ArrayDeque<>();
  private long sharedBytes;
  private int bytes;
  private boolean closed;
  private boolean stalled;
  private long lost;

  // the writer thread's own
  private final Map<String, ScalarTemplate> nonFiniteScalars = new HashMap<>();
  private final Set<String> complainedOf = new HashSet<>();

  SummaryQueue(int buckets, StagingMemory memory, Runnable wakeWriter) {
    this.memory = memory;
    this.tensors = new TensorCounter(buckets, memory);
    this.wakeWriter = wakeWriter;
  }

  /**
   * Takes a tensor, which is not read any more afterwards.
   *
   * @return whether so much waits by now that the writer thread should be woken
   * @throws IllegalStateException if the queue is closed
   */
  boolean add(String tag, double wallTime, long step, TensorValues values) {
    boolean atOnce = isStalled();
    if (atOnce && losesIfFull()) {
      return false;
    }
    QueuedSummary staged =
        atOnce || values.size() <= COUNTED_AT_ONCE ? null : tensors.stage(tag, wallTime, step, values);
    return enqueue(staged == null ? tensors.count(tag, wallTime, step, values) : staged);
  }

  /**
   * Takes a summary that can wait to be encoded. One that can't be encoded is lost, and a line says so.
   *
   * @return whether so much waits by now that the writer thread should be woken
   * @throws IllegalStateException if the queue is closed
   */
  boolean add(DeferredSummary summary) {
    boolean atOnce = isStalled();
    if (atOnce && losesIfFull()) {
      return false;
    }
    QueuedSummary deferred = new Deferred(summary, memory);
    if (!atOnce && memory.reserve(summary.bytes())) {
      return enqueue(deferred);
    }
    QueuedSummary encoded = atOnce ? encodeOrCount(deferred) : encodeOrLose(deferred::encode, deferred);
    return encoded != null && enqueue(encoded);
  }

  private boolean enqueue(QueuedSummary entry) {
    synchronized (this) {
      if (isFull()) {
        Uninterruptibly.await(this, () -> !isFull() || closed || stalled, wakeWriter);
      }
      if (closed) {
        entry.release();
        throw EventBuffer.closed();
      }
      if (losesIfFull()) {
        entry.release();
        return false;
      }
      boolean pressed = isPressing();
      entries.add(entry);
      sharedBytes += entry.sharedBytes();
      bytes += entry.bytes();
      return !pressed && isPressing();
    }
  }

  private boolean isFull() {
    return entries.size() >= MOST_ENTRIES || isFullOfBytes();
  }

  private synchronized boolean isFullOfBytes() {
    return bytes >= MOST_BYTES;
  }

  private synchronized boolean isStalled() {
    return stalled;
  }

  /** Returns whether so much waits that the writer thread should encode it before the flush interval is over. */
  synchronized boolean isPressing() {
    return entries.size() >= WAKE_ENTRIES || sharedBytes >= WAKE_SHARED || bytes >= MOST_BYTES / 2;
  }

  synchronized int size() {
    return entries.size();
  }

  /** Returns whether there is no room, and counts what is lost then. */
  private synchronized boolean losesIfFull() {
    if (isFull()) {
      lost++;
      return true;
    }
    return false;
  }

  /** Lets no publisher wait any longer for the writer thread, or again: it hangs. */
  synchronized void setStalled(boolean stalled) {
    this.stalled = stalled;
    notifyAll();
  }

  /** Encodes what waits in shared memory; what finds no room then is lost. */
  void encodeWaiting() {
    List<QueuedSummary> waiting;
    synchronized (this) {
      waiting = List.copyOf(entries);
    }
    for (QueuedSummary entry : waiting) {
      if (!(entry instanceof Encoded)) {
        replace(entry, isFullOfBytes() ? null : encodeOrNull(entry));
      }
    }
  }

  /** Logs nothing, unlike the writer thread: the log may be on the disk that hangs. */
  private static @Nullable Encoded encodeOrNull(QueuedSummary entry) {
    try {
      return entry.encode();
    } catch (RuntimeException | Error e) {
      return null;
    }
  }

  /** Likewise, and counts it as lost if it can't be. */
  private @Nullable Encoded encodeOrCount(QueuedSummary entry) {
    Encoded encoded = encodeOrNull(entry);
    if (encoded == null) {
      synchronized (this) {
        lost++;
      }
    }
    return encoded;
  }

  /** Puts an entry, or none, in the place of another, unless the writer thread has taken that meanwhile. */
  private void replace(QueuedSummary waiting, @Nullable Encoded encoded) {
    synchronized (this) {
      boolean found = false;
      for (int i = entries.size(); i > 0; i--) {
        QueuedSummary entry = entries.remove();
        found |= entry == waiting;
        QueuedSummary kept = entry == waiting ? encoded : entry;
        if (kept != null) {
          entries.add(kept);
        }
      }
      if (!found) {
        return;
      }
      sharedBytes -= waiting.sharedBytes();
      if (encoded == null) {
        lost++;
      } else {
        bytes += encoded.bytes();
      }
    }
    waiting.release();
  }

  /** Returns the number of lost events, with those that wait for a writer that hangs. */
  synchronized long countLost() {
    return stalled ? lost + entries.size() : lost;
  }

  /** Takes nothing any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Returns the next event, which holds until the next call, or null. Called by the writer thread. */
  @Nullable
  Ready poll() {
    QueuedSummary entry;
    synchronized (this) {
      entry = entries.poll();
      if (entry == null) {
        return null;
      }
      sharedBytes -= entry.sharedBytes();
      bytes -= entry.bytes();
      notifyAll();
    }
    Encoded encoded;
    try {
      encoded = encodeOrLose(entry::encodeInPlace, entry);
    } finally {
      entry.release();
    }
    if (encoded == null) {
      return null;
    }
    String tag = encoded.tag();
    long nonFinite = encoded.nonFinite();
    if (nonFinite > 0 && !nonFiniteScalars.containsKey(tag)) {
      LOGGER.warn(
          "NaN or infinite elements in {} at step {}: {}. Its histograms leave them out; the scalar non_finite/{} counts "
              + "them.",
          tag, encoded.step(), nonFinite, tag);
      nonFiniteScalars.put(tag, new ScalarTemplate(NON_FINITE + tag));
    }
    if (encoded.complaint() != null && complainedOf.add(tag)) {
      LOGGER.warn("{} at step {}: {}", tag, encoded.step(), encoded.complaint());
    }
    return new Ready(encoded.event(), encoded.wallTime(), encoded.step(), nonFinite, nonFiniteScalars.get(tag));
  }

  /** Returns null, once a line has said so, where there is no memory to encode it, or what a user paints throws. */
  private @Nullable Encoded encodeOrLose(Supplier<Encoded> encoder, QueuedSummary summary) {
    try {
      return encoder.get();
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        lost++;
      }
      try {
        FAULTS.error("{} can't be made into an event, and is lost.", summary.tag() + " at step " + summary.step(), e);
      } catch (RuntimeException | Error noMemory) {
        // the count tells of it
      }
      return null;
    }
  }
}
