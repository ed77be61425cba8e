package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import io.github.tensorboard4j.training.EpochSummary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Measures networks on data that they aren't trained with. Thread-safe, since several workers may train one network. */
final class Validation {

  /**
   * The figures of all outputs or of one.
   *
   * @param loss the mean loss of the examples
   * @param examples the number of examples
   * @param correct the number of right predictions
   * @param predictions the number of predictions, 0 if it is no classifier
   */
  record Figures(double loss, long examples, long correct, long predictions) {

    void summarize(EpochSummary.Builder summary) {
      summary.validationLoss(loss);
      if (predictions > 0) {
        summary.validationAccuracy((double) correct / predictions);
      }
    }
  }

  /**
   * What was measured.
   *
   * @param all the figures of all outputs together
   * @param outputs those of each output, if there are several
   * @param metrics the errors of regressions by name
   */
  record Result(Figures all, Map<String, Figures> outputs, Map<String, Double> metrics) {}

  private final MultiDataSetIterator data;
  private final boolean accuracy;
  private final Consumer<Throwable> faults;
  private final Object lock = new Object();

  /**
   * Creates the validation.
   *
   * @param accuracy whether classifiers have one
   * @param faults takes why an output can't be evaluated, which then has no more than its loss
   */
  Validation(MultiDataSetIterator data, boolean accuracy, Consumer<Throwable> faults) {
    this.data = data;
    this.accuracy = accuracy;
    this.faults = faults;
  }

  /** Runs through the data once; the network then has the batch again that it had. Returns null if there is no data. */
  @Nullable
  Result measure(Network network) {
    synchronized (lock) {
      Network.Batch batch = network.batch();
      try {
        return new Run(network).result();
      } finally {
        network.restore(batch);
      }
    }
  }

  /** One run through the data. */
  private final class Run {

    private final Network network;
    private final Layer[] layers;
    private final CorrectPredictions[] predictions;
    private final @Nullable RegressionEvaluation[] errors;
    private final boolean[] unknown;
    private final double[] losses;
    private boolean lossesKnown;
    private double loss;
    private long examples;

    Run(Network network) {
      this.network = network;
      this.layers = network.outputs();
      this.predictions = new CorrectPredictions[layers.length];
      this.errors = new RegressionEvaluation[layers.length];
      this.unknown = new boolean[layers.length];
      this.losses = new double[layers.length];
      boolean outputNeeded = false;
      for (int i = 0; i < layers.length; i++) {
        predictions[i] = new CorrectPredictions();
        if (!CorrectPredictions.isClassifier(layers[i]) && LossFunctions.of(layers[i].conf().getLayer()) != null) {
          errors[i] = new RegressionEvaluation();
        }
        outputNeeded |= errors[i] != null || accuracy && CorrectPredictions.isClassifier(layers[i]);
      }
      read(outputNeeded);
    }

    private void read(boolean outputNeeded) {
      if (data.resetSupported()) {
        data.reset();
      }
      while (data.hasNext()) {
        MultiDataSet batch = data.next();
        long size = batch.getFeatures(0).size(0);
        double score = network.score(batch);
        loss += score * size;
        lossesKnown = network.hasLossesOfOutputs(score) && (lossesKnown || examples == 0);
        for (int i = 0; lossesKnown && i < layers.length; i++) {
          losses[i] += layers[i].score() * size;
        }
        examples += size;
        if (outputNeeded) {
          look(batch, network.output(batch));
        }
      }
    }

    private void look(MultiDataSet batch, INDArray[] outputs) {
      for (int i = 0; i < layers.length; i++) {
        if (!unknown[i]) {
          try {
            look(i, batch, outputs[i]);
          } catch (RuntimeException e) {
            unknown[i] = true;
            predictions[i].reset();
            errors[i] = null;
            faults.accept(e);
          }
        }
      }
    }

    private void look(int i, MultiDataSet batch, INDArray output) {
      INDArray labels = batch.getLabels(i);
      INDArray mask = batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(i);
      RegressionEvaluation error = errors[i];
      if (error == null) {
        if (accuracy && CorrectPredictions.isClassifier(layers[i])) {
          predictions[i].add(layers[i], labels, output, mask);
        }
      } else if (output.equalShapes(labels)) {
        OutputLayout.of(layers[i]).evaluate(error, labels, output, mask);
      }
    }

    @Nullable
    Result result() {
      if (examples == 0) {
        return null;
      }
      long correct = 0;
      long count = 0;
      Map<String, Figures> outputs = new LinkedHashMap<>();
      Map<String, Double> metrics = new LinkedHashMap<>();
      for (int i = 0; i < layers.length; i++) {
        correct += predictions[i].correct();
        count += predictions[i].count();
        String name = network.outputNames().get(i);
        if (lossesKnown) {
          outputs.put(name,
              new Figures(losses[i] / examples, examples, predictions[i].correct(), predictions[i].count()));
        }
        RegressionEvaluation error = errors[i];
        if (error != null && error.numColumns() > 0) {
          String suffix = layers.length == 1 ? "" : '/' + name;
          EvaluationMetrics.of(error).forEach((metric, value) -> {
            if (metric.equals("mae") || metric.equals("r2")) {
              metrics.put(metric + suffix, value);
            }
          });
        }
      }
      return new Result(new Figures(loss / examples, examples, correct, count), outputs, metrics);
    }
  }
}
