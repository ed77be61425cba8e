package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.dl4j.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitIterator;
import io.github.tensorboard4j.examples.mnist.Dl4jTraining;
import io.github.tensorboard4j.examples.mnist.LabelledImages;
import io.github.tensorboard4j.examples.mnist.MnistData;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A training is saved, breaks off later, and goes on from where it was saved. The curve is one: what was trained after the
 * last checkpoint, and is trained again, is shown once.
 */
public final class SaveAndRestore {

  private SaveAndRestore() {}

  public static void main(String[] args) throws IOException {
    train(Path.of("logs/restored/adam"), MnistData.bundled().train().first(10_000));
  }

  static void train(Path run, LabelledImages digits) throws IOException {
    File checkpoint = Files.createTempFile("network", ".zip").toFile();

    MultiLayerNetwork network = Dl4jTraining.network(1, new Adam(0.001));
    network.setListeners(new TensorBoardListener(run));
    network.fit(DigitIterator.shuffled(digits, 32, 1), 3);
    // after fit, and with the state of the optimizer
    network.save(checkpoint, true);
    // two epochs more that no checkpoint has: as if the machine stopped here
    network.fit(DigitIterator.shuffled(digits, 32, 2), 2);

    // the next morning: a new program, which gives the run's directory to a new listener
    MultiLayerNetwork restored = MultiLayerNetwork.load(checkpoint, true);
    restored.setListeners(new TensorBoardListener(run));
    restored.fit(DigitIterator.shuffled(digits, 32, 3), 4);
    Files.delete(checkpoint.toPath());
  }
}
