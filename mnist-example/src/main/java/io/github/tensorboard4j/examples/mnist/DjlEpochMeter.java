package io.github.tensorboard4j.examples.mnist;

import ai.djl.training.Trainer;
import ai.djl.training.TrainingResult;
import ai.djl.training.listener.TrainingListenerAdapter;
import io.github.tensorboard4j.EpochSummary;
import java.util.function.Consumer;

/** Measures each epoch of a classifier's training; to be added after DJL's own listeners. */
final class DjlEpochMeter extends TrainingListenerAdapter {
  private final int examples;
  private final Consumer<EpochSummary> onEpoch;
  private long started;
  private long trained;

  DjlEpochMeter(int examples, Consumer<EpochSummary> onEpoch) {
    this.examples = examples;
    this.onEpoch = onEpoch;
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    trained = System.nanoTime();
    if (started == 0) {
      started = trained;
    }
  }

  @Override
  public void onEpoch(Trainer trainer) {
    TrainingResult result = trainer.getTrainingResult();
    double seconds = (trained - started) / 1e9;
    onEpoch.accept(new EpochSummary(
        result.getEpoch(), result.getTrainLoss(), result.getTrainEvaluation("Accuracy"), Double.NaN, seconds,
        examples / seconds, result.getValidateLoss(), result.getValidateEvaluation("Accuracy")));
    started = 0;
  }
}
