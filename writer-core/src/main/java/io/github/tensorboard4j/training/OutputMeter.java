package io.github.tensorboard4j.training;

/** The means of an epoch of one of several outputs, and the tags of its series. Not thread-safe. */
final class OutputMeter {

  final String batchLoss;
  final String batchAccuracy;
  final String epochLoss;
  final String epochAccuracy;

  private double lossSum;
  private long lossExamples;
  private double correct;
  private long predictions;

  OutputMeter(String output) {
    this.batchLoss = Tags.ofOutput(Tags.BATCH_LOSS, output);
    this.batchAccuracy = Tags.ofOutput(Tags.BATCH_ACCURACY, output);
    this.epochLoss = Tags.ofOutput(Tags.EPOCH_LOSS, output);
    this.epochAccuracy = Tags.ofOutput(Tags.EPOCH_ACCURACY, output);
  }

  void count(IterationFigures figures) {
    if (figures.hasLoss()) {
      long weight = Math.max(1, figures.examples());
      lossSum += figures.loss() * weight;
      lossExamples += weight;
    }
    if (figures.hasAccuracy()) {
      correct += figures.correct();
      predictions += figures.predictions();
    }
  }

  boolean hasLoss() {
    return lossExamples > 0;
  }

  double loss() {
    return lossSum / lossExamples;
  }

  boolean hasAccuracy() {
    return predictions > 0;
  }

  double accuracy() {
    return correct / predictions;
  }

  void startEpoch() {
    lossSum = 0;
    lossExamples = 0;
    correct = 0;
    predictions = 0;
  }
}
