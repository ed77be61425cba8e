package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.dl4j.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitIterator;
import io.github.tensorboard4j.examples.mnist.MnistData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Twelve trainings that differ in optimizer, learning rate, batch size and width, compared on the page HParams. */
public final class HyperParameterSearch {

  private HyperParameterSearch() {}

  public static void main(String[] args) throws IOException {
    MnistData all = MnistData.bundled();
    search(Path.of("logs/search"), new MnistData(all.train().first(10_000), all.test()), 2);
  }

  static void search(Path logs, MnistData data, int epochs) {
    int trial = 0;
    for (IUpdater updater : List.of(new Sgd(0.01), new Sgd(0.1), new Adam(0.001))) {
      for (int batchSize : List.of(16, 128)) {
        for (int width : List.of(10, 100)) {
          train(logs.resolve(String.format("trial-%02d", ++trial)), data, updater, batchSize, width, epochs);
        }
      }
    }
  }

  private static void train(Path run, MnistData data, IUpdater updater, int batchSize, int width, int epochs) {
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
        .seed(1)
        .weightInit(WeightInit.XAVIER)
        .updater(updater)
        .list()
        .layer(new DenseLayer.Builder().name("hidden").nIn(784).nOut(width).activation(Activation.RELU).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nIn(width).nOut(10)
            .activation(Activation.SOFTMAX).build())
        .build());
    network.init();

    // optimizer, learning rate and batch size are found by themselves; what only you know, you tell
    try (TensorBoardListener listener = TensorBoardListener.builder(run)
        .hyperParameter("width", width)
        .validationData(DigitIterator.inOrder(data.test(), 1000))
        .build()) {
      network.setListeners(listener);
      network.fit(DigitIterator.shuffled(data.train(), batchSize, 1), epochs);
      listener.end(SessionStatus.SUCCESS);
    }
  }
}
