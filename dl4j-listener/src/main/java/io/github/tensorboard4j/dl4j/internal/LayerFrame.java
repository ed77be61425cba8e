package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One layer while it is being drawn: the data goes through it step by step.
 *
 * <p>A layer that turns out to be one operation without parameters is drawn as that operation, under the
 * layer's name; all others are a scope of that name, and so is one whose name the page would cut at an
 * operation. A layer within a wrapper gets a frame of its own that shares the wrapper's parameters.
 */
final class LayerFrame {

  private final GraphScope parent;
  private final String name;
  private final LayerFrame outer;
  private final String keyPrefix;
  private final LayerFacts facts;
  private final Map<String, Output> drawn = new LinkedHashMap<>();
  private GraphScope scope;
  private Output data;

  LayerFrame(GraphScope parent, String name, LayerFacts facts, Output data) {
    this(parent, name, null, "", facts, data);
  }

  private LayerFrame(
      GraphScope parent, String name, LayerFrame outer, String keyPrefix, LayerFacts facts, Output data) {
    this.parent = parent;
    this.name = name;
    this.outer = outer;
    this.keyPrefix = keyPrefix;
    this.facts = facts;
    this.data = data;
  }

  /** A wrapped layer, drawn in the wrapper's own scope. */
  LayerFrame inner(InputType in, InputType out) {
    LayerFrame inner = new LayerFrame(scope(), "", this, "", facts.between(in, out), data);
    inner.scope = scope();
    return inner;
  }

  /**
   * One of several wrapped layers, drawn in a scope of its own; its parameters have that prefix and stay in
   * the wrapper's.
   */
  LayerFrame inner(String part, String prefix, InputType in, InputType out) {
    LayerFrame inner = new LayerFrame(scope(), part, this, prefix, facts.between(in, out), data);
    inner.scope();
    return inner;
  }

  /** Where the data has come to. */
  Output data() {
    return data;
  }

  /** Lets the data go on from there. */
  void data(Output next) {
    data = next;
  }

  DType dtype() {
    return facts.dtype();
  }

  /** What the layer takes; null if not known. */
  InputType inputType() {
    return facts.inputType();
  }

  /** What the layer yields; null if not known. */
  InputType outputType() {
    return facts.outputType();
  }

  TensorShape inputShape() {
    return Types.shape(inputType());
  }

  TensorShape outputShape() {
    return Types.shape(outputType());
  }

  boolean has(String key) {
    return outer == null ? facts.parameters().containsKey(key) : outer.has(keyPrefix + key);
  }

  /** The parameter's size along a dimension; unknown if there is no such parameter. */
  long size(String key, int dimension) {
    if (outer != null) {
      return outer.size(keyPrefix + key, dimension);
    }
    INDArray array = facts.parameters().get(key);
    return array == null || dimension >= array.rank() ? TensorShape.UNKNOWN_SIZE : array.size(dimension);
  }

  /** The nodes of those of the parameters that the layer has, drawn at the first call. */
  Output[] parameters(String... keys) {
    return outer == null
        ? Arrays.stream(keys).filter(this::has).map(this::drawn).toArray(Output[]::new)
        : outer.parameters(Arrays.stream(keys).map(k -> keyPrefix + k).toArray(String[]::new));
  }

  /** Those parameters that are not drawn yet; a wrapped layer can't know which are its own and has none. */
  Output[] otherParameters() {
    return outer != null && !keyPrefix.isEmpty()
        ? new Output[0]
        : outer != null
            ? outer.otherParameters()
            : facts.parameters().keySet().stream().filter(k -> !drawn.containsKey(k)).map(this::drawn)
                .toArray(Output[]::new);
  }

  private Output drawn(String key) {
    Output there = drawn.get(key);
    if (there == null) {
      INDArray array = facts.parameters().get(key);
      there = scope().parameter(
          key, key, Types.dtype(array.dataType()), Types.shape(array), facts.trained().contains(key));
      drawn.put(key, there);
    }
    return there;
  }

  /** The layer's scope, opened at the first call. */
  GraphScope scope() {
    if (scope == null) {
      scope = parent.scope(name);
    }
    return scope;
  }

  /** Begins one operation among several, with the data and these parameters as its inputs. */
  OperationBuilder begin(String op, String... keys) {
    return scope().operation(op).input(data).input(parameters(keys)).attribute("T", Attribute.of(dtype()));
  }

  /** Begins the operation that is all that is left of the layer, with the data as its input. */
  OperationBuilder last(String op) {
    boolean only = scope == null && facts.parameters().isEmpty();
    OperationBuilder operation = only ? parent.onlyOperation(op, name) : scope().operation(op);
    return operation.input(data).attribute("T", Attribute.of(dtype()));
  }

  /** Sends the data through an operation. */
  void through(OperationBuilder operation, TensorShape shape) {
    data = operation.output(dtype(), shape).add();
  }

  /** Sends the data through one operation among several. */
  void step(String op, TensorShape shape, String... keys) {
    through(begin(op, keys), shape);
  }
}
