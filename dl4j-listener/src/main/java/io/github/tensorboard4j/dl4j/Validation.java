package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.ValidationRecording;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
   * @param report what the report is made of; null if there is none
   */
  record Result(Figures all, Map<String, Figures> outputs, Map<String, Double> metrics,
      @Nullable ValidationRecording report) {}

  private final MultiDataSetIterator data;
  private final Supplier<? extends @Nullable List<String>> classes;
  private final boolean accuracy;
  private final Consumer<Throwable> faults;
  private final Object lock = new Object();

  /**
   * Creates the validation.
   *
   * @param classes returns the names of the classes, as far as the data have any
   * @param accuracy whether classifiers have one
   * @param faults takes why an output can't be evaluated, which then has no more than its loss
   */
  Validation(MultiDataSetIterator data, Supplier<? extends @Nullable List<String>> classes, boolean accuracy,
      Consumer<Throwable> faults) {
    this.data = data;
    this.classes = classes;
    this.accuracy = accuracy;
    this.faults = faults;
  }

  /**
   * Runs through the data once, with one forward pass a batch; the network then has the batch again that it had. Returns null if
   * there is no data.
   *
   * @param report takes what a report is made of, null if none is due
   */
  @Nullable
  Result measure(Network network, @Nullable ValidationRecording report) {
    synchronized (lock) {
      Network.Batch batch = network.batch();
      try {
        return new Run(network, report).result();
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
    private @Nullable ValidationRecording report;
    private @Nullable ReportedOutput reported;

    Run(Network network, @Nullable ValidationRecording report) {
      this.report = report;
      this.network = network;
      this.layers = network.outputs();
      this.predictions = new CorrectPredictions[layers.length];
      this.errors = new RegressionEvaluation[layers.length];
      this.unknown = new boolean[layers.length];
      this.losses = new double[layers.length];
      for (int i = 0; i < layers.length; i++) {
        predictions[i] = new CorrectPredictions();
        if (!CorrectPredictions.isClassifier(layers[i]) && LossFunctions.of(layers[i].conf().getLayer()) != null) {
          errors[i] = new RegressionEvaluation();
        }
      }
      if (report != null) {
        startReport(report);
      }
      read();
    }

    private void startReport(ValidationRecording recording) {
      try {
        reported = ReportedOutput.of(network, recording, faults);
        List<String> names = classes.get();
        if (names != null) {
          recording.nameClasses(names);
        }
      } catch (RuntimeException e) {
        faults.accept(e);
      }
    }

    private void read() {
      if (data.resetSupported()) {
        data.reset();
      }
      while (data.hasNext()) {
        MultiDataSet batch = data.next();
        long size = batch.getFeatures(0).size(0);
        ValidationPass pass = network.pass(batch, reported == null ? null : reported.watched().orElse(null));
        double score = pass.loss();
        loss += score * size;
        lossesKnown = network.hasLossesOfOutputs(score) && (lossesKnown || examples == 0);
        for (int i = 0; lossesKnown && i < layers.length; i++) {
          losses[i] += layers[i].score() * size;
        }
        examples += size;
        look(pass);
        report(pass);
      }
    }

    private void report(ValidationPass pass) {
      if (reported != null) {
        try {
          reported.add(pass);
        } catch (RuntimeException e) {
          // a part of the data would be taken for all of them
          reported = null;
          report = null;
          faults.accept(e);
        }
      }
    }

    private void look(ValidationPass pass) {
      for (int i = 0; i < layers.length; i++) {
        if (!unknown[i]) {
          try {
            look(i, pass);
          } catch (RuntimeException e) {
            unknown[i] = true;
            predictions[i].reset();
            errors[i] = null;
            faults.accept(e);
          }
        }
      }
    }

    private void look(int i, ValidationPass pass) {
      INDArray output = pass.output(i);
      INDArray labels = pass.batch().getLabels(i);
      INDArray mask = pass.mask(i);
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
      return new Result(new Figures(loss / examples, examples, correct, count), outputs, metrics, report);
    }
  }
}
