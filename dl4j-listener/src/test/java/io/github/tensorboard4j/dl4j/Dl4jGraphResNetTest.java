package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.dl4j.internal.LayerNames;
import io.github.tensorboard4j.dl4j.internal.ParameterKeys;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.zoo.model.ResNet50;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class Dl4jGraphResNetTest {

  @Test
  void shouldLeadFromTheImageToTheLossThroughNothingUnexplained() {
    ComputationGraph network = ResNet50.builder().numClasses(1000).build().init();
    InputType images = InputType.convolutional(224, 224, 3);

    ModelGraph graph = Dl4jGraph.of(network, images);

    Map<String, InputType> inferred = network.getConfiguration().clone().getLayerActivationTypes(images);
    Map<String, String> names = LayerNames.of(network);
    Map<String, TensorShape> leaving = new TreeMap<>();
    Map<String, TensorShape> parameters = new TreeMap<>();
    for (Node node : graph.nodes()) {
      leaving.put(layer(node, names.values()), node.outputs().get(0).shape());
      if (node.op().equals("Variable")) {
        assertThat(parameters.put(node.name(), node.outputs().get(0).shape())).isNull();
      }
    }
    names.forEach((vertex, name) -> assertThat(leaving.get(name)).as(vertex)
        .isEqualTo(TensorShape.of(inferred.get(vertex).getShape(true))));
    Map<String, TensorShape> expected = new TreeMap<>();
    for (var layer : network.getLayers()) {
      String name = names.get(layer.conf().getLayer().getLayerName());
      Map<String, INDArray> table = layer.paramTable();
      ParameterKeys.namesOf(layer.conf().getLayer(), table.keySet())
          .forEach((key, parameter) -> expected.put(name + "/" + parameter, TensorShape.of(table.get(key).shape())));
    }
    assertThat(parameters).isEqualTo(expected);
    assertThat(parameters.values().stream().mapToLong(s -> product(s.sizes())).sum()).isEqualTo(network.numParams());
    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("Add")).hasSize(16);
    assertThat(graph.nodes()).filteredOn(n -> n.name().equals("bn2a_branch2a/running_mean")).singleElement()
        .satisfies(n -> assertThat(n.attributes().get("trainable")).hasToString("false"));
    assertThat(graph.nodes()).extracting(Node::op).noneMatch(op -> op.endsWith("Layer") || op.endsWith("Vertex"));
    assertThat(reachableFrom(graph, "input")).contains("loss/Mean", "RmsProp/Apply").containsAll(computing(graph));
  }

  /** Returns the layer that a node is in, which may be in a scope. */
  private static String layer(Node node, Collection<String> layers) {
    return layers.stream().filter(layer -> (node.name() + '/').startsWith(layer + '/')).findFirst().orElse(node.name());
  }

  private static List<String> computing(ModelGraph graph) {
    return graph.nodes().stream().filter(n -> !List.of("Variable", "Placeholder", "Const").contains(n.op()))
        .map(Node::name).toList();
  }

  private static Set<String> reachableFrom(ModelGraph graph, String start) {
    String input = graph.nodes().stream().filter(n -> n.op().equals("Placeholder")).findFirst().orElseThrow().name();
    assertThat(input).startsWith(start);
    Set<String> reached = new HashSet<>(Set.of(input));
    for (Node node : graph.nodes()) {
      if (node.inputs().stream().anyMatch(i -> reached.contains(graph.nodes().get(i.node()).name()))) {
        reached.add(node.name());
      }
    }
    return reached;
  }

  private static long product(long[] sizes) {
    long product = 1;
    for (long size : sizes) {
      product *= size;
    }
    return product;
  }
}
