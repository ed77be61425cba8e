package io.github.tensorboard4j.testkit;

import java.util.Map;

/**
 * Which graphs a run has.
 *
 * @param runGraph whether it has a graph of its own
 * @param tags its further graphs and profiles, by tag
 */
public record GraphInfo(boolean runGraph, Map<String, Tagged> tags) {

  /**
   * What a tag holds.
   *
   * @param conceptualGraph a graph of Keras layers
   * @param opGraph a graph of operations
   * @param profile times and memory of the nodes
   */
  public record Tagged(boolean conceptualGraph, boolean opGraph, boolean profile) {}
}
