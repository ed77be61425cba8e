package io.github.tensorboard4j.graph;

import java.util.ArrayList;
import java.util.List;

/** The operations of a graph that is being built. */
final class NodeList {

  /** Distinguishes this graph's outputs from those of others, without keeping the list. */
  private final Object identity = new Object();
  private final List<Node> nodes = new ArrayList<>();
  private String device = "";

  List<Node> nodes() {
    return nodes;
  }

  /** Returns where operations run that are begun from now on, unless they set it themselves. */
  String device() {
    return device;
  }

  void device(String device) {
    this.device = device;
  }

  Output add(Node node) {
    nodes.add(node);
    return new Output(identity, nodes.size() - 1, 0, node.outputs());
  }

  void addInput(Output from, Output to) {
    Node target = nodes.get(checked(to).node());
    nodes.set(to.node(), target.withEdges(with(target.inputs(), checked(from)), target.controls()));
  }

  void addControl(Output from, Output to) {
    Node target = nodes.get(checked(to).node());
    nodes.set(to.node(), target.withEdges(target.inputs(), with(target.controls(), checked(from).sibling(0))));
  }

  /** Returns an output of this graph as it is, and refuses those of others. */
  Output checked(Output output) {
    if (!output.isOf(identity)) {
      throw new IllegalArgumentException(
          "output " + output + " belongs to another graph; use the outputs that this graph's add() returned");
    }
    return output;
  }

  private static List<Output> with(List<Output> edges, Output more) {
    List<Output> all = new ArrayList<>(edges);
    all.add(more);
    return all;
  }
}
