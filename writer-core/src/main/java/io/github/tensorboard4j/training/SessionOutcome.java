package io.github.tensorboard4j.training;

/** Decides whether a training has failed, as far as its recording shows it. Not thread-safe. */
final class SessionOutcome {

  private boolean inEpoch;
  private boolean epochsEnd;
  private boolean diverged;
  private boolean stopped;

  /** The framework says that an epoch has started. */
  void epochStarted() {
    inEpoch = true;
    epochsEnd = true;
  }

  /** An iteration shows that an epoch has started: perhaps the framework never says that one has ended. */
  void epochAssumed() {
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

  /** The user's guard has ended the training. */
  void trainingStopped() {
    stopped = true;
  }

  boolean hasFailed() {
    return stopped || diverged || inEpoch && epochsEnd;
  }
}
