package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.testing.ActivationPixels.assertChannels;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What layers put out as pictures, recounted from the networks' own outputs by their indices. */
class ActivationImagesTest {

  private static final Frequency ALWAYS = Frequency.iterations(1);

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(CNN2DFormat.class)
  void shouldShowConvolutionsOfTheFirstExample(CNN2DFormat format) {
    MultiLayerNetwork network = network(format);
    DataSet batch = batch(format);
    List<INDArray> outputs = network.clone().feedForward(batch.getFeatures());
    fit(network, batch, TensorBoardListener.builder(logs.resolve("run")).activationImageFrequency(ALWAYS));

    assertThat(train().pictures()).containsOnlyKeys("activation/first", "activation/second");
    assertShown("first", 10, 6, outputs.get(1), format);
    assertShown("second", 4, 3, outputs.get(4), format);
    assertThat(train().tensorSteps().keySet()).noneMatch(tag -> tag.endsWith("/activation"));
  }

  @ParameterizedTest
  @EnumSource(CNN2DFormat.class)
  void shouldShowTheLayersThatAreNamed(CNN2DFormat format) {
    ComputationGraph network = graph(format);
    DataSet batch = batch(format);
    Map<String, INDArray> outputs = network.clone().feedForward(batch.getFeatures(), false);
    try (Log log = new Log(logs)) {
      try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
          .activationImageFrequency(ALWAYS, "pool", "padding", "norm", "dense", "no such").build()) {
        network.setListeners(listener);
        network.fit(batch);
      }

      assertThat(log.lines()).filteredOn(line -> line.contains("WARN")).singleElement().asString()
          .contains("[dense, no such]", "[first, norm, padding, pool, second]");
    }

    assertThat(train().pictures()).containsOnlyKeys("activation/pool", "activation/padding", "activation/norm");
    assertShown("pool", 10, 3, outputs.get("pool"), format);
    assertShown("padding", 10, 5, outputs.get("padding"), format);
  }

  @Test
  void shouldShowTheFirstBatchOfAnEpoch() {
    MultiLayerNetwork network = network(CNN2DFormat.NCHW);
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .activationImageFrequency(Frequency.epochs(2)).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(List.of(batch(CNN2DFormat.NCHW), batch(CNN2DFormat.NCHW))), 4);
    }

    assertThat(train().pictures().get("activation/first")).containsOnlyKeys(2L, 4L);
  }

  @Test
  void shouldTrainToTheSameBitsAndShowNothingUnlessAsked() {
    List<INDArray> trained = new ArrayList<>();
    for (Frequency frequency : List.of(Frequency.never(), ALWAYS)) {
      MultiLayerNetwork network = network(CNN2DFormat.NCHW);
      try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve(frequency.toString()))
          .activationImageFrequency(frequency).build()) {
        network.setListeners(listener);
        network.fit(Nets.iterator(List.of(batch(CNN2DFormat.NCHW), batch(CNN2DFormat.NCHW))), 3);
      }
      trained.add(network.params());
    }

    assertThat(trained.get(1).toFloatVector()).isEqualTo(trained.get(0).toFloatVector());
    assertThat(Recorded.in(logs.resolve("never/train")).pictures()).isEmpty();
    assertThat(Recorded.in(logs.resolve("every 1 iterations/train")).pictures().get("activation/first")).hasSize(6);
  }

  private void assertShown(String layer, int channels, int side, INDArray output, CNN2DFormat format) {
    BufferedImage shown = train().pictures().get("activation/" + layer).get(1L);
    assertThat(output.shape()).isEqualTo(format == CNN2DFormat.NCHW ? new long[] {3, channels, side, side}
        : new long[] {3, side, side, channels});
    assertChannels(shown, channels, side, side, 8, (channel, row, column) -> format == CNN2DFormat.NCHW
        ? output.getDouble(0, channel, row, column) : output.getDouble(0, row, column, channel));
  }

  private static void fit(MultiLayerNetwork network, DataSet batch, TensorBoardListener.Builder builder) {
    try (TensorBoardListener listener = builder.build()) {
      network.setListeners(listener);
      network.fit(batch);
    }
  }

  private static DataSet batch(CNN2DFormat format) {
    Nd4j.getRandom().setSeed(7);
    return new DataSet(format == CNN2DFormat.NCHW ? Nd4j.randn(3, 2, 7, 7) : Nd4j.randn(3, 7, 7, 2), Nd4j.eye(3));
  }

  private static MultiLayerNetwork network(CNN2DFormat format) {
    NeuralNetConfiguration.ListBuilder list = configuration().list();
    layers().forEach(list::layer);
    return Nets.init(list.setInputType(InputType.convolutional(7, 7, 2, format)).build());
  }

  private static ComputationGraph graph(CNN2DFormat format) {
    GraphBuilder graph =
        configuration().graphBuilder().addInputs("in").setInputTypes(InputType.convolutional(7, 7, 2, format));
    String before = "in";
    for (Layer layer : layers()) {
      graph.addLayer(layer.getLayerName(), layer, before);
      before = layer.getLayerName();
    }
    return Nets.init(graph.setOutputs(before).build());
  }

  private static NeuralNetConfiguration.Builder configuration() {
    return new NeuralNetConfiguration.Builder().seed(3).updater(new Adam(0.01)).activation(Activation.RELU);
  }

  private static List<Layer> layers() {
    return List.of(
        new ConvolutionLayer.Builder(2, 2).name("first").nOut(10).build(),
        new SubsamplingLayer.Builder(PoolingType.MAX).name("pool").kernelSize(2, 2).stride(2, 2).build(),
        new ZeroPaddingLayer.Builder(1, 1).name("padding").build(),
        new ConvolutionLayer.Builder(3, 3).name("second").nOut(4).activation(Activation.TANH).build(),
        new BatchNormalization.Builder().name("norm").build(),
        new DenseLayer.Builder().name("dense").nOut(5).build(),
        new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(3).activation(Activation.SOFTMAX).build());
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }
}
