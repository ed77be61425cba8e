package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.GraphDefSource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A model as TensorBoard's Graphs page draws it: operations with their parameters, nested in scopes, and the
 * tensors that flow between them. Immutable.
 */
public final class ModelGraph implements GraphDefSource {

  private final List<Node> nodes;

  private ModelGraph(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Returns a builder of a graph.
   *
   * @return a builder without operations
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the operations.
   *
   * @return an unmodifiable list of all operations, in the order in which they were added
   */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * Returns the operation that stands for a scope: the last one in it that takes data, such as a layer's activation function.
   *
   * @param scope the scope's name, with the enclosing scopes before it, or the name of a lone operation
   * @return the operation's name; empty if the scope has none
   * @throws NullPointerException if the scope is null
   */
  public Optional<String> lastOperation(String scope) {
    String within = Objects.requireNonNull(scope, "scope") + '/';
    Node last = null;
    for (Node node : nodes) {
      if (!node.inputs().isEmpty() && (node.name().equals(scope) || node.name().startsWith(within))) {
        last = node;
      }
    }
    return Optional.ofNullable(last).map(Node::name);
  }

  /**
   * Encodes the graph.
   *
   * @return a new buffer with the bytes of one serialized {@code GraphDef}, from position 0 to its limit
   * @throws ArithmeticException if the encoded graph is larger than {@link Integer#MAX_VALUE} bytes
   */
  @Override
  public ByteBuffer toGraphDef() {
    return GraphDefEncoder.encode(nodes);
  }

  /** Collects the operations of a {@link ModelGraph}. Not for use by several threads. */
  public static final class Builder {

    private final NodeList nodes = new NodeList();
    private final GraphScope root = new GraphScope(this, nodes, "");

    private Builder() {}

    /**
     * Returns the outermost scope.
     *
     * @return the scope that holds everything
     */
    public GraphScope root() {
      return root;
    }

    /**
     * Sets where operations run that are begun from now on, unless they set it themselves.
     *
     * @param device a device in TensorFlow's notation, as {@link DeviceNames} makes it; empty if not known
     * @return this
     * @throws NullPointerException if the device is null
     */
    public Builder device(String device) {
      nodes.device(Objects.requireNonNull(device, "device"));
      return this;
    }

    /**
     * Adds an input to an operation that is already there, as a loop's backward edge needs it.
     *
     * @param from where the data comes from
     * @param to any output of the operation that takes it
     * @return this
     * @throws IllegalArgumentException if an output belongs to another graph
     * @throws NullPointerException if an output is null
     */
    public Builder addInput(Output from, Output to) {
      nodes.addInput(from, to);
      return this;
    }

    /**
     * Adds a control edge to an operation that is already there: it runs after another one without taking data
     * from it.
     *
     * @param from any output of the operation that runs first
     * @param to any output of the operation that runs afterwards
     * @return this
     * @throws IllegalArgumentException if an output belongs to another graph
     * @throws NullPointerException if an output is null
     */
    public Builder addControl(Output from, Output to) {
      nodes.addControl(from, to);
      return this;
    }

    /**
     * Returns the graph of all operations added so far.
     *
     * @return the graph
     */
    public ModelGraph build() {
      return new ModelGraph(nodes.nodes());
    }
  }
}
