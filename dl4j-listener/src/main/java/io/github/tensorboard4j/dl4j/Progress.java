package io.github.tensorboard4j.dl4j;

/**
 * Numbers the iterations and epochs of a training from 1, or from where the network's own counts are. Epochs are those that the
 * framework tells of, unless the user declares them: by a number of iterations or around a block of code. Thread-safe, since
 * several workers may train one network.
 */
final class Progress {

  private final int epochLength;
  private final Object lock = new Object();

  // guarded by lock
  private long firstIteration;
  private long lastIteration;
  private long lastEpoch;
  private long endedBefore;
  private boolean inEpoch;
  private boolean inBlock;
  private boolean epochsKnown;
  private boolean iterated;

  /**
   * Creates the state before a training.
   *
   * @param epochLength how many iterations the user has declared to be an epoch, 0 if not so
   */
  Progress(int epochLength) {
    this.epochLength = epochLength;
    this.epochsKnown = epochLength > 0;
  }

  /** Returns whether the user declares what an epoch is at present, so that the framework isn't asked. */
  boolean declaresEpochs() {
    synchronized (lock) {
      return epochLength > 0 || inBlock;
    }
  }

  /** Returns whether anybody has told of epochs. */
  boolean hasEpochs() {
    synchronized (lock) {
      return epochsKnown;
    }
  }

  /**
   * Starts an epoch.
   *
   * @param ended the number of epochs that the framework knows to have ended before it
   */
  void startEpoch(int ended) {
    synchronized (lock) {
      inEpoch = true;
      epochsKnown = true;
      iterated = false;
      endedBefore = ended;
    }
  }

  /**
   * Starts a block of code that is an epoch, whatever the framework tells within it.
   *
   * @throws IllegalStateException if the user has declared epochs otherwise, or is in such a block already
   */
  void startBlock(int ended) {
    synchronized (lock) {
      if (epochLength > 0 || inBlock) {
        throw new IllegalStateException(epochLength > 0
            ? "An epoch of this listener is " + epochLength
                + " iterations, as epochEvery has it: use either that or epoch(...)"
            : "This listener is within an epoch(...) already: one is part of no other");
      }
      inBlock = true;
      startEpoch(ended);
    }
  }

  void endBlock() {
    synchronized (lock) {
      inBlock = false;
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
      lastIteration = nextNumber(iteration);
      iterated = true;
      if (firstIteration == 0) {
        firstIteration = lastIteration;
        lastEpoch = Math.max(lastEpoch, epoch);
      }
      return lastIteration;
    }
  }

  /**
   * Returns the number that the iteration under way will have, unless another worker's ends before.
   *
   * @param iteration the framework's number of it, from 0
   */
  long nextIteration(int iteration) {
    synchronized (lock) {
      return nextNumber(iteration);
    }
  }

  private long nextNumber(int iteration) {
    return Math.max(iteration + 1L, lastIteration + 1);
  }

  /** Returns the number of the epoch whose first iteration is the one under way; 0 if it is no epoch's first. */
  long startedEpoch(long iteration) {
    if (epochLength > 0) {
      long before = iteration - 1;
      return before % epochLength == 0 ? before / epochLength + 1 : 0;
    }
    synchronized (lock) {
      return inEpoch && !iterated ? nextEpoch() : 0;
    }
  }

  /** Returns the number of the iteration that was counted first, 0 if none was. */
  long firstIteration() {
    synchronized (lock) {
      return firstIteration;
    }
  }

  /** Returns whether the next iteration is the first of an epoch. */
  boolean isBetweenEpochs() {
    synchronized (lock) {
      return epochLength > 0 ? lastIteration % epochLength == 0 : !iterated;
    }
  }

  /** Returns the number of the iteration that was counted last. */
  long currentIteration() {
    synchronized (lock) {
      return lastIteration;
    }
  }

  /** Returns the number of the epoch that is under way, of the last one if none is. */
  long currentEpoch() {
    synchronized (lock) {
      if (epochLength > 0) {
        return (lastIteration + epochLength - 1) / epochLength;
      }
      return inEpoch ? nextEpoch() : lastEpoch;
    }
  }

  /** Returns the number of the epoch that ends with an iteration, as the user has declared it, or 0 if none does. */
  long epochEndingWith(long iteration) {
    return epochLength > 0 && iteration % epochLength == 0 ? iteration / epochLength : 0;
  }

  /**
   * Counts an epoch.
   *
   * @param ended the number of epochs that the framework knows to have ended before it, which counts where it told of no start
   * @return its number, from 1, which no other epoch has, or 0 if it had neither start nor iteration: several may tell of one and the same
   */
  long endEpoch(int ended) {
    synchronized (lock) {
      if (!inEpoch) {
        if (!iterated) {
          return 0;
        }
        endedBefore = ended;
      }
      inEpoch = false;
      epochsKnown = true;
      iterated = false;
      lastEpoch = nextEpoch();
      return lastEpoch;
    }
  }

  private long nextEpoch() {
    return Math.max(endedBefore + 1, lastEpoch + 1);
  }
}
