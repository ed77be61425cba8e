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

  private final List<Node> nodes;

  private ModelGraph(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Begins a graph.
   *
   * @return an empty graph
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The operations.
   *
   * @return all operations, in the order in which they were added
   */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * What is known of a tensor.
   *
   * @param output one output of this graph
   * @return its type; {@link TensorType#UNKNOWN} if the operation did not declare that output
   */
  public TensorType typeOf(Output output) {
    return typeOf(nodes, output);
  }

  @Override
  public ByteBuffer toGraphDef() {
    return GraphDefEncoder.encode(nodes);
  }

  private static TensorType typeOf(List<Node> nodes, Output output) {
    List<TensorType> outputs = nodes.get(output.node()).outputs();
    return output.index() < outputs.size() ? outputs.get(output.index()) : TensorType.UNKNOWN;
  }

  /** Collects operations. Not for use by several threads. */
  public static final class Builder {

    private final List<Node> nodes = new ArrayList<>();
    private final GraphScope root = new GraphScope(this, "");
    private String device = "";

    Builder() {}

    /**
     * The outermost scope.
     *
     * @return the scope that holds everything
     */
    public GraphScope root() {
      return root;
    }

    /**
     * Says where operations run that are begun from now on and don't say it themselves.
     *
     * @param place a device in TensorFlow's notation, such as {@code /device:GPU:0}; empty if not known
     * @return this
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
     */
    public Builder connect(Output from, Output to) {
      Node target = nodes.get(checked(to).node());
      List<Output> inputs = new ArrayList<>(target.inputs());
      inputs.add(checked(from));
      nodes.set(to.node(), target.fedBy(inputs, target.controls()));
      return this;
    }

    /**
     * Says of an operation that is already there that another one must run before it.
     *
     * @param earlier any output of the operation that runs first
     * @param later any output of the operation that runs afterwards
     * @return this
     */
    public Builder order(Output earlier, Output later) {
      Node target = nodes.get(checked(later).node());
      List<Integer> controls = new ArrayList<>(target.controls());
      controls.add(checked(earlier).node());
      nodes.set(later.node(), target.fedBy(target.inputs(), controls));
      return this;
    }

    /**
     * What is known of a tensor.
     *
     * @param output one output of this graph
     * @return its type; {@link TensorType#UNKNOWN} if the operation did not declare that output
     */
    public TensorType typeOf(Output output) {
      return ModelGraph.typeOf(nodes, checked(output));
    }

    /**
     * Ends the graph.
     *
     * @return the graph of all operations added so far
     */
    public ModelGraph build() {
      return new ModelGraph(nodes);
    }

    String device() {
      return device;
    }

    Output checked(Output output) {
      if (output.node() >= nodes.size()) {
        throw new IllegalArgumentException("no operation " + output.node() + " in a graph of " + nodes.size()
            + "; use the outputs that this builder's add() returned");
      }
      return output;
    }

    Output add(Node node) {
      nodes.add(node);
      return new Output(nodes.size() - 1, 0);
    }
  }
}
