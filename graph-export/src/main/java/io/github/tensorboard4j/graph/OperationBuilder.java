package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Collects what is known of one operation; {@link #add()} puts it into the graph, after which the builder is used
 * up. Not for use by several threads.
 */
public final class OperationBuilder {

  private final NodeList graph;
  private final String op;
  private final String name;
  private final List<Output> inputs = new ArrayList<>(2);
  private final List<Output> controls = new ArrayList<>(0);
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();
  private final List<TensorType> outputs = new ArrayList<>(1);
  private String device;
  private boolean added;

  OperationBuilder(NodeList graph, String op, String name) {
    this.graph = graph;
    this.op = op;
    this.name = name;
    this.device = graph.device();
  }

  /**
   * Adds inputs, after those already there.
   *
   * @param sources where the data comes from
   * @return this
   * @throws IllegalArgumentException if an output belongs to another graph
   * @throws IllegalStateException if the operation was added
   * @throws NullPointerException if the array or an output is null
   */
  public OperationBuilder input(Output... sources) {
    requireNotAdded();
    for (Output source : sources) {
      inputs.add(graph.checked(source));
    }
    return this;
  }

  /**
   * Adds control edges, after those already there: the operation runs after others without taking data from them.
   *
   * @param sources any output of each operation that runs first
   * @return this
   * @throws IllegalArgumentException if an output belongs to another graph
   * @throws IllegalStateException if the operation was added
   * @throws NullPointerException if the array or an output is null
   */
  public OperationBuilder control(Output... sources) {
    requireNotAdded();
    for (Output source : sources) {
      controls.add(graph.checked(source).sibling(0));
    }
    return this;
  }

  /**
   * Adds a setting.
   *
   * @param key its name
   * @param value its value
   * @return this
   * @throws IllegalArgumentException if the key is {@code _output_shapes}, which is made from the outputs
   * @throws IllegalStateException if the operation was added
   * @throws NullPointerException if the key or the value is null
   */
  public OperationBuilder attribute(String key, Attribute value) {
    requireNotAdded();
    if (key.equals(GraphDefEncoder.OUTPUT_SHAPES)) {
      throw new IllegalArgumentException(key + " is made from the outputs; call output(dtype, shape) instead");
    }
    attributes.put(key, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Sets where the operation runs, in place of the graph's default.
   *
   * @param device a device in TensorFlow's notation, as {@link DeviceNames} makes it; empty if not known
   * @return this
   * @throws IllegalStateException if the operation was added
   * @throws NullPointerException if the device is null
   */
  public OperationBuilder device(String device) {
    requireNotAdded();
    this.device = Objects.requireNonNull(device, "device");
    return this;
  }

  /**
   * Adds an output, after those already there.
   *
   * @param dtype the element type
   * @param shape the shape
   * @return this
   * @throws IllegalStateException if the operation was added
   * @throws NullPointerException if an argument is null
   */
  public OperationBuilder output(DType dtype, TensorShape shape) {
    return output(TensorType.of(dtype, shape));
  }

  /**
   * Adds an output, after those already there.
   *
   * @param type its type
   * @return this
   * @throws IllegalStateException if the operation was added
   * @throws NullPointerException if the type is null
   */
  public OperationBuilder output(TensorType type) {
    requireNotAdded();
    outputs.add(Objects.requireNonNull(type, "type"));
    return this;
  }

  /**
   * Puts the operation into the graph. The outputs of one that declared none are of unknown number and type.
   *
   * @return its first output
   * @throws IllegalStateException if the operation was added before
   */
  public Output add() {
    requireNotAdded();
    added = true;
    return graph.add(new Node(name, op, inputs, controls, device, attributes, outputs));
  }

  void requireNotAdded() {
    if (added) {
      throw new IllegalStateException("the operation " + name + " was added; begin another one in its scope");
    }
  }
}
