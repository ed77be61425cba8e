package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.tool.onnx.OnnxModel.Operation;
import java.util.List;

/**
 * An operation with what is known of its inputs.
 *
 * @param version the version of ONNX's operators, {@link Integer#MAX_VALUE} if not known
 * @param inputs null where an optional one is left out
 */
record Call(Operation operation, int version, List<Value> inputs) {

  /** Whether the input is given. */
  boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  /** An input; unknown if it is left out. */
  Value input(int input) {
    return has(input) ? inputs.get(input) : Value.UNKNOWN;
  }

  String op() {
    return operation.op;
  }

  int outputs() {
    return operation.outputs.size();
  }

  boolean has(String attribute) {
    return operation.attributes.containsKey(attribute);
  }

  long integer(String attribute, long otherwise) {
    return value(attribute) instanceof Long number ? number : otherwise;
  }

  String text(String attribute, String otherwise) {
    return value(attribute) instanceof String text ? text : otherwise;
  }

  /** A list of whole numbers; null if the attribute is not there. */
  long[] integers(String attribute) {
    return value(attribute) instanceof List<?> list
        ? list.stream().mapToLong(number -> (Long) number).toArray()
        : null;
  }

  /** Whole numbers that are an attribute in older versions and an input in newer ones; null if not known. */
  long[] integers(String attribute, int input) {
    long[] numbers = integers(attribute);
    return numbers != null || !has(input) ? numbers : input(input).integers();
  }

  private Object value(String attribute) {
    Attribute value = operation.attributes.get(attribute);
    return value == null ? null : value.value();
  }
}
