package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.dl4j.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitIterator;
import io.github.tensorboard4j.examples.mnist.Dl4jTraining;
import io.github.tensorboard4j.examples.mnist.MnistData;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What a listener costs Deeplearning4j's training of the MNIST example: an epoch of 60,000 digits in batches of 32, Adam.
 */
public final class Dl4jOverhead {

  private final MnistData data;
  private final Path logs;
  private int runs;

  private Dl4jOverhead(MnistData data, Path logs) {
    this.data = data;
    this.logs = logs;
  }

  /**
   * Runs the comparison.
   *
   * @param args the number of rounds, 11 if not given
   * @throws IOException if the data can't be read or there is no directory for temporary files
   */
  public static void main(String[] args) throws IOException {
    int rounds = args.length == 0 ? 11 : Integer.parseInt(args[0]);
    Dl4jOverhead overhead = new Dl4jOverhead(MnistData.bundled(), Files.createTempDirectory("tensorboard4j"));
    new Overhead()
        .variant("no listener", () -> overhead.epoch(run -> null))
        .variant("TensorBoardListener", () -> overhead.epoch(TensorBoardListener::new))
        .variant("TensorBoardListener, every batch",
            () -> overhead.epoch(run -> TensorBoardListener.builder(run).batchFrequency(Frequency.iterations(1)).build()))
        .run(1, rounds);
  }

  private double epoch(Function<Path, TensorBoardListener> listeners) {
    Path run = logs.resolve("run" + runs++);
    MultiLayerNetwork network = Dl4jTraining.network(1, new Adam(0.001));
    TensorBoardListener listener = listeners.apply(run);
    if (listener != null) {
      network.setListeners(listener);
    }
    DigitIterator train = DigitIterator.shuffled(data.train(), 32, 1);
    long start = System.nanoTime();
    network.fit(train);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (listener != null) {
      listener.close();
    }
    return seconds;
  }
}
