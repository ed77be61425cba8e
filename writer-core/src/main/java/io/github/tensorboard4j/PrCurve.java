package io.github.tensorboard4j;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A precision-recall curve: how many examples a classifier finds at each of many thresholds, and how many of them rightly.
 * Immutable.
 *
 * <pre>{@code
 * writer.addPrCurve("digit 7", PrCurve.of(isSeven, probabilityOfSeven), step);
 * writer.addPrCurves("digits", PrCurve.ofClasses(classes, probabilities, names), step);
 * }</pre>
 *
 * <p>The thresholds lie evenly from 0 to 1. A score is counted at all thresholds up to it, as TensorBoard's and torch's own
 * summaries count: at the threshold number <i>i</i> of <i>n</i>, counted from 0, if the score times <i>n</i> - 1 is at least
 * <i>i</i>.
 */
public final class PrCurve {

  private static final int DEFAULT_THRESHOLDS = 127;
  private static final int MOST_THRESHOLDS = 10_000;
  private static final int ROWS = 6;
  private static final int DATA_NUM_THRESHOLDS = 2;
  /** Stands for a count of nothing where one divides by it, as in TensorBoard. */
  private static final double SMALLEST_COUNT = 1e-7;

  private final float[] rows;

  private PrCurve(float[] rows) {
    this.rows = rows;
  }

  /**
   * Counts a classifier's scores at 127 thresholds.
   *
   * @param labels whether each example belongs to the class
   * @param scores how surely the classifier says so, from 0 to 1; as many as there are labels
   * @return the curve
   * @throws IllegalArgumentException if there are no labels, if there are more or less scores, or if one is NaN or not
   *     from 0 to 1
   * @throws NullPointerException if either is null
   */
  public static PrCurve of(boolean[] labels, float[] scores) {
    return builder(labels, scores).build();
  }

  /**
   * Counts a classifier's scores at 127 thresholds.
   *
   * @param labels 1 for each example that belongs to the class, 0 for each other
   * @param scores how surely the classifier says so, from 0 to 1; as many as there are labels
   * @return the curve
   * @throws IllegalArgumentException if there are no labels, if one is neither 0 nor 1, if there are more or less
   *     scores, or if one is NaN or not from 0 to 1
   * @throws NullPointerException if either is null
   */
  public static PrCurve of(int[] labels, float[] scores) {
    return builder(labels, scores).build();
  }

