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

  /** Runs through the data once and completes the epoch's summary. */
  EpochSummary complete(EpochSummary summary, Network network) {
    CorrectPredictions predictions = new CorrectPredictions();
    Layer[] layers = network.outputs();
    boolean classifies = network.isClassifier();
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
      if (classifies) {
        INDArray[] outputs = network.output(batch);
        for (int i = 0; i < layers.length; i++) {
          if (CorrectPredictions.isClassifier(layers[i])) {
            INDArray mask = batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(i);
            predictions.add(layers[i], batch.getLabels(i), outputs[i], mask);
          }
        }
      }
    }
    return summary.withValidation(loss / examples, (double) predictions.correct() / predictions.count());
  }
}
