package io.github.tensorboard4j.training;

/** Whether a training has failed, as far as its recording shows it. Not thread-safe. */
final class SessionOutcome {

  private boolean inEpoch;
  private boolean epochsEnd;
  private boolean diverged;

  /** Learns from the framework that an epoch has started. */
  void epochStarted() {
    inEpoch = true;
    epochsEnd = true;
  }

  /** Learns from an iteration that an epoch has started: perhaps the framework tells the end of none. */
  void epochSupposed() {
    inEpoch = true;
  }

  void epochEnded() {
    inEpoch = false;
    epochsEnd = true;
  }

  void iterationDone(IterationFigures figures) {
    if (figures.hasLoss()) {
      diverged = !Double.isFinite(figures.loss());
    }
  }

  boolean hasFailed() {
    return diverged || inEpoch && epochsEnd;
  }
}
