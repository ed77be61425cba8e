package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a tensor from the thread that publishes it to the event of its histogram. */
final class HistogramQueue {

  /*
   * A tensor may change as soon as its publisher goes on. Counting it there costs some 3 ns an element, copying it a tenth
   * of that: so it is copied to staging memory and counted by the writer thread. When the staging memory is used up, because
   * tensors come faster than they are counted, publishers count their own. That slows them down just as much as is needed,
   * and nothing is left out. Small tensors are always counted at once. What is counted still waits behind the tensors
   * before it, for TensorBoard wants the steps of a series in order. When too much waits, publishers wait too; but not for a
   * file that hangs: what no longer fits then is lost, and what waits gives the staging memory back, which others need.
   */
  /** The beginning of the tags of those scalars that count what histograms leave out. */
  static final String NON_FINITE = "non_finite/";

  private static final int COUNTED_AT_ONCE = 4096;
  private static final int WAKE_BLOCKS = 16;
  private static final int WAKE_ENTRIES = 256;
  private static final int MOST_ENTRIES = 1024;
  private static final int MOST_BYTES = 4 << 20;
  private static final Logger LOGGER = LoggerFactory.getLogger(HistogramQueue.class);

  /** An event whose histogram is counted, and the scalar event that goes with it where not all elements are finite. */
  record Counted(EventEncoder event, double wallTime, long step, long nonFinite, @Nullable ScalarTemplate nonFiniteScalar) {}

  /** A tensor that waits: in staging memory, or counted and encoded. */
  private interface Entry {
    String tag();

    double wallTime();

    long step();

    List<ByteBuffer> blocks();

    /** Returns how much memory the entry takes beside its blocks. */
    int bytes();
  }

  private record Staged(String tag, double wallTime, long step, TensorValues values, List<ByteBuffer> blocks)
      implements
        Entry {
    @Override
    public int bytes() {
      return 0;
    }
  }

  private record Encoded(String tag, double wallTime, long step, byte[] event, long nonFinite) implements Entry {
    @Override
    public int bytes() {
      return event.length;
    }

    @Override
    public List<ByteBuffer> blocks() {
      return List.of();
    }
  }

  private final StagingMemory memory;
  private final Runnable wakeWriter;
  private final int buckets;
  private final Object publisherLock = new Object();
  private @Nullable Histogram publisherHistogram;

  // guarded by this
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private int blocks;
  private int bytes;
  private boolean closed;
  private boolean stalled;
  private long lost;

  // the writer thread's own
  private @Nullable Histogram writerHistogram;
  private final Map<String, ScalarTemplate> nonFiniteScalars = new HashMap<>();

