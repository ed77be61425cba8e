package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.Audio;
import io.github.tensorboard4j.dl4j.TensorBoardListener;
import java.nio.file.Path;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A layer with a weight for each key of an organ learns which keys sound; after each epoch it is heard. */
public final class LearningAChord {

  private static final int SAMPLE_RATE = 8_000;
  private static final int KEYS = 25;
  /** A major chord: of the keys from A upwards, the first, the fifth, the eighth and the thirteenth. */
  private static final int[] CHORD = {0, 4, 7, 12};

  private LearningAChord() {}

  public static void main(String[] args) {
    train(Path.of("logs/chord/organ"), 9);
  }

  static void train(Path run, int epochs) {
    // a second of each key, and of the chord
    INDArray keys = Nd4j.zeros(SAMPLE_RATE, KEYS);
    INDArray chord = Nd4j.zeros(SAMPLE_RATE, 1);
    for (int key = 0; key < KEYS; key++) {
      double hertz = 220 * Math.pow(2, key / 12.0);
      for (int i = 0; i < SAMPLE_RATE; i++) {
        keys.putScalar(i, key, Math.sin(2 * Math.PI * hertz * i / SAMPLE_RATE));
      }
    }
    for (int key : CHORD) {
      chord.addi(keys.getColumn(key, true).mul(1.0 / CHORD.length));
    }

    // it begins with all keys at once, some of them loud
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Sgd(0.05))
        .weightInit(WeightInit.XAVIER)
        .list()
        .layer(new OutputLayer.Builder(LossFunction.MSE).name("keys").nIn(KEYS).nOut(1)
            .activation(Activation.IDENTITY).build())
        .build());
    network.init();

    try (TensorBoardListener listener = new TensorBoardListener(run)) {
      network.setListeners(listener);
      listener.trainWriter().addAudio("chord/wanted", sound(chord), 0);
      listener.trainWriter().addAudio("chord/learnt", sound(network.output(keys)), 0);
      // TensorBoard keeps ten sounds of a series
      for (int epoch = 1; epoch <= epochs; epoch++) {
        network.fit(new ExistingDataSetIterator(new DataSet(keys, chord).batchBy(1000)), 1);
        listener.trainWriter().addAudio("chord/learnt", sound(network.output(keys)), epoch);
      }
    }
  }

  /** A sound's samples are between -1 and 1: what the layer has beyond is cut. */
  private static Audio sound(INDArray output) {
    float[] samples = output.ravel().toFloatVector();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Math.max(-1, Math.min(1, samples[i]));
    }
    return Audio.of(samples, SAMPLE_RATE);
  }
}
