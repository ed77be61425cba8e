package io.github.tensorboard4j.training;

/** The means of an epoch of one of several outputs, and the tags of its series. Not thread-safe. */
final class OutputMeter {

  final String batchLoss;
  final String batchAccuracy;
  final String epochLoss;
  final String epochAccuracy;
  final EpochMeans means = new EpochMeans();

  OutputMeter(String output) {
    this.batchLoss = Tags.ofOutput(Tags.BATCH_LOSS, output);
    this.batchAccuracy = Tags.ofOutput(Tags.BATCH_ACCURACY, output);
    this.epochLoss = Tags.ofOutput(Tags.EPOCH_LOSS, output);
    this.epochAccuracy = Tags.ofOutput(Tags.EPOCH_ACCURACY, output);
  }
}
