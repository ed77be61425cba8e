package io.github.tensorboard4j.benchmarks;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import io.github.tensorboard4j.djl.TensorBoardListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the listener costs trainings of several networks with DJL, whose own listeners and evaluators all variants have. */
public final class DjlCosts {

  private static final int CLASSES = 10;

  private final Costs costs;
  private final Path logs;
  private int runs;

  private DjlCosts(String[] args, Path logs) {
    this.costs = new Costs(args);
    this.logs = logs;
  }

  /**
   * Runs the comparison.
   *
   * @param args the number of rounds, 5 if not given, and the networks, all if not given
   * @throws IOException if there is no directory for temporary files
   */
  public static void main(String[] args) throws IOException {
    System.setProperty("ai.djl.offline", "true");
    DjlCosts all = new DjlCosts(args, Files.createTempDirectory("tensorboard4j"));
    Supplier<Block> linears = () -> dense(8).add(Linear.builder().setUnits(3).build());
    all.compare("tiny", 3_000, linears, new Shape(16, 4), new Shape(16), 3);
    all.compare("MLP", 500, () -> dense(100).add(Linear.builder().setUnits(CLASSES).build()),
        new Shape(32, 784), new Shape(32), CLASSES);
    all.compare("LeNet", 100, DjlCosts::leNet, new Shape(32, 1, 28, 28), new Shape(32), CLASSES);
    all.compare("LSTM", 200, () -> new SequentialBlock()
        .add(LSTM.builder().setStateSize(64).setNumLayers(1).optBatchFirst(true).optReturnState(false).build())
        .add(Linear.builder().setUnits(CLASSES).build()).add(rows(CLASSES)),
        new Shape(16, 50, 20), new Shape(16 * 50), CLASSES);
    all.compare("segmentation", 100, () -> new SequentialBlock()
        .add(convolution(3, 1, 16)).add(Activation::relu).add(convolution(3, 1, 16)).add(Activation::relu)
        .add(convolution(1, 0, 4)).add(list -> new NDList(list.singletonOrThrow().transpose(0, 2, 3, 1))).add(rows(4)),
        new Shape(4, 3, 64, 64), new Shape(4 * 64 * 64), 4);
    all.compare("20M", 12,
        () -> dense(4_000).add(dense(4_000)).add(Linear.builder().setUnits(CLASSES).build()),
        new Shape(16, 1_000), new Shape(16), CLASSES);
  }

  /** A row for each time step or pixel, as the loss takes them. */
  private static Block rows(int classes) {
    return new LambdaBlock(list -> new NDList(list.singletonOrThrow().reshape(-1, classes)), "rows");
  }

  private static SequentialBlock dense(int units) {
    return new SequentialBlock().add(Linear.builder().setUnits(units).build()).add(Activation::relu);
  }

  private static Block convolution(int kernel, int padding, int filters) {
    return Conv2d.builder().setKernelShape(new Shape(kernel, kernel)).optPadding(new Shape(padding, padding))
        .setFilters(filters).build();
  }

  private static Block leNet() {
    Shape two = new Shape(2, 2);
    return new SequentialBlock()
        .add(convolution(5, 0, 20)).add(Activation::relu).add(Pool.maxPool2dBlock(two, two))
        .add(convolution(5, 0, 50)).add(Activation::relu).add(Pool.maxPool2dBlock(two, two))
        .add(Blocks.batchFlattenBlock()).add(dense(500)).add(Linear.builder().setUnits(CLASSES).build());
  }

  private void compare(String name, int iterations, Supplier<Block> network, Shape input, Shape labels, int classes) {
    Map<String, Supplier<Costs.Training>> variants = new LinkedHashMap<>();
    Function<Function<Path, TensorBoardListener>, Supplier<Costs.Training>> with =
        listener -> () -> new DjlRun(iterations, network.get(), input, labels, classes, listener);
    variants.put("no listener", with.apply(run -> null));
    Costs.<TensorBoardListener.Builder>listeners().forEach((variant, asked) -> variants.put(variant,
        with.apply(run -> asked.apply(TensorBoardListener.builder(run)).build())));
    costs.compare(name, iterations, variants);
  }

  /** A training whose first iterations, in which a listener describes it, are over. */
  private final class DjlRun implements Costs.Training {

    private final int iterations;
    private final TensorBoardListener listener;
    private final Model model;
    private final Trainer trainer;
    private final NDManager manager;
    private final NDArray data;
    private final NDArray labels;

    DjlRun(int iterations, Block network, Shape input, Shape labelShape, int classes,
        Function<Path, TensorBoardListener> listeners) {
      this.iterations = iterations;
      Engine.getEngine("PyTorch").setRandomSeed(1);
      Loss loss = new SoftmaxCrossEntropyLoss("loss", 1, -1, true, true);
      DefaultTrainingConfig config = new DefaultTrainingConfig(loss)
          .addEvaluator(new Accuracy("Accuracy", 1))
          .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.001f)).build())
          .addTrainingListeners(TrainingListener.Defaults.basic());
      listener = listeners.apply(logs.resolve("run" + runs++));
      if (listener != null) {
        config.addTrainingListeners(listener);
      }
      model = Model.newInstance("model", "PyTorch");
      model.setBlock(network);
      trainer = model.newTrainer(config);
      trainer.initialize(input);
      manager = trainer.getManager();
      data = manager.randomUniform(0, 1, input);
      labels = manager.randomUniform(0, classes, labelShape).floor().toType(DataType.FLOAT32, false);
      epoch(12);
    }

    private void epoch(int batches) {
      for (int i = 0; i < batches; i++) {
        Batch batch = new Batch(manager.newSubManager(), new NDList(data.duplicate()), new NDList(labels.duplicate()),
            (int) data.getShape().get(0), Batchifier.STACK, Batchifier.STACK, i, batches);
        EasyTrain.trainBatch(trainer, batch);
        trainer.step();
        batch.close();
      }
      trainer.notifyListeners(told -> told.onEpoch(trainer));
    }

    @Override
    public void train() {
      epoch(iterations);
    }

    @Override
    public void close() {
      trainer.close();
      model.close();
      if (listener != null) {
        listener.close();
      }
    }
  }
}
