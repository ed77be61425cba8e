package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.GraphDefSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A model as TensorBoard's Graphs page draws it: operations with their parameters, nested in scopes, and the
 * tensors that flow between them. Immutable.
 */
public final class ModelGraph implements GraphDefSource {

  /** The attribute from which the page takes the shapes that it writes on the edges. */
  static final String OUTPUT_SHAPES = "_output_shapes";

  private final Object identity;
  private final List<Node> nodes;

  private ModelGraph(Object identity, List<Node> nodes) {
    this.identity = identity;
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
   * Returns what is known of a tensor.
   *
   * @param output an output of this graph
   * @return its type; {@link TensorType#UNKNOWN} if the operation did not declare that output
   * @throws IllegalArgumentException if the output belongs to another graph or was added later
   * @throws NullPointerException if the output is null
   */
  public TensorType typeOf(Output output) {
    return typeOf(identity, nodes, output);
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

  private static TensorType typeOf(Object identity, List<Node> nodes, Output output) {
    List<TensorType> outputs = nodes.get(checked(identity, nodes, output).node()).outputs();
    return output.index() < outputs.size() ? outputs.get(output.index()) : TensorType.UNKNOWN;
  }

  private static Output checked(Object identity, List<Node> nodes, Output output) {
    if (!output.isOf(identity)) {
      throw new IllegalArgumentException(
          "output " + output + " belongs to another graph; use the outputs that this graph's add() returned");
    }
    if (output.node() >= nodes.size()) {
      throw new IllegalArgumentException("no operation " + output.node() + " in a graph of " + nodes.size()
          + ": it was added later; build the graph again");
    }
    return output;
  }

  /** Collects the operations of a {@link ModelGraph}. Not for use by several threads. */
  public static final class Builder {

    private final Object identity = new Object();
    private final List<Node> nodes = new ArrayList<>();
    private final GraphScope root = new GraphScope(this, "");
    private String device = "";

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
     * @param place a device in TensorFlow's notation, as {@link DeviceNames} makes it; empty if not known
     * @return this
     * @throws NullPointerException if the device is null
     */
    public Builder device(String place) {
      this.device = Objects.requireNonNull(place, "place");
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
    public Builder connect(Output from, Output to) {
      Node target = nodes.get(checked(to).node());
      List<Output> inputs = new ArrayList<>(target.inputs());
      inputs.add(checked(from));
      nodes.set(to.node(), target.fedBy(inputs, target.controls()));
      return this;
    }

    /**
     * Makes an operation that is already there wait for another one.
     *
     * @param earlier any output of the operation that runs first
     * @param later any output of the operation that runs afterwards
     * @return this
     * @throws IllegalArgumentException if an output belongs to another graph
     * @throws NullPointerException if an output is null
     */
    public Builder order(Output earlier, Output later) {
      Node target = nodes.get(checked(later).node());
      List<Integer> controls = new ArrayList<>(target.controls());
      controls.add(checked(earlier).node());
      nodes.set(later.node(), target.fedBy(target.inputs(), controls));
      return this;
    }

    /**
     * Returns what is known of a tensor.
     *
     * @param output an output of this graph
     * @return its type; {@link TensorType#UNKNOWN} if the operation did not declare that output
     * @throws IllegalArgumentException if the output belongs to another graph
     * @throws NullPointerException if the output is null
     */
    public TensorType typeOf(Output output) {
      return ModelGraph.typeOf(identity, nodes, output);
    }

    /**
     * Returns the graph of all operations added so far.
     *
     * @return the graph
     */
    public ModelGraph build() {
      return new ModelGraph(identity, nodes);
    }

    String device() {
      return device;
    }

    Output checked(Output output) {
      return ModelGraph.checked(identity, nodes, output);
    }

    Output add(Node node) {
      nodes.add(node);
      return new Output(identity, nodes.size() - 1, 0);
    }
  }
}
