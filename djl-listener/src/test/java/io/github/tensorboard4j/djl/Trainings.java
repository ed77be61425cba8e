package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Small trainings on real engines. */
final class Trainings {

  static final int BATCHES = 5;
  static final int BATCH = 16;
  private static final int FEATURES = 6;
  private static final int CLASSES = 3;

  private Trainings() {}

  static Block classifier() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(8).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(CLASSES).build());
  }

  static DefaultTrainingConfig config(TrainingListener... listeners) {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build())
        .addTrainingListeners(listeners);
  }

  /** Five batches of 16 examples in 3 classes, the same for the same seed; one example less in the last. */
  static ArrayDataset data(NDManager manager, long seed) {
    int examples = BATCHES * BATCH - 1;
    Random random = new Random(seed);
    float[] features = new float[examples * FEATURES];
    int[] labels = new int[examples];
    for (int i = 0; i < examples; i++) {
      labels[i] = random.nextInt(CLASSES);
      for (int j = 0; j < FEATURES; j++) {
        features[i * FEATURES + j] = (float) (random.nextGaussian() + (j == labels[i] ? 1 : 0));
      }
    }
    return new ArrayDataset.Builder()
        .setData(manager.create(features, new Shape(examples, FEATURES)))
        .optLabels(manager.create(labels))
        .setSampling(BATCH, false)
        .build();
  }

  /** Trains on PyTorch for so many epochs and returns what the weights became. */
  static float[] train(DefaultTrainingConfig config, int epochs) {
    float[][] weights = new float[1][];
    onPyTorch(config, trainer -> {
      fit(trainer, epochs);
      try (NDArray flat = trainer.getModel().getBlock().getParameters().valueAt(0).getArray().flatten()) {
        weights[0] = flat.toFloatArray();
      }
    });
    return weights[0];
  }

  static void fit(Trainer trainer, int epochs) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      EasyTrain.fit(trainer, epochs, data(manager, 1), data(manager, 2));
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
  }

  static void fitWithoutValidation(Trainer trainer, int epochs) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      EasyTrain.fit(trainer, epochs, data(manager, 1), null);
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
  }

  static Iterable<Batch> batches(Trainer trainer, NDManager manager) {
    try {
      return trainer.iterateDataset(data(manager, 1));
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
  }

  /** Passes each batch of an epoch to an action, and closes it after that. */
  static void eachBatch(Trainer trainer, Consumer<Batch> action) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      for (Batch batch : batches(trainer, manager)) {
        action.accept(batch);
        batch.close();
      }
    }
  }

  /** Trains an epoch with an update after so many batches. */
  static void accumulate(Trainer trainer, int batches) {
    AtomicInteger number = new AtomicInteger();
    eachBatch(trainer, batch -> {
      EasyTrain.trainBatch(trainer, batch);
      if (number.incrementAndGet() % batches == 0) {
        trainer.step();
      }
    });
  }

  static void onPyTorch(DefaultTrainingConfig config, Consumer<Trainer> training) {
    on("PyTorch", classifier(), config, training);
  }

  static void on(String engine, Block block, DefaultTrainingConfig config, Consumer<Trainer> training) {
    on(engine, block, config.optDevices(new Device[] {Device.cpu()}), new Shape(1, FEATURES), training);
  }

  /** Trains a block that takes inputs of a shape, on the devices of the configuration. */
  static void on(String engine, Block block, DefaultTrainingConfig config, Shape inputs, Consumer<Trainer> training) {
    Engine.getEngine(engine).setRandomSeed(1);
    try (Model model = Model.newInstance("model", Device.cpu(), engine)) {
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(inputs);
        training.accept(trainer);
      }
    }
  }
}
