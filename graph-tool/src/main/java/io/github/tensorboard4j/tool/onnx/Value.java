package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.util.Arrays;

/**
 * What is known of a tensor before the model runs.
 *
 * @param dtype its element type
 * @param sizes its dimensions, negative where unknown; null if not even their number is known
 * @param numbers its values if it has at most one dimension, NaN where unknown; null if none is known
 */
record Value(DType dtype, long[] sizes, double[] numbers) {

  /** A value of which nothing is known. */
  static final Value UNKNOWN = new Value(DType.UNKNOWN, null, null);

  static Value of(DType dtype, long... sizes) {
    return new Value(dtype, sizes, null);
  }

  static Value of(TensorType type) {
    return new Value(type.dtype(), type.shape().isKnown() ? type.shape().sizes() : null, null);
  }

  static Value of(Constant constant) {
    Value value = of(constant.type());
    return value.rank() <= 1 ? value.with(constant.numbers()) : value;
  }

  Value with(double[] known) {
    return new Value(dtype, sizes, known);
  }

  TensorType type() {
    return TensorType.of(dtype, sizes == null ? TensorShape.UNKNOWN : TensorShape.of(sizes));
  }

  boolean isRanked() {
    return sizes != null;
  }

  int rank() {
    return sizes.length;
  }

  /** The place of an axis that may be counted from the end. */
  int axis(long axis) {
    long place = axis < 0 ? axis + rank() : axis;
    if (place < 0 || place >= rank()) {
      throw new IllegalArgumentException("no axis " + axis + " in " + Arrays.toString(sizes));
    }
    return (int) place;
  }

  /** The values as whole numbers; null if not all are known. */
  long[] integers() {
    return numbers == null || Arrays.stream(numbers).anyMatch(Double::isNaN)
        ? null
        : Arrays.stream(numbers).mapToLong(number -> (long) number).toArray();
  }
}
