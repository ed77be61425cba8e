package io.github.tensorboard4j.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Counts what examples of each class were taken for, and what follows from that. Not thread-safe. */
final class ClassCounts {

  private static final int MOST_CLASSES = 1_000;

  private final int classes;
  private final int top;
  private final long[] right;
  private final long[] belonging;
  private final long[] predicted;
  private final long[][] confusion;
  private final ClassScores[] scores;
  private long examples;
  private long amongTop;

  /**
   * Counts nothing yet.
   *
   * @param top the k of the top-k accuracy, 0 for none
   */
  ClassCounts(int classes, int top) {
    this.classes = classes;
    this.top = top;
    this.right = new long[classes];
    this.belonging = new long[classes];
    this.predicted = new long[classes];
    int detailed = classes <= MOST_CLASSES ? classes : 0;
    this.confusion = new long[detailed][detailed];
    this.scores = new ClassScores[detailed];
    for (int i = 0; i < detailed; i++) {
      scores[i] = new ClassScores();
    }
  }

  int classes() {
    return classes;
  }

  /**
   * Counts an example.
   *
   * @param probabilities that of each class
   * @param higher how many classes have a higher score than the example's own
   */
  void add(float[] probabilities, int label, int prediction, int higher) {
    examples++;
    belonging[label]++;
    predicted[prediction]++;
    right[label] += label == prediction ? 1 : 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i].add(probabilities[i], i == label);
    }
    if (confusion.length > 0) {
      confusion[label][prediction]++;
    }
    amongTop += higher < top ? 1 : 0;
  }

  /** Returns how often each class was taken for each, null if there are too many. */
  long @Nullable [][] confusion() {
    return confusion.length == 0 ? null : confusion;
  }

  /** Returns what is known of the scores of each class, nothing if there are too many. */
  ClassScores[] scores() {
    return scores;
  }

  /** Returns the figures that are defined, by name. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    put(figures, "precision", this::precision);
    put(figures, "recall", this::recall);
    put(figures, "f1", this::f1);
    if (scores.length > 0) {
      put(figures, "auc", i -> scores[i].area());
    }
    if (top > 0) {
      figures.put("top_" + top + "_accuracy", (double) amongTop / examples);
    }
    return figures;
  }

  private void put(Map<String, Double> figures, String name, IntToDoubleFunction ofClass) {
    double sum = 0;
    int defined = 0;
    for (int i = classes == 2 ? 1 : 0; i < classes; i++) {
      double figure = ofClass.applyAsDouble(i);
      if (!Double.isNaN(figure)) {
        sum += figure;
        defined++;
      }
    }
    if (defined > 0) {
      figures.put(name, sum / defined);
    }
  }

  private double precision(int i) {
    return (double) right[i] / predicted[i];
  }

  private double recall(int i) {
    return (double) right[i] / belonging[i];
  }

  /** Returns the harmonic mean; NaN where either is undefined, which the mean over the classes leaves out. */
  private double f1(int i) {
    double precision = precision(i);
    double recall = recall(i);
    return precision == 0 && recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }
}
