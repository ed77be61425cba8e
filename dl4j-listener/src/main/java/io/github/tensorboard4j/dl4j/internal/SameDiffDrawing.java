package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Draws the variables and operations of a SameDiff graph.
 *
 * <p>An operation is called as its first result, for that is the name that the author gave. All operations
 * are drawn before their edges, because a loop's edges go backwards.
 */
final class SameDiffDrawing {

  /** The number of elements up to which a constant's value is written into the graph. */
  private static final int MAX_CONSTANT_ELEMENTS = 16;

  private static final String GRADIENT = "-grad";

  private final GraphScope scope;
  private final Map<String, Output> drawn;
  private final Map<String, TensorShape> shapes;
  private final @Nullable String defaultName;

  /**
   * Creates an empty drawing.
   *
   * @param scope where to draw
   * @param known variables that are there already, by name
   * @param shapes shapes of results, as far as they are known, by variable name
   */
  SameDiffDrawing(GraphScope scope, Map<String, Output> known, Map<String, TensorShape> shapes) {
    this(scope, known, shapes, null);
  }

  /**
   * Creates an empty drawing of a layer.
   *
   * @param scope where to draw
   * @param known variables that are there already, by name
   * @param shapes shapes of results, as far as they are known, by variable name
   * @param defaultName what the framework calls results that the author has not named; an operation with such a result is
   *     named after what it does. Null if it gives no such name
   */
  SameDiffDrawing(GraphScope scope, Map<String, Output> known, Map<String, TensorShape> shapes,
      @Nullable String defaultName) {
    this.scope = scope;
    this.defaultName = defaultName;
    this.drawn = new HashMap<>(known);
    this.shapes = shapes;
  }

  /** Returns a drawing in another scope that knows what this one has drawn. */
  SameDiffDrawing within(GraphScope other) {
    return new SameDiffDrawing(other, drawn, shapes);
  }

  /** Returns where a variable's value comes from; null if it is not drawn. */
  @Nullable
  Output output(String variable) {
    return drawn.get(variable);
  }

  /** Draws everything. */
  void drawAll(SameDiff graph) {
    variables(graph, name -> true);
    operations(graph.getOps().values());
  }

  /** Draws the operations and those of the variables that some operation reads. */
  void drawUsed(SameDiff graph) {
    Set<String> read = new HashSet<>();
    graph.getOps().values().forEach(op -> read.addAll(orEmpty(op.getInputsToOp())));
    variables(graph, read::contains);
    operations(graph.getOps().values());
  }

  /** Draws operations that this drawing does not have yet, and the variables that they read. */
  void drawMore(SameDiff graph) {
    List<SameDiffOp> more = graph.getOps().values().stream()
        .filter(op -> orEmpty(op.getOutputsOfOp()).stream().noneMatch(drawn::containsKey))
        .toList();
    Set<String> read = new HashSet<>();
    more.forEach(op -> read.addAll(orEmpty(op.getInputsToOp())));
    variables(graph, read::contains);
    operations(more);
  }

  private void variables(SameDiff graph, Predicate<String> wanted) {
    for (SDVariable variable : graph.variables()) {
      if (drawn.containsKey(variable.name()) || !wanted.test(variable.name())) {
        continue;
      }
      switch (variable.getVariableType()) {
        case VARIABLE -> drawn.put(variable.name(), scope.parameter(variable.name())
            .type(TensorType.of(Types.dtype(variable.dataType()), shapeOf(variable))).add());
        case PLACEHOLDER -> drawn.put(variable.name(), scope.placeholder(variable.name(),
            Types.dtype(variable.dataType()), shapeOf(variable)));
        case CONSTANT -> drawn.put(variable.name(), constant(variable));
        default -> {}
      }
    }
  }

  private Output constant(SDVariable variable) {
    INDArray value = ForeignCall.orNull(variable::getArr);
    OperationBuilder constant = scope.operation("Const", variable.name())
        .attribute("dtype", Attribute.of(Types.dtype(variable.dataType())));
    if (value != null && value.length() <= MAX_CONSTANT_ELEMENTS) {
      constant.attribute("value", Attribute.of(value.toString()));
    } else {
      String size = value == null ? "" : "; " + value.length() + " elements";
      constant.attribute("value", Attribute.of("(not kept" + size + ")"));
    }
    return constant.output(Types.dtype(variable.dataType()), shapeOf(variable)).add();
  }

