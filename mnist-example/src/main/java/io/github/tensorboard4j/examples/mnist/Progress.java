package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.training.EpochSummary;

/** Hears how a training goes on. */
interface Progress {
  /** One batch was learned from. */
  void batchDone();

  /** One epoch, with its validation, is over. */
  void epochDone(EpochSummary summary);
}
