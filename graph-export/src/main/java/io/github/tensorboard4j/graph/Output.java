package io.github.tensorboard4j.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One output of an operation of a graph: where an edge begins.
 *
 * <p>It belongs to the graph whose {@link OperationBuilder#add()} returned it, and to no other. Immutable.
 */
public final class Output {

  private final Object graph;
  private final int node;
  private final int index;
  private final List<TensorType> declared;

  /**
   * Creates an output.
   *
   * @param graph the graph's identity, which no other graph has
   * @param node the operation's place in the graph
   * @param index which of the operation's outputs
   * @param declared the outputs that the operation declared; empty if their number is not known
   */
  Output(Object graph, int node, int index, List<TensorType> declared) {
    this.graph = graph;
    this.node = node;
    this.index = index;
    this.declared = declared;
  }

  /**
   * Returns the place of the operation that has this output.
   *
   * @return its index in {@link ModelGraph#nodes()}
   */
  public int node() {
    return node;
  }

  /**
   * Returns which of the operation's outputs this is.
   *
   * @return its index among the operation's outputs, from 0
   */
  public int index() {
    return index;
  }

  /**
   * Returns the type of the tensor.
   *
   * @return the type that the operation declared; {@link TensorType#UNKNOWN} if it declared no outputs
   */
  public TensorType type() {
    return declared.isEmpty() ? TensorType.UNKNOWN : declared.get(index);
  }

  /**
   * Returns another output of the same operation.
   *
   * @param index the other output's index, from 0
   * @return that output
   * @throws IllegalArgumentException if the index is negative, or the operation declared outputs, but not that many
   */
  public Output sibling(int index) {
    if (index < 0 || !declared.isEmpty() && index >= declared.size()) {
      throw new IllegalArgumentException("no output " + index + " of an operation with "
          + (declared.isEmpty() ? "outputs that count from 0" : declared.size() + " outputs; declare it before add()"));
    }
    return new Output(graph, node, index, declared);
  }

  boolean isOf(Object otherGraph) {
    return graph == otherGraph;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Output output && graph == output.graph && node == output.node && index == output.index;
  }

  @Override
  public int hashCode() {
    return 31 * node + index;
  }

  @Override
  public String toString() {
    return node + ":" + index;
  }
}
