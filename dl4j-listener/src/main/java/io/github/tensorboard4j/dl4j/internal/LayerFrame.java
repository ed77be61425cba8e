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
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;
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
  private final @Nullable LayerFrame outer;
  private final String keyPrefix;
  private final LayerDescription description;
  private final Map<String, Output> parameterNodes = new LinkedHashMap<>();
  private @Nullable GraphScope scope;
  private Output data;

  LayerFrame(GraphScope parent, String name, LayerDescription description, Output data) {
    this(parent, name, null, "", description, data);
  }

  private LayerFrame(
      GraphScope parent, String name, @Nullable LayerFrame outer, String keyPrefix, LayerDescription description,
      Output data) {
    this.parent = parent;
    this.name = name;
    this.outer = outer;
    this.keyPrefix = keyPrefix;
    this.description = description;
    this.data = data;
  }

  /** Returns a frame for a wrapped layer, which is drawn in the wrapper's own scope. */
  LayerFrame inner(@Nullable InputType in, @Nullable InputType out) {
    LayerFrame inner = new LayerFrame(scope(), "", this, "", description.between(in, out), data);
    inner.scope = scope();
    return inner;
  }

  /**
   * Returns a frame for one of several parts of the layer, which is drawn in a scope of its own.
   *
   * @param part the part's name, with which its parameters' names begin
   * @param prefix what its parameters' keys begin with
   * @param in what it takes; null if not known
   * @param out what it yields; null if not known
   */
  LayerFrame inner(String part, String prefix, @Nullable InputType in, @Nullable InputType out) {
    LayerFrame inner = new LayerFrame(scope(), part, this, prefix, description.between(in, out), data);
    inner.scope();
    return inner;
  }

  /** Returns where the data has come to. */
  Output data() {
    return data;
  }

  /** Lets the data go on from there. */
  void data(Output next) {
    data = next;
  }

  DType dtype() {
    return description.dtype();
  }

  /** Returns what the layer takes; null if not known. */
  @Nullable
  InputType inputType() {
    return description.inputType();
  }

  /** Returns what the layer yields; null if not known. */
  @Nullable
  InputType outputType() {
    return description.outputType();
  }

  TensorShape inputShape() {
    return Types.shape(inputType());
  }

  TensorShape outputShape() {
    return Types.shape(outputType());
  }

  boolean has(String key) {
    return outer == null ? description.parameters().containsKey(key) : outer.has(keyPrefix + key);
  }

  /** Returns the parameter's size along a dimension; unknown if there is no such parameter. */
  long size(String key, int dimension) {
    if (outer != null) {
      return outer.size(keyPrefix + key, dimension);
    }
    INDArray array = description.parameters().get(key);
    return array == null || dimension >= array.rank() ? TensorShape.UNKNOWN_SIZE : array.size(dimension);
  }

  /** Returns the nodes of those of the parameters that the layer has, drawn at the first call. */
  Output[] parameters(String... keys) {
    return outer == null
        ? Arrays.stream(keys).filter(this::has).map(this::parameterNode).toArray(Output[]::new)
        : outer.parameters(Arrays.stream(keys).map(key -> keyPrefix + key).toArray(String[]::new));
  }

  /** Returns those parameters that are not drawn yet; a part can't know which are its own and has none. */
  Output[] otherParameters() {
    if (!keyPrefix.isEmpty()) {
      return new Output[0];
    }
    return outer != null
        ? outer.otherParameters()
        : description.parameters().keySet().stream()
            .filter(key -> !parameterNodes.containsKey(key))
            .map(this::parameterNode)
            .toArray(Output[]::new);
  }

  private Output parameterNode(String key) {
    Output node = parameterNodes.get(key);
    if (node == null) {
      INDArray array = Objects.requireNonNull(description.parameters().get(key), key);
      String own = Objects.requireNonNull(description.names().get(key), key);
      node = scope().parameter(own).frameworkName(key).type(Types.of(array))
          .trainable(description.trained().contains(key)).add();
      parameterNodes.put(key, node);
    }
    return node;
  }

  /** Returns the layer's scope, opened at the first call. */
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
    boolean only = scope == null && description.parameters().isEmpty();
    OperationBuilder operation = only ? parent.singleOperation(op, name) : scope().operation(op);
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
