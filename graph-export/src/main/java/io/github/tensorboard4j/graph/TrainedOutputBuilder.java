package io.github.tensorboard4j.graph;

import java.util.List;
import java.util.Objects;

/**
 * Collects what is known of an output of a model that is trained against labels; {@link #add()} returns to the
 * training, after which the builder is used up. Not for use by several threads.
 */
public final class TrainedOutputBuilder {

  private final TrainingBuilder training;
  private final String name;
  private List<Output> predictions = List.of();
  private TensorType labels = TensorType.UNKNOWN;
  private String loss = "Loss";
  private TensorType lossType = TensorType.UNKNOWN;
  private boolean added;

  TrainedOutputBuilder(TrainingBuilder training, String name) {
    this.training = training;
    this.name = Objects.requireNonNull(name, "name");
  }

  /**
   * Sets the tensors that are compared with the labels. By default, none.
   *
   * @param outputs what the model predicts
   * @return this
   * @throws IllegalArgumentException if an output belongs to another graph
   * @throws IllegalStateException if the output was added
   * @throws NullPointerException if the array or an output is null
   */
  public TrainedOutputBuilder predictions(Output... outputs) {
    requireNotAdded();
    this.predictions = training.checked(outputs);
    return this;
  }

  /**
   * Sets the type of the labels. By default, {@link TensorType#UNKNOWN}.
   *
   * @param type the element type and shape
   * @return this
   * @throws IllegalStateException if the output was added
   * @throws NullPointerException if the type is null
   */
  public TrainedOutputBuilder labels(TensorType type) {
    requireNotAdded();
    this.labels = Objects.requireNonNull(type, "type");
    return this;
  }

  /**
   * Sets the loss function. By default, it is called {@code Loss}.
   *
   * @param function what it computes, such as {@code CategoricalCrossEntropy}
   * @return this
   * @throws IllegalArgumentException if the text is empty
   * @throws IllegalStateException if the output was added
   * @throws NullPointerException if the text is null
   */
  public TrainedOutputBuilder loss(String function) {
    requireNotAdded();
    if (function.isEmpty()) {
      throw new IllegalArgumentException("a loss says what it computes, such as CategoricalCrossEntropy");
    }
    this.loss = function;
    return this;
  }

  /**
   * Sets the type of what the loss function yields. By default, {@link TensorType#UNKNOWN}. Unless the shape is that of
   * a single number, the mean is drawn behind the function.
   *
   * @param type the element type and shape
   * @return this
   * @throws IllegalStateException if the output was added
   * @throws NullPointerException if the type is null
   */
  public TrainedOutputBuilder lossType(TensorType type) {
    requireNotAdded();
    this.lossType = Objects.requireNonNull(type, "type");
    return this;
  }

  /**
   * Adds the output to the training.
   *
   * @return the training from which this builder came
   * @throws IllegalStateException if the output or the training was added before
   */
  public TrainingBuilder add() {
    requireNotAdded();
    training.add(this);
    added = true;
    return training;
  }

  private void requireNotAdded() {
    if (added) {
      throw new IllegalStateException("the trained output " + name + " was added; begin another one");
    }
  }

  String name() {
    return name;
  }

  TensorType lossType() {
    return lossType;
  }

  Output addLabels(GraphScope scope, String labelsName) {
    return scope.placeholder(labelsName, labels.dtype(), labels.shape());
  }

  Output addLoss(GraphScope scope, Output labelsOutput) {
    Output value = scope.operation(loss, shortName(loss))
        .input(predictions.toArray(Output[]::new)).input(labelsOutput).output(lossType).add();
    return lossType.shape().equals(TensorShape.SCALAR)
        ? value
        : scope.operation("Mean").input(value).output(lossType.dtype(), TensorShape.SCALAR).add();
  }

  /** Returns as much of the function's name as the page has room for: {@code CrossEntropy}. */
  private static String shortName(String loss) {
    return loss.replaceFirst("^((Sparse)?Categorical|Softmax)(?=.)", "");
  }
}
