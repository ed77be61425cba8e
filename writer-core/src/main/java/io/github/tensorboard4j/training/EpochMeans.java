package io.github.tensorboard4j.training;

/** The mean loss and accuracy of an epoch's iterations. Not thread-safe. */
final class EpochMeans {

  private double lossSum;
  private long lossExamples;
  private double correct;
  private long predictions;

  void count(IterationFigures figures) {
    if (figures.hasLoss()) {
      // an iteration whose examples nobody knows counts as one
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

  void clear() {
    lossSum = 0;
    lossExamples = 0;
    correct = 0;
    predictions = 0;
  }
}