  /**
   * Counts the scores of a classifier of several classes, each class against all others, at 127 thresholds.
   *
   * @param classes the number of each example's class, from 0
   * @param scores for each example how surely the classifier gives it each class, from 0 to 1, in the order of the names
   * @param names the classes' names
   * @return the curve of each class by its name, in the order of the names, for
   *     {@link SummaryWriter#addPrCurves(String, Map, long)}
   * @throws IllegalArgumentException if there are no examples, if there are more or less rows of scores, if a row has
   *     more or less scores than there are names, if a score is NaN or not from 0 to 1, if a class has no name, or if two
   *     have the same
   * @throws NullPointerException if one of them is null
   */
  public static Map<String, PrCurve> ofClasses(int[] classes, float[][] scores, List<String> names) {
    Objects.requireNonNull(classes, "A curve needs labels, but they are null");
    Objects.requireNonNull(scores, "A curve needs scores, but they are null");
    if (new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("Classes have names of their own, unlike " + names);
    }
    requireAsMany(classes.length, scores.length, "rows of scores");
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] < 0 || classes[i] >= names.size()) {
        throw new IllegalArgumentException(
            "Classes are from 0 to " + (names.size() - 1) + ", unlike that of example " + i + ", which is " + classes[i]);
      }
      if (scores[i].length != names.size()) {
        throw new IllegalArgumentException(
            "Each example has " + names.size() + " scores, one a name, but example " + i + " has " + scores[i].length);
      }
    }
    Map<String, PrCurve> curves = new LinkedHashMap<>();
    for (int c = 0; c < names.size(); c++) {
      boolean[] labels = new boolean[classes.length];
      float[] own = new float[classes.length];
      for (int i = 0; i < classes.length; i++) {
        labels[i] = classes[i] == c;
        own[i] = scores[i][c];
      }
      curves.put(names.get(c), of(labels, own));
    }
    return Collections.unmodifiableMap(curves);
  }

  /**
   * Takes what was counted elsewhere, at thresholds that lie evenly from 0 to 1. All six have as many elements as there are
   * thresholds.
   *
   * @param truePositives the examples of the class with scores from the threshold up
   * @param falsePositives the other examples with scores from the threshold up
   * @param trueNegatives the other examples with lower scores
   * @param falseNegatives the examples of the class with lower scores
   * @param precision the part of those from the threshold up that belongs to the class, from 0 to 1
   * @param recall the part of the class that is from the threshold up, from 0 to 1
   * @return the curve
   * @throws IllegalArgumentException if there are less than 2 thresholds or more than 10,000, if one has another number
   *     of elements than the others, if a count is NaN or negative, or if a precision or a recall is NaN or not from 0 to 1
   * @throws NullPointerException if one of them is null
   */
  public static PrCurve ofCounts(
      double[] truePositives, double[] falsePositives, double[] trueNegatives, double[] falseNegatives,
      double[] precision, double[] recall) {
    int thresholds = requireThresholds(truePositives.length);
    float[] rows = new float[ROWS * thresholds];
    put(rows, 0, "true positives", truePositives, Double.MAX_VALUE);
    put(rows, 1, "false positives", falsePositives, Double.MAX_VALUE);
    put(rows, 2, "true negatives", trueNegatives, Double.MAX_VALUE);
    put(rows, 3, "false negatives", falseNegatives, Double.MAX_VALUE);
    put(rows, 4, "precision", precision, 1);
    put(rows, 5, "recall", recall, 1);
    return new PrCurve(rows);
  }

  /**
   * Takes how many scores lie at each threshold, from it up to the next: what one counts who sees a few scores at a time. The
   * thresholds lie evenly from 0 to 1; a score belongs to the threshold number (int) (score * (thresholds - 1)).
   *
   * @param positives the scores of examples of the class, or the sum of their weights, by threshold
   * @param negatives those of the other examples
   * @return the curve
   * @throws IllegalArgumentException if there are less than 2 thresholds or more than 10,000, if one has another number of
   *     elements than the other, or if a count is NaN, infinite or negative
   * @throws NullPointerException if one of them is null
   */
  public static PrCurve ofHistograms(double[] positives, double[] negatives) {
    int thresholds = requireThresholds(positives.length);
    requireAsMany(thresholds, negatives.length, "counts of others");
    for (int i = 0; i < thresholds; i++) {
      double count = Math.min(positives[i], negatives[i]);
      if (!(count >= 0 && positives[i] + negatives[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "The counts at threshold " + i + " can't be " + positives[i] + " and " + negatives[i]);
      }
    }
    return ofBins(positives.clone(), negatives.clone());
  }

  /** Makes a curve of how much lies at each threshold; the arrays become how much lies from there up. */
  private static PrCurve ofBins(double[] truePositives, double[] falsePositives) {
    int thresholds = truePositives.length;
    // those at a threshold have passed all lower ones
    for (int i = thresholds - 2; i >= 0; i--) {
      truePositives[i] += truePositives[i + 1];
      falsePositives[i] += falsePositives[i + 1];
    }
    float[] rows = new float[ROWS * thresholds];
    for (int i = 0; i < thresholds; i++) {
      double found = truePositives[i] + falsePositives[i];
      double missed = truePositives[0] - truePositives[i];
      rows[i] = (float) truePositives[i];
      rows[thresholds + i] = (float) falsePositives[i];
      rows[2 * thresholds + i] = (float) (falsePositives[0] - falsePositives[i]);
      rows[3 * thresholds + i] = (float) missed;
      rows[4 * thresholds + i] = (float) (truePositives[i] / Math.max(SMALLEST_COUNT, found));
      rows[5 * thresholds + i] = (float) (truePositives[i] / Math.max(SMALLEST_COUNT, truePositives[i] + missed));
    }
    return new PrCurve(rows);
  }

  /**
   * Returns a builder of a curve of 127 thresholds, whose examples all have the same weight.
   *
   * @param labels whether each example belongs to the class
   * @param scores how surely the classifier says so, from 0 to 1; as many as there are labels
   * @return the builder
   * @throws IllegalArgumentException if there are no labels, if there are more or less scores, or if one is NaN or not
   *     from 0 to 1
   * @throws NullPointerException if either is null
   */
  public static Builder builder(boolean[] labels, float[] scores) {
    return new Builder(labels, scores);
  }

  /**
   * Returns a builder of a curve of 127 thresholds, whose examples all have the same weight.
   *
   * @param labels 1 for each example that belongs to the class, 0 for each other
   * @param scores how surely the classifier says so, from 0 to 1; as many as there are labels
   * @return the builder
   * @throws IllegalArgumentException if there are no labels, if one is neither 0 nor 1, if there are more or less
   *     scores, or if one is NaN or not from 0 to 1
   * @throws NullPointerException if either is null
   */
  public static Builder builder(int[] labels, float[] scores) {
    Objects.requireNonNull(labels, "A curve needs labels, but they are null");
    boolean[] belongs = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0 && labels[i] != 1) {
        throw new IllegalArgumentException("Labels are 0 or 1, unlike label " + i + ", which is " + labels[i]
            + ": for several classes there is PrCurve.ofClasses");
      }
      belongs[i] = labels[i] == 1;
    }
    return new Builder(belongs, scores);
  }

  private int thresholds() {
    return rows.length / ROWS;
  }

  /** Returns PrCurvePluginData of TensorBoard's pr_curve plugin: the number of thresholds. */
  byte[] metadata() {
    return WireMessage.bytes(data -> data.writeUInt32(DATA_NUM_THRESHOLDS, thresholds()));
  }

  /** Returns true positives, false positives, true negatives, false negatives, precision and recall, one a row. */
  TensorData tensor() {
    return TensorData.ofFloats(rows, ROWS, thresholds());
  }

  private static void put(float[] rows, int row, String name, double[] values, double largest) {
    int thresholds = rows.length / ROWS;
    requireAsMany(thresholds, values.length, "values of " + name);
    for (int i = 0; i < thresholds; i++) {
      if (!(values[i] >= 0 && values[i] <= largest)) {
        throw new IllegalArgumentException("The " + name + " at threshold " + i + " can't be " + values[i]);
      }
      rows[row * thresholds + i] = (float) values[i];
    }
  }

  private static int requireThresholds(int thresholds) {
    if (thresholds < 2 || thresholds > MOST_THRESHOLDS) {
      throw new IllegalArgumentException("A curve has between 2 and " + MOST_THRESHOLDS + " thresholds, not " + thresholds);
    }
    return thresholds;
  }

  private static void requireAsMany(int expected, int actual, String what) {
    if (expected != actual) {
      throw new IllegalArgumentException("There must be " + expected + " " + what + ", not " + actual);
    }
  }

  /** Builds a {@link PrCurve} of labels and scores. */
  public static final class Builder {

    private final boolean[] labels;
    private final float[] scores;
    private float @Nullable [] weights;
    private int thresholds = DEFAULT_THRESHOLDS;

    private Builder(boolean[] labels, float[] scores) {
      Objects.requireNonNull(labels, "A curve needs labels, but they are null");
      Objects.requireNonNull(scores, "A curve needs scores, but they are null");
      if (labels.length == 0) {
        throw new IllegalArgumentException("A curve needs examples, but there are none");
      }
      requireAsMany(labels.length, scores.length, "scores, one a label");
      for (int i = 0; i < scores.length; i++) {
        if (!(scores[i] >= 0 && scores[i] <= 1)) {
          throw new IllegalArgumentException("Scores are from 0 to 1, unlike score " + i + ", which is " + scores[i]
              + ": let the outputs pass a sigmoid or a softmax first");
        }
      }
      this.labels = labels.clone();
      this.scores = scores.clone();
    }

    /**
     * Sets how many thresholds there are.
     *
     * @param thresholds the number of thresholds, 127 if not set; curves of one tag should all have the same
     * @return this builder
     * @throws IllegalArgumentException if there are less than 2 or more than 10,000
     */
    public Builder thresholds(int thresholds) {
      this.thresholds = requireThresholds(thresholds);
      return this;
    }

    /**
     * Sets how much each example counts.
     *
     * @param weights the weights, one a label, 0 or more; 1 each if not set
     * @return this builder
     * @throws IllegalArgumentException if there are more or less than labels, or if one is NaN, infinite or negative
     * @throws NullPointerException if they are null
     */
    public Builder weights(float[] weights) {
      requireAsMany(labels.length, weights.length, "weights, one a label");
      for (int i = 0; i < weights.length; i++) {
        if (!(weights[i] >= 0 && weights[i] < Float.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException("Weights are 0 or more, unlike weight " + i + ", which is " + weights[i]);
        }
      }
      this.weights = weights.clone();
      return this;
    }

    /**
     * Counts the scores.
     *
     * @return the curve
     */
    public PrCurve build() {
      double[] truePositives = new double[thresholds];
      double[] falsePositives = new double[thresholds];
      for (int i = 0; i < scores.length; i++) {
        int threshold = (int) (scores[i] * (thresholds - 1));
        (labels[i] ? truePositives : falsePositives)[threshold] += weights == null ? 1 : weights[i];
      }
      return ofBins(truePositives, falsePositives);
    }
  }
}
