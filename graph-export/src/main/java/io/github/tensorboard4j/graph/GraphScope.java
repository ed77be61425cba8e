package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.DType;
import java.util.HashMap;
import java.util.Map;

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
  private final String path;
  private final Map<String, GraphScope> children = new HashMap<>();
  private final UniqueNames names = new UniqueNames();

  GraphScope(ModelGraph.Builder graph, String path) {
    this.graph = graph;
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
    GraphScope scope = new GraphScope(graph, parent.pathOf(own));
    parent.children.put(own, scope);
    return scope;
  }

  /**
   * Begins an operation that is named after what it does.
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
    return new OperationBuilder(graph, op, parent.pathOf(parent.names.claim(lastOf(legal))));
  }

  /**
   * Begins the operation that is all there is of a part of the model, such as a layer that only pools.
   *
   * <p>It bears the part's name if the page writes that in full at an operation, which it does up to nine
   * characters; else it stands in a new scope of that name and is named after what it does.
   *
   * @param op what it does, such as {@code MaxPool}
   * @param part the name of the part within this scope
   * @return the operation, to be ended by {@link OperationBuilder#add()}
   * @throws IllegalArgumentException if {@code op} is empty
   * @throws NullPointerException if an argument is null
   */
  public OperationBuilder onlyOperation(String op, String part) {
    return lastOf(part).length() <= MAX_OPERATION_NAME ? operation(op, part) : scope(part).operation(op);
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
   * Adds a parameter of the model. Its values are not kept.
   *
   * @param name its name within this scope, such as {@code weight}
   * @param frameworkName what the framework calls it, such as {@code W}, kept as the attribute {@code
   *     framework_name}
   * @param dtype the element type
   * @param shape the shape
   * @param trainable whether training changes it
   * @return its output
   * @throws NullPointerException if an argument is null
   */
  public Output parameter(String name, String frameworkName, DType dtype, TensorShape shape, boolean trainable) {
    return operation("Variable", name)
        .attribute("dtype", Attribute.of(dtype))
        .attribute("shape", Attribute.of(shape))
        .attribute("trainable", Attribute.of(trainable))
        .attribute("framework_name", Attribute.of(frameworkName))
        .output(dtype, shape)
        .add();
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
    return operation("Const", name)
        .attribute("value", Attribute.of(value))
        .output(DType.FLOAT, TensorShape.SCALAR)
        .add();
  }

  /**
   * Begins what only training adds to a model: labels, loss and optimizer.
   *
   * @return nothing yet, to be ended by {@link TrainingBuilder#add()}
   */
  public TrainingBuilder training() {
    return new TrainingBuilder(this);
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
    GraphScope made = new GraphScope(graph, pathOf(own));
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