  HistogramQueue(int buckets, StagingMemory memory, Runnable wakeWriter) {
    this.memory = memory;
    this.wakeWriter = wakeWriter;
    this.buckets = buckets;
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
    List<ByteBuffer> staged = atOnce || values.size() <= COUNTED_AT_ONCE
        ? null : memory.acquire(values.blockCount(StagingMemory.BLOCK));
    Entry entry = staged == null ? count(tag, wallTime, step, values) : copy(tag, wallTime, step, values, staged);
    synchronized (this) {
      if (isFull()) {
        Uninterruptibly.await(this, () -> !isFull() || closed || stalled, wakeWriter);
      }
      if (closed) {
        memory.release(entry.blocks());
        throw EventBuffer.closed();
      }
      if (losesIfFull()) {
        memory.release(entry.blocks());
        return false;
      }
      boolean pressed = isPressing();
      entries.add(entry);
      blocks += entry.blocks().size();
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

  /** Returns whether so much waits that the writer thread should count before the flush interval is over. */
  synchronized boolean isPressing() {
    return entries.size() >= WAKE_ENTRIES || blocks >= WAKE_BLOCKS || bytes >= MOST_BYTES / 2;
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

  /** Counts the tensors that wait in staging memory; those whose counts find no room are lost. */
  void unstage() {
    List<Entry> waiting;
    synchronized (this) {
      waiting = List.copyOf(entries);
    }
    for (Entry entry : waiting) {
      if (entry instanceof Staged staged) {
        replace(staged, isFullOfBytes() ? null : count(staged.tag(), staged.wallTime(), staged.step(), staged.values()));
      }
    }
  }

  /** Puts an entry, or none, in the place of another, unless the writer thread has taken that meanwhile. */
  private void replace(Staged staged, @Nullable Encoded counted) {
    synchronized (this) {
      boolean found = false;
      for (int i = entries.size(); i > 0; i--) {
        Entry entry = entries.remove();
        found |= entry == staged;
        Entry kept = entry == staged ? counted : entry;
        if (kept != null) {
          entries.add(kept);
        }
      }
      if (!found) {
        return;
      }
      blocks -= staged.blocks().size();
      if (counted == null) {
        lost++;
      } else {
        bytes += counted.bytes();
      }
    }
    memory.release(staged.blocks());
  }

  /** Returns the number of lost events, with those that wait for a writer that hangs. */
  synchronized long countLost() {
    return stalled ? lost + entries.size() : lost;
  }

  /** Takes no tensor any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Returns the next event, which holds until the next call, or null. Called by the writer thread. */
  @Nullable
  Counted poll() {
    Entry entry;
    synchronized (this) {
      entry = entries.poll();
      if (entry == null) {
        return null;
      }
      blocks -= entry.blocks().size();
      bytes -= entry.bytes();
      notifyAll();
    }
    EventEncoder event;
    long nonFinite;
    if (entry instanceof Staged staged) {
      Histogram histogram;
      try {
        histogram = writerHistogram == null ? new Histogram(buckets) : writerHistogram;
        writerHistogram = histogram;
        histogram.count(staged.values());
      } finally {
        memory.release(staged.blocks());
      }
      event = new HistogramSummary(staged.wallTime(), staged.step(), staged.tag(), histogram);
      nonFinite = histogram.nonFiniteCount();
    } else {
      Encoded encoded = (Encoded) entry;
      event = new EncodedEvent(encoded.event());
      nonFinite = encoded.nonFinite();
    }
    if (nonFinite > 0 && !nonFiniteScalars.containsKey(entry.tag())) {
      LOGGER.warn(
          "NaN or infinite elements in {} at step {}: {}. Its histograms leave them out; the scalar non_finite/{} counts "
              + "them.",
          entry.tag(), entry.step(), nonFinite, entry.tag());
      nonFiniteScalars.put(entry.tag(), new ScalarTemplate(NON_FINITE + entry.tag()));
    }
    return new Counted(event, entry.wallTime(), entry.step(), nonFinite, nonFiniteScalars.get(entry.tag()));
  }

  private Staged copy(String tag, double wallTime, long step, TensorValues values, List<ByteBuffer> staged) {
    try {
      return new Staged(tag, wallTime, step, values.copyTo(staged), staged);
    } catch (RuntimeException | Error e) {
      memory.release(staged);
      throw e;
    }
  }

  private Encoded count(String tag, double wallTime, long step, TensorValues values) {
    synchronized (publisherLock) {
      if (publisherHistogram == null) {
        publisherHistogram = new Histogram(buckets);
      }
      Histogram histogram = publisherHistogram;
      histogram.count(values);
      HistogramSummary summary = new HistogramSummary(wallTime, step, tag, histogram);
      byte[] encoded = new byte[summary.length()];
      try {
        CodedOutputStream out = CodedOutputStream.newInstance(encoded);
        summary.encode(out);
        out.checkNoSpaceLeft();
      } catch (IOException e) {
        throw new UncheckedIOException("An array in memory takes every byte", e);
      }
      return new Encoded(tag, wallTime, step, encoded, histogram.nonFiniteCount());
    }
  }
}
