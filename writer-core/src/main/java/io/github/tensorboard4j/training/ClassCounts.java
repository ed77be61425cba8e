package io.github.tensorboard4j.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Counts what examples of each class were taken for, and what follows from that. Not thread-safe. */
final class ClassCounts {

  private static final int MOST_CLASSES = 1_000;
  private static final float HALF = 0.5f;

  private final int classes;
  private final int first;
  private final int top;
  private final long[] right;
  private final long[] belonging;
  private final long[] predicted;
  private final long[][] confusion;
  private final ClassScores[] scores;
  private long examples;
  private long amongTop;

  private ClassCounts(int classes, int first, int top, int confused) {
    this.classes = classes;
    this.first = first;
    this.top = top;
    this.right = new long[classes];
    this.belonging = new long[classes];
    this.predicted = new long[classes];
    this.confusion = new long[confused][confused];
    this.scores = new ClassScores[detailed(classes)];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new ClassScores();
    }
  }

  /**
   * Counts examples that belong to one class each. Of two classes, the figures are those of the second, the positive one.
   *
   * @param top the k of the top-k accuracy, 0 for none
   */
  static ClassCounts ofOneEach(int classes, int top) {
    return new ClassCounts(classes, classes == 2 ? 1 : 0, top, detailed(classes));
  }

  /** Counts examples that may belong to several classes, or to none. */
  static ClassCounts ofSeveral(int classes) {
    return new ClassCounts(classes, 0, 0, 0);
  }

  private static int detailed(int classes) {
    return classes <= MOST_CLASSES ? classes : 0;
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

  /** Counts whether an example belongs to a class, and how probable that was; NaN is as wrong as can be. */
  void addToClass(int index, boolean belongs, float probability) {
    float score = Float.isNaN(probability) ? belongs ? 0 : 1 : Math.max(0, Math.min(1, probability));
    boolean found = score > HALF;
    belonging[index] += belongs ? 1 : 0;
    predicted[index] += found ? 1 : 0;
    right[index] += belongs && found ? 1 : 0;
    if (scores.length > 0) {
      scores[index].add(score, belongs);
    }
  }

  /** Returns how often each class was taken for each; null if there are too many, or examples may belong to several. */
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
    for (int i = first; i < classes; i++) {
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
