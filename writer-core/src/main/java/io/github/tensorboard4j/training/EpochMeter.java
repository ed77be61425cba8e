package io.github.tensorboard4j.training;

/**
 * Measures an epoch and the interval since the last point of the batch curves: clock, examples, means. Not thread-safe.
 */
final class EpochMeter {

  private static final double NANOS = 1e9;

  private boolean epochStarted;
  private long epochStart;
  private long examples;
  private final EpochMeans means = new EpochMeans();
  private boolean learningRateKnown;
  private double lastLearningRate;

  private boolean intervalStarted;
  private long intervalStart;
  private long intervalExamples;
  private long intervalBatches;

  private long pauseStart;
  private long pause;

  /** Leaves a time out of whatever epoch and interval it lies in. Only the last one is known. */
  void pause(long start, long end) {
    pauseStart = start;
    pause = end - start;
  }

  void startEpoch(long nanoTime) {
    epochStarted = true;
    epochStart = nanoTime;
    forgetEpoch();
    startInterval(nanoTime);
  }

  void count(IterationFigures figures, long nanoTime) {
    examples += figures.examples();
    means.count(figures);
    learningRateKnown = figures.hasLearningRate();
    lastLearningRate = figures.learningRate();
    if (intervalStarted) {
      intervalExamples += figures.examples();
      intervalBatches++;
    } else {
      // without epochs nobody knows when the first iteration began: the clock starts with its end
      startInterval(nanoTime);
    }
  }

  void startInterval(long nanoTime) {
    intervalStarted = true;
    intervalStart = nanoTime;
    intervalExamples = 0;
    intervalBatches = 0;
  }

  /** Returns whether there is an interval that can be measured: its clock may not have moved. */
  boolean hasInterval(long nanoTime) {
    return intervalBatches > 0 && nanos(intervalStart, nanoTime) > 0;
  }

  double intervalSecondsPerBatch(long nanoTime) {
    return nanos(intervalStart, nanoTime) / NANOS / intervalBatches;
  }

  double intervalExamplesPerSecond(long nanoTime) {
    return intervalExamples / (nanos(intervalStart, nanoTime) / NANOS);
  }

  /** Sums up the epoch, and forgets it: the next one may not be started explicitly. */
  EpochSummary.Builder endEpoch(long epoch, long nanoTime) {
    EpochSummary.Builder summary = EpochSummary.builder(epoch);
    if (means.hasLoss()) {
      summary.loss(means.loss());
    }
    if (means.hasAccuracy()) {
      summary.accuracy(means.accuracy());
    }
    if (learningRateKnown) {
      summary.learningRate(lastLearningRate);
    }
    if (epochStarted) {
      double seconds = nanos(epochStart, nanoTime) / NANOS;
      summary.seconds(seconds);
      if (examples > 0 && seconds > 0) {
        summary.examplesPerSecond(examples / seconds);
      }
    }
    epochStarted = false;
    forgetEpoch();
    return summary;
  }

  private long nanos(long start, long end) {
    boolean paused = pauseStart - start >= 0 && end - (pauseStart + pause) >= 0;
    return paused ? end - start - pause : end - start;
  }

  private void forgetEpoch() {
    examples = 0;
    means.clear();
  }
}
