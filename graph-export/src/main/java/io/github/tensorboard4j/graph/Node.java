package io.github.tensorboard4j.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One operation of a {@link ModelGraph}; a parameter, an input and a constant are operations too.
 *
 * @param name the unique name, with the enclosing scopes before it, parted by {@code /}
 * @param op what it does, such as {@code MatMul}
 * @param inputs where its data comes from, in the operation's own order
 * @param controls places in {@link ModelGraph#nodes()} of operations that must run before it
 * @param device where it runs, in TensorFlow's notation such as {@code /device:GPU:0}; empty if not known
 * @param attributes its settings, in the order in which they were given
 * @param outputs what it yields; at least one
 */
public record Node(
    String name,
    String op,
    List<Output> inputs,
    List<Integer> controls,
    String device,
    Map<String, Attribute> attributes,
    List<TensorType> outputs) {

  /**
   * Copies the lists, so that the node never changes.
   *
   * @param name the unique name
   * @param op what it does
   * @param inputs where its data comes from
   * @param controls operations that must run before it
   * @param device where it runs
   * @param attributes its settings
   * @param outputs what it yields
   */
  public Node {
    inputs = List.copyOf(inputs);
    controls = List.copyOf(controls);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    outputs = List.copyOf(outputs);
  }

  /** The same operation with other edges to it. */
  Node fedBy(List<Output> newInputs, List<Integer> newControls) {
    return new Node(name, op, newInputs, newControls, device, attributes, outputs);
  }
}
