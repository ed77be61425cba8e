package io.github.tensorboard4j.examples.mnist;

import java.io.IOException;

/** A training of the network of the comparison by one framework. */
interface Training {
  /** Units of the hidden layer. */
  int HIDDEN_UNITS = 100;

  /** Examples per batch of the validation, which no result depends on. */
  int VALIDATION_BATCH_SIZE = 1000;

  /**
   * Checks that this machine has what the framework's build needs.
   *
   * @throws IOException if something is missing; the message says what, and what to do
   */
  void requireDevice() throws IOException;

  /**
   * Trains the network from its seeded start to the last epoch.
   *
   * @param data what to learn from and to validate with
   * @param run what to train, and where to record it
   * @param progress hears of every batch and epoch, on the calling thread
   * @throws IOException if data or logs can't be reached
   */
  void run(MnistData data, Run run, Progress progress) throws IOException;
}
