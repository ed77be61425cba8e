package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.DType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The type of a tensor, as far as it is known before the model runs: its element type and its shape. */
public final class TensorType {

  /** The type of a tensor of which nothing is known. */
  public static final TensorType UNKNOWN = new TensorType(DType.UNKNOWN, TensorShape.UNKNOWN);

  private final DType dtype;
  private final TensorShape shape;

  private TensorType(DType dtype, TensorShape shape) {
    this.dtype = Objects.requireNonNull(dtype, "dtype");
    this.shape = Objects.requireNonNull(shape, "shape");
  }

  /**
   * Returns the type of such a tensor.
   *
   * @param dtype the element type
   * @param shape the shape, which may be unknown in whole or in part
   * @return the type
   * @throws NullPointerException if an argument is null
   */
  public static TensorType of(DType dtype, TensorShape shape) {
    return new TensorType(dtype, shape);
  }

  /**
   * Returns the element type.
   *
   * @return the element type, {@link DType#UNKNOWN} if it is not known
   */
  public DType dtype() {
    return dtype;
  }

  /**
   * Returns the shape.
   *
   * @return the shape, which may be unknown in whole or in part
   */
  public TensorShape shape() {
    return shape;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TensorType type && dtype == type.dtype && shape.equals(type.shape);
  }

  @Override
  public int hashCode() {
    return 31 * dtype.hashCode() + shape.hashCode();
  }

  @Override
  public String toString() {
    return dtype + " " + shape;
  }
}
