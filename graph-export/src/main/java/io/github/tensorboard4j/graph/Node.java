package io.github.tensorboard4j.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One operation of a {@link ModelGraph}; a parameter, an input and a constant are operations too. Immutable. */
public final class Node {

  private final String name;
  private final String op;
  private final List<Output> inputs;
  private final List<Output> controls;
  private final String device;
  private final Map<String, Attribute> attributes;
  private final List<TensorType> outputs;

  /** Copies the collections, so that the node never changes. */
  Node(String name, String op, List<Output> inputs, List<Output> controls, String device,
      Map<String, Attribute> attributes, List<TensorType> outputs) {
    this.name = name;
    this.op = op;
    this.inputs = List.copyOf(inputs);
    this.controls = List.copyOf(controls);
    this.device = device;
    this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    this.outputs = List.copyOf(outputs);
  }

  /**
   * Returns the operation's unique name.
   *
   * @return the name, with the enclosing scopes before it, separated by {@code /}
   */
  public String name() {
    return name;
  }

  /**
   * Returns what the operation does.
   *
   * @return its kind, such as {@code MatMul}
   */
  public String op() {
    return op;
  }

  /**
   * Returns the operation's inputs: the outputs of others from which its data comes.
   *
   * @return an unmodifiable list, in the operation's own order
   */
  public List<Output> inputs() {
    return inputs;
  }

  /**
   * Returns the operation's control edges: the operations that run before this one without giving it data.
   *
   * @return an unmodifiable list of the first output of each
   */
  public List<Output> controls() {
    return controls;
  }

  /**
   * Returns where the operation runs.
   *
   * @return a device in TensorFlow's notation, such as {@code /device:GPU:0}; empty if not known
   */
  public String device() {
    return device;
  }

  /**
   * Returns the operation's settings.
   *
   * @return an unmodifiable map, in the order in which the settings were given
   */
  public Map<String, Attribute> attributes() {
    return attributes;
  }

  /**
   * Returns the types of the operation's outputs.
   *
   * @return an unmodifiable list of the outputs that were declared; empty if their number is not known
   */
  public List<TensorType> outputs() {
    return outputs;
  }

  /** Returns the same operation with other edges to it. */
  Node withEdges(List<Output> newInputs, List<Output> newControls) {
    return new Node(name, op, newInputs, newControls, device, attributes, outputs);
  }

  @Override
  public String toString() {
    return name + " (" + op + ")";
  }
}
