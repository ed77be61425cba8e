package io.github.tensorboard4j.graph;

/**
 * One output of an operation: where an edge begins.
 *
 * @param node the operation's place in {@link ModelGraph#nodes()}
 * @param index which of the operation's outputs, from 0
 */
public record Output(int node, int index) {

  /**
   * Checks that neither number is negative.
   *
   * @param node the operation's place
   * @param index which of its outputs
   */
  public Output {
    if (node < 0 || index < 0) {
      throw new IllegalArgumentException("node and index count from 0, got " + node + " and " + index);
    }
  }

  /**
   * Another output of the same operation.
   *
   * @param other its index, from 0
   * @return that output
   */
  public Output output(int other) {
    return new Output(node, other);
  }
}
