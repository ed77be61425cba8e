package io.github.tensorboard4j.dl4j.graph;

import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.DataType;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One layer while it is being drawn: the data goes through it step by step.
 *
 * <p>A layer that turns out to be one operation without parameters is drawn as that operation, under the layer's name; all
 * others are a scope of that name.
 */
final class LayerFrame {

  private final GraphScope parent;
  private final String name;
  private final Map<String, INDArray> parameters;
  private final Map<String, Output> drawn = new LinkedHashMap<>();
  private final boolean trainable;
  private final DataType dtype;
  private final InputType outputType;
  private GraphScope scope;
  private Output data;

  LayerFrame(GraphScope parent, String name, LayerFacts facts, Output data) {
    this.parent = parent;
    this.name = name;
    this.parameters = facts.parameters();
    this.trainable = facts.trainable();
    this.dtype = facts.dtype();
    this.outputType = facts.outputType();
    this.data = data;
  }

  /** Where the data has come to. */
  Output data() {
    return data;
  }

  /** Lets the data go on from there. */
  void data(Output next) {
    data = next;
  }

  DataType dtype() {
    return dtype;
  }

  /** What the whole layer yields; null if not known. */
  InputType outputType() {
    return outputType;
  }

  Shape outputShape() {
    return Types.shape(outputType);
  }

  boolean has(String parameter) {
    return parameters.containsKey(parameter);
  }

  /** The nodes of those of the parameters that the layer has, drawn at the first call. */
  Output[] parameters(String... keys) {
    return Arrays.stream(keys).filter(this::has).map(this::drawn).toArray(Output[]::new);
  }

  /** Those parameters that are not drawn yet. */
  Output[] otherParameters() {
    return parameters.keySet().stream().filter(k -> !drawn.containsKey(k)).map(this::drawn).toArray(Output[]::new);
  }

  private Output drawn(String key) {
    return drawn.computeIfAbsent(key, k -> {
      INDArray array = parameters.get(k);
      return scope().parameter(k, Types.dtype(array.dataType()), Types.shape(array), trainable);
    });
  }

  /** The layer's scope, opened at the first call. */
  GraphScope scope() {
    if (scope == null) {
      scope = parent.scope(name);
    }
    return scope;
  }

  /** Sends the data through one operation among several. */
  void step(String op, Shape shape, Output... more) {
    data = scope().operation(op).input(data).input(more).attribute("T", Attribute.of(dtype)).output(dtype, shape).add();
  }

  /** Begins the operation that is all that is left of the layer, with the data as its input. */
  OperationBuilder last(String op) {
    OperationBuilder operation = scope == null && parameters.isEmpty() ? parent.operation(op, name) : scope().operation(op);
    return operation.input(data).attribute("T", Attribute.of(dtype));
  }
}
