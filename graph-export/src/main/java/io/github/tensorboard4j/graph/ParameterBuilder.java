package io.github.tensorboard4j.graph;

import java.util.Objects;

/**
 * Collects what is known of a parameter of a model; {@link #add()} puts it into the graph, after which the builder
 * is used up. The parameter's values are not kept. Not for use by several threads.
 */
public final class ParameterBuilder {

  private final OperationBuilder operation;
  private String frameworkName;
  private TensorType type = TensorType.UNKNOWN;
  private boolean trainable = true;

  ParameterBuilder(OperationBuilder operation, String name) {
    this.operation = operation;
    this.frameworkName = name;
  }

  /**
   * Sets what the framework calls the parameter, which is kept as the attribute {@code framework_name}. By default, the
   * name within the scope.
   *
   * @param name a name such as {@code W}
   * @return this
   * @throws IllegalStateException if the parameter was added
   * @throws NullPointerException if the name is null
   */
  public ParameterBuilder frameworkName(String name) {
    operation.requireNotAdded();
    this.frameworkName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets the parameter's type. By default, {@link TensorType#UNKNOWN}.
   *
   * @param type the element type and shape
   * @return this
   * @throws IllegalStateException if the parameter was added
   * @throws NullPointerException if the type is null
   */
  public ParameterBuilder type(TensorType type) {
    operation.requireNotAdded();
    this.type = Objects.requireNonNull(type, "type");
    return this;
  }

  /**
   * Sets whether training changes the parameter. By default, it does.
   *
   * @param trainable false for a frozen parameter or a running mean
   * @return this
   * @throws IllegalStateException if the parameter was added
   */
  public ParameterBuilder trainable(boolean trainable) {
    operation.requireNotAdded();
    this.trainable = trainable;
    return this;
  }

  /**
   * Puts the parameter into the graph.
   *
   * @return its output
   * @throws IllegalStateException if the parameter was added before
   */
  public Output add() {
    return operation
        .attribute("dtype", Attribute.of(type.dtype()))
        .attribute("shape", Attribute.of(type.shape()))
        .attribute("trainable", Attribute.of(trainable))
        .attribute("framework_name", Attribute.of(frameworkName))
        .output(type)
        .add();
  }
}
