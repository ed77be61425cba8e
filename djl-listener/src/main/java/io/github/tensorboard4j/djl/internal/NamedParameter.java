package io.github.tensorboard4j.djl.internal;

import ai.djl.nn.Parameter;

/**
 * A parameter and what it is called in TensorBoard: in the tags of its histograms and in the graph.
 *
 * @param layer the path to the layer that has it, such as {@code 02_linear}
 * @param name its name in the layer, such as {@code weight}
 * @param parameter the parameter
 */
public record NamedParameter(String layer, String name, Parameter parameter) {

  /** Returns the parameter's path in the graph; the tag of its histograms is {@code layer_} and this path. */
  public String path() {
    return layer + '/' + name;
  }
}
