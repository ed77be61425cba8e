package io.github.tensorboard4j.benchmarks;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * What a listener costs DJL's training of the MNIST example: an epoch of 60,000 digits in batches of 32, Adam, with DJL's own
 * listeners and evaluators in every variant.
 */
public final class DjlOverhead {

  private final MnistData data;
  private final Path logs;
  private int runs;

  private DjlOverhead(MnistData data, Path logs) {
    this.data = data;
    this.logs = logs;
  }

  /**
   * Runs the comparison.
   *
   * @param args the number of rounds, 11 if not given
   * @throws IOException if the data can't be read or there is no directory for temporary files
   */
  public static void main(String[] args) throws IOException {
    System.setProperty("ai.djl.offline", "true");
    int rounds = args.length == 0 ? 11 : Integer.parseInt(args[0]);
    DjlOverhead overhead = new DjlOverhead(MnistData.bundled(), Files.createTempDirectory("tensorboard4j"));
    new Overhead()
        .variant("no listener", () -> overhead.epoch(run -> null))
        .variant("TensorBoardListener", () -> overhead.epoch(TensorBoardListener::new))
        .variant("TensorBoardListener, every batch",
            () -> overhead.epoch(run -> TensorBoardListener.builder(run).batchFrequency(Frequency.iterations(1)).build()))
        .run(1, rounds);
  }

  private double epoch(Function<Path, TensorBoardListener> listeners) {
    Path run = logs.resolve("run" + runs++);
    DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.001f)).build())
        .addTrainingListeners(TrainingListener.Defaults.basic());
    TensorBoardListener listener = listeners.apply(run);
    if (listener != null) {
      config.addTrainingListeners(listener);
    }
    Engine.getEngine("PyTorch").setRandomSeed(1);
    try (Model model = Model.newInstance("mnist", "PyTorch")) {
      model.setBlock(DjlTraining.network());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(32, 28, 28));
        long start = System.nanoTime();
        EasyTrain.fit(trainer, 1, DigitDataset.shuffled(data.train(), 32, 1), null);
        return (System.nanoTime() - start) / 1e9;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslateException e) {
      throw new IllegalStateException(e);
    } finally {
      if (listener != null) {
        listener.close();
      }
    }
  }
}
