package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.ConfusionMatrix;
import io.github.tensorboard4j.PrCurve;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.dl4j.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitIterator;
import io.github.tensorboard4j.examples.mnist.Dl4jTraining;
import io.github.tensorboard4j.examples.mnist.MnistData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Which digits are hard, and which are taken for which: ten precision-recall curves and a confusion matrix each epoch. */
public final class PrecisionAndConfusion {

  private PrecisionAndConfusion() {}

  public static void main(String[] args) throws IOException {
    train(Path.of("logs/precision/sgd"), MnistData.bundled(), 5);
  }

  static void train(Path run, MnistData data, int epochs) {
    MultiLayerNetwork network = Dl4jTraining.network(1, new Sgd(0.01));
    DigitIterator train = DigitIterator.shuffled(data.train(), 64, 1);
    DataSet test = DigitIterator.inOrder(data.test(), 10_000).next();
    List<String> names = train.getLabels();
    int[] labels = test.getLabels().argMax(1).toIntVector();

    try (TensorBoardListener listener = new TensorBoardListener(run)) {
      network.setListeners(listener);
      SummaryWriter writer = listener.validationWriter();
      for (int epoch = 1; epoch <= epochs; epoch++) {
        network.fit(train, 1);
        // of each test digit, how sure the network is of each class
        float[][] scores = network.output(test.getFeatures()).toFloatMatrix();
        writer.addPrCurves("digit", PrCurve.ofClasses(labels, scores, names), epoch);
        writer.addConfusionMatrix("digits", ConfusionMatrix.of(counts(labels, scores), names), epoch);
      }
    }
  }

  /** How often a digit, the row, was taken for which, the column. */
  private static int[][] counts(int[] labels, float[][] scores) {
    int classes = scores[0].length;
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < labels.length; i++) {
      int predicted = 0;
      for (int c = 1; c < classes; c++) {
        predicted = scores[i][c] > scores[i][predicted] ? c : predicted;
      }
      counts[labels[i]][predicted]++;
    }
    return counts;
  }
}
