package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorStatistics;
import io.github.tensorboard4j.TensorValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The evaluations that a training configuration names, of the data since {@link #start()}. They are made beside those that the
 * framework makes for its own history, which it shows to nobody before the training's end. Not thread-safe.
 */
@SuppressWarnings("rawtypes") // as the framework has them
final class SameDiffEvaluations {

  /** The evaluations of one variable. */
  private static final class Evaluated {

    private final String variable;
    private final List<IEvaluation> configured;
    private final int labels;
    private final List<IEvaluation> made = new ArrayList<>();
    private int iteration = -1;

    Evaluated(String variable, List<IEvaluation> configured, int labels) {
      this.variable = variable;
      this.configured = configured;
      this.labels = labels;
    }

    void start() {
      made.clear();
      iteration = -1;
      for (IEvaluation evaluation : configured) {
        made.add(evaluation.newInstance());
      }
    }

    double accuracy() {
      for (IEvaluation evaluation : made) {
        if (evaluation instanceof Evaluation classes) {
          return classes.getValue(Evaluation.Metric.ACCURACY);
        }
        if (evaluation instanceof EvaluationBinary binary) {
          return binary.getValue(EvaluationBinary.Metric.ACCURACY);
        }
      }
      return Double.NaN;
    }

    /** Returns how many predictions the accuracy is of. */
    long predictions() {
      for (IEvaluation evaluation : made) {
        if (evaluation instanceof Evaluation classes) {
          return classes.getNumRowCounter();
        }
        if (evaluation instanceof EvaluationBinary binary) {
          return IntStream.range(0, Math.max(0, binary.numLabels())).mapToLong(binary::totalCount).sum();
        }
      }
      return 0;
    }

    long correct() {
      long predictions = predictions();
      return predictions == 0 ? 0 : Math.round(accuracy() * predictions);
    }
  }

  private final Map<String, Evaluated> variables = new HashMap<>();

  /**
   * Creates the state before any data.
   *
   * @param configured the evaluations of each variable, which are left as they are
   * @param labels the number of the array of labels for each
   */
  SameDiffEvaluations(@Nullable Map<String, List<IEvaluation>> configured, @Nullable Map<String, Integer> labels) {
    if (configured != null && labels != null) {
      configured.forEach((variable, evaluations) -> {
        Integer label = labels.get(variable);
        if (label != null && !evaluations.isEmpty()) {
          variables.put(variable, new Evaluated(variable, evaluations, label));
        }
      });
    }
    start();
  }

  /** Forgets all data. */
  void start() {
    variables.values().forEach(Evaluated::start);
  }

  /**
   * Evaluates a variable, if it is one of them and the iteration's was not evaluated before.
   *
   * @param variable its name
   * @param iteration the iteration, by any count
   * @param computed what was computed for it
   * @param batch the batch, with its labels
   * @return false if it can't be evaluated, for there are NaNs or infinite values in it: the framework throws then
   */
  boolean evaluate(String variable, int iteration, INDArray computed, MultiDataSet batch) {
    Evaluated evaluated = variables.get(variable);
    if (evaluated == null || evaluated.iteration == iteration) {
      return true;
    }
    evaluated.iteration = iteration;
    INDArray labels = batch.getLabels(evaluated.labels);
    INDArray mask = batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(evaluated.labels);
    try {
      for (IEvaluation evaluation : evaluated.made) {
        evaluation.eval(labels, computed, mask);
      }
      return true;
    } catch (RuntimeException e) {
      TensorValues values = ParameterViews.current(computed);
      if (values == null || new TensorStatistics().count(values).isFinite()) {
        throw e;
      }
      return false;
    }
  }

  /** Returns whether there are none. */
  boolean isEmpty() {
    return variables.isEmpty();
  }

  /** Returns the number of predictions that accuracy is of, 0 if there is none. */
  long predictions() {
    long predictions = 0;
    for (Evaluated evaluated : variables.values()) {
      predictions += evaluated.predictions();
    }
    return predictions;
  }

  /** Returns how many of them are right. */
  long correct() {
    long correct = 0;
    for (Evaluated evaluated : variables.values()) {
      correct += evaluated.correct();
    }
    return correct;
  }

  /**
   * Returns all other figures by name. Where several variables are evaluated, those of each are followed by {@code /} and its
   * name, its accuracy among them.
   */
  Map<String, Double> metrics() {
    boolean several = variables.size() > 1;
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (Evaluated evaluated : variables.values()) {
      for (IEvaluation<?> evaluation : evaluated.made) {
        EvaluationMetrics.of(evaluation).forEach((name, value) -> {
          if (several || !name.equals(EvaluationMetrics.ACCURACY)) {
            metrics.putIfAbsent(several ? name + '/' + evaluated.variable : name, value);
          }
        });
      }
    }
    return metrics;
  }
}
