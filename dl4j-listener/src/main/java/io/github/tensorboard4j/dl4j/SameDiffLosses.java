package io.github.tensorboard4j.dl4j;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The values of a model's loss variables in one iteration, as they become known. Not thread-safe. */
final class SameDiffLosses {

  private final List<String> names;
  private final double[] values;
  private final boolean[] known;
  private int missing;
  private @Nullable String regularization;
  private double regularizationValue;

  SameDiffLosses(List<String> names) {
    this.names = List.copyOf(names);
    this.values = new double[names.size()];
    this.known = new boolean[names.size()];
    this.missing = names.size();
  }

  List<String> names() {
    return names;
  }

  /** Forgets the iteration before. */
  void start() {
    Arrays.fill(values, 0);
    Arrays.fill(known, false);
    missing = values.length;
    regularization = null;
  }

  /** Takes note of a loss: the sum of its elements, as the framework has it, if it is no single number. */
  void set(int loss, INDArray array) {
    values[loss] = array.isScalar() ? array.getDouble(0) : array.sumNumber().doubleValue();
    if (!known[loss]) {
      known[loss] = true;
      missing--;
    }
  }

  /** Returns whether all are known. */
  boolean areKnown() {
    return missing == 0;
  }

  double value(int loss) {
    return values[loss];
  }

  /**
   * Takes note of what regularization adds, where it does. Of several kinds of it the framework keeps the last, in a place that is
   * another's.
   */
  void addRegularization(Loss framework) {
    int kinds = framework.numLosses() - values.length;
    if (kinds > 0) {
      regularization = framework.lossNames().get(values.length + kinds - 1);
      regularizationValue = framework.lossValues()[kinds];
    }
  }

  /** Returns what the framework calls the regularization, null if there is none. */
  @Nullable
  String regularization() {
    return regularization;
  }

  double regularizationValue() {
    return regularizationValue;
  }

  /** Returns the sum of all, with regularization if that is known. */
  double sum() {
    double sum = regularization == null ? 0 : regularizationValue;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
