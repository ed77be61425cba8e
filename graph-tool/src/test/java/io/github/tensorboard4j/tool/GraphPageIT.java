package io.github.tensorboard4j.tool;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.transformer.BertBlock;
import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.djl.DjlGraph;
import io.github.tensorboard4j.dl4j.Dl4jGraph;
import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.GraphNode;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.tool.input.GivenShapes;
import io.github.tensorboard4j.tool.onnx.OnnxGraph;
import io.github.tensorboard4j.tool.torchexport.ExportedGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.model.InceptionResNetV1;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.Xception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** What TensorBoard makes of the graphs: its own interface against the frameworks' shapes, and its page. */
class GraphPageIT {

  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final List<String> LENET_LAYERS =
      List.of("0_conv", "1_pool", "2_conv", "3_pool", "4_dense", "5_output");

  private Path logs;

  @BeforeEach
  void setLogs(@TempDir Path temporary) {
    logs = temporary;
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldServeTheLayersShapesAndParametersOfADl4jNetwork(Loader loader) {
    MultiLayerNetwork network = lenet();
    InputType images = InputType.convolutionalFlat(28, 28, 1);
    write("lenet", Dl4jGraph.of(network, images));
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("a graph", client -> client.graphs().keySet(), graphs -> graphs.contains("lenet"));
      List<GraphNode> nodes = server.client().graph("lenet");

      List<InputType> types = network.getLayerWiseConfigurations().getLayerActivationTypes(images);
      for (int i = 0; i < LENET_LAYERS.size(); i++) {
        String name = LENET_LAYERS.get(i);
        GraphNode last = nodes.stream().filter(n -> n.name().equals(name) || n.name().startsWith(name + "/"))
            .reduce((first, second) -> second).orElseThrow();
        assertThat(last.outputShapes()).as(name).containsExactly(list(types.get(i).getShape(true)));
      }
      List<String> parameters = new ArrayList<>();
      for (int i = 0; i < LENET_LAYERS.size(); i++) {
        String name = LENET_LAYERS.get(i);
        network.getLayer(i).paramTable()
            .forEach((key, array) -> parameters.add(name + "/" + key + " " + list(array.shape())));
      }
      assertThat(parametersOf(nodes).map(n -> scopeOf(n) + frameworkNameAndShapeOf(n)))
          .containsExactlyInAnyOrderElementsOf(parameters);
      assertThat(nodes).allSatisfy(n -> assertThat(n.device()).isEqualTo("/device:CPU:0"));
      assertThat(node(nodes, "4_dense/MatMul").inputs()).containsExactly("4_dense/Dropout", "4_dense/weight");
      assertThat(node(nodes, "Adam/gradients").inputs()).containsExactly("loss/Mean");
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldServeTheTracedOperationsOfADjlModel(Loader loader) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block resnet = resnet(manager);
      write("resnet", DjlGraph.of(resnet, manager, shape()));
      List<String> parameters = new ArrayList<>();
      resnet.getParameters().values().forEach(
          parameter -> parameters.add(parameter.getName() + " " + list(parameter.getArray().getShape().getShape())));
      try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
        server.await("a graph", client -> client.graphs().keySet(), graphs -> graphs.contains("resnet"));
        List<GraphNode> nodes = server.client().graph("resnet");

        assertThat(parametersOf(nodes).map(GraphPageIT::frameworkNameAndShapeOf))
            .containsExactlyInAnyOrderElementsOf(parameters);
        assertThat(nodes).filteredOn(n -> n.op().equals("Add")).hasSize(8)
            .allSatisfy(n -> assertThat(n.inputs()).hasSize(2).doesNotHaveDuplicates());
        GraphNode last = nodes.stream().filter(n -> nodes.stream().noneMatch(m -> m.inputs().contains(n.name())))
            .findFirst().orElseThrow();
        long[] inferred = resnet.getOutputShapes(new ai.djl.ndarray.types.Shape[] {shape()})[0].getShape();
        inferred[0] = -1;
        assertThat(last.outputShapes()).containsExactly(list(inferred));
        assertThat(server.problems()).isEmpty();
      }
    }
  }

  @Test
  void shouldBeDrawnFoldedAndUnfolded() {
    MultiLayerNetwork network = lenet();
    write("lenet", Dl4jGraph.of(network, InputType.convolutionalFlat(28, 28, 1)));
    try (NDManager manager = NDManager.newBaseManager()) {
      write("resnet", DjlGraph.of(resnet(manager), manager, shape()));
    }
    try (Browser browser = Browser.start(); TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST)) {
      server.await("two graphs", client -> client.graphs().keySet(), graphs -> graphs.size() == 2);
      Page folded = browser.open(server, Dashboard.GRAPHS);
      List<String> expected = new ArrayList<>(LENET_LAYERS);
      expected.addAll(List.of("input", "labels", "loss", "Adam"));
      assertThat(folded.graphNodes()).containsExactlyInAnyOrderElementsOf(expected);
      browser.screenshot(SCREENSHOTS.resolve("lenet.png"));
      Page unfolded = browser.expandGraph();
      browser.screenshot(SCREENSHOTS.resolve("lenet-unfolded.png"));
      assertThat(unfolded.graphNodes()).contains("0_conv/Conv2D", "0_conv/weight", "4_dense/Dropout", "5_output/Softmax");
      assertThat(unfolded.graphEdges()).contains("0_conv/weight--0_conv/Conv2D", "4_dense/MatMul--4_dense/BiasAdd");
      assertThat(unfolded.consoleErrors()).isEmpty();

      Page residual = browser.chooseGraph("resnet");
      assertThat(residual.graphNodes()).contains("input", "01_conv2d").noneMatch(name -> name.contains("["));
      assertThat(residual.consoleErrors()).isEmpty();
      browser.screenshot(SCREENSHOTS.resolve("resnet.png"));
    }
  }

  @Test
  void shouldDrawExportsOfPyTorchByModule() throws IOException {
    write("onnx", OnnxGraph.read(Path.of("src/test/resources/onnx/dynamo-translator.onnx"), GivenShapes.NONE));
    write("pt2", ExportedGraph.read(Path.of("src/test/resources/torchexport/translator.pt2")));
    try (Browser browser = Browser.start(); TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST)) {
      server.await("two graphs", client -> client.graphs().keySet(), graphs -> graphs.size() == 2);
      List<Page> folded = List.of(browser.open(server, Dashboard.GRAPHS), browser.chooseGraph("pt2"));
      browser.screenshot(SCREENSHOTS.resolve("pt2.png"));
      for (Page page : folded) {
        assertThat(page.graphNodes()).containsExactlyInAnyOrder("tokens", "embed", "lstm", "encoder", "head");
      }
      Page unfolded = browser.expandGraph();
      assertThat(unfolded.graphNodes()).contains("encoder/layers/0_TransformerEncoderLayer/self_attn/in_proj_bias")
          .noneMatch(name -> name.contains("["));
      assertThat(unfolded.consoleErrors()).isEmpty();
    }
  }

  @Test
  void shouldBeInOnePieceWhateverTheVerticesAreCalled() {
    InputType images = InputType.convolutional(160, 160, 3);
    write("squeezenet", Dl4jGraph.of(SqueezeNet.builder().numClasses(10).build().init(), images));
    write("xception", Dl4jGraph.of(Xception.builder().numClasses(10).build().init(), images));
    write("inception", Dl4jGraph.of(InceptionResNetV1.builder().numClasses(10).build().init(), images));
    try (NDManager manager = NDManager.newBaseManager()) {
      write("bert", DjlGraph.of(bert(manager), manager, tokens(), tokens(), tokens()));
    }
    try (Browser browser = Browser.start(); TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST)) {
      server.await("four graphs", client -> client.graphs().keySet(), graphs -> graphs.size() == 4);
      Page bert = browser.open(server, Dashboard.GRAPHS);
      assertInOnePiece(bert, "tokenEmbedding", "transformer_0", "poolingProjection");
      browser.screenshot(SCREENSHOTS.resolve("bert.png"));
      assertInOnePiece(browser.chooseGraph("squeezenet"), "conv1", "fire2", "fire9", "conv10");
      browser.screenshot(SCREENSHOTS.resolve("squeezenet.png"));
      assertInOnePiece(browser.chooseGraph("xception"), "block1", "add1_add", "add12_add", "block14");
      browser.screenshot(SCREENSHOTS.resolve("xception.png"));
      assertInOnePiece(browser.chooseGraph("inception"), "stem", "resnetA", "resnetB", "resnetC", "outputLayer");
      browser.screenshot(SCREENSHOTS.resolve("inception.png"));
    }
  }

  /** The page draws no series, and edges lead from the first of these nodes to the last. */
  private static void assertInOnePiece(Page page, String... path) {
    assertThat(page.graphNodes()).contains(path).noneMatch(name -> name.contains("["));
    Set<String> reached = new HashSet<>(Set.of(path[0]));
    for (int before = 0; before < reached.size();) {
      before = reached.size();
      page.graphEdges().stream().map(edge -> edge.split("--")).filter(ends -> reached.contains(ends[0]))
          .forEach(ends -> reached.add(ends[1]));
    }
    assertThat(reached).contains(path);
    assertThat(page.consoleErrors()).isEmpty();
  }

  private static Block bert(NDManager manager) {
    Block block = BertBlock.builder().nano().setTokenDictionarySize(100).build();
    block.initialize(manager, ai.djl.ndarray.types.DataType.FLOAT32, tokens(), tokens(), tokens());
    return block;
  }

  private static ai.djl.ndarray.types.Shape tokens() {
    return new ai.djl.ndarray.types.Shape(1, 128);
  }

  private void write(String run, GraphDefSource graph) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve(run))) {
      writer.addGraph(graph);
    }
  }

  private static MultiLayerNetwork lenet() {
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().updater(new Adam()).list()
        .layer(new ConvolutionLayer.Builder(5, 5).nOut(6).activation(Activation.RELU).build())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
        .layer(new ConvolutionLayer.Builder(5, 5).nOut(16).activation(Activation.RELU).build())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
        .layer(new DenseLayer.Builder().nOut(120).dropOut(0.5).activation(Activation.RELU).build())
        .layer(new OutputLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutionalFlat(28, 28, 1)).build());
    network.init();
    return network;
  }

  private static ai.djl.ndarray.types.Shape shape() {
    return new ai.djl.ndarray.types.Shape(1, 3, 32, 32);
  }

  private static Block resnet(NDManager manager) {
    Block block = ResNetV1.builder().setImageShape(new ai.djl.ndarray.types.Shape(3, 32, 32)).setNumLayers(18)
        .setOutSize(10).build();
    block.initialize(manager, ai.djl.ndarray.types.DataType.FLOAT32, shape());
    return block;
  }

  private static Stream<GraphNode> parametersOf(List<GraphNode> nodes) {
    return nodes.stream().filter(node -> node.op().equals("Variable"));
  }

  private static String scopeOf(GraphNode node) {
    return node.name().substring(0, node.name().lastIndexOf('/') + 1);
  }

  private static String frameworkNameAndShapeOf(GraphNode node) {
    return node.attributes().get("framework_name") + " " + node.outputShapes().get(0);
  }

  private static GraphNode node(List<GraphNode> nodes, String name) {
    return nodes.stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Long> list(long[] sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }
}
