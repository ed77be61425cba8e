package io.github.tensorboard4j.dl4j;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What {@code fit} finds out on its own validation data. The framework calls a model's listeners twice for each of its batches,
 * of which one counts. Not thread-safe.
 */
final class SameDiffValidation {

  private final SameDiffLosses losses;
  private final SameDiffEvaluations evaluations;
  private final double[] sums;
  private long examples;
  private @Nullable SameDiffReport report;

  SameDiffValidation(SameDiffLosses losses, SameDiffEvaluations evaluations) {
    this.losses = losses;
    this.evaluations = evaluations;
    this.sums = new double[losses.names().size()];
  }

  /** Forgets the validation before. */
  void start() {
    Arrays.fill(sums, 0);
    examples = 0;
    losses.start();
    evaluations.start();
    report = null;
  }

  /** Sets what is to be told of this validation beyond figures, null for nothing. */
  void report(@Nullable SameDiffReport due) {
    report = due;
  }

  /** Returns what is told of this validation beyond figures, null for nothing. */
  @Nullable
  SameDiffReport report() {
    return report;
  }

  /** Counts the batch whose losses have become known, if that was not counted; it weighs as much as it has examples. */
  void finishBatch(long size) {
    if (losses.areKnown()) {
      long weight = Math.max(1, size);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += losses.value(i) * weight;
      }
      examples += weight;
      losses.start();
    }
  }

  /** Returns the number of examples, 0 if there were none. */
  long examples() {
    return examples;
  }

  /** Returns the mean of a loss over the examples. */
  double loss(int loss) {
    return sums[loss] / examples;
  }

  /** Returns the mean of the sum of all losses. */
  double loss() {
    double sum = 0;
    for (double loss : sums) {
      sum += loss;
    }
    return sum / examples;
  }

  /** Returns the losses of the batch under way. */
  SameDiffLosses losses() {
    return losses;
  }

  SameDiffEvaluations evaluations() {
    return evaluations;
  }
}
