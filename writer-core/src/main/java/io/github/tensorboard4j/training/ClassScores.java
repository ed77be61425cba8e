package io.github.tensorboard4j.training;

import io.github.tensorboard4j.PrCurve;

/** How surely a class was predicted, for the examples that belong to it and for the others: counts, and no scores. */
final class ClassScores {

  private static final int THRESHOLDS = 127;

  /*
   * The bins of the area under the curve: those of a score up to a half are its leading bits, the exponent and five more, so
   * that each is 3 % wide; those of others are the mirror image. A classifier that is sure has nearly all scores close to 0 and
   * 1, where evenly spaced bins tell none apart.
   */
  private static final int DROPPED_BITS = 18;
  private static final int LOWEST = Float.floatToRawIntBits(0x1p-30f) >> DROPPED_BITS;
  private static final int HALF = Float.floatToRawIntBits(0.5f) >> DROPPED_BITS;
  private static final int BINS = 2 * (HALF - LOWEST) + 2;

  private final double[] thresholdsOfOwn = new double[THRESHOLDS];
  private final double[] thresholdsOfOthers = new double[THRESHOLDS];
  private final long[] own = new long[BINS];
  private final long[] others = new long[BINS];

  /** Counts a score, from 0 to 1. */
  void add(float score, boolean belongs) {
    (belongs ? thresholdsOfOwn : thresholdsOfOthers)[(int) (score * (THRESHOLDS - 1))]++;
    (belongs ? own : others)[bin(score)]++;
  }

  private static int bin(float score) {
    return score <= 0.5f ? lower(score) : BINS - 1 - lower(1 - score);
  }

  private static int lower(float score) {
    return Math.max(0, (Float.floatToRawIntBits(score) >> DROPPED_BITS) - LOWEST);
  }

  PrCurve curve() {
    return PrCurve.ofHistograms(thresholdsOfOwn, thresholdsOfOthers);
  }

  /** Returns the area under the ROC curve: how often one of the class has a higher score than another. NaN without both. */
  double area() {
    double pairs = 0;
    long lowerOthers = 0;
    long allOwn = 0;
    for (int i = 0; i < BINS; i++) {
      pairs += own[i] * (lowerOthers + others[i] / 2.0);
      lowerOthers += others[i];
      allOwn += own[i];
    }
    return pairs / allOwn / lowerOthers;
  }
}
