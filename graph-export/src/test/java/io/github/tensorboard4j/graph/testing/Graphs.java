package io.github.tensorboard4j.graph.testing;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.Output;
import java.util.List;

/** What tests ask of a graph. */
public final class Graphs {

  private Graphs() {}

  /** The edges, as {@code from [shape] -> to}; a number behind {@code from} is that of a further output. */
  public static List<String> edges(ModelGraph graph) {
    return graph.nodes().stream()
        .flatMap(node -> node.inputs().stream().map(input -> edge(graph, input, node)))
        .toList();
  }

  /** The only node of that name. */
  public static Node node(ModelGraph graph, String name) {
    List<Node> named = graph.nodes().stream().filter(node -> node.name().equals(name)).toList();
    if (named.size() != 1) {
      throw new AssertionError(
          name + " is not once among " + graph.nodes().stream().map(Node::name).toList());
    }
    return named.get(0);
  }

  private static String edge(ModelGraph graph, Output from, Node to) {
    String output = from.index() == 0 ? "" : ":" + from.index();
    return graph.nodes().get(from.node()).name() + output + " " + from.type().shape() + " -> " + to.name();
  }
}
