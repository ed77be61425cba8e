package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/**
 * Draws layers over time as what one step computes.
 *
 * <p>An LSTM's weights hold four parts side by side, in the order block input, forget gate, output gate,
 * input gate; a Graves LSTM's recurrent weights have three more columns, through which the gates see the cell
 * (peepholes). What a step leaves to the next goes through a NextIteration, as in TensorFlow's loops.
 */
final class RecurrentOps {

  private RecurrentOps() {}

  static void register(LayerDrawings drawings) {
    drawings.register(SimpleRnn.class, RecurrentOps::simple);
    drawings.register(LSTM.class, (frame, layer) -> lstm(frame, new Keys("W", "RW", "b"), layer.getActivationFn(),
        layer.getGateActivationFn(), false));
    registerGraves(drawings);
  }

  @SuppressWarnings("deprecation")
  private static void registerGraves(LayerDrawings drawings) {
    drawings.register(org.deeplearning4j.nn.conf.layers.GravesLSTM.class,
        (frame, layer) -> lstm(frame, new Keys("W", "RW", "b"), layer.getActivationFn(), layer.getGateActivationFn(), true));
    drawings.register(org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM.class, (frame, layer) -> {
      InputType in = frame.inputType();
      InputType out = frame.outputType();
      LayerFrame forward = frame.inner("forward", "", in, out);
      lstm(forward, new Keys("WF", "RWF", "bF"), layer.getActivationFn(), layer.getGateActivationFn(), true);
      LayerFrame backward = frame.inner("backward", "", in, out);
      backward.step("Reverse", backward.inputShape());
      lstm(backward, new Keys("WB", "RWB", "bB"), layer.getActivationFn(), layer.getGateActivationFn(), true);
      backward.step("Reverse", backward.outputShape());
      frame.data(forward.data());
      frame.through(frame.begin("Add").input(backward.data()), frame.outputShape());
    });
  }

  /** The keys of the parameters of one direction. */
  private record Keys(String weight, String recurrent, String bias) {}

  private static void simple(LayerFrame frame, SimpleRnn layer) {
    GraphScope scope = frame.scope();
    TensorShape state = TensorShape.of(TensorShape.UNKNOWN_SIZE, frame.size("RW", 0));
    Output previous = scope.operation("NextIteration", "h_prev").output(frame.dtype(), state).add();
    Output recurrent = matMul(frame, "Recurrent", previous, state, "RW");
    frame.step("MatMul", state, "W");
    if (frame.has("g")) {
      frame.step("LayerNorm", state, "g");
    }
    frame.through(frame.begin("Add").input(recurrent), state);
    frame.step("BiasAdd", state, "b");
    String activation = OpNames.activation(layer.getActivationFn());
    if (activation != null) {
      frame.step(activation, state);
    }
    scope.graph().addInput(frame.data(), previous);
    frame.step("Stack", frame.outputShape());
  }

  private static void lstm(LayerFrame frame, Keys keys, @Nullable IActivation activation, @Nullable IActivation gate,
      boolean peepholes) {
    GraphScope scope = frame.scope();
    long size = frame.size(keys.recurrent(), 0);
    TensorShape state = TensorShape.of(TensorShape.UNKNOWN_SIZE, size);
    TensorShape parts = TensorShape.of(TensorShape.UNKNOWN_SIZE, size < 0 ? size : 4 * size);
    Output previousState = scope.operation("NextIteration", "h_prev").output(frame.dtype(), state).add();
    Output previousCell = scope.operation("NextIteration", "c_prev").output(frame.dtype(), state).add();
    Output recurrent = matMul(frame, "Recurrent", previousState, parts, keys.recurrent());
    frame.step("MatMul", parts, keys.weight());
    frame.through(frame.begin("Add").input(recurrent), parts);
    frame.step("BiasAdd", parts, keys.bias());
    OperationBuilder splitting = frame.begin("Split");
    for (int i = 0; i < 4; i++) {
      splitting.output(frame.dtype(), state);
    }
    Output split = splitting.add();
    Output[] seen = peepholes ? new Output[] {previousCell} : new Output[0];
    Output block = part(frame, activation, "candidate", state, split);
    Output forget = part(frame, gate, "forget", state, split.sibling(1), seen);
    Output input = part(frame, gate, "input", state, split.sibling(3), seen);
    Output kept = part(frame, "Mul", "kept", state, forget, previousCell);
    Output added = part(frame, "Mul", "added", state, input, block);
    Output cell = part(frame, "Add", "cell", state, kept, added);
    Output output = part(frame, gate, "output", state, split.sibling(2), peepholes ? new Output[] {cell} : seen);
    Output squashed = part(frame, activation, "squashed", state, cell);
    Output next = part(frame, "Mul", "hidden", state, output, squashed);
    scope.graph().addInput(cell, previousCell).addInput(next, previousState);
    frame.data(next);
    frame.step("Stack", frame.outputShape());
  }

  private static Output matMul(LayerFrame frame, String name, Output left, TensorShape shape, String key) {
    return frame.scope().operation("MatMul", name).input(left).input(frame.parameters(key))
        .output(frame.dtype(), shape).add();
  }

  private static Output part(LayerFrame frame, @Nullable IActivation activation, String name, TensorShape shape,
      Output first,
      Output... more) {
    String op = OpNames.activation(activation);
    return frame.scope().operation(op == null ? "Identity" : op, name).input(first).input(more)
        .output(frame.dtype(), shape).add();
  }

  private static Output part(LayerFrame frame, String op, String name, TensorShape shape, Output... inputs) {
    return frame.scope().operation(op, name).input(inputs).output(frame.dtype(), shape).add();
  }
}
