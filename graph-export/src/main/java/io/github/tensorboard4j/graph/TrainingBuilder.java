package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Collects what only training adds to a model, beside it: labels, loss and optimizer. {@link #add()} puts it into the graph,
 * after which the builder is used up. Not for use by several threads.
 *
 * <p>The optimizer hangs on the loss alone: edges to every parameter would be a bundle that hides the model.
 */
public final class TrainingBuilder {

  private record Optimizer(String name, Map<String, Attribute> settings) {}

  private final GraphScope scope;
  private final List<TrainedOutputBuilder> outputs = new ArrayList<>(1);
  private final List<Output> losses = new ArrayList<>(1);
  private final List<Optimizer> optimizers = new ArrayList<>(1);
  private TensorType gradients = TensorType.UNKNOWN;
  private boolean added;

  TrainingBuilder(GraphScope scope) {
    this.scope = scope;
  }

  /**
   * Begins an output of the model that is trained against labels.
   *
   * @param name the output's name, by which its labels and loss are called if there are several outputs
   * @return the output, to be ended by {@link TrainedOutputBuilder#add()}
   * @throws IllegalStateException if the training was added
   * @throws NullPointerException if the name is null
   */
  public TrainedOutputBuilder output(String name) {
    requireNotAdded();
    return new TrainedOutputBuilder(this, name);
  }

  /**
   * Adds a loss that is already in the graph.
   *
   * @param loss a tensor that is minimized
   * @return this
   * @throws IllegalArgumentException if the tensor belongs to another graph
   * @throws IllegalStateException if the training was added
   * @throws NullPointerException if the tensor is null
   */
  public TrainingBuilder loss(Output loss) {
    requireNotAdded();
    losses.addAll(checked(loss));
    return this;
  }

  /**
   * Adds an optimizer, which is drawn if there is a loss.
   *
   * @param name its name, such as {@code Adam}; {@code Sgd} is drawn as {@code SGD}
   * @param settings its settings by name, such as {@code learning_rate}, in the order in which they are drawn
   * @return this
   * @throws IllegalStateException if the training was added
   * @throws NullPointerException if the name or the map is null, or the map has null in it
   */
  public TrainingBuilder optimizer(String name, Map<String, Attribute> settings) {
    requireNotAdded();
    Map<String, Attribute> copy = new LinkedHashMap<>();
    settings.forEach(
        (setting, value) -> copy.put(Objects.requireNonNull(setting, "setting"), Objects.requireNonNull(value, setting)));
    optimizers.add(new Optimizer(name.equals("Sgd") ? "SGD" : name, copy));
    return this;
  }

  /**
   * Sets what the gradients are that the optimizers take.
   *
   * @param dtype their element type
   * @param elements their number: the elements of all trained parameters
   * @return this
   * @throws IllegalStateException if the training was added
   * @throws NullPointerException if the type is null
   */
  public TrainingBuilder gradients(DType dtype, long elements) {
    requireNotAdded();
    this.gradients = TensorType.of(dtype, TensorShape.of(elements));
    return this;
  }

  /**
   * Puts labels, loss and optimizer into the graph.
   *
   * @throws IllegalStateException if the training was added before
   */
  public void add() {
    requireNotAdded();
    added = true;
    if (!outputs.isEmpty()) {
      losses.add(outputs.size() == 1 ? addLoss(outputs.get(0)) : addLosses());
    }
    if (!losses.isEmpty() && !optimizers.isEmpty()) {
      addOptimizers();
    }
  }

  void add(TrainedOutputBuilder output) {
    requireNotAdded();
    outputs.add(output);
  }

  List<Output> checked(Output... tensors) {
    return scope.checked(tensors);
  }

  private void requireNotAdded() {
    if (added) {
      throw new IllegalStateException("the training was added; a model has one, so set everything before add()");
    }
  }

  private Output addLoss(TrainedOutputBuilder output) {
    Output labels = output.addLabels(scope, "labels");
    return output.addLoss(scope.scope("loss"), labels);
  }

  private Output addLosses() {
    GraphScope labels = scope.scope("labels");
    List<Output> placeholders = outputs.stream().map(output -> output.addLabels(labels, output.name())).toList();
    GraphScope loss = scope.scope("loss");
    List<Output> parts = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      parts.add(outputs.get(i).addLoss(loss.scope(outputs.get(i).name()), placeholders.get(i)));
    }
    return loss.operation("Sum").input(parts.toArray(Output[]::new))
        .output(outputs.get(0).lossType().dtype(), TensorShape.SCALAR).add();
  }

  private void addOptimizers() {
    boolean single = optimizers.size() == 1;
    GraphScope all = scope.scope(single ? optimizers.get(0).name() : "optimizer");
    Output computed =
        all.operation("Gradients", "gradients").input(losses.toArray(Output[]::new)).output(gradients).add();
    TensorShape share = single ? gradients.shape() : TensorShape.of(TensorShape.UNKNOWN_SIZE);
    for (Optimizer optimizer : optimizers) {
      GraphScope own = single ? all : all.scope(optimizer.name());
      OperationBuilder apply = own.operation("Apply" + optimizer.name(), "Apply").input(computed);
      optimizer.settings().forEach((setting, value) -> apply.input(own.constant(setting, value)));
      apply.output(gradients.dtype(), share).add();
    }
  }
}
