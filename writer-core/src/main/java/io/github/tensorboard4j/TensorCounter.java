package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.QueuedSummary.Encoded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes histograms of tensors: for publishers to memory of their own, for the writer thread in place. */
final class TensorCounter {

  private final int buckets;
  private final StagingMemory memory;
  private final Object publisherLock = new Object();
  private @Nullable Histogram publisherHistogram;
  private @Nullable Histogram writerHistogram;

  TensorCounter(int buckets, StagingMemory memory) {
    this.buckets = buckets;
    this.memory = memory;
  }

  /** A tensor's copy in staging memory. */
  private record Staged(
      TensorCounter counter, String tag, double wallTime, long step, TensorValues values, List<ByteBuffer> blocks)
      implements
        QueuedSummary {
    @Override
    public long sharedBytes() {
      return (long) blocks.size() * StagingMemory.BLOCK;
    }

    @Override
    public void release() {
      counter.memory.release(blocks);
    }

    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public Encoded encode() {
      return counter.count(tag, wallTime, step, values);
    }

    @Override
    public Encoded encodeInPlace() {
      return counter.countInPlace(this);
    }
  }

  /** Copies a tensor, to be counted later; returns null if there is no memory to do so. */
  @Nullable
  QueuedSummary stage(String tag, double wallTime, long step, TensorValues values) {
    List<ByteBuffer> blocks = memory.acquire(values.blockCount(StagingMemory.BLOCK));
    if (blocks == null) {
      return null;
    }
    try {
      return new Staged(this, tag, wallTime, step, values.copyTo(blocks), blocks);
    } catch (RuntimeException | Error e) {
      memory.release(blocks);
      throw e;
    }
  }

  /** Counts a tensor now. */
  Encoded count(String tag, double wallTime, long step, TensorValues values) {
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
      return new Encoded(tag, wallTime, step, new EncodedEvent(encoded), encoded.length, histogram.nonFiniteCount(), null);
    }
  }

  private Encoded countInPlace(Staged staged) {
    Histogram histogram = writerHistogram == null ? new Histogram(buckets) : writerHistogram;
    writerHistogram = histogram;
    histogram.count(staged.values());
    HistogramSummary summary = new HistogramSummary(staged.wallTime(), staged.step(), staged.tag(), histogram);
    return new Encoded(staged.tag(), staged.wallTime(), staged.step(), summary, 0, histogram.nonFiniteCount(), null);
  }
}
