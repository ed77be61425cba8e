package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One training, and five ways to break it, each of which the board shows. */
enum BrokenTraining {

  /** As it should be. */
  SOUND,

  /** A learning rate of 5 in the place of 0.05. */
  RATE_TOO_HIGH,

  /** Biases that start so far below zero that no ReLU ever lets anything through. */
  DEAD_RELUS,

  /** Sigmoids in the place of ReLUs, through which hardly any gradient comes back. */
  VANISHING_GRADIENTS,

  /** Labels that are read from a column that has nothing to do with the features. */
  BAD_LABELS,

  /** A feature that is not a number, in one example of one batch. */
  NAN_INPUT;

  static final int FEATURES = 10;
  static final int CLASSES = 3;
  static final int LAYERS = 5;
  static final int EPOCHS = 10;
  private static final int BATCHES = 20;
  private static final int BATCH = 32;
  /** The batch with the NaN. */
  static final int NAN_ITERATION = 14;

  String run() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Trains it, with all that a listener has to say of what is within. */
  void train(Path run) {
    MultiLayerNetwork network = network();
    Frequency often = Frequency.iterations(5);
    try (TensorBoardListener listener = TensorBoardListener.builder(run)
        .statisticsFrequency(often)
        .gradientFrequency(Frequency.epochs(1))
        .activationFrequency(Frequency.epochs(1))
        .validationData(validationData())
        .build()) {
      network.setListeners(listener);
      network.fit(trainingData(), EPOCHS);
    }
  }

  private MultiLayerNetwork network() {
    NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(1)
        .weightInit(this == VANISHING_GRADIENTS ? WeightInit.XAVIER : WeightInit.RELU)
        .updater(new Sgd(this == RATE_TOO_HIGH ? 5 : 0.05))
        .activation(this == VANISHING_GRADIENTS ? Activation.SIGMOID : Activation.RELU)
        .biasInit(this == DEAD_RELUS ? -10 : 0)
        .list();
    for (int i = 0; i < LAYERS; i++) {
      layers.layer(new DenseLayer.Builder().name("hidden_" + i).nIn(i == 0 ? FEATURES : 24).nOut(24).build());
    }
    return Nets.init(layers.layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nIn(24).nOut(CLASSES)
        .activation(Activation.SOFTMAX).biasInit(0).build()).build());
  }

  DataSetIterator trainingData() {
    return new ExistingDataSetIterator(batches(true, 1));
  }

  DataSetIterator validationData() {
    return new ExistingDataSetIterator(batches(false, 2));
  }

  private List<DataSet> batches(boolean training, long seed) {
    Random random = new Random(seed);
    List<DataSet> batches = new ArrayList<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      INDArray features = Nd4j.zeros(BATCH, FEATURES);
      INDArray labels = Nd4j.zeros(BATCH, CLASSES);
      for (int row = 0; row < BATCH; row++) {
        int kind = random.nextInt(CLASSES);
        for (int column = 0; column < FEATURES; column++) {
          features.putScalar(row, column, random.nextGaussian() + (column % CLASSES == kind ? 1 : 0));
        }
        int other = random.nextInt(CLASSES);
        labels.putScalar(row, this == BAD_LABELS && training ? other : kind, 1);
      }
      if (this == NAN_INPUT && training && batch == NAN_ITERATION - 1) {
        features.putScalar(5, 2, Double.NaN);
      }
      batches.add(new DataSet(features, labels));
    }
    return batches;
  }
}
