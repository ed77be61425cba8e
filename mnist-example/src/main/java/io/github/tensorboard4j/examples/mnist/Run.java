package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.training.ExistingRun;
import java.nio.file.Path;

/**
 * One training of the comparison.
 *
 * @param framework what trains the network
 * @param optimizer what turns gradients into updates
 * @param epochs how often the training set is gone through
 * @param batchSize examples per update
 * @param seed the start of the initial weights and of the order of the examples
 * @param directory where the training is recorded
 * @param existingRun what to do with what was recorded there before
 */
record Run(
    Framework framework, Optimizer optimizer, int epochs, int batchSize, long seed, Path directory,
    ExistingRun existingRun) {
  /** The number of updates in an epoch of one or more examples. */
  int batches(int examples) {
    return (examples - 1) / batchSize + 1;
  }
}
