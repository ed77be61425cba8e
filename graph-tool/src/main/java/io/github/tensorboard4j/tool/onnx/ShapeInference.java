package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import io.github.tensorboard4j.tool.onnx.OnnxModel.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Works out the types of the values that an ONNX file says nothing of, in the order of its operations.
 *
 * <p>Shapes that are reckoned with, such as those of a Reshape, are followed as numbers. What is not certain stays
 * unknown: an operator without a rule, and a value of which the file says something else than its operation yields.
 */
final class ShapeInference {

  /**
   * The first version of the format in which an initializer that is an input as well is its default only; before, every
   * initializer had to be an input.
   */
  private static final int FIRST_WITH_DEFAULTS = 4;

  private final int version;

  private ShapeInference(int version) {
    this.version = version;
  }

  /** Adds to the model's types, and to those of its bodies, what can be known. */
  static void infer(OnnxModel model) {
    new ShapeInference(model.version == 0 ? Integer.MAX_VALUE : model.version).infer(model, new HashMap<>());
  }

  private void infer(OnnxModel model, Map<String, Value> values) {
    for (String input : model.inputs) {
      values.put(input, Value.of(model.types.getOrDefault(input, TensorType.UNKNOWN)));
    }
    model.initializers.forEach((name, constant) -> {
      boolean fixed = model.format < FIRST_WITH_DEFAULTS || !model.inputs.contains(name);
      values.put(name, fixed ? Value.of(constant) : Value.of(constant.type()));
    });
    for (Operation operation : model.operations) {
      List<Value> inputs = new ArrayList<>();
      operation.inputs.forEach(input -> inputs.add(input.isEmpty() ? null : values.getOrDefault(input, Value.UNKNOWN)));
      Call call = new Call(operation, version, inputs);
      List<Value> outputs = operation.bodies.isEmpty() ? outputs(call) : ofBodies(call, values);
      for (int i = 0; i < operation.outputs.size(); i++) {
        String output = operation.outputs.get(i);
        Value inferred = i < outputs.size() ? outputs.get(i) : Value.UNKNOWN;
        TensorType declared = model.types.getOrDefault(output, TensorType.UNKNOWN);
        TensorType type = Shapes.both(declared, inferred.type());
        model.types.put(output, type);
        Value value = Value.of(type);
        values.put(output, Arrays.equals(value.sizes(), inferred.sizes()) ? value.with(inferred.numbers()) : value);
      }
    }
    model.outputs
        .forEach(output -> model.types.merge(output, values.getOrDefault(output, Value.UNKNOWN).type(), Shapes::both));
  }

  /** A malformed operation has outputs of unknown types; it is drawn all the same. */
  private static List<Value> outputs(Call call) {
    try {
      List<Value> outputs = new ArrayList<>(Operators.outputs(call));
      if (outputs.size() == 1) {
        outputs.set(0, Folding.fold(call, outputs.get(0)));
      }
      return outputs;
    } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException | NullPointerException e) {
      return List.of();
    }
  }

  private List<Value> ofBodies(Call call, Map<String, Value> outer) {
    Operation operation = call.operation();
    OnnxModel body = operation.bodies.get("body");
    boolean loop = call.op().equals("Loop") && body != null;
    int states = call.inputs().size() - 2;
    for (int i = 0; loop && i < states; i++) {
      // its shape may change from round to round
      TensorType state = TensorType.of(call.input(i + 2).dtype(), TensorShape.UNKNOWN);
      body.types.merge(body.inputs.get(i + 2), state, Shapes::both);
    }
    operation.bodies.values().forEach(inner -> infer(inner, new HashMap<>(outer)));
    return loop ? ofLoop(call, body, states) : call.op().equals("If") ? ofBranches(operation) : List.of();
  }

  private static List<Value> ofBranches(Operation operation) {
    List<Value> outputs = new ArrayList<>();
    for (int i = 0; i < operation.outputs.size(); i++) {
      TensorType type = null;
      for (OnnxModel branch : operation.bodies.values()) {
        TensorType own = i < branch.outputs.size() ? branch.types.get(branch.outputs.get(i)) : TensorType.UNKNOWN;
        type = type == null ? own : Shapes.either(type, own);
      }
      outputs.add(Value.of(type));
    }
    return outputs;
  }

  /** The states after the loop, which may not have run once, and what it gathered in each round. */
  private static List<Value> ofLoop(Call call, OnnxModel body, int states) {
    List<Value> outputs = new ArrayList<>();
    for (int i = 0; i < call.outputs() && i + 1 < body.outputs.size(); i++) {
      TensorType round = body.types.get(body.outputs.get(i + 1));
      if (i < states) {
        outputs.add(Value.of(Shapes.either(call.input(i + 2).type(), round)));
      } else if (round.shape().isKnown()) {
        long[] sizes = new long[round.shape().rank() + 1];
        sizes[0] = Shapes.UNKNOWN;
        System.arraycopy(round.shape().sizes(), 0, sizes, 1, sizes.length - 1);
        outputs.add(Value.of(round.dtype(), sizes));
      } else {
        outputs.add(Value.UNKNOWN);
      }
    }
    return outputs;
  }
}
