package io.github.tensorboard4j.djl.graph;

import ai.djl.ndarray.NDArray;
import io.github.tensorboard4j.graph.DataType;
import io.github.tensorboard4j.graph.Shape;
import io.github.tensorboard4j.graph.TensorType;

/** DJL's shapes and element types as the graph has them. */
final class Types {

  private Types() {}

  static TensorType of(NDArray array) {
    return new TensorType(dtype(array.getDataType()), shape(array.getShape()));
  }

  static Shape shape(ai.djl.ndarray.types.Shape shape) {
    return shape == null ? Shape.UNKNOWN : Shape.of(shape.getShape());
  }

  static DataType dtype(ai.djl.ndarray.types.DataType type) {
    return switch (type) {
      case FLOAT32 -> DataType.FLOAT;
      case FLOAT64 -> DataType.DOUBLE;
      case FLOAT16 -> DataType.HALF;
      case BFLOAT16 -> DataType.BFLOAT16;
      case UINT8 -> DataType.UINT8;
      case INT8 -> DataType.INT8;
      case INT16 -> DataType.INT16;
      case UINT16 -> DataType.UINT16;
      case INT32 -> DataType.INT32;
      case UINT32 -> DataType.UINT32;
      case INT64 -> DataType.INT64;
      case UINT64 -> DataType.UINT64;
      case BOOLEAN -> DataType.BOOL;
      case COMPLEX64 -> DataType.COMPLEX64;
      case STRING -> DataType.STRING;
      default -> DataType.UNKNOWN;
    };
  }
}
