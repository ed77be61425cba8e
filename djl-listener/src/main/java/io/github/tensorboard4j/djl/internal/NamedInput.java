package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * An input of a model.
 *
 * @param name its name
 * @param shape the shape of a batch
 * @param dtype the element type
 */
record NamedInput(String name, Shape shape, DataType dtype) {

  @Override
  public String toString() {
    return name + ' ' + shape + ' ' + dtype;
  }
}
