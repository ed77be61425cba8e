package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.DType;
import java.util.Objects;

/**
 * What is known of one output of an operation.
 *
 * @param dtype the element type
 * @param shape the shape, which may be unknown in whole or in part
 */
public record TensorType(DType dtype, TensorShape shape) {

  /** An output of which nothing is known. */
  public static final TensorType UNKNOWN = new TensorType(DType.UNKNOWN, TensorShape.UNKNOWN);

  /**
   * Checks that both parts are there.
   *
   * @param dtype the element type
   * @param shape the shape
   */
  public TensorType {
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(shape, "shape");
  }
}
