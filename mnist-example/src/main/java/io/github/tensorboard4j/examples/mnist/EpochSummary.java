package io.github.tensorboard4j.examples.mnist;

/**
 * The figures of one epoch; NaN where one is unknown.
 *
 * @param epoch the number of the epoch, from 1
 * @param loss the mean loss of the training examples, each taken when it was learned from
 * @param accuracy the share of the training examples that were classified right, each when it was learned from
 * @param seconds how long the training took, without the validation
 * @param examplesPerSecond training examples per second
 * @param learningRate the learning rate at the end of the epoch
 * @param validationLoss the mean loss of the validation examples after the epoch
 * @param validationAccuracy the share of the validation examples that were classified right after the epoch
 */
record EpochSummary(
    long epoch,
    double loss,
    double accuracy,
    double seconds,
    double examplesPerSecond,
    double learningRate,
    double validationLoss,
    double validationAccuracy) {}
