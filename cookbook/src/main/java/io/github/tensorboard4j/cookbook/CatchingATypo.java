package io.github.tensorboard4j.cookbook;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.djl.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitDataset;
import io.github.tensorboard4j.examples.mnist.DjlTraining;
import io.github.tensorboard4j.examples.mnist.MnistData;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Someone types 0.2 instead of 0.02. Long before the first epoch is over, the batch curves beside those of the training of
 * yesterday show it.
 */
public final class CatchingATypo {

  private CatchingATypo() {}

  public static void main(String[] args) throws IOException, TranslateException {
    Path logs = Path.of("logs/typo");
    Dataset digits = DigitDataset.shuffled(MnistData.bundled().train(), 32, 1);
    System.out.println("Look at it now: tensorboard --logdir " + logs);
    train(logs.resolve("rate 0.02"), digits, 0.02f, 1);
    train(logs.resolve("rate 0.2"), digits, 0.2f, 1);
  }

  static void train(Path run, Dataset digits, float rate, int epochs) throws IOException, TranslateException {
    Engine.getInstance().setRandomSeed(1);
    DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(rate)).build());
    // a point for every batch; what is recorded is on the disk within a second
    TensorBoardListener.builder(run).batchFrequency(Frequency.iterations(1)).addTo(config);
    try (Model model = Model.newInstance("digits")) {
      model.setBlock(DjlTraining.network());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 28, 28));
        EasyTrain.fit(trainer, epochs, digits, null);
      }
    }
  }
}
