package io.github.tensorboard4j.djl;

import io.github.tensorboard4j.training.DivergenceSearch;
import io.github.tensorboard4j.training.EpochSummary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The progress of a recorded training, over all trainers that a listener serves. Not thread-safe. */
final class Progress {

  private long epochs;
  private long iterations;
  private long updates;
  private long idleSince;
  private long lastBatchEnd;
  private long validationStart;
  private boolean validationSeen;
  private final List<EpochSummary> summaries = new ArrayList<>();
  private @Nullable DivergenceSearch divergence;

  /** Starts after the epochs and iterations of an earlier training. */
  Progress(long epochs, long iterations) {
    this.epochs = epochs;
    this.iterations = iterations;
    this.idleSince = System.nanoTime();
    this.lastBatchEnd = idleSince;
  }

  /** Counts an iteration whose batch has just gone backward. */
  void startIteration(long nanoTime) {
    iterations++;
    updates++;
    lastBatchEnd = nanoTime;
  }

  /** Counts an epoch and returns its number, from 1. */
  long completeEpoch() {
    return ++epochs;
  }

  /** Keeps the figures of an epoch until {@link #takeSummaries()}: the user's consumer must not be called under a lock. */
  void summarize(EpochSummary summary) {
    summaries.add(summary);
  }

  List<EpochSummary> takeSummaries() {
    List<EpochSummary> taken = List.copyOf(summaries);
    summaries.clear();
    return taken;
  }

  /** Keeps what was found of a divergence until {@link #takeDivergence()}, for the same reason; of several, the first. */
  void diverged(DivergenceSearch search) {
    if (divergence == null) {
      divergence = search;
    }
  }

  /** Returns what was found of a divergence, once; null if there is none. */
  @Nullable
  DivergenceSearch takeDivergence() {
    DivergenceSearch taken = divergence;
    divergence = null;
    return taken;
  }

  /** Notes that no batch is trained from now on, until the next one comes. */
  void idle() {
    idleSince = System.nanoTime();
    validationSeen = false;
  }

  /** Notes that a batch is validated, so that the epoch's training is over. */
  void validate() {
    if (!validationSeen) {
      validationSeen = true;
      validationStart = System.nanoTime();
    }
  }

  long epochs() {
    return epochs;
  }

  long iterations() {
    return iterations;
  }

  /** Returns the number of iterations of this training alone. */
  long updates() {
    return updates;
  }

  long idleSince() {
    return idleSince;
  }

  long lastBatchEnd() {
    return lastBatchEnd;
  }

  /** Returns when the training of an epoch was over of whose batches nothing was told: when its validation began, else now. */
  long silentTrainingEnd() {
    return validationSeen ? validationStart : System.nanoTime();
  }
}