  private void operations(Collection<SameDiffOp> operations) {
    for (SameDiffOp operation : operations) {
      operation(operation);
    }
    for (SameDiffOp operation : operations) {
      edges(operation);
    }
  }

  private void operation(SameDiffOp operation) {
    List<String> results = orEmpty(operation.getOutputsOfOp());
    String op = nameOf(operation);
    String name = nodeName(operation);
    OperationBuilder builder = scope.operation(op, name.equals(defaultName) ? operation.getOp().opName() : name);
    if (operation.getOp() instanceof DynamicCustomOp custom) {
      arguments(custom, builder);
    }
    for (String result : results) {
      SDVariable variable = operation.getOp().getSameDiff() == null ? null
          : ForeignCall.orNull(() -> operation.getOp().getSameDiff().getVariable(result));
      builder.output(variable == null ? DType.UNKNOWN : Types.dtype(variable.dataType()),
          shapeOf(result));
    }
    Output first = builder.add();
    for (int i = 0; i < results.size(); i++) {
      drawn.put(results.get(i), first.sibling(i));
    }
    drawn.putIfAbsent(key(operation), first);
  }

  /**
   * Returns the first result's name; a gradient operation yields gradients of several variables and is called as all
   * of them.
   */
  static String nodeName(SameDiffOp operation) {
    List<String> results = orEmpty(operation.getOutputsOfOp());
    if (results.isEmpty()) {
      return operation.getName();
    }
    return results.size() < 4 && results.stream().allMatch(r -> r.endsWith(GRADIENT))
        ? String.join(".", results)
        : results.get(0);
  }

  /** Returns what is known of a result's shape; a gradient has the shape of its variable. */
  private TensorShape shapeOf(String result) {
    TensorShape own = shapes.get(result);
    if (own != null || !result.endsWith(GRADIENT)) {
      return own == null ? TensorShape.UNKNOWN : own;
    }
    Output variable = drawn.get(result.substring(0, result.length() - GRADIENT.length()));
    return variable == null ? TensorShape.UNKNOWN : variable.type().shape();
  }

  private static void arguments(DynamicCustomOp custom, OperationBuilder builder) {
    long[] integers = ForeignCall.orNull(custom::iArgs);
    if (integers != null && integers.length > 0) {
      builder.attribute("integer_arguments", Attribute.of(integers));
    }
    double[] reals = ForeignCall.orNull(custom::tArgs);
    if (reals != null && reals.length > 0) {
      builder.attribute("real_arguments", Attribute.of(Arrays.toString(reals)));
    }
  }

  private void edges(SameDiffOp operation) {
    List<String> results = orEmpty(operation.getOutputsOfOp());
    Output self = Objects.requireNonNull(drawn.get(results.isEmpty() ? key(operation) : results.get(0)));
    for (String input : orEmpty(operation.getInputsToOp())) {
      Output from = drawn.get(input);
      if (from != null) {
        scope.graph().addInput(from, self);
      }
    }
    for (String earlier : orEmpty(operation.getControlDeps())) {
      control(earlier, self);
    }
    for (String earlier : orEmpty(operation.getVarControlDeps())) {
      control(earlier, self);
    }
  }

  private void control(String earlier, Output self) {
    Output from = drawn.get(earlier);
    if (from != null) {
      scope.graph().addControl(from, self);
    }
  }

  /** Returns TensorFlow's name where ND4J knows it, for that is the one that readers know; else ND4J's own. */
  private static String nameOf(SameDiffOp operation) {
    String tensorflow = ForeignCall.orNull(() -> operation.getOp().tensorflowName());
    if (tensorflow != null && !tensorflow.isBlank() && tensorflow.matches("[A-Z]\\w*")) {
      return tensorflow;
    }
    String own = ForeignCall.orNull(() -> operation.getOp().opName());
    return own == null || own.isBlank() ? operation.getOp().getClass().getSimpleName() : own;
  }

  private static TensorShape shapeOf(SDVariable variable) {
    long[] sizes = ForeignCall.orNull(variable::getShape);
    return sizes == null ? TensorShape.UNKNOWN : TensorShape.of(sizes);
  }

  private static String key(SameDiffOp operation) {
    return "operation " + operation.getName();
  }

  private static List<String> orEmpty(@Nullable List<String> names) {
    return names == null ? List.of() : names;
  }
}
