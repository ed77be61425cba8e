package io.github.tensorboard4j;

import org.jspecify.annotations.Nullable;

/** A summary that takes long to encode, and waits until the writer thread does it. Nothing it has changes meanwhile. */
interface DeferredSummary {

  String tag();

  double wallTime();

  long step();

  /** Returns how much memory it takes until it is encoded. */
  long bytes();

  /** Returns what should be said about it, once a series. */
  @Nullable
  String complaint();

  /** Encodes it, on any thread. */
  EventEncoder encode();
}
