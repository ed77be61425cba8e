package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import org.jspecify.annotations.Nullable;

/** DJL's shapes and element types as TensorBoard has them. */
public final class Types {

  private Types() {}

  static TensorType of(NDArray array) {
    return TensorType.of(dtype(array.getDataType()), shape(array.getShape()));
  }

  static TensorShape shape(@Nullable Shape shape) {
    return shape == null ? TensorShape.UNKNOWN : TensorShape.of(shape.getShape());
  }

  /** Returns the element type by TensorFlow's name. */
  public static DType dtype(DataType type) {
    return switch (type) {
      case FLOAT32 -> DType.FLOAT;
      case FLOAT64 -> DType.DOUBLE;
      case FLOAT16 -> DType.HALF;
      case BFLOAT16 -> DType.BFLOAT16;
      case UINT8 -> DType.UINT8;
      case INT8 -> DType.INT8;
      case INT16 -> DType.INT16;
      case UINT16 -> DType.UINT16;
      case INT32 -> DType.INT32;
      case UINT32 -> DType.UINT32;
      case INT64 -> DType.INT64;
      case UINT64 -> DType.UINT64;
      case BOOLEAN -> DType.BOOL;
      case COMPLEX64 -> DType.COMPLEX64;
      case STRING -> DType.STRING;
      default -> DType.UNKNOWN;
    };
  }
}
