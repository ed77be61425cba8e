package io.github.tensorboard4j.benchmarks;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import io.github.tensorboard4j.djl.LearningRate;
import io.github.tensorboard4j.djl.TensorBoardListener;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What DJL's listener takes of an iteration beside DJL's own listeners, its callbacks alone: a whole training differs from run
 * to run by more than that. The iteration that it is told of is one and the same; the number of its updates goes on.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class DjlCallbackBenchmark {

  /** The sizes of input, hidden layer and output, and the batch's. */
  @Param({"4-8-3x16", "784-100-10x32"})
  public String network;

  /** Every how many iterations the batch curves get a point; 0 for the default. */
  @Param({"0", "1"})
  public int every;

  private Model model;
  private Trainer trainer;
  private LearningRate rate;
  private TensorBoardListener listener;
  private TrainingListener.BatchData batchData;
  private int updates;

  /**
   * Trains until the listener has described the training.
   *
   * @throws IOException if there is no directory for temporary files
   */
  @Setup
  public void train() throws IOException {
    System.setProperty("ai.djl.offline", "true");
    String[] sizes = network.split("[-x]");
    int batchSize = Integer.parseInt(sizes[3]);
    Shape input = new Shape(batchSize, Integer.parseInt(sizes[0]));
    Path run = Files.createTempDirectory("tensorboard4j");
    rate = new LearningRate(Tracker.fixed(0.001f));
    TensorBoardListener.Builder builder = TensorBoardListener.builder(run).learningRate(rate);
    listener = every == 0 ? builder.build() : builder.batchFrequency(Frequency.iterations(every)).build();
    DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(rate).build())
        .addTrainingListeners(TrainingListener.Defaults.basic())
        .addTrainingListeners(listener, new TrainingListenerAdapter() {
          @Override
          public void onTrainingBatch(Trainer trainer, BatchData data) {
            batchData = data;
          }
        });
    model = Model.newInstance("model", "PyTorch");
    model.setBlock(new SequentialBlock()
        .add(Linear.builder().setUnits(Integer.parseInt(sizes[1])).build()).add(Activation::relu)
        .add(Linear.builder().setUnits(Integer.parseInt(sizes[2])).build()));
    trainer = model.newTrainer(config);
    trainer.initialize(input);
    NDManager manager = trainer.getManager();
    NDArray labels = manager.randomInteger(0, Long.parseLong(sizes[2]), new Shape(batchSize), DataType.INT64);
    Batch batch = new Batch(manager, new NDList(manager.randomUniform(0, 1, input)), new NDList(labels), batchSize,
        Batchifier.STACK, Batchifier.STACK, 0, 1);
    for (int i = 0; i < 10; i++) {
      EasyTrain.trainBatch(trainer, batch);
      trainer.step();
      updates++;
    }
  }

  /** Closes the listener. */
  @TearDown
  public void close() {
    listener.close();
    trainer.close();
    model.close();
  }

  /** Tells the listener of an iteration: of its batch, and of its update, as the optimizer does when it asks for the rate. */
  @Benchmark
  public void iterate() {
    listener.onTrainingBatch(trainer, batchData);
    rate.getNewValue("weight", ++updates);
  }
}
