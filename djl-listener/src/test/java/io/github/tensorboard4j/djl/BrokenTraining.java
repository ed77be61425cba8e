package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** One training, and five ways to break it, each of which the board shows. */
enum BrokenTraining {

  /** As it should be. */
  SOUND,

  /** A learning rate of 1.5 in the place of 0.05. */
  RATE_TOO_HIGH,

  /** Biases that start so far below zero that no ReLU ever lets anything through. */
  DEAD_RELUS,

  /** Sigmoids in the place of ReLUs, through which hardly any gradient comes back. */
  VANISHING_GRADIENTS,

  /** Labels that are read from a column that has nothing to do with the features. */
  BAD_LABELS,

  /** A feature that is not a number, in one example of one batch. */
  NAN_INPUT;

  /** The batch with the NaN. */
  static final int NAN_ITERATION = 14;

  private static final int FEATURES = 10;
  private static final int CLASSES = 3;
  private static final int LAYERS = 5;
  private static final int BATCHES = 20;
  private static final int BATCH = 32;
  private static final int EPOCHS = 10;

  String run() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Trains it, with all that a listener has to say of what is within. */
  void train(Path run) {
    DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(
            Optimizer.sgd().setLearningRateTracker(Tracker.fixed(this == RATE_TOO_HIGH ? 1.5f : 0.05f)).build());
    try (TensorBoardListener listener = TensorBoardListener.builder(run)
        .statisticsFrequency(Frequency.iterations(2))
        .gradientFrequency(Frequency.epochs(1))
        .activationFrequency(Frequency.epochs(1))
        .addTo(config)) {
      Trainings.on("PyTorch", block(), config.optDevices(new Device[] {Device.cpu()}), new Shape(1, FEATURES), this::fit);
      listener.flush();
    }
  }

  private void fit(Trainer trainer) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      EasyTrain.fit(trainer, EPOCHS, data(manager, true, 1), data(manager, false, 2));
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
  }

  private SequentialBlock block() {
    SequentialBlock block = new SequentialBlock();
    for (int i = 0; i < LAYERS; i++) {
      block.add(Linear.builder().setUnits(24).build());
      block.add(this == VANISHING_GRADIENTS ? Activation.sigmoidBlock() : Activation.reluBlock());
    }
    block.add(Linear.builder().setUnits(CLASSES).build());
    if (this == DEAD_RELUS) {
      block.setInitializer(new ConstantInitializer(-10), Parameter.Type.BIAS);
    }
    return block;
  }

  private ArrayDataset data(NDManager manager, boolean training, long seed) {
    Random random = new Random(seed);
    int examples = BATCHES * BATCH;
    float[] features = new float[examples * FEATURES];
    int[] labels = new int[examples];
    for (int row = 0; row < examples; row++) {
      int kind = random.nextInt(CLASSES);
      for (int column = 0; column < FEATURES; column++) {
        features[row * FEATURES + column] = (float) (random.nextGaussian() + (column % CLASSES == kind ? 1 : 0));
      }
      int other = random.nextInt(CLASSES);
      labels[row] = this == BAD_LABELS && training ? other : kind;
    }
    if (this == NAN_INPUT && training) {
      features[((NAN_ITERATION - 1) * BATCH + 5) * FEATURES + 2] = Float.NaN;
    }
    NDArray array = manager.create(features, new Shape(examples, FEATURES));
    return new ArrayDataset.Builder().setData(array).optLabels(manager.create(labels)).setSampling(BATCH, false).build();
  }
}
