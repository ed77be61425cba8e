package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Collects what only training adds to a model; {@link #add()} puts it into the graph: labels, loss and
 * optimizer, each in a scope of its own beside the model. Not for use by several threads.
 *
 * <p>The optimizer hangs on the loss alone: edges to every parameter would be a bundle that hides the model.
 */
public final class TrainingBuilder {

  /** An output that is trained against labels. */
  private record Trained(String name, TensorType labels, String loss, TensorType value, Output[] predictions) {}

  private record Optimizer(String name, Map<String, Double> settings) {}

  private final GraphScope scope;
  private final List<Trained> outputs = new ArrayList<>(1);
  private final List<Output> losses = new ArrayList<>(1);
  private final List<Optimizer> optimizers = new ArrayList<>(1);
  private TensorType gradients = TensorType.UNKNOWN;

  TrainingBuilder(GraphScope scope) {
    this.scope = scope;
  }

  /**
   * Adds an output of the model that is trained against labels.
   *
   * @param name the output's name, which tells its labels and loss from those of other outputs
   * @param labels the type of the labels
   * @param loss the loss function, such as {@code CategoricalCrossEntropy}
   * @param value what the function yields; unless that is a single number, its mean is drawn behind it
   * @param predictions the tensors that are compared with the labels
   * @return this
   * @throws IllegalArgumentException if a tensor belongs to another graph, or {@code loss} is empty
   * @throws NullPointerException if an argument or a tensor is null
   */
  public TrainingBuilder output(String name, TensorType labels, String loss, TensorType value, Output... predictions) {
    if (loss.isEmpty()) {
      throw new IllegalArgumentException("a loss says what it computes, such as CategoricalCrossEntropy");
    }
    for (Output prediction : predictions) {
      scope.graph().checked(prediction);
    }
    outputs.add(new Trained(Objects.requireNonNull(name, "name"), Objects.requireNonNull(labels, "labels"),
        loss, Objects.requireNonNull(value, "value"), predictions.clone()));
    return this;
  }

  /**
   * Adds a loss that is already in the graph.
   *
   * @param loss a tensor that is minimized
   * @return this
   * @throws IllegalArgumentException if the tensor belongs to another graph
   * @throws NullPointerException if the tensor is null
   */
  public TrainingBuilder loss(Output loss) {
    losses.add(scope.graph().checked(loss));
    return this;
  }

  /**
   * Adds an optimizer, which is drawn if there is a loss.
   *
   * @param name its name, such as {@code Adam}; {@code Sgd} is drawn as {@code SGD}
   * @param settings its settings by name, such as {@code learning_rate}, in the order in which they are drawn
   * @return this
   * @throws NullPointerException if the name or the map is null, or the map has null in it
   */
  public TrainingBuilder optimizer(String name, Map<String, Double> settings) {
    Map<String, Double> copy = new LinkedHashMap<>();
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
   * @throws NullPointerException if the type is null
   */
  public TrainingBuilder gradients(DType dtype, long elements) {
    this.gradients = TensorType.of(dtype, TensorShape.of(elements));
    return this;
  }

  /** Puts labels, loss and optimizer into the graph. */
  public void add() {
    if (!outputs.isEmpty()) {
      losses.add(outputs.size() == 1 ? addLoss(outputs.get(0)) : addLosses());
    }
    if (!losses.isEmpty() && !optimizers.isEmpty()) {
      addOptimizers();
    }
  }

  private Output addLoss(Trained output) {
    Output labels = addLabels(scope, "labels", output);
    return addLoss(scope.scope("loss"), output, labels);
  }

  private Output addLosses() {
    GraphScope labels = scope.scope("labels");
    List<Output> placeholders = outputs.stream().map(output -> addLabels(labels, output.name(), output)).toList();
    GraphScope loss = scope.scope("loss");
    List<Output> parts = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      parts.add(addLoss(loss.scope(outputs.get(i).name()), outputs.get(i), placeholders.get(i)));
    }
    return loss.operation("Sum").input(parts.toArray(Output[]::new))
        .output(outputs.get(0).value().dtype(), TensorShape.SCALAR).add();
  }

  private static Output addLabels(GraphScope scope, String name, Trained output) {
    return scope.placeholder(name, output.labels().dtype(), output.labels().shape());
  }

  private static Output addLoss(GraphScope scope, Trained output, Output labels) {
    Output value = scope.operation(output.loss(), shortName(output.loss()))
        .input(output.predictions()).input(labels).output(output.value()).add();
    return output.value().shape().equals(TensorShape.SCALAR)
        ? value
        : scope.operation("Mean").input(value).output(output.value().dtype(), TensorShape.SCALAR).add();
  }

  /** What the page has room for: {@code CrossEntropy}. */
  private static String shortName(String loss) {
    return loss.replaceFirst("^((Sparse)?Categorical|Softmax)(?=.)", "");
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
