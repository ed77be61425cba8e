package io.github.tensorboard4j.graph;

import org.jspecify.annotations.Nullable;

/**
 * One output of an operation of a graph: where an edge begins.
 *
 * <p>It belongs to the graph whose {@link OperationBuilder#add()} returned it, and to no other.
 */
public final class Output {

  private final Object graph;
  private final int node;
  private final int index;

  /**
   * Creates an output.
   *
   * @param graph what tells the graph from every other
   * @param node the operation's place in it
   * @param index which of the operation's outputs
   */
  Output(Object graph, int node, int index) {
    this.graph = graph;
    this.node = node;
    this.index = index;
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
   * @return its index in {@link Node#outputs()}, from 0
   */
  public int index() {
    return index;
  }

  /**
   * Returns another output of the same operation.
   *
   * @param other its index, from 0
   * @return that output
   * @throws IllegalArgumentException if the index is negative
   */
  public Output output(int other) {
    if (other < 0) {
      throw new IllegalArgumentException("an operation's outputs count from 0, got " + other);
    }
    return new Output(graph, node, other);
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
