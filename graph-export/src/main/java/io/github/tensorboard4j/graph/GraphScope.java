package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A named box of the graph into which operations and further scopes are put; the page folds and unfolds it.
 *
 * <p>Names given here are made legal, and unique among their siblings. A name with {@code /} in it goes into
 * scopes of those names, which are shared.
 */
public final class GraphScope {

  /** How many characters the page writes at an operation before it cuts the name; a scope has room for more. */
  private static final int MAX_OPERATION_NAME = 9;

  private final ModelGraph.Builder graph;
  private final NodeList nodes;
  private final String path;
  private final Map<String, GraphScope> children = new HashMap<>();
  private final UniqueNames names = new UniqueNames();

  GraphScope(ModelGraph.Builder graph, NodeList nodes, String path) {
    this.graph = graph;
    this.nodes = nodes;
    this.path = path;
  }

  /**
   * Returns the scope's full name.
   *
   * @return the names from the outermost scope to this one, separated by {@code /}; empty for the whole graph
   */
  public String name() {
    return path;
  }

  /**
   * Returns the graph that this scope is a part of.
   *
   * @return the builder from which the scope came
   */
  public ModelGraph.Builder graph() {
    return graph;
  }

  /**
   * Opens a new scope within this one.
   *
   * @param name its name
   * @return the scope, never one that was there before
   * @throws NullPointerException if the name is null
   */
  public GraphScope scope(String name) {
    String legal = NodeNames.legal(name);
    GraphScope parent = parentOf(legal);
    String own = parent.names.claim(lastOf(legal));
    GraphScope scope = new GraphScope(graph, nodes, parent.pathOf(own));
    parent.children.put(own, scope);
    return scope;
  }

  /**
   * Begins an operation that is named after what it does.
   *
   * <p>The name is taken at once: it stays unused if the operation is never added.
   *
   * @param op what it does, such as {@code MatMul}
   * @return the operation, to be ended by {@link OperationBuilder#add()}
   * @throws IllegalArgumentException if {@code op} is empty
   * @throws NullPointerException if {@code op} is null
   */
  public OperationBuilder operation(String op) {
    return operation(op, op);
  }

  /**
   * Begins an operation.
   *
   * <p>The name is taken at once: it stays unused if the operation is never added.
   *
   * @param op what it does, such as {@code MatMul}
   * @param name its name within this scope
   * @return the operation, to be ended by {@link OperationBuilder#add()}
   * @throws IllegalArgumentException if {@code op} is empty
   * @throws NullPointerException if an argument is null
   */
  public OperationBuilder operation(String op, String name) {
    if (op.isEmpty()) {
      throw new IllegalArgumentException("an operation says what it does, such as MatMul");
    }
    String legal = NodeNames.legal(name);
    GraphScope parent = parentOf(legal);
    return new OperationBuilder(nodes, op, parent.pathOf(parent.names.claim(lastOf(legal))));
  }

  /**
   * Begins the operation that is all there is of a part of the model, such as a layer that only pools.
   *
   * <p>It bears the part's name if the page writes that in full at an operation, which it does up to nine
   * characters, and takes it for no member of a series, which it does if the name ends in a number; else it stands in a new
   * scope of that name and is named after what it does.
   *
   * @param op what it does, such as {@code MaxPool}
   * @param part the name of the part within this scope
   * @return the operation, to be ended by {@link OperationBuilder#add()}
   * @throws IllegalArgumentException if {@code op} is empty
   * @throws NullPointerException if an argument is null
   */
  public OperationBuilder singleOperation(String op, String part) {
    String legal = NodeNames.legal(part);
    String own = lastOf(legal);
    boolean fits = own.length() <= MAX_OPERATION_NAME && !Character.isDigit(own.charAt(own.length() - 1));
    return fits ? operation(op, legal) : scope(legal).operation(op);
  }

  /**
   * Adds data that is fed from outside.
   *
   * @param name its name within this scope
   * @param dtype the element type
   * @param shape the shape, unknown where it changes from batch to batch
   * @return its output
   * @throws NullPointerException if an argument is null
   */
  public Output placeholder(String name, DType dtype, TensorShape shape) {
    return operation("Placeholder", name).attribute("dtype", Attribute.of(dtype)).output(dtype, shape).add();
  }

  /**
   * Begins a parameter of the model.
   *
   * <p>The name is taken at once: it stays unused if the parameter is never added.
   *
   * @param name its name within this scope, such as {@code weight}
   * @return the parameter, to be ended by {@link ParameterBuilder#add()}
   * @throws NullPointerException if the name is null
   */
  public ParameterBuilder parameter(String name) {
    return new ParameterBuilder(operation("Variable", name), name);
  }

  /**
   * Adds a single number that the model keeps fixed; the page draws it as a small note beside its reader.
   *
   * @param name its name within this scope
   * @param value the number
   * @return its output
   * @throws NullPointerException if the name is null
   */
  public Output constant(String name, double value) {
    return constant(name, Attribute.of(value));
  }

  /** Adds a setting as a constant. */
  Output constant(String name, Attribute value) {
    return operation("Const", name).attribute("value", value).output(value.type()).add();
  }

  /**
   * Begins what only training adds to a model: labels, loss and optimizer.
   *
   * @return the training, to be ended by {@link TrainingBuilder#add()}
   */
  public TrainingBuilder training() {
    return new TrainingBuilder(this);
  }

  /** Returns outputs of this graph as they are, and refuses those of others. */
  List<Output> checked(Output... outputs) {
    return Stream.of(outputs).map(nodes::checked).toList();
  }

  private GraphScope parentOf(String legal) {
    GraphScope parent = this;
    int begin = 0;
    for (int end = legal.indexOf('/'); end >= 0; end = legal.indexOf('/', begin)) {
      parent = parent.shared(legal.substring(begin, end));
      begin = end + 1;
    }
    return parent;
  }

  /** The scope of that name, made if it is missing; an operation of the same name stays beside it. */
  private GraphScope shared(String name) {
    GraphScope there = children.get(name);
    if (there != null) {
      return there;
    }
    String own = names.claim(name);
    GraphScope made = new GraphScope(graph, nodes, pathOf(own));
    children.put(name, made);
    children.put(own, made);
    return made;
  }

  private String pathOf(String name) {
    return path.isEmpty() ? name : path + '/' + name;
  }

  private static String lastOf(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return path;
  }
}
