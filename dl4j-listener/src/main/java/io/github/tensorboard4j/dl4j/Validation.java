package io.github.tensorboard4j.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Measures networks on data that they aren't trained with. Thread-safe, since several workers may train one network. */
final class Validation {

  /**
   * What was measured.
   *
   * @param loss the mean loss of the examples
   * @param examples the number of examples
   * @param correct the number of right predictions
   * @param predictions the number of predictions, 0 if the network is no classifier
   */
  record Result(double loss, long examples, long correct, long predictions) {}

  private final MultiDataSetIterator data;
  private final boolean accuracy;
  private final Object lock = new Object();

  Validation(MultiDataSetIterator data, boolean accuracy) {
    this.data = data;
    this.accuracy = accuracy;
  }

  /** Runs through the data once; the network then has the batch again that it had. Returns null if there is no data. */
  @Nullable
  Result measure(Network network) {
    synchronized (lock) {
      Network.Batch batch = network.batch();
      try {
        return run(network);
      } finally {
        network.restore(batch);
      }
    }
  }

  private @Nullable Result run(Network network) {
    CorrectPredictions predictions = new CorrectPredictions();
    double loss = 0;
    long examples = 0;
    if (data.resetSupported()) {
      data.reset();
    }
    while (data.hasNext()) {
      MultiDataSet batch = data.next();
      long size = batch.getFeatures(0).size(0);
      loss += network.score(batch) * size;
      examples += size;
      if (accuracy && network.isClassifier()) {
        count(network, batch, predictions);
      }
    }
    return examples == 0 ? null : new Result(loss / examples, examples, predictions.correct(), predictions.count());
  }

  private static void count(Network network, MultiDataSet batch, CorrectPredictions predictions) {
    Layer[] layers = network.outputs();
    INDArray[] outputs = network.output(batch);
    for (int i = 0; i < layers.length; i++) {
      if (CorrectPredictions.isClassifier(layers[i])) {
        INDArray mask = batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(i);
        predictions.add(layers[i], batch.getLabels(i), outputs[i], mask);
      }
    }
  }
}
