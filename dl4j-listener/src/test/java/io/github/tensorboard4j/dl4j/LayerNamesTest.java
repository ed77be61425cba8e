package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.dl4j.internal.LayerNames;
import io.github.tensorboard4j.dl4j.internal.ParameterKeys;
import io.github.tensorboard4j.graph.ModelGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.model.FaceNetNN4Small2;
import org.deeplearning4j.zoo.model.InceptionResNetV1;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.UNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.deeplearning4j.zoo.model.Xception;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

class LayerNamesTest {

  @Test
  void shouldAppendItsKindToANameThatIsANumber() {
    ComputationGraph vgg = new ComputationGraph(VGG16.builder().numClasses(10).build().conf());
    assertThat(LayerNames.of(vgg).values()).startsWith("0_conv", "1_conv", "2_pool").endsWith("19_dense", "20_output");

    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
        .layer(new DenseLayer.Builder().name("12").nIn(3).nOut(3).build())
        .layer(new OutputLayer.Builder().nIn(3).nOut(2).activation(Activation.SOFTMAX).build()).build());
    network.init();
    assertThat(LayerNames.of(network)).containsExactly("12_dense", "1_output");
    assertThat(LayerNames.of(network.toComputationGraph()).values()).containsExactly("0_dense", "1_output");
  }

  @Test
  void shouldAppendTheirKindToNamesOfWhichTensorBoardWouldMakeASeries() {
    assertThat(LayerNames.of(merging(5)).values()).containsExactly(
        "dense1", "m1_concat", "a1_activation", "dense2", "m2_concat", "a2_activation", "dense3", "m3_concat",
        "a3_activation", "dense4", "m4_concat", "a4_activation", "dense5", "m5_concat", "a5_activation", "output");
    assertThat(LayerNames.of(merging(2)).values())
        .containsExactly("dense1", "m1", "a1", "dense2", "m2", "a2", "output");

    NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().list();
    for (int i = 1; i <= 5; i++) {
      layers.layer(new DenseLayer.Builder().name("fc" + i).nIn(3).nOut(3).build())
          .layer(new ActivationLayer.Builder().name("act" + i).activation(Activation.RELU).build());
    }
    assertThat(LayerNames.of(new MultiLayerNetwork(layers.build()))).containsExactly("fc1", "act1_activation", "fc2",
        "act2_activation", "fc3", "act3_activation", "fc4", "act4_activation", "fc5", "act5_activation");
  }

  @Test
  void shouldGroupThePartsOfALargeGraphByTheBeginningsOfTheirNames() {
    Map<String, String> squeeze = LayerNames.of(SqueezeNet.builder().numClasses(10).build().init());
    assertThat(squeeze).containsEntry("conv1_act", "conv1_act").containsEntry("fire2_sq1x1", "fire2/sq1x1")
        .containsEntry("fire2_relu_exp1x1", "fire2/relu_exp1x1").containsEntry("fire9", "fire9/concat");
    assertThat(boxes(squeeze.values())).hasSize(19);

    Map<String, String> xception = LayerNames.of(Xception.builder().numClasses(10).build().init());
    assertThat(xception).containsEntry("block2_sepconv1_bn", "block2/sepconv1_bn").containsEntry("add12", "add12_add")
        .containsEntry("residual1", "residual1");

    Map<String, String> inception =
        LayerNames.of(InceptionResNetV1.builder().numClasses(10).build().init());
    assertThat(inception).containsEntry("resnetA-scaling-3", "resnetA/scaling-3_scale")
        .containsEntry("resnetA", "resnetA/activation").containsEntry("resnetB-cnn1-10", "resnetB/cnn1-10");
    assertThat(boxes(inception.values())).containsExactlyInAnyOrder("stem", "resnetA", "reduceA", "resnetB", "reduceB",
        "resnetC", "avgpool", "bottleneck", "embeddings", "outputLayer");
  }

  @Test
  void shouldNotGroupWhatIsNoPartOfTheGraphOrSmall() {
    Map<String, String> resnet = LayerNames.of(ResNet50.builder().numClasses(10).build().init());
    assertThat(resnet).containsEntry("stem-cnn1", "stem/cnn1").containsEntry("res2a_branch2a", "res2a_branch2a")
        .containsEntry("short5c_branch", "short5c_branch");
    Map<String, String> face = LayerNames.of(FaceNetNN4Small2.builder().numClasses(10).build().init());
    assertThat(face).containsEntry("inception-3a-cnn1-0", "inception-3a/cnn1-0").containsEntry("3c-1x1-norm", "3c/1x1-norm")
        .containsEntry("inception-3c", "inception-3c");
    Map<String, String> unet = LayerNames.of(UNet.builder().numClasses(1).build().init());
    unet.forEach((vertex, name) -> assertThat(name).isEqualTo(vertex));

    GraphBuilder small = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("in");
    String from = "in";
    for (String layer : List.of("encoder_a", "encoder_b", "encoder_c")) {
      small.addLayer(layer, new DenseLayer.Builder().nIn(3).nOut(3).build(), from);
      from = layer;
    }
    assertThat(LayerNames.of(new ComputationGraph(small.setOutputs(from).build())).values())
        .containsExactly("encoder_a", "encoder_b", "encoder_c");
  }

  @Test
  void shouldDrawTheGroupsAsBoxesWithoutLoops() {
    Map<ComputationGraph, Integer> networks = Map.of(SqueezeNet.builder().numClasses(10).build().init(), 227,
        FaceNetNN4Small2.builder().numClasses(10).build().init(), 96,
        InceptionResNetV1.builder().numClasses(10).build().init(), 160);
    networks.forEach((network, size) -> {
      ModelGraph graph = Dl4jGraph.of(network, InputType.convolutional(size, size, 3));

      Map<String, Set<String>> flow = new HashMap<>();
      graph.nodes().forEach(node -> node.inputs().forEach(input -> {
        String from = box(graph.nodes().get(input.node()).name());
        if (!from.equals(box(node.name()))) {
          flow.computeIfAbsent(from, box -> new HashSet<>()).add(box(node.name()));
        }
      }));
      flow.keySet().forEach(box -> assertThat(reachable(flow, box)).as(box).doesNotContain(box));
      Set<String> parameters = new HashSet<>();
      graph.nodes().stream().filter(node -> node.op().equals("Variable")).forEach(node -> parameters.add(node.name()));
      assertThat(parameters).containsExactlyInAnyOrderElementsOf(parameterNames(network));
    });
  }

  /** Returns the names that the histograms have. */
  private static Collection<String> parameterNames(ComputationGraph network) {
    List<String> names = new ArrayList<>();
    LayerNames.of(network).forEach((vertex, layer) -> ParameterKeys
        .namesOf(network.getConfiguration().getVertices().get(vertex), network.getVertex(vertex).paramTable(false).keySet())
        .values().forEach(parameter -> names.add(layer + "/" + parameter)));
    return names;
  }

  private static ComputationGraph merging(int times) {
    GraphBuilder graph = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("in")
        .setInputTypes(InputType.feedForward(3));
    String from = "in";
    for (int i = 1; i <= times; i++) {
      graph.addLayer("dense" + i, new DenseLayer.Builder().nOut(3).build(), from)
          .addVertex("m" + i, new MergeVertex(), from, "dense" + i)
          .addLayer("a" + i, new ActivationLayer.Builder().activation(Activation.RELU).build(), "m" + i);
      from = "a" + i;
    }
    return new ComputationGraph(graph.addLayer("output", new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX)
        .build(), from).setOutputs("output").build());
  }

  private static Set<String> boxes(Collection<String> names) {
    Set<String> boxes = new HashSet<>();
    names.forEach(name -> boxes.add(box(name)));
    return boxes;
  }

  private static String box(String name) {
    return name.split("/", 2)[0];
  }

  private static Set<String> reachable(Map<String, Set<String>> flow, String from) {
    Set<String> reached = new HashSet<>();
    List<String> open = new ArrayList<>(flow.get(from));
    while (!open.isEmpty()) {
      String next = open.remove(open.size() - 1);
      if (reached.add(next)) {
        open.addAll(flow.getOrDefault(next, Set.of()));
      }
    }
    return reached;
  }
}
