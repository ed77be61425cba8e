package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.ImageLayout;
import io.github.tensorboard4j.Picture;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.dl4j.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitIterator;
import io.github.tensorboard4j.examples.mnist.Dl4jTraining;
import io.github.tensorboard4j.examples.mnist.MnistData;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** What a network is given to see, and what it gets wrong: pictures before the training and after each epoch. */
public final class LookingAtDigits {

  private static final int SIDE = 28;

  private LookingAtDigits() {}

  public static void main(String[] args) throws IOException {
    train(Path.of("logs/digits/adam"), MnistData.bundled(), 5);
  }

  static void train(Path run, MnistData data, int epochs) {
    Random random = new Random(1);
    MultiLayerNetwork network = Dl4jTraining.network(1, new Adam(0.001));
    DigitIterator train = DigitIterator.shuffled(data.train(), 64, 1);
    DataSet test = DigitIterator.inOrder(data.test(), 10_000).next();

    try (TensorBoardListener listener = new TensorBoardListener(run)) {
      SummaryWriter writer = listener.trainWriter();
      DataSet batch = train.next();
      writer.addImage("batch/as it is", grid(batch), 0);
      // from here on, each batch is changed before the network learns from it
      train.setPreProcessor(changed -> transform(changed.getFeatures(), random));
      train.getPreProcessor().preProcess(batch);
      writer.addImage("batch/transformed", grid(batch), 0);
      train.reset();

      network.setListeners(listener);
      for (int epoch = 1; epoch <= epochs; epoch++) {
        network.fit(train, 1);
        listener.validationWriter().addImage("wrong", wrong(network, test), epoch);
      }
    }
  }

  private static Picture grid(DataSet digits) {
    return Picture.grid(pictures(digits.getFeatures()), 8).enlarged(2);
  }

  /** The digits that the network takes for another one, at most 40 of them. */
  private static Picture wrong(MultiLayerNetwork network, DataSet test) {
    int[] predicted = network.predict(test.getFeatures());
    int[] labels = test.getLabels().argMax(1).toIntVector();
    List<Picture> wrong = new ArrayList<>();
    for (int i = 0; i < labels.length && wrong.size() < 40; i++) {
      if (predicted[i] != labels[i]) {
        INDArray digit = test.getFeatures().getRow(i, true);
        wrong.add(pictures(digit).get(0).enlarged(2).withCaption(labels[i] + ", not " + predicted[i]));
      }
    }
    // as wide as the page shows pictures, so that it doesn't scale the captions
    return Picture.grid(wrong, 5, 8);
  }

  private static List<Picture> pictures(INDArray digits) {
    FloatBuffer pixels = FloatBuffer.wrap(digits.ravel().toFloatVector());
    return Picture.listOf(pixels, ImageLayout.NHW, digits.rows(), SIDE, SIDE);
  }

  /** Rotates each digit by up to 15 degrees, crops it by moving it by up to 3 pixels, and adds noise. */
  private static void transform(INDArray digits, Random random) {
    float[][] rows = digits.toFloatMatrix();
    for (float[] digit : rows) {
      double angle = Math.toRadians(random.nextDouble(-15, 15));
      double right = random.nextDouble(-3, 3);
      double down = random.nextDouble(-3, 3);
      float[] original = digit.clone();
      for (int i = 0; i < digit.length; i++) {
        // where in the original the pixel comes from
        double x = i % SIDE - SIDE / 2.0 - right;
        double y = i / SIDE - SIDE / 2.0 - down;
        long column = Math.round(x * Math.cos(angle) + y * Math.sin(angle) + SIDE / 2.0);
        long row = Math.round(y * Math.cos(angle) - x * Math.sin(angle) + SIDE / 2.0);
        boolean inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
        float pixel = inside ? original[(int) (row * SIDE + column)] : 0;
        digit[i] = (float) Math.min(1, Math.max(0, pixel + 0.1 * random.nextGaussian()));
      }
    }
    digits.assign(Nd4j.create(rows));
  }
}
