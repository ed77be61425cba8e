package io.github.tensorboard4j.cookbook;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.ScalarLayout;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.djl.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitDataset;
import io.github.tensorboard4j.examples.mnist.DjlTraining;
import io.github.tensorboard4j.examples.mnist.MnistData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;

/**
 * The same training from three random starts: training and validation in one chart, and the mean of the three with its
 * margin in another. The page Custom Scalars opens with both, laid out by this program.
 */
public final class ThreeSeeds {

  private ThreeSeeds() {}

  public static void main(String[] args) throws IOException, TranslateException {
    MnistData all = MnistData.bundled();
    train(Path.of("logs/seeds"), new MnistData(all.train().first(10_000), all.test()), 8);
  }

  static void train(Path logs, MnistData data, int epochs) throws IOException, TranslateException {
    Map<Long, DoubleSummaryStatistics> losses = new TreeMap<>();
    for (int seed = 1; seed <= 3; seed++) {
      train(logs.resolve("seed-" + seed), data, epochs, seed, losses);
    }

    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("all seeds"))) {
      writer.addCustomScalars(ScalarLayout.builder()
          .category("loss")
          .multiline("training and validation", "epoch_loss")
          .margin("validation, three seeds", new ScalarLayout.Band("loss/mean", "loss/lowest", "loss/highest"))
          .build());
      losses.forEach((epoch, loss) -> {
        writer.addScalar("loss/mean", loss.getAverage(), epoch);
        writer.addScalar("loss/lowest", loss.getMin(), epoch);
        writer.addScalar("loss/highest", loss.getMax(), epoch);
      });
    }
  }

  /** Trains from one start, and notes the validation's loss by epoch. */
  private static void train(
      Path run, MnistData data, int epochs, int seed, Map<Long, DoubleSummaryStatistics> losses)
      throws IOException, TranslateException {
    Engine.getInstance().setRandomSeed(seed);
    DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(Optimizer.adam().build());
    TensorBoardListener.builder(run)
        .hyperParameter("seed", seed)
        .onEpoch(epoch -> losses.computeIfAbsent(epoch.epoch(), number -> new DoubleSummaryStatistics())
            .accept(epoch.validationLoss().orElseThrow()))
        .addTo(config);
    try (Model model = Model.newInstance("digits")) {
      model.setBlock(DjlTraining.network());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 28, 28));
        EasyTrain.fit(trainer, epochs, DigitDataset.shuffled(data.train(), 32, seed),
            DigitDataset.inOrder(data.test(), 1000));
      }
    }
  }
}
