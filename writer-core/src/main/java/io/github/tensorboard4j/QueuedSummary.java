package io.github.tensorboard4j;

import org.jspecify.annotations.Nullable;

/** A summary that waits for the writer thread: encoded, or in memory that is counted against a bound of all writers until it is. */
interface QueuedSummary {

  String tag();

  long step();

  /** Returns how many bytes it takes of the memory that all writers share the bound of. */
  long sharedBytes();

  /** Gives that memory back. */
  void release();

  /** Returns how much memory it takes beside that. */
  int bytes();

  /** Encodes it, on any thread. */
  Encoded encode();

  /** Encodes it on the writer thread, to what holds until that does so with another. */
  default Encoded encodeInPlace() {
    return encode();
  }

  /** One that is encoded, with the number of its elements that aren't finite and what else should be said about the series. */
  record Encoded(
      String tag, double wallTime, long step, EventEncoder event, int bytes, long nonFinite, @Nullable String complaint)
      implements
        QueuedSummary {
    @Override
    public long sharedBytes() {
      return 0;
    }

    @Override
    public void release() {
      // it takes none
    }

    @Override
    public Encoded encode() {
      return this;
    }
  }

  /** One that was made to wait, and is counted against the bound of what may. */
  record Deferred(DeferredSummary summary, StagingMemory memory) implements QueuedSummary {
    @Override
    public String tag() {
      return summary.tag();
    }

    @Override
    public long step() {
      return summary.step();
    }

    @Override
    public long sharedBytes() {
      return summary.bytes();
    }

    @Override
    public void release() {
      memory.unreserve(summary.bytes());
    }

    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public Encoded encode() {
      EventEncoder event = summary.encoder().get();
      return new Encoded(
          summary.tag(), summary.wallTime(), summary.step(), event, event.length(), 0, summary.complaint());
    }
  }
}
