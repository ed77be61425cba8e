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
   * before it, for TensorBoard wants the steps of a series in order. When too much waits, publishers wait too.
   */
  /** The beginning of the tags of those scalars that count what histograms leave out. */
  static final String NON_FINITE = "non_finite/";

  private static final int COUNTED_AT_ONCE = 4096;
  private static final int WAKE_BLOCKS = 16;
  private static final int WAKE_ENTRIES = 256;
  private static final int MOST_ENTRIES = 1024;
  private static final Logger LOGGER = LoggerFactory.getLogger(HistogramQueue.class);

  /** An event whose histogram is counted, and the scalar event that goes with it where not all elements are finite. */
  record Counted(EventEncoder event, double wallTime, long step, long nonFinite, @Nullable ScalarTemplate nonFiniteScalar) {}

  /** A tensor that waits: in staging memory, or counted and encoded. */
  private interface Entry {
    String tag();

    double wallTime();

    long step();

    List<ByteBuffer> blocks();
  }

  private record Staged(String tag, double wallTime, long step, TensorValues values, List<ByteBuffer> blocks)
      implements
        Entry {}

  private record Encoded(String tag, double wallTime, long step, byte[] bytes, long nonFinite) implements Entry {
    @Override
    public List<ByteBuffer> blocks() {
      return List.of();
    }
  }

  private final StagingMemory memory;
  private final Runnable wakeWriter;
  private final Histogram publisherHistogram;

  // guarded by this
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private int blocks;
  private boolean closed;

  // the writer thread's own
  private final Histogram writerHistogram;
  private final Map<String, ScalarTemplate> nonFiniteScalars = new HashMap<>();

  HistogramQueue(int buckets, StagingMemory memory, Runnable wakeWriter) {
    this.memory = memory;
    this.wakeWriter = wakeWriter;
    this.publisherHistogram = new Histogram(buckets);
    this.writerHistogram = new Histogram(buckets);
  }

  /**
   * Takes a tensor, which is not read any more afterwards.
   *
   * @return whether so much waits by now that the writer thread should be woken
   * @throws IllegalStateException if the queue is closed
   */
  boolean add(String tag, double wallTime, long step, TensorValues values) {
    List<ByteBuffer> staged =
        values.size() <= COUNTED_AT_ONCE ? null : memory.acquire(values.blockCount(StagingMemory.BLOCK));
    Entry entry = staged == null ? count(tag, wallTime, step, values) : copy(tag, wallTime, step, values, staged);
    synchronized (this) {
      if (entries.size() >= MOST_ENTRIES) {
        Uninterruptibly.await(this, () -> entries.size() < MOST_ENTRIES || closed, wakeWriter);
      }
      if (closed) {
        memory.release(entry.blocks());
        throw EventBuffer.closed();
      }
      boolean pressed = isPressing();
      entries.add(entry);
      blocks += entry.blocks().size();
      return !pressed && isPressing();
    }
  }

  /** Returns whether so much waits that the writer thread should count before the flush interval is over. */
  synchronized boolean isPressing() {
    return entries.size() >= WAKE_ENTRIES || blocks >= WAKE_BLOCKS;
  }

  synchronized int size() {
    return entries.size();
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
      notifyAll();
    }
    EventEncoder event;
    long nonFinite;
    if (entry instanceof Staged staged) {
      try {
        writerHistogram.count(staged.values());
      } finally {
        memory.release(staged.blocks());
      }
      event = new HistogramSummary(staged.wallTime(), staged.step(), staged.tag(), writerHistogram);
      nonFinite = writerHistogram.nonFiniteCount();
    } else {
      Encoded encoded = (Encoded) entry;
      event = new EncodedEvent(encoded.bytes());
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
    synchronized (publisherHistogram) {
      publisherHistogram.count(values);
      HistogramSummary summary = new HistogramSummary(wallTime, step, tag, publisherHistogram);
      byte[] encoded = new byte[summary.length()];
      try {
        CodedOutputStream out = CodedOutputStream.newInstance(encoded);
        summary.encode(out);
        out.checkNoSpaceLeft();
      } catch (IOException e) {
        throw new UncheckedIOException("An array in memory takes every byte", e);
      }
      return new Encoded(tag, wallTime, step, encoded, publisherHistogram.nonFiniteCount());
    }
  }
}
