package io.github.tensorboard4j.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks and data that the tests train for real. */
final class Nets {

  static final int FEATURES = 6;
  static final int CLASSES = 3;

  private Nets() {}

  static MultiLayerNetwork classifier() {
    return init(new NeuralNetConfiguration.Builder().seed(5).l2(1e-3).updater(new Adam(0.01)).list()
        .layer(hidden())
        .layer(output())
        .build());
  }

  /** The same as a graph. */
  static ComputationGraph graph() {
    return init(new NeuralNetConfiguration.Builder().seed(5).l2(1e-3).updater(new Adam(0.01)).graphBuilder()
        .addInputs("in")
        .addLayer("hidden", hidden(), "in")
        .addLayer("output", output(), "hidden")
        .setOutputs("output")
        .build());
  }

  static MultiLayerNetwork init(MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  static ComputationGraph init(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  static DenseLayer hidden() {
    return new DenseLayer.Builder().name("hidden").nIn(FEATURES).nOut(8).activation(Activation.RELU).build();
  }

  static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT).name("output").nIn(8).nOut(CLASSES)
        .activation(Activation.SOFTMAX).build();
  }

  /** Batches that can be learned in part; the last one is smaller than the others. */
  static List<DataSet> batches(long seed) {
    Random random = new Random(seed);
    List<DataSet> batches = new ArrayList<>();
    for (int size : new int[] {16, 16, 16, 16, 5}) {
      INDArray features = Nd4j.zeros(size, FEATURES);
      INDArray labels = Nd4j.zeros(size, CLASSES);
      for (int row = 0; row < size; row++) {
        int label = random.nextInt(CLASSES);
        labels.putScalar(row, label, 1);
        for (int column = 0; column < FEATURES; column++) {
          features.putScalar(row, column, random.nextGaussian() + (column == label ? 1 : 0));
        }
      }
      batches.add(new DataSet(features, labels));
    }
    return batches;
  }

  /** Returns an iterator over batches as they are. */
  static DataSetIterator iterator(List<DataSet> batches) {
    return new ExistingDataSetIterator(batches);
  }
}
