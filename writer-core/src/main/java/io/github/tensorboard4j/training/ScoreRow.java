package io.github.tensorboard4j.training;

/** What a model says of an example: a score for each class. Not thread-safe. */
final class ScoreRow {

  private static final float TOLERANCE = 1e-3f;

  private float[] values = {};
  private int label;

  /**
   * Takes an example's scores. One that is NaN is as wrong as can be: the least for the example's own class, the highest for another.
   *
   * @param scores the scores of many examples
   * @param classes the number of scores an example
   */
  void read(float[] scores, int example, int classes, int ofClass) {
    if (values.length != classes) {
      values = new float[classes];
    }
    label = ofClass;
    System.arraycopy(scores, example * classes, values, 0, classes);
    for (int i = 0; i < classes; i++) {
      if (Float.isNaN(values[i])) {
        values[i] = i == label ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
      }
    }
  }

  /** Returns the class of the example. */
  int label() {
    return label;
  }

  /** Returns the first of the classes with the highest score. */
  int prediction() {
    int highest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[highest]) {
        highest = i;
      }
    }
    return highest;
  }

  /** Returns how many classes have a higher score than that of the example. */
  int higherThanLabel() {
    int higher = 0;
    for (float value : values) {
      higher += value > values[label] ? 1 : 0;
    }
    return higher;
  }

  /** Returns a probability for each class, by a softmax if the scores aren't such already, in place. */
  float[] toProbabilities() {
    float sum = 0;
    float least = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      sum += value;
      least = Math.min(least, value);
      highest = Math.max(highest, value);
    }
    // a score of -Infinity rules a class out; one of +Infinity, or of all, leaves nothing to divide by
    if (!Float.isInfinite(highest)
        && (least < -TOLERANCE || highest > 1 + TOLERANCE || Math.abs(sum - 1) > TOLERANCE)) {
      soften(highest);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(0, Math.min(1, values[i]));
      }
    }
    return values;
  }

  private void soften(float highest) {
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - highest);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.exp(values[i] - highest) / sum);
    }
  }
}
