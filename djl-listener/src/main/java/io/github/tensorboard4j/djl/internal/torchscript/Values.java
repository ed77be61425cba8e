package io.github.tensorboard4j.djl.internal.torchscript;

import io.github.tensorboard4j.djl.internal.torchscript.Unpickler.Tensor;
import io.github.tensorboard4j.graph.Output;
import java.util.List;
import java.util.Map;

/**
 * The values that a variable of the code can hold beside modules, numbers, truth values, texts, lists and maps: tensors,
 * which are an output of the drawing, a tensor of the archive or a source.
 */
final class Values {

  /** A value that is no tensor and not known before the model runs. */
  static final Object UNKNOWN = new Object();

  /** The size of a dimension, which a trace makes a tensor of to reckon with it; it is no data. */
  static final Object SIZE = new Object();

  /** A tensor made of numbers; drawn when it is used. */
  record Source(String function, List<Object> arguments) {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private Values() {}

  static boolean isTensor(Object value) {
    return value instanceof Output || value instanceof Tensor || value instanceof Source;
  }

  /** Returns whether the value is a tensor or holds one. */
  static boolean hasTensor(Object value) {
    return isTensor(value)
        || value instanceof List<?> list && list.stream().anyMatch(Values::hasTensor)
        || value instanceof Map<?, ?> map && map.values().stream().anyMatch(Values::hasTensor);
  }
}
