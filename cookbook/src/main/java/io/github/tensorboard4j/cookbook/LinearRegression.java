package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.dl4j.TensorBoardListener;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import io.github.tensorboard4j.training.TrainingDivergedException;
import java.nio.file.Path;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Finds the five weights and the bias by which 10,000 examples were made, and what it looks like if the rate is too high. */
public final class LinearRegression {

  private static final int EXAMPLES = 10_000;
  private static final float[][] WEIGHTS = {{2}, {-3}, {0.5f}, {0}, {1}};
  private static final float BIAS = 4;

  private LinearRegression() {}

  public static void main(String[] args) {
    Path logs = Path.of("logs/regression");
    train(logs.resolve("all at once"), EXAMPLES, 500, 0.1);
    train(logs.resolve("batches"), 1000, 30, 0.1);
    train(logs.resolve("diverging"), 1000, 30, 1.1);
  }

  /** Trains with batches of so many examples, and returns the weights that were found. */
  static INDArray train(Path run, int batchSize, int epochs, double rate) {
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Sgd(rate))
        .list()
        .layer(new OutputLayer.Builder(LossFunction.MSE).name("linear").nIn(WEIGHTS.length).nOut(1)
            .activation(Activation.IDENTITY).build())
        .build());
    network.init();

    // the epochs are short: histograms of weights and bias every ten steps, and a point of the curves at every step
    network.setListeners(TensorBoardListener.builder(run)
        .batchFrequency(Frequency.iterations(1))
        .histogramFrequency(Frequency.iterations(10))
        .guard(Guard.stop())
        .build());
    try {
      network.fit(new ExistingDataSetIterator(examples().batchBy(batchSize)), epochs);
    } catch (TrainingDivergedException e) {
      // the page Text has what was found; the update that would have made it worse was not done
      System.out.println(run + ": " + e.getMessage());
    }
    return network.getParam("0_W");
  }

  private static DataSet examples() {
    Nd4j.getRandom().setSeed(1);
    INDArray inputs = Nd4j.randn(EXAMPLES, WEIGHTS.length);
    INDArray noise = Nd4j.randn(EXAMPLES, 1).muli(0.1);
    return new DataSet(inputs, inputs.mmul(Nd4j.create(WEIGHTS)).addi(BIAS).addi(noise));
  }
}
