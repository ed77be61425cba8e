package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.tensorboard4j.dl4j.internal.LayerNames;
import io.github.tensorboard4j.dl4j.internal.ParameterKeys;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.TensorShape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.tensorflow.framework.GraphDef;
import org.tensorflow.framework.NodeDef;

class Dl4jGraphTest {

  @Test
  void shouldOpenDenseLayersIntoTheirOperations() {
    ModelGraph graph = Dl4jGraph.of(mlp(new Adam(1e-3)), InputType.feedForward(784));

    assertThat(edges(graph)).containsExactlyInAnyOrder(
        "input [?, 784] -> hidden/MatMul", "hidden/weight [784, 100] -> hidden/MatMul",
        "hidden/MatMul [?, 100] -> hidden/BiasAdd", "hidden/bias [100] -> hidden/BiasAdd",
        "hidden/BiasAdd [?, 100] -> hidden/Relu",
        "hidden/Relu [?, 100] -> output/MatMul", "output/weight [100, 10] -> output/MatMul",
        "output/MatMul [?, 10] -> output/BiasAdd", "output/bias [10] -> output/BiasAdd",
        "output/BiasAdd [?, 10] -> output/Softmax",
        "output/Softmax [?, 10] -> loss/CrossEntropy", "labels [?, 10] -> loss/CrossEntropy",
        "loss/CrossEntropy [?] -> loss/Mean", "loss/Mean [] -> Adam/gradients",
        "Adam/gradients [79510] -> Adam/Apply", "Adam/learning_rate [] -> Adam/Apply",
        "Adam/beta1 [] -> Adam/Apply", "Adam/beta2 [] -> Adam/Apply", "Adam/epsilon [] -> Adam/Apply");
  }

  @Test
  void shouldBeReadByGooglesParser() throws Exception {
    ByteBuffer bytes = Dl4jGraph.of(mlp(new Sgd(0.01)), null).toGraphDef();
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);

    GraphDef read = GraphDef.parseFrom(array);

