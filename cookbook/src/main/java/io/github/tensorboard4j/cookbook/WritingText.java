package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.Markdown;
import io.github.tensorboard4j.dl4j.TensorBoardListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A recurrent network learns to write, letter by letter; a sample of what it writes after each epoch. */
public final class WritingText {

  private static final String LETTERS = " .abcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 30;

  private WritingText() {}

  public static void main(String[] args) {
    train(Path.of("logs/text/lstm"), 10, 15);
  }

  static void train(Path run, int epochs, int batches) {
    Random random = new Random(1);
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Adam(0.01))
        .list()
        .layer(new LSTM.Builder().name("memory").nIn(LETTERS.length()).nOut(64).activation(Activation.TANH).build())
        .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).name("letter").nIn(64).nOut(LETTERS.length())
            .activation(Activation.SOFTMAX).build())
        .build());
    network.init();

    List<DataSet> lessons = random.ints(batches).mapToObj(seed -> lesson(new Random(seed))).toList();
    try (TensorBoardListener listener = new TensorBoardListener(run)) {
      network.setListeners(listener);
      for (int epoch = 1; epoch <= epochs; epoch++) {
        network.fit(new ExistingDataSetIterator(lessons), 1);
        // a text is Markdown: text() has it shown as it is, whatever the network writes; TensorBoard keeps ten of a series
        listener.trainWriter().addText("sample", Markdown.text(sample(network, random)), epoch);
      }
    }
  }

  /** A batch of texts, and as labels the same texts one letter ahead: arrays of [texts, letters of the alphabet, length]. */
  private static DataSet lesson(Random random) {
    int texts = 32;
    INDArray letters = Nd4j.zeros(texts, LETTERS.length(), LENGTH);
    INDArray next = Nd4j.zeros(texts, LETTERS.length(), LENGTH);
    for (int i = 0; i < texts; i++) {
      String text = tale(random);
      for (int t = 0; t < LENGTH; t++) {
        letters.putScalar(i, LETTERS.indexOf(text.charAt(t)), t, 1);
        next.putScalar(i, LETTERS.indexOf(text.charAt(t + 1)), t, 1);
      }
    }
    return new DataSet(letters, next);
  }

  /** What there is to read: sentences such as "the old cat sees a red boat." */
  private static String tale(Random random) {
    List<List<String>> words = List.of(List.of("the", "a", "one"), List.of("old", "red", "little", "quiet"),
        List.of("cat", "captain", "boat", "moon"), List.of("sees", "follows", "finds"));
    StringBuilder tale = new StringBuilder();
    while (tale.length() <= LENGTH) {
      for (int place : new int[] {0, 1, 2, 3, 0, 1, 2}) {
        List<String> choice = words.get(place);
        tale.append(tale.isEmpty() ? "" : " ").append(choice.get(random.nextInt(choice.size())));
      }
      tale.append('.');
    }
    return tale.toString();
  }

  /** Lets the network write: each letter is drawn by the odds that it gives, and is then its next input. */
  private static String sample(MultiLayerNetwork network, Random random) {
    network.rnnClearPreviousState();
    StringBuilder text = new StringBuilder("t");
    while (text.length() < 150) {
      INDArray input = Nd4j.zeros(1, LETTERS.length());
      input.putScalar(0, LETTERS.indexOf(text.charAt(text.length() - 1)), 1);
      float[] odds = network.rnnTimeStep(input).ravel().toFloatVector();
      double left = random.nextDouble();
      int letter = 0;
      while (letter < odds.length - 1 && (left -= odds[letter]) > 0) {
        letter++;
      }
      text.append(LETTERS.charAt(letter));
    }
    return text.toString();
  }
}
