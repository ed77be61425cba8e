package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.types.Shape;
import io.github.tensorboard4j.djl.internal.Tape.Entry;
import io.github.tensorboard4j.djl.internal.Tape.Value;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts calls on the tape; those that do two things at once, weight and bias, become two operations. */
final class Expansion {

  private Expansion() {}

  /** Returns the operation that yields the call's results. */
  static Entry record(
      Tape tape, String scope, String op, @Nullable Object @Nullable [] arguments, List<Value> inputs,
      List<TensorType> types) {
    Map<String, Attribute> settings = settings(arguments);
    boolean weighs = op.equals("Linear") || op.equals("Convolution") || op.equals("Deconvolution");
    if (!weighs) {
      return tape.record(scope + op, op, inputs, settings, types);
    }
    String first = op.equals("Linear") ? "MatMul" : convolution(op, types.get(0));
    Entry weighted = tape.record(scope + first, first, inputs.subList(0, 2), settings, types);
    if (inputs.size() < 3) {
      return weighted;
    }
    List<Value> biased = new ArrayList<>(List.of(weighted.output(0)));
    biased.addAll(inputs.subList(2, inputs.size()));
    return tape.record(scope + "BiasAdd", "BiasAdd", biased, Map.of(), types);
  }

  /** Returns the operation's name; the image has two dimensions less than the tensor, which has batch and channels too. */
  private static String convolution(String op, TensorType type) {
    return "Conv" + (type.shape().rank() - 2) + "D" + (op.equals("Convolution") ? "" : "Transpose");
  }

  /** Returns the arguments that are no arrays, named by their position: DJL's class files don't have their names. */
  private static Map<String, Attribute> settings(@Nullable Object @Nullable [] arguments) {
    Map<String, Attribute> settings = new LinkedHashMap<>();
    for (int i = 0; arguments != null && i < arguments.length; i++) {
      Attribute setting = setting(arguments[i]);
      if (setting != null) {
        settings.put("argument_" + i, setting);
      }
    }
    return settings;
  }

  /** Returns null for an argument that is no setting. */
  private static @Nullable Attribute setting(@Nullable Object argument) {
    if (argument instanceof Shape shape) {
      return Attribute.of(shape.getShape());
    }
    if (argument instanceof long[] numbers) {
      return Attribute.of(numbers);
    }
    if (argument instanceof int[] numbers) {
      return Attribute.of(Arrays.stream(numbers).asLongStream().toArray());
    }
    if (argument instanceof Float || argument instanceof Double) {
      return Attribute.of(((Number) argument).doubleValue());
    }
    if (argument instanceof Number number) {
      return Attribute.of(number.longValue());
    }
    if (argument instanceof Boolean flag) {
      return Attribute.of(flag);
    }
    return argument instanceof Enum || argument instanceof String ? Attribute.of(argument.toString()) : null;
  }
}
