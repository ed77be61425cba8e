package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.training.EpochSummary;
import java.util.List;

/**
 * The result of a training.
 *
 * @param run the training
 * @param epochs the figures of its epochs, at least one
 */
record Result(Run run, List<EpochSummary> epochs) {
  EpochSummary lastEpoch() {
    return epochs.get(epochs.size() - 1);
  }

  /** Returns the seconds that the training took, without the validation. */
  double seconds() {
    return epochs.stream().mapToDouble(epoch -> epoch.seconds().orElseThrow()).sum();
  }
}
