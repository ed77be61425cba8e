package io.github.tensorboard4j.dl4j;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers the iterations and epochs of a training from 1, or from where the network's own counts are. Thread-safe, since
 * several workers may train one network.
 */
final class Progress {

  private static final Logger LOGGER = LoggerFactory.getLogger(Progress.class);

  private final Object lock = new Object();

  // guarded by lock
  private long firstIteration;
  private long lastIteration;
  private long lastEpoch;
  private boolean inEpoch;
  private boolean missingEpochsLogged;

  void startEpoch() {
    synchronized (lock) {
      inEpoch = true;
    }
  }

  /**
   * Counts an iteration.
   *
   * @param iteration the framework's number of it, from 0
   * @param epoch the number of epochs that have ended
   * @return its number, from 1, which no other iteration has
   */
  long finishIteration(int iteration, int epoch) {
    synchronized (lock) {
      lastIteration = Math.max(iteration + 1L, lastIteration + 1);
      if (firstIteration == 0) {
        firstIteration = lastIteration;
        lastEpoch = Math.max(lastEpoch, epoch);
      }
      logMissingEpochs();
      return lastIteration;
    }
  }

  private void logMissingEpochs() {
    if (!inEpoch && !missingEpochsLogged) {
      missingEpochsLogged = true;
      LOGGER.info("This training reports no epochs to its listeners (fit(DataSet) and ParallelWrapper don't), so only the "
          + "batch curves are recorded. Call onEpochStart and onEpochEnd of this listener around each epoch to have more.");
    }
  }

  /** Returns the number of the iteration that was counted first. */
  long firstIteration() {
    synchronized (lock) {
      return firstIteration;
    }
  }

  /**
   * Counts an epoch.
   *
   * @param ended the number of epochs that the framework knows to have ended before it
   * @return its number, from 1, which no other epoch has
   */
  long endEpoch(int ended) {
    synchronized (lock) {
      inEpoch = false;
      lastEpoch = Math.max(ended + 1L, lastEpoch + 1);
      return lastEpoch;
    }
  }
}
