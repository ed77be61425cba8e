package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.Embedding;
import io.github.tensorboard4j.ImageLayout;
import io.github.tensorboard4j.Picture;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.examples.mnist.DigitIterator;
import io.github.tensorboard4j.examples.mnist.Dl4jTraining;
import io.github.tensorboard4j.examples.mnist.MnistData;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** How a network sorts the digits: what the hidden layer makes of them, as points in space that bear their pictures. */
public final class DigitsInSpace {

  private DigitsInSpace() {}

  public static void main(String[] args) throws IOException {
    train(Path.of("logs/space/adam"), MnistData.bundled(), 3, 2000);
  }

  /** Trains, and shows so many of the test digits before the training and after it. */
  static void train(Path run, MnistData data, int epochs, int shown) {
    MultiLayerNetwork network = Dl4jTraining.network(1, new Adam(0.001));
    DataSet digits = DigitIterator.inOrder(data.test(), shown).next();
    Embedding untrained = embedding(network, digits);
    network.fit(DigitIterator.shuffled(data.train(), 64, 1), epochs);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      // the page opens with the first
      writer.addEmbedding("trained", embedding(network, digits), epochs);
      writer.addEmbedding("untrained", untrained, 0);
    }
  }

  private static Embedding embedding(MultiLayerNetwork network, DataSet digits) {
    // 0 is the input, 1 the hidden layer, 2 the output
    INDArray hidden = network.feedForward(digits.getFeatures()).get(1);
    int[] labels = digits.getLabels().argMax(1).toIntVector();
    int[] predicted = network.predict(digits.getFeatures());
    return Embedding.builder(hidden.toFloatMatrix())
        .column("digit", Arrays.stream(labels).boxed().toList())
        .column("taken for", Arrays.stream(predicted).boxed().toList())
        .sprites(pictures(digits.getFeatures()))
        .build();
  }

  private static List<Picture> pictures(INDArray digits) {
    FloatBuffer pixels = FloatBuffer.wrap(digits.ravel().toFloatVector());
    return Picture.listOf(pixels, ImageLayout.NHW, digits.rows(), 28, 28);
  }
}
