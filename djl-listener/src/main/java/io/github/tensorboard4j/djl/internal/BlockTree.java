package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.djl.internal.Tape.Entry;
import io.github.tensorboard4j.djl.internal.Tape.Value;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.TensorType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws a model that can't be run: its blocks and parameters, with the data flow as far as it follows from
 * the containers.
 */
final class BlockTree {

  private static final Attribute NOTE =
      Attribute.of("the model could not be run once to see its operations: this is the tree of its blocks");

  private final Tape tape;
  private final Map<Parameter, NamedParameter> names = new IdentityHashMap<>();
  private final Map<Parameter, Entry> entries = new IdentityHashMap<>();

  private BlockTree(Tape tape, List<NamedParameter> parameters) {
    this.tape = tape;
    parameters.forEach(named -> names.put(named.parameter(), named));
  }

  static List<Value> draw(Block block, List<NamedInput> inputs, Tape tape) {
    List<Value> data = new ArrayList<>();
    for (NamedInput input : inputs) {
      TensorType type = TensorType.of(Types.dtype(input.dtype()), Types.shape(input.shape()));
      data.add(tape.record(input.name(), "Placeholder", List.of(), Map.of(), List.of(type)).output(0));
    }
    return new BlockTree(tape, BlockNames.parameters(block)).draw(block, "", data);
  }

  private List<Value> draw(Block block, String path, List<Value> data) {
    List<String> names = BlockNames.children(block);
    if (names.isEmpty()) {
      return leaf(block, path.isEmpty() ? BlockNames.of(block) : path, data);
    }
    List<Value> results = new ArrayList<>();
    List<Value> current = data;
    List<Block> children = block.getChildren().values();
    for (int i = 0; i < names.size(); i++) {
      String name = path.isEmpty() ? names.get(i) : path + '/' + names.get(i);
      List<Value> drawn = draw(children.get(i), name, current);
      if (block instanceof SequentialBlock) {
        current = drawn;
      } else {
        results.addAll(drawn);
      }
    }
    results.addAll(parameters(block));
    if (block instanceof SequentialBlock) {
      return current;
    }
    String op = block instanceof ParallelBlock ? "Combine" : OpNames.ofClass(block, "Block");
    return all(tape.record(path.isEmpty() ? op : path + '/' + op, op, results, Map.of("note", NOTE), types(block)));
  }

  private List<Value> leaf(Block block, String path, List<Value> data) {
    List<Value> inputs = new ArrayList<>(data);
    inputs.addAll(parameters(block));
    String op = OpNames.ofClass(block, "Block");
    return all(tape.record(path + '/' + op, op, inputs, Map.of("note", NOTE), types(block)));
  }

  /** Draws the block's own parameters. */
  private List<Value> parameters(Block block) {
    List<Value> drawn = new ArrayList<>();
    for (Parameter parameter : BlockNames.directParameters(block).values()) {
      NamedParameter named = names.get(parameter);
      if (named != null) {
        drawn.add(entries.computeIfAbsent(parameter, p -> parameter(named)).output(0));
      }
    }
    return drawn;
  }

  private Entry parameter(NamedParameter named) {
    Parameter parameter = named.parameter();
    Shape shape = parameter.isInitialized() ? parameter.getArray().getShape() : parameter.getShape();
    DType dtype = parameter.isInitialized() ? Types.dtype(parameter.getArray().getDataType()) : DType.UNKNOWN;
    return tape.parameter(named.path(), parameter.getName(),
        TensorType.of(dtype, Types.shape(shape)), parameter.requiresGradient());
  }

  private static List<TensorType> types(Block block) {
    try {
      List<TensorType> types = new ArrayList<>();
      for (Shape shape : block.getOutputShapes(block.isInitialized() ? block.getInputShapes() : new Shape[0])) {
        types.add(TensorType.of(DType.FLOAT, Types.shape(shape)));
      }
      return types.isEmpty() ? List.of(TensorType.UNKNOWN) : types;
    } catch (RuntimeException e) {
      return List.of(TensorType.UNKNOWN);
    }
  }

  private static List<Value> all(Entry entry) {
    List<Value> all = new ArrayList<>();
    for (int i = 0; i < entry.outputs().size(); i++) {
      all.add(entry.output(i));
    }
    return all;
  }
}
