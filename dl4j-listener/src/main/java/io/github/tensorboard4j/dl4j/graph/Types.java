package io.github.tensorboard4j.dl4j.graph;

import io.github.tensorboard4j.graph.DataType;
import io.github.tensorboard4j.graph.Shape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** ND4J's shapes and element types as the graph has them. */
final class Types {

  private Types() {}

  /** The shape of a batch of such data; the batch's size is unknown. */
  static Shape shape(InputType type) {
    if (type == null) {
      return Shape.UNKNOWN;
    }
    if (type instanceof InputType.InputTypeConvolutionalFlat flat) {
      return Shape.of(Shape.UNKNOWN_SIZE, flat.getFlattenedSize());
    }
    return Shape.of(type.getShape(true));
  }

  static Shape shape(INDArray array) {
    return Shape.of(array.shape());
  }

  static DataType dtype(org.nd4j.linalg.api.buffer.DataType type) {
    if (type == null) {
      return DataType.UNKNOWN;
    }
    return switch (type) {
      case DOUBLE -> DataType.DOUBLE;
      case FLOAT -> DataType.FLOAT;
      case HALF -> DataType.HALF;
      case BFLOAT16 -> DataType.BFLOAT16;
      case LONG -> DataType.INT64;
      case INT -> DataType.INT32;
      case SHORT -> DataType.INT16;
      case UBYTE -> DataType.UINT8;
      case BYTE -> DataType.INT8;
      case BOOL -> DataType.BOOL;
      case UTF8 -> DataType.STRING;
      case UINT16 -> DataType.UINT16;
      case UINT32 -> DataType.UINT32;
      case UINT64 -> DataType.UINT64;
      default -> DataType.UNKNOWN;
    };
  }
}
