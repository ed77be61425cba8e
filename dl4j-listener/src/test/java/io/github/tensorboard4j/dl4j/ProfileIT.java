package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.GraphNode;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.ProfiledNode;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What TensorBoard serves to its Graphs page of an iteration that was profiled. */
class ProfileIT {

  private static final String RUN = "run/train";

  /** An activation function that takes its time. */
  private static final class SlowRelu extends ActivationReLU {
    private static final long serialVersionUID = 1;

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return super.getActivation(in, training);
    }
  }

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldServeWhatEachLayerTakesUnderTheNamesOfTheGraph(Loader loader) {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.01)).list()
        .layer(new FrozenLayer(new ConvolutionLayer.Builder(3, 3).name("conv").nOut(5).build()))
        .layer(new BatchNormalization())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).name("pool").build())
        .layer(new DenseLayer.Builder().name("slow").nOut(6).activation(new SlowRelu()).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(4).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(6, 6, 3))
        .build());
    fit(network, new DataSet(Nd4j.randn(4, 3, 6, 6), Nd4j.eye(4)));

    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      Map<String, Long> micros = micros(server, "iteration 2");
      assertThat(server.client().graph(RUN)).extracting(GraphNode::name).containsAll(micros.keySet());
      assertThat(micros.keySet()).extracting(name -> name.split("/")[0])
          .containsExactly("0_conv", "1_batch_normalization", "pool", "slow", "output");
      assertThat(micros.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey()).startsWith("slow/");
      assertThat(micros).allSatisfy((name, time) -> assertThat(time).isPositive());

      // four examples of five channels, after a convolution and a pooling, of floats
      Map<String, Long> bytes = bytes(server, "iteration 2 forward");
      assertThat(bytes.values()).containsExactly(4L * 5 * 4 * 4 * 4, 4L * 5 * 4 * 4 * 4, 4L * 5 * 2 * 2 * 4, 4L * 6 * 4);
      assertThat(micros(server, "iteration 2 backward").keySet())
          .extracting(name -> name.split("/")[0]).contains("slow", "output");
      assertThat(server.client().texts(RUN, "profile")).singleElement()
          .satisfies(text -> assertThat(text.html()).contains("<td>slow</td>"));
      assertThat(server.problems()).isEmpty();
    }
  }

  @Test
  void shouldColourTheGraphByTheTimeOfLayers() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Adam(1e-3)).list()
        .layer(new ConvolutionLayer.Builder(5, 5).name("conv1").nOut(20).activation(Activation.RELU).build())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).name("pool1").build())
        .layer(new ConvolutionLayer.Builder(5, 5).name("conv2").nOut(50).activation(Activation.RELU).build())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).name("pool2").build())
        .layer(new DenseLayer.Builder().name("hidden").nOut(500).activation(Activation.RELU).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(10).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(28, 28, 1))
        .build());
    fit(network, new DataSet(Nd4j.randn(32, 1, 28, 28), Nd4j.eye(10).get(Nd4j.createFromArray(new int[32]))));

    try (TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST); Browser browser = Browser.start()) {
      micros(server, "iteration 2");
      browser.open(server, Dashboard.GRAPHS);
      browser.chooseGraph("iteration 2");
      browser.click("Compute time");
      Page page = browser.click("Fit to screen");
      browser.screenshot(Path.of("target/screenshots/graph-profile.png"));
      assertThat(page.texts()).anyMatch(text -> text.contains("Compute time"));
    }
  }

  @Test
  void shouldProfileGraphsAndSegmentsOfTime() {
    ComputationGraph network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.01)).graphBuilder()
        .addInputs("a", "b")
        .addLayer("left", new LSTM.Builder().nOut(4).build(), "a")
        .addLayer("right", new LSTM.Builder().nOut(3).build(), "b")
        .addVertex("merged", new MergeVertex(), "left", "right")
        .addLayer("output", new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(2).activation(Activation.SOFTMAX).build(),
            "merged")
        .setOutputs("output")
        .setInputTypes(InputType.recurrent(2), InputType.recurrent(5))
        .backpropType(BackpropType.TruncatedBPTT).tBPTTLength(3)
        .build());
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).profileIteration(2).build()) {
      network.setListeners(listener);
      INDArray labels = Nd4j.zeros(4, 2, 6);
      labels.putScalar(0, 1, 2, 1);
      network.fit(new INDArray[] {Nd4j.randn(4, 2, 6), Nd4j.randn(4, 5, 6)}, new INDArray[] {labels});
    }

    try (TensorBoardServer server = TensorBoardServer.start(logs, Loader.values()[0])) {
      Map<String, Long> micros = micros(server, "iteration 2");
      assertThat(server.client().graph(RUN)).extracting(GraphNode::name).containsAll(micros.keySet());
      assertThat(micros.keySet()).extracting(name -> name.split("/")[0])
          .containsExactlyInAnyOrder("left", "right", "merged", "output");
      // a segment of three steps
      assertThat(bytes(server, "iteration 2 forward").values())
          .containsExactlyInAnyOrder(4L * 4 * 3 * 4, 4L * 3 * 3 * 4, 4L * 7 * 3 * 4);
      assertThat(server.problems()).isEmpty();
    }
  }

  @Test
  void shouldProfileTheOperationsOfSameDiff() {
    SameDiff model = SameDiff.create();
    SDVariable x = model.placeHolder("x", DataType.FLOAT, -1, 40);
    SDVariable labels = model.placeHolder("labels", DataType.FLOAT, -1, 3);
    SDVariable hidden = model.nn().relu("hidden", x.mmul("product", model.var("w", Nd4j.rand(40, 20))), 0);
    SDVariable logits = hidden.mmul("logits", model.var("v", Nd4j.rand(20, 3)));
    model.loss().softmaxCrossEntropy("loss", labels, logits, null);
    model.setTrainingConfig(TrainingConfig.builder().updater(new Sgd(0.01)).dataSetFeatureMapping("x")
        .dataSetLabelMapping("labels").build());
    try (SameDiffTensorBoardListener listener =
        SameDiffTensorBoardListener.builder(logs.resolve("run")).profileIteration(2).build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(List.of(new DataSet(Nd4j.rand(3, 40), Nd4j.eye(3)))), 3);
    }

    try (TensorBoardServer server = TensorBoardServer.start(logs, Loader.values()[0])) {
      Map<String, Long> micros = micros(server, "iteration 2");
      assertThat(server.client().graph(RUN)).extracting(GraphNode::name).containsAll(micros.keySet());
      assertThat(micros).containsKeys("product", "hidden", "logits", "loss");
      assertThat(bytes(server, "iteration 2 forward"))
          .containsEntry("product", 3L * 20 * 4).containsEntry("logits", 3L * 3 * 4);
      Map<String, Long> backward = micros(server, "iteration 2 backward");
      assertThat(backward.keySet()).isNotEmpty().allMatch(name -> name.startsWith("gradients/"));
      assertThat(micros).hasSize(backward.size() + micros(server, "iteration 2 forward").size());
      assertThat(server.problems()).isEmpty();
    }
  }

  private void fit(MultiLayerNetwork network, DataSet batch) {
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).profileIteration(2).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(List.of(batch)), 3);
    }
  }

  private static Map<String, Long> micros(TensorBoardServer server, String tag) {
    return figures(server, tag, ProfiledNode::micros);
  }

  private static Map<String, Long> bytes(TensorBoardServer server, String tag) {
    return figures(server, tag, ProfiledNode::bytes);
  }

  /** Returns a figure of each operation that has one, by its name, in the order served. */
  private static Map<String, Long> figures(TensorBoardServer server, String tag, ToLongFunction<ProfiledNode> figure) {
    Map<String, Long> figures = new LinkedHashMap<>();
    for (ProfiledNode node : server.awaitProfile(RUN, tag)) {
      if (figure.applyAsLong(node) > 0) {
        figures.put(node.name(), figure.applyAsLong(node));
      }
    }
    return figures;
  }
}