    NodeDef weight = read.getNodeList().stream().filter(n -> n.getName().equals("hidden/weight")).findFirst().orElseThrow();
    assertThat(weight.getAttrOrThrow("_output_shapes").getList().getShape(0).getDimList())
        .extracting(d -> d.getSize()).containsExactly(784L, 100L);
    NodeDef rate =
        read.getNodeList().stream().filter(n -> n.getName().equals("SGD/learning_rate")).findFirst().orElseThrow();
    assertThat(rate.getAttrOrThrow("value").getF()).isEqualTo(0.01f);
    assertThat(read.getNodeList()).allSatisfy(n -> assertThat(n.getDevice()).isEqualTo("/device:CPU:0"));
  }

  @Test
  void shouldNameUnnamedLayersByPlaceAndKindWhetherFrozenOrNot() {
    assertThat(LayerNames.of(lenet(false))).containsExactly("0_conv", "1_pool", "2_dense", "3_output");
    assertThat(LayerNames.of(lenet(true))).isEqualTo(LayerNames.of(lenet(false)));
  }

  @Test
  void shouldGiveEqualLayerNamesToSeveralLayersOnlyOnce() {
    MultiLayerNetwork network = network(new NeuralNetConfiguration.Builder().list()
        .layer(dense("same/one two")).layer(dense("same/one two"))
        .layer(new OutputLayer.Builder().name("input").nIn(4).nOut(2).build()).build());

    assertThat(LayerNames.of(network)).containsExactly("same/one_two", "same/one_two_b", "input");
    assertParametersOnce(network, Dl4jGraph.of(network, null));
  }

  @Test
  void shouldHaveTheShapesThatTheNetworkComputes() {
    for (boolean frozen : new boolean[] {false, true}) {
      MultiLayerNetwork network = lenet(frozen);
      INDArray batch = Nd4j.rand(DataType.FLOAT, 3, 784);

      ModelGraph graph = Dl4jGraph.of(network, Dl4jGraph.inputType(network, batch));

      List<String> names = LayerNames.of(network);
      List<INDArray> activations = network.feedForward(batch);
      for (int i = 0; i < names.size(); i++) {
        assertThat(lastOf(graph, names.get(i))).as(names.get(i)).isEqualTo(batchShape(activations.get(i + 1)));
      }
      assertParametersOnce(network, graph);
      assertThat(graph.nodes()).filteredOn(n -> n.name().equals("0_conv/weight")).singleElement()
          .extracting(n -> n.attributes().get("trainable")).hasToString(Boolean.toString(!frozen));
    }
  }

  @Test
  void shouldDrawBranchesOfAComputationGraph() {
    ComputationGraph network = branches();
    INDArray left = Nd4j.rand(DataType.FLOAT, 3, 5);
    INDArray right = Nd4j.rand(DataType.FLOAT, 3, 6);

    ModelGraph graph = Dl4jGraph.of(network, Dl4jGraph.inputTypes(network, left, right));

    network.feedForward(new INDArray[] {left, right}, false)
        .forEach((vertex, activation) -> assertThat(lastOf(graph, vertex)).as(vertex).isEqualTo(batchShape(activation)));
    assertThat(edges(graph)).contains(
        "a/Tanh [?, 4] -> add", "b/Tanh [?, 4] -> add", "a/Tanh [?, 4] -> merged", "add [?, 4] -> merged",
        "merged [?, 8] -> one/MatMul", "merged [?, 8] -> two/MatMul",
        "labels/one [?, 2] -> loss/one/MeanSquaredError", "labels/two [?, 3] -> loss/two/CrossEntropy",
        "loss/one/Mean [] -> loss/Sum", "loss/two/Mean [] -> loss/Sum", "loss/Sum [] -> Adam/gradients");
    Map<String, TensorShape> parameters = new TreeMap<>();
    for (String vertex : List.of("a", "b", "one", "two")) {
      parameters.put(vertex + "/weight", TensorShape.of(network.getLayer(vertex).getParam("W").shape()));
      parameters.put(vertex + "/bias", TensorShape.of(network.getLayer(vertex).getParam("b").shape()));
    }
    assertThat(parameters(graph)).isEqualTo(parameters);
  }

  @Test
  void shouldLeaveOutShapesThatItCantKnow() {
    ModelGraph graph = Dl4jGraph.of(branches(), (InputType[]) null);

    assertThat(parameters(graph)).hasSize(8);
    ModelGraph pooled = Dl4jGraph.of(new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
        .layer(new SubsamplingLayer.Builder().build()).build()), null);
    assertThat(pooled.nodes()).extracting(n -> n.outputs().get(0).shape()).containsOnly(TensorShape.UNKNOWN);
    assertThat(Dl4jGraph.inputType(lenet(false), Nd4j.scalar(1))).isNull();
  }

  @Test
  void shouldReadABatchAsTheFirstLayerReadsIt() {
    MultiLayerNetwork images = network(new NeuralNetConfiguration.Builder().list()
        .layer(new ConvolutionLayer.Builder(3, 3).nIn(3).nOut(6).dataFormat(CNN2DFormat.NHWC).build())
        .layer(new GlobalPoolingLayer())
        .layer(new OutputLayer.Builder().nIn(6).nOut(2).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(8, 9, 3, CNN2DFormat.NHWC)).build());
    INDArray batch = Nd4j.rand(DataType.FLOAT, 4, 8, 9, 3);

    ModelGraph graph = Dl4jGraph.of(images, Dl4jGraph.inputType(images, batch));

    assertThat(lastOf(graph, "0_conv")).isEqualTo(batchShape(images.feedForward(batch).get(1)));
    assertThat(Dl4jGraph.inputType(lenet(false), Nd4j.rand(4, 3, 8, 9)).getShape()).containsExactly(3, 8, 9);
    assertThat(Dl4jGraph.inputTypes(branches(), Nd4j.rand(4, 5), Nd4j.rand(4, 6, 7))).extracting(InputType::getType)
        .containsExactly(InputType.Type.FF, InputType.Type.RNN);
  }

  @Test
  void shouldCallWhatHasNoClassNameByItsKind() {
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
        .layer(new DenseLayer.Builder().nIn(3).nOut(3).activation(new ActivationTanH() {}).dropOut(new Dropout(0.5) {})
            .build())
        .layer(new OutputLayer.Builder().nIn(3).nOut(2).lossFunction(new LossMCXENT() {}).build())
        .inputPreProcessor(0, new CnnToFeedForwardPreProcessor(1, 1, 3) {})
        .build());
    network.init();

    ModelGraph graph = Dl4jGraph.of(network, null);

    assertThat(graph.nodes()).extracting(Node::op)
        .contains("Activation", "Dropout", "PreProcessor", "Loss");
  }

  @Test
  void shouldRefuseAnInputThatTheNetworkCantTake() {
    MultiLayerNetwork mlp = mlp(new Adam());
    assertThatIllegalArgumentException().isThrownBy(() -> Dl4jGraph.of(mlp, InputType.feedForward(7)))
        .withMessage("An input [?, 7] does not fit: Layer hidden takes 784 values, but would get 7 from such an input;"
            + " the network takes [?, 784]");
    assertThatIllegalArgumentException().isThrownBy(() -> Dl4jGraph.of(mlp, InputType.convolutional(28, 28, 1)))
        .withMessageStartingWith("An input [?, 1, 28, 28] does not fit: ").withMessageEndingWith("takes [?, 784]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dl4jGraph.of(mlp.toComputationGraph(), InputType.feedForward(7)))
        .withMessageContaining("Layer 0_dense takes 784 values");

    MultiLayerNetwork lenet = lenet(false);
    assertThatIllegalArgumentException().isThrownBy(() -> Dl4jGraph.of(lenet, InputType.recurrent(3)))
        .withMessageContaining("An input [?, 3, ?] does not fit: ");
    assertThatIllegalArgumentException().isThrownBy(() -> Dl4jGraph.of(lenet, InputType.convolutionalFlat(32, 32, 1)))
        .withMessageContaining("An input [?, 1024] does not fit: ");
    MultiLayerNetwork images = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(2).build()).layer(new OutputLayer.Builder().nOut(2)
            .activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(8, 8, 3)).build());
    assertThatIllegalArgumentException().isThrownBy(() -> Dl4jGraph.of(images, InputType.convolutional(8, 8, 4)))
        .withMessageContaining("Layer 0_conv takes 3 channels, but would get 4");
    assertThatIllegalArgumentException().isThrownBy(() -> Dl4jGraph.of(images, InputType.convolutional(9, 9, 3)))
        .withMessageContaining("Layer 1_output takes 72 values, but would get 98");
  }

  @Test
  void shouldDrawANetworkThatIsNotInitialized() {
    MultiLayerNetwork network = new MultiLayerNetwork(lenet(false).getLayerWiseConfigurations());

    assertThat(Dl4jGraph.of(network, null).nodes()).extracting(Node::name).contains("input", "1_pool");
    assertThatNullPointerException().isThrownBy(() -> Dl4jGraph.of((MultiLayerNetwork) null, null));
  }

  static MultiLayerNetwork mlp(IUpdater updater) {
    return network(new NeuralNetConfiguration.Builder().updater(updater).list()
        .layer(new DenseLayer.Builder().name("hidden").nOut(100).activation(Activation.RELU).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(10)
            .activation(Activation.SOFTMAX).build())
        .setInputType(InputType.feedForward(784)).build());
  }

  private static MultiLayerNetwork lenet(boolean frozen) {
    Layer conv = new ConvolutionLayer.Builder(5, 5).nOut(6).activation(Activation.RELU).build();
    return network(new NeuralNetConfiguration.Builder().list()
        .layer(frozen ? new FrozenLayer(conv) : conv)
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
        .layer(new DenseLayer.Builder().nOut(20).dropOut(0.5).build())
        .layer(new OutputLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutionalFlat(28, 28, 1)).build());
  }

  private static ComputationGraph branches() {
    ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder().updater(new Adam()).graphBuilder()
        .addInputs("left", "right")
        .addLayer("a", new DenseLayer.Builder().nIn(5).nOut(4).activation(Activation.TANH).build(), "left")
        .addLayer("b", new DenseLayer.Builder().nIn(6).nOut(4).activation(Activation.TANH).build(), "right")
        .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
        .addVertex("merged", new MergeVertex(), "a", "add")
        .addLayer("one", new OutputLayer.Builder(LossFunction.MSE).nIn(8).nOut(2).build(), "merged")
        .addLayer("two", new OutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(3)
            .activation(Activation.SOFTMAX).build(), "merged")
        .setOutputs("one", "two").build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  private static DenseLayer dense(String name) {
    return new DenseLayer.Builder().name(name).nIn(4).nOut(4).build();
  }

  private static MultiLayerNetwork network(org.deeplearning4j.nn.conf.MultiLayerConfiguration configuration) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  private static Map<String, TensorShape> parameters(ModelGraph graph) {
    Map<String, TensorShape> parameters = new TreeMap<>();
    for (Node node : graph.nodes()) {
      if (node.op().equals("Variable")) {
        assertThat(parameters.put(node.name(), node.outputs().get(0).shape())).as(node.name()).isNull();
      }
    }
    return parameters;
  }

  private static void assertParametersOnce(MultiLayerNetwork network, ModelGraph graph) {
    Map<String, TensorShape> expected = new TreeMap<>();
    List<String> names = LayerNames.of(network);
    for (int i = 0; i < names.size(); i++) {
      String layer = names.get(i);
      Map<String, INDArray> table = network.getLayer(i).paramTable();
      Layer conf = network.getLayerWiseConfigurations().getConf(i).getLayer();
      ParameterKeys.namesOf(conf, table.keySet())
          .forEach((key, name) -> expected.put(layer + "/" + name, TensorShape.of(table.get(key).shape())));
    }
    assertThat(parameters(graph)).isEqualTo(expected);
  }

  /** The shape that leaves the layer: that of its last operation. */
  private static TensorShape lastOf(ModelGraph graph, String layer) {
    return graph.nodes().stream()
        .filter(node -> node.name().equals(layer) || node.name().startsWith(layer + "/"))
        .reduce((first, second) -> second).orElseThrow().outputs().get(0).shape();
  }

  private static TensorShape batchShape(INDArray activation) {
    long[] sizes = activation.shape().clone();
    sizes[0] = TensorShape.UNKNOWN_SIZE;
    return TensorShape.of(sizes);
  }
}
