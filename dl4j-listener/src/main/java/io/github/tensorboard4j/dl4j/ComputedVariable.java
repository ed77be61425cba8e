package io.github.tensorboard4j.dl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A result of an operation that a listener looks at, and what it is to it. Within an iteration it knows the array that was
 * computed last, for as long as the framework, which reuses memory, leaves it as it is. Not thread-safe.
 */
final class ComputedVariable {

  /** No loss. */
  private static final int NONE = -1;

  private final String name;
  private final int loss;
  private final boolean activation;
  private final @Nullable SameDiffParameter gradientOf;
  private @Nullable INDArray array;
  private long arrayId;
  private long order;
  private boolean recorded;

  private ComputedVariable(String name, int loss, boolean activation, @Nullable SameDiffParameter gradientOf) {
    this.name = name;
    this.loss = loss;
    this.activation = activation;
    this.gradientOf = gradientOf;
  }

  /** Returns one that is of interest only where a training diverges. */
  static ComputedVariable ofForwardPass(String name) {
    return new ComputedVariable(name, NONE, false, null);
  }

  /** Returns one that is recorded as an activation. */
  static ComputedVariable ofActivation(String name) {
    return new ComputedVariable(name, NONE, true, null);
  }

  static ComputedVariable ofLoss(String name, int loss) {
    return new ComputedVariable(name, loss, false, null);
  }

  static ComputedVariable ofGradient(String name, SameDiffParameter parameter) {
    return new ComputedVariable(name, NONE, false, parameter);
  }

  String name() {
    return name;
  }

  boolean isLoss() {
    return loss != NONE;
  }

  /** Returns its number among the losses. */
  int loss() {
    return loss;
  }

  boolean isActivation() {
    return activation;
  }

  /** Returns the parameter whose gradient it is, null if it is none. */
  @Nullable
  SameDiffParameter gradientOf() {
    return gradientOf;
  }

  /** Takes note of what was computed, and as which of the iteration's results. */
  void computed(INDArray result, long place) {
    array = result;
    // an array that the framework uses again gets another number
    arrayId = result.getId();
    order = place;
  }

  long order() {
    return order;
  }

  /** Returns what the iteration has computed, null if it has not, or the framework has closed it or used it again. */
  @Nullable
  INDArray intact() {
    INDArray computed = array;
    return computed != null && !computed.wasClosed() && computed.getId() == arrayId ? computed : null;
  }

  /** Returns whether this is called for the first time in the iteration: a loop computes the same again at each turn. */
  boolean takeFirst() {
    boolean first = !recorded;
    recorded = true;
    return first;
  }

  void forget() {
    array = null;
    recorded = false;
  }
}
