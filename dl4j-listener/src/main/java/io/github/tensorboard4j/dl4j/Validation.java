package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.training.EpochSummary;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Measures a network on data that it isn't trained with. */
final class Validation {

  private final MultiDataSetIterator data;

  Validation(MultiDataSetIterator data) {
    this.data = data;
  }

  /** Runs through the data once and sets what is measured. */
  void measure(Network network, EpochSummary.Builder summary) {
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
      if (network.isClassifier()) {
        count(network, batch, predictions);
      }
    }
    if (examples > 0) {
      summary.validationLoss(loss / examples);
    }
    if (predictions.count() > 0) {
      summary.validationAccuracy((double) predictions.correct() / predictions.count());
    }
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
