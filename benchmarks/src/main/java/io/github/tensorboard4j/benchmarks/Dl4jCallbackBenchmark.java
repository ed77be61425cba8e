package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.dl4j.TensorBoardListener;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
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
 * What Deeplearning4j's listener takes of an iteration, its callbacks alone: a whole training differs from run to run by more
 * than that. The iteration that they are told of is one and the same, its number goes on.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class Dl4jCallbackBenchmark {

  /** The sizes of input, hidden layer and output, and the batch's. */
  @Param({"4-8-3x16", "784-100-10x32"})
  public String network;

  /** Every how many iterations the batch curves get a point; 0 for the default. */
  @Param({"0", "1"})
  public int every;

  private MultiLayerNetwork trained;
  private TensorBoardListener listener;
  private int iteration;

  /**
   * Trains until the listener has described the training.
   *
   * @throws IOException if there is no directory for temporary files
   */
  @Setup
  public void train() throws IOException {
    String[] sizes = network.split("[-x]");
    int batch = Integer.parseInt(sizes[3]);
    trained = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().seed(1).updater(new Adam())
        .trainingWorkspaceMode(WorkspaceMode.NONE).list()
        .layer(new DenseLayer.Builder().nIn(Integer.parseInt(sizes[0])).nOut(Integer.parseInt(sizes[1]))
            .activation(Activation.RELU).build())
        .layer(new OutputLayer.Builder().nIn(Integer.parseInt(sizes[1])).nOut(Integer.parseInt(sizes[2]))
            .activation(Activation.SOFTMAX).build())
        .build());
    trained.init();
    INDArray scores = Nd4j.rand(batch, Integer.parseInt(sizes[2]));
    trained.setInput(Nd4j.rand(batch, Integer.parseInt(sizes[0])));
    trained.setLabels(scores.eq(scores.max(true, 1).broadcast(scores.shape())).castTo(scores.dataType()));
    trained.computeGradientAndScore();
    Path run = Files.createTempDirectory("tensorboard4j");
    TensorBoardListener.Builder builder = TensorBoardListener.builder(run);
    listener = every == 0 ? builder.build() : builder.batchFrequency(Frequency.iterations(every)).build();
    listener.onEpochStart(trained);
    iterate();
  }

  /** Closes the listener. */
  @TearDown
  public void close() {
    listener.close();
  }

  /** Tells the listener of an iteration. */
  @Benchmark
  public void iterate() {
    listener.onBackwardPass(trained);
    listener.iterationDone(trained, iteration++, 0);
  }
}
