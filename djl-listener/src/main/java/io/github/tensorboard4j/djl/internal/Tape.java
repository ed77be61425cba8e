package io.github.tensorboard4j.djl.internal;

import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a trace, in the order of time. It can be rewound when a part of the model turns out not to be
 * traceable.
 */
final class Tape {

  /** One result of an operation. */
  record Value(Entry entry, int index) {}

  /** The name of a parameter in DJL, and whether training changes it. */
  record Named(String name, boolean trainable) {

    Output draw(GraphScope root, String path, TensorType type) {
      return root.parameter(path).frameworkName(name).type(type).trainable(trainable).add();
    }
  }

  /**
   * One operation.
   *
   * @param path its name with the scopes before it
   * @param parameter what is known of it as a parameter; null if it is none
   * @param op what it does
   * @param inputs where its data comes from
   * @param attributes its settings
   * @param outputs what it yields
   */
  record Entry(String path, @Nullable Named parameter, String op, List<Value> inputs, Map<String, Attribute> attributes,
      List<TensorType> outputs) {

    Value output(int index) {
      return new Value(this, index);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  Entry record(
      String path, String op, List<Value> inputs, Map<String, Attribute> attributes, List<TensorType> outputs) {
    Entry entry = new Entry(path, null, op, List.copyOf(inputs), new TreeMap<>(attributes), List.copyOf(outputs));
    entries.add(entry);
    return entry;
  }

  /** Records a parameter; without a name in DJL, it has the last of its path. */
  Entry parameter(String path, @Nullable String name, TensorType type, boolean trainable) {
    String own = name == null ? path.substring(path.lastIndexOf('/') + 1) : name;
    Entry entry = new Entry(path, new Named(own, trainable), "Variable", List.of(), Map.of(), List.of(type));
    entries.add(entry);
    return entry;
  }

  int position() {
    return entries.size();
  }

  /** Forgets what came after that position. */
  void rewind(int position) {
    entries.subList(position, entries.size()).clear();
  }

  boolean holds(Entry entry) {
    return entries.contains(entry);
  }

  /**
   * Draws everything.
   *
   * @param graph where to draw
   * @param batch the batch size of the trace, which is unknown in the drawing wherever it leads a shape
   * @param results values on this tape
   * @return the values as they are drawn
   */
  List<Output> draw(ModelGraph.Builder graph, long batch, List<Value> results) {
    Map<Entry, Output> drawn = new HashMap<>();
    GraphScope root = graph.root();
    Map<String, Integer> operationsByScope = operationsByScope();
    for (Entry entry : entries) {
      if (entry.parameter() != null) {
        drawn.put(entry, entry.parameter().draw(root, entry.path(), entry.outputs().get(0)));
        continue;
      }
      OperationBuilder operation = begin(root, entry, operationsByScope);
      entry.inputs().forEach(i -> operation.input(drawn(i, drawn)));
      entry.attributes().forEach(operation::attribute);
      boolean fixed = entry.op().equals("Const");
      entry.outputs()
          .forEach(type -> operation.output(type.dtype(), fixed ? type.shape() : withoutBatch(type.shape(), batch)));
      drawn.put(entry, operation.add());
    }
    return results.stream().map(value -> drawn(value, drawn)).toList();
  }

  private static Output drawn(Value value, Map<Entry, Output> drawn) {
    return Objects.requireNonNull(drawn.get(value.entry()), "a value that isn't on the tape").sibling(value.index());
  }

  /** Returns the number of operations in each scope, with those of its inner scopes. */
  private Map<String, Integer> operationsByScope() {
    Map<String, Integer> operationsByScope = new HashMap<>();
    for (Entry entry : entries) {
      for (int end = entry.path().lastIndexOf('/'); end >= 0; end = entry.path().lastIndexOf('/', end - 1)) {
        operationsByScope.merge(entry.path().substring(0, end), 1, Integer::sum);
      }
    }
    return operationsByScope;
  }

  /** Begins an operation; a scope that would hold it alone is drawn as that operation. */
  private static OperationBuilder begin(GraphScope root, Entry entry, Map<String, Integer> operationsByScope) {
    String scope = entry.path().substring(0, Math.max(entry.path().lastIndexOf('/'), 0));
    return operationsByScope.getOrDefault(scope, 0) == 1
        ? root.singleOperation(entry.op(), scope)
        : root.operation(entry.op(), entry.path());
  }

  private static TensorShape withoutBatch(TensorShape shape, long batch) {
    if (!shape.isKnown() || shape.rank() == 0 || shape.size(0) != batch) {
      return shape;
    }
    long[] sizes = shape.sizes();
    sizes[0] = TensorShape.UNKNOWN_SIZE;
    return TensorShape.of(sizes);
  }
}
