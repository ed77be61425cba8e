package io.github.tensorboard4j.djl.internal;

import io.github.tensorboard4j.djl.internal.Tape.Entry;
import io.github.tensorboard4j.djl.internal.Tape.Value;
import io.github.tensorboard4j.djl.internal.torchscript.ScriptGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Puts the operations of a block's script on a tape, as if they had been traced. */
final class ScriptTrace {

  private final ScriptGraph script;
  private final List<Node> nodes;
  private final String path;
  private final String name;

  /** Where the first output of each node comes from, as far as the nodes are on the tape. */
  private final List<Value> values = new ArrayList<>();

  /**
   * A trace that is not on a tape yet.
   *
   * @param script the script
   * @param path the block's path; empty for the model's outermost block, whose modules are scopes of the whole graph
   * @param name the block's path; of the outermost one, its kind
   */
  ScriptTrace(ScriptGraph script, String path, String name) {
    this.script = script;
    this.nodes = script.graph().nodes();
    this.path = path;
    this.name = name;
  }

  /**
   * Records the operations.
   *
   * @param tape where to write
   * @param parameters the entry of a parameter by the name that it has in the script; empty if the block doesn't have it as a
   *     parameter
   * @param inputs where comes from what the block takes
   * @param results the types of what it yields
   * @return where the results come from
   * @throws IllegalArgumentException if the script takes another number of inputs, or yields nothing
   */
  List<Value> record(
      Tape tape, Function<String, Optional<Entry>> parameters, List<Value> inputs, List<TensorType> results) {
    if (script.inputs().size() != inputs.size()) {
      throw new IllegalArgumentException(
          "the code takes " + script.inputs().size() + " tensors by themselves, the block " + inputs.size());
    }
    if (script.results().isEmpty()) {
      throw new IllegalArgumentException("the code yields no tensor");
    }
    List<Output> yielded = yielded(results.size());
    List<List<TensorType>> types = types(yielded, results);
    List<Integer> places = script.inputs().stream().map(Output::node).toList();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      int input = places.indexOf(i);
      String parameter = script.parameters().get(i);
      if (input >= 0) {
        values.add(inputs.get(input));
      } else if (parameter != null) {
        values.add(parameters.apply(parameter).orElseGet(() -> tape.parameter(inPart(node.name()), parameter,
            node.outputs().get(0), false)).output(0));
      } else {
        List<Value> from = node.inputs().stream().map(this::value).toList();
        values.add(tape.record(in(node.name()), node.op(), from, node.attributes(), types.get(i)).output(0));
      }
    }
    return yielded.stream().map(this::value).toList();
  }

  private Value value(Output output) {
    Value first = values.get(output.node());
    return output.index() == 0 ? first : first.entry().output(output.index());
  }

  private String in(String inner) {
    return path.isEmpty() ? inner : path + '/' + inner;
  }

  /** Returns the path of a parameter, which is in no scope of the whole graph without a layer. */
  private String inPart(String inner) {
    return path.isEmpty() && inner.indexOf('/') < 0 ? name + '/' + inner : in(inner);
  }

  /** Returns as many outputs as the block yields: of one operation that yields a list, all that it yields. */
  private List<Output> yielded(int count) {
    List<Output> known = script.results();
    List<Output> yielded = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      yielded.add(known.size() == 1 ? known.get(0).sibling(i) : known.get(Math.min(i, known.size() - 1)));
    }
    return yielded;
  }

  /** Returns the types of each node's outputs: what the code doesn't say is known where the block yields all of them. */
  private List<List<TensorType>> types(List<Output> yielded, List<TensorType> results) {
    Map<Output, TensorType> known = new HashMap<>();
    for (int i = 0; i < results.size(); i++) {
      known.put(yielded.get(i), results.get(i));
    }
    Map<Integer, Integer> used = new HashMap<>();
    yielded.forEach(output -> used.merge(output.node(), output.index() + 1, Math::max));
    nodes.forEach(node -> node.inputs().forEach(input -> used.merge(input.node(), input.index() + 1, Math::max)));
    List<List<TensorType>> types = new ArrayList<>();
    nodes.forEach(node -> types.add(node.outputs()));
    for (Output output : yielded) {
      List<TensorType> all = new ArrayList<>();
      for (int i = 0; i < used.getOrDefault(output.node(), 0); i++) {
        all.add(known.getOrDefault(output.sibling(i), TensorType.UNKNOWN));
      }
      types.set(output.node(), all);
    }
    return types;
  }
}
