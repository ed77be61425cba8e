package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Dl4jGraphVerticesTest {

  private static final String[] INPUTS = {"vector", "other", "sequence", "image"};

  /** Each vertex with its inputs, under the operation as which it must be drawn. */
  private static Map<GraphVertex, List<String>> vertices() {
    Map<GraphVertex, List<String>> vertices = new LinkedHashMap<>();
    vertices.put(new ElementWiseVertex(ElementWiseVertex.Op.Add), List.of("Add", "vector", "other"));
    vertices.put(new ElementWiseVertex(ElementWiseVertex.Op.Subtract), List.of("Sub", "vector", "other"));
    vertices.put(new ElementWiseVertex(ElementWiseVertex.Op.Product), List.of("Mul", "vector", "other"));
    vertices.put(new ElementWiseVertex(ElementWiseVertex.Op.Average), List.of("Average", "vector", "other"));
    vertices.put(new ElementWiseVertex(ElementWiseVertex.Op.Max), List.of("Maximum", "vector", "other"));
    vertices.put(new MergeVertex(), List.of("Concat", "vector", "other"));
    vertices.put(new SubsetVertex(1, 3), List.of("Slice", "vector"));
    vertices.put(new L2Vertex(), List.of("L2Distance", "vector", "other"));
    vertices.put(new L2NormalizeVertex(), List.of("L2Normalize", "vector"));
    vertices.put(new ScaleVertex(2), List.of("Scale", "vector"));
    vertices.put(new ShiftVertex(2), List.of("Shift", "vector"));
    vertices.put(new ReshapeVertex(-1, 2, 3), List.of("Reshape", "vector"));
    vertices.put(new PoolHelperVertex(), List.of("Crop", "image"));
    vertices.put(new PreprocessorVertex(new CnnToFeedForwardPreProcessor(5, 5, 2)), List.of("CnnToFeedForward", "image"));
    vertices.put(new FrozenVertex(new ScaleVertex(3)), List.of("Scale", "vector"));
    vertices.put(new LastTimeStepVertex("sequence"), List.of("LastTimeStep", "sequence"));
    vertices.put(new ReverseTimeSeriesVertex(), List.of("Reverse", "sequence"));
    vertices.put(new DuplicateToTimeSeriesVertex("sequence"), List.of("Tile", "vector"));
    return vertices;
  }

  @Test
  void shouldDrawEveryVertexAsItsOperationWithItsInputsAndShape() {
    Map<GraphVertex, List<String>> vertices = vertices();
    var builder = new NeuralNetConfiguration.Builder().graphBuilder().addInputs(INPUTS).allowNoOutput(true);
    vertices.forEach((vertex, drawn) -> builder.addVertex("v_" + letter(drawn, vertices, vertex), vertex,
        drawn.subList(1, drawn.size()).toArray(String[]::new)));
    ComputationGraph network = network(builder.setOutputs("v_a").build());
    INDArray[] batch = {Nd4j.rand(3, 6), Nd4j.rand(3, 6), Nd4j.rand(3, 6, 4), Nd4j.rand(3, 2, 5, 5)};

    ModelGraph graph = Dl4jGraph.of(network, types());

    Map<String, INDArray> activations = network.feedForward(batch, false);
    vertices.forEach((vertex, drawn) -> {
      String name = "v_" + letter(drawn, vertices, vertex);
      Node node = node(graph, name);
      assertThat(node.op()).isEqualTo(drawn.get(0));
      assertThat(node.inputs()).extracting(i -> graph.nodes().get(i.node()).name())
          .containsExactlyElementsOf(drawn.subList(1, drawn.size()));
      if (!(vertex instanceof PreprocessorVertex || vertex instanceof ReshapeVertex || vertex instanceof L2Vertex)) {
        long[] computed = activations.get(name).shape();
        if (vertex instanceof DuplicateToTimeSeriesVertex) {
          computed[2] = TensorShape.UNKNOWN_SIZE;
        }
        assertThat(withoutBatch(node.outputs().get(0).shape().sizes())).as(name + " " + vertex)
            .containsExactly(withoutBatch(computed));
      }
    });
  }

  @Test
  void shouldDrawStacksAndTheirParts() {
    ComputationGraph network = network(new NeuralNetConfiguration.Builder().graphBuilder().addInputs("left", "right")
        .addVertex("stack", new StackVertex(), "left", "right")
        .addLayer("shared", new ActivationLayer(Activation.TANH), "stack")
        .addVertex("first", new UnstackVertex(0, 2), "shared")
        .addVertex("second", new UnstackVertex(1, 2), "shared")
        .addLayer("out", new OutputLayer.Builder().nIn(6).nOut(2).activation(Activation.SOFTMAX).build(), "second")
        .setOutputs("out", "first").build());

    ModelGraph graph = Dl4jGraph.of(network, InputType.feedForward(6), InputType.feedForward(6));

    assertThat(node(graph, "stack").op()).isEqualTo("Stack");
    assertThat(node(graph, "second").op()).isEqualTo("Unstack");
    assertThat(node(graph, "second").attributes().get("from")).hasToString("1");
    assertThat(node(graph, "shared").op()).isEqualTo("Tanh");
  }

  @Test
  void shouldOpenVerticesThatDefineThemselves() {
    ComputationGraph network = network(new NeuralNetConfiguration.Builder().graphBuilder().addInputs("sequence")
        .addLayer("lstm", new LSTM.Builder().nIn(6).nOut(6).build(), "sequence")
        .addVertex("attention", new AttentionVertex.Builder().nInKeys(6).nInQueries(6).nInValues(6).nOut(6).nHeads(2)
            .headSize(3).projectInput(true).build(), "lstm", "lstm", "lstm")
        .addVertex("twice", new SameDiffLambdaVertex() {
          @Override
          public SDVariable defineVertex(SameDiff graph, VertexInputs inputs) {
            return inputs.getInput(0).mul("doubled", 2.0);
          }

          @Override
          public GraphVertex clone() {
            return this;
          }
        }, "attention")
        .setOutputs("twice").build());

    ModelGraph graph = Dl4jGraph.of(network, InputType.recurrent(6, 4));

    Map<String, TensorShape> expected = new TreeMap<>();
    Map<String, INDArray> table = network.getVertex("attention").paramTable(false);
    Map.of("query_weight", "Wq", "key_weight", "Wk", "value_weight", "Wv", "output_weight", "Wo")
        .forEach((name, key) -> expected.put("attention/" + name, TensorShape.of(table.get(key).shape())));
    assertThat(graph.nodes().stream().filter(n -> n.name().startsWith("attention/") && n.op().equals("Variable"))
        .collect(Collectors.toMap(Node::name, n -> n.outputs().get(0).shape()))).isEqualTo(expected);
    assertThat(node(graph, "twice/doubled").inputs()).hasSize(1)
        .allSatisfy(i -> assertThat(graph.nodes().get(i.node()).name()).startsWith("attention/"));
  }

  @Test
  void shouldDrawAVertexThatYieldsAConstantAsOneOperation() {
    ComputationGraph network = network(new NeuralNetConfiguration.Builder().graphBuilder().addInputs("data")
        .addVertex("fixed", new Fixed(), "data")
        .addVertex("shifted", new ShiftVertex(3), "fixed")
        .setOutputs("shifted").build());

    ModelGraph graph = Dl4jGraph.of(network, InputType.feedForward(6));

    assertThat(node(graph, "shifted").inputs()).hasSize(1)
        .allSatisfy(i -> assertThat(graph.nodes().get(i.node()).op()).isEqualTo("Fixed"));
  }

  private static final class Fixed extends SameDiffLambdaVertex {
    private static final long serialVersionUID = 1;

    @Override
    public SDVariable defineVertex(SameDiff graph, VertexInputs inputs) {
      inputs.getInput(0);
      return graph.constant("fixed", Nd4j.ones(3, 6));
    }

    @Override
    public GraphVertex clone() {
      return this;
    }
  }

  private static String letter(List<String> drawn, Map<GraphVertex, List<String>> all, GraphVertex vertex) {
    int index = 0;
    for (GraphVertex other : all.keySet()) {
      if (other == vertex) {
        return String.valueOf((char) ('a' + index));
      }
      index++;
    }
    throw new AssertionError(drawn);
  }

  private static InputType[] types() {
    return new InputType[] {InputType.feedForward(6), InputType.feedForward(6), InputType.recurrent(6, 4),
        InputType.convolutional(5, 5, 2)};
  }

  private static Long[] withoutBatch(long[] shape) {
    return java.util.Arrays.stream(shape).skip(1).boxed().toArray(Long[]::new);
  }

  private static ComputationGraph network(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }
}
