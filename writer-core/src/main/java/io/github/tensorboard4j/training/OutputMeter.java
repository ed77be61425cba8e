package io.github.tensorboard4j.training;

import io.github.tensorboard4j.SummaryWriter;

/** Records the curves of one of several outputs, and keeps the means of its epoch. Not thread-safe. */
final class OutputMeter {

  private final String batchLoss;
  private final String batchAccuracy;
  private final String epochLoss;
  private final String epochAccuracy;
  private final EpochMeans means = new EpochMeans();

  OutputMeter(String output) {
    this.batchLoss = Tags.ofOutput(Tags.BATCH_LOSS, output);
    this.batchAccuracy = Tags.ofOutput(Tags.BATCH_ACCURACY, output);
    this.epochLoss = Tags.ofOutput(Tags.EPOCH_LOSS, output);
    this.epochAccuracy = Tags.ofOutput(Tags.EPOCH_ACCURACY, output);
  }

  void startEpoch() {
    means.clear();
  }

  void count(IterationFigures figures) {
    means.count(figures);
  }

  void recordBatch(SummaryWriter writer, IterationFigures figures) {
    if (figures.hasLoss()) {
      writer.addScalar(batchLoss, figures.loss(), figures.iteration());
    }
    if (figures.hasAccuracy()) {
      writer.addScalar(batchAccuracy, figures.correct() / figures.predictions(), figures.iteration());
    }
  }

  void recordEpoch(SummaryWriter writer, long epoch) {
    if (means.hasLoss()) {
      writer.addScalar(epochLoss, means.loss(), epoch);
    }
    if (means.hasAccuracy()) {
      writer.addScalar(epochAccuracy, means.accuracy(), epoch);
    }
    means.clear();
  }
}
