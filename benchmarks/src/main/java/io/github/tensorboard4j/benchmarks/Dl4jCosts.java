package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.dl4j.TensorBoardListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What the listener costs trainings of several networks with Deeplearning4j, and what the framework's own does. */
public final class Dl4jCosts {

  private static final int CLASSES = 10;

  private final Costs costs;
  private final Path logs;
  private int runs;

  private Dl4jCosts(String[] args, Path logs) {
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
    Dl4jCosts all = new Dl4jCosts(args, Files.createTempDirectory("tensorboard4j"));
    Nd4j.getRandom().setSeed(1);
    all.compare("tiny", 3_000, network(InputType.feedForward(4), dense(8), output(3)),
        batch(Nd4j.rand(16, 4), 3));
    all.compare("MLP", 500, network(InputType.feedForward(784), dense(100), output(CLASSES)),
        batch(Nd4j.rand(32, 784), CLASSES));
    all.compare("LeNet", 20, network(InputType.convolutional(28, 28, 1), convolution(20), pool(), convolution(50), pool(),
        dense(500), output(CLASSES)), batch(Nd4j.rand(32, 1, 28, 28), CLASSES));
    all.compare("LSTM", 20, network(InputType.recurrent(20, 50), new LSTM.Builder().nOut(64).build(),
        new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES).build()),
        new DataSet(Nd4j.rand(16, 20, 50), oneHot(Nd4j.rand(16, CLASSES, 50))));
    all.compare("segmentation", 20, network(InputType.convolutional(64, 64, 3), same(16), same(16),
        new ConvolutionLayer.Builder(1, 1).nOut(4).activation(Activation.IDENTITY).build(),
        new CnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build()),
        new DataSet(Nd4j.rand(4, 3, 64, 64), oneHot(Nd4j.rand(4, 4, 64, 64))));
    all.compare("20M", 12, network(InputType.feedForward(1_000), dense(4_000), dense(4_000), output(CLASSES)),
        batch(Nd4j.rand(16, 1_000), CLASSES));
  }

  private void compare(String name, int iterations, MultiLayerConfiguration configuration, DataSet batch) {
    Map<String, Supplier<Costs.Training>> variants = new LinkedHashMap<>();
    variants.put("no listener", () -> training(iterations, configuration, batch, run -> null));
    Costs.<TensorBoardListener.Builder>listeners().forEach((variant, asked) -> variants.put(variant,
        () -> training(iterations, configuration, batch, run -> asked.apply(TensorBoardListener.builder(run)).build())));
    variants.put("StatsListener, every batch",
        () -> training(iterations, configuration, batch, run -> new StatsListener(new InMemoryStatsStorage())));
    costs.compare(name, iterations, variants);
  }

  /** A training whose first iterations, in which a listener describes it, are over. */
  private Costs.Training training(
      int iterations, MultiLayerConfiguration configuration, DataSet batch, Function<Path, TrainingListener> listeners) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
    network.init();
    TrainingListener listener = listeners.apply(logs.resolve("run" + runs++));
    if (listener != null) {
      network.setListeners(listener);
    }
    network.fit(new ExistingDataSetIterator(Collections.nCopies(12, batch)));
    return new Costs.Training() {

      @Override
      public void train() {
        network.fit(new ExistingDataSetIterator(Collections.nCopies(iterations, batch)));
      }

      @Override
      public void close() {
        if (listener instanceof TensorBoardListener ours) {
          ours.close();
        }
      }
    };
  }

  private static MultiLayerConfiguration network(InputType input, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(0.001)).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    return list.setInputType(input).build();
  }

  private static Layer dense(int size) {
    return new DenseLayer.Builder().nOut(size).activation(Activation.RELU).build();
  }

  private static Layer output(int classes) {
    return new OutputLayer.Builder(LossFunction.MCXENT).nOut(classes).activation(Activation.SOFTMAX).build();
  }

  private static Layer convolution(int channels) {
    return new ConvolutionLayer.Builder(5, 5).nOut(channels).activation(Activation.RELU).build();
  }

  private static Layer same(int channels) {
    return new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(channels).activation(Activation.RELU).build();
  }

  private static Layer pool() {
    return new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build();
  }

  private static DataSet batch(INDArray features, int classes) {
    return new DataSet(features, oneHot(Nd4j.rand((int) features.size(0), classes)));
  }

  /** Returns labels that are 1 where an array is largest along its second dimension, else 0. */
  private static INDArray oneHot(INDArray scores) {
    return scores.eq(scores.max(true, 1).broadcast(scores.shape())).castTo(scores.dataType());
  }
}
