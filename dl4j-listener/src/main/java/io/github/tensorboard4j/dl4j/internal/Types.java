package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Translates ND4J's shapes and element types to TensorFlow's. */
public final class Types {

  private Types() {}

  /** Returns the shape of a batch of such data; the batch's size is unknown. */
  static TensorShape shape(@Nullable InputType type) {
    if (type == null) {
      return TensorShape.UNKNOWN;
    }
    if (type instanceof InputType.InputTypeConvolutionalFlat flat) {
      return TensorShape.of(TensorShape.UNKNOWN_SIZE, flat.getFlattenedSize());
    }
    return TensorShape.of(type.getShape(true));
  }

  static TensorShape shape(INDArray array) {
    return TensorShape.of(array.shape());
  }

  static TensorType of(INDArray array) {
    return TensorType.of(dtype(array.dataType()), shape(array));
  }

  /**
   * Returns an element type.
   *
   * @param type ND4J's type, or null
   * @return TensorFlow's type, {@link DType#UNKNOWN} if there is none
   */
  public static DType dtype(@Nullable DataType type) {
    if (type == null) {
      return DType.UNKNOWN;
    }
    return switch (type) {
      case DOUBLE -> DType.DOUBLE;
      case FLOAT -> DType.FLOAT;
      case HALF -> DType.HALF;
      case BFLOAT16 -> DType.BFLOAT16;
      case LONG -> DType.INT64;
      case INT -> DType.INT32;
      case SHORT -> DType.INT16;
      case UBYTE -> DType.UINT8;
      case BYTE -> DType.INT8;
      case BOOL -> DType.BOOL;
      case UTF8 -> DType.STRING;
      case UINT16 -> DType.UINT16;
      case UINT32 -> DType.UINT32;
      case UINT64 -> DType.UINT64;
      default -> DType.UNKNOWN;
    };
  }
}
