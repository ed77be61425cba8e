package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.testing.WeightPixels.assertKernels;
import static io.github.tensorboard4j.testing.WeightPixels.assertMatrix;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Weights as pictures, recounted from the network's own arrays by their indices. */
class WeightImagesTest {

  @TempDir
  private Path logs;

  @Test
  void shouldShowTheWeightsOfEachKindOfConvolution() {
    MultiLayerNetwork network = network(
        new ConvolutionLayer.Builder(3, 2).name("conv").nOut(10).build(),
        new Deconvolution2D.Builder(2, 3).name("deconv").nOut(5).build(),
        new DepthwiseConvolution2D.Builder(3, 2).name("depthwise").depthMultiplier(2).build(),
        new SeparableConvolution2D.Builder(2, 3).name("separable").depthMultiplier(3).nOut(4).build(),
        new FrozenLayer(new Deconvolution2D.Builder(2, 2).nOut(3).build()));
    train(network, 1);

    Map<String, Map<Long, BufferedImage>> pictures = pictures();
    assertThat(pictures).containsOnlyKeys("image_conv/weight", "image_deconv/weight", "image_depthwise/weight",
        "image_separable/depthwise_weight", "image_separable/pointwise_weight", "image_4_deconv2d/weight",
        "image_dense/weight", "image_output/weight");
    INDArray conv = network.getParam("0_W");
    assertKernels(pictures.get("image_conv/weight").get(1L), 10, 3, 3, 2, 8,
        (out, in, row, column) -> conv.getDouble(out, in, row, column));
    INDArray deconv = network.getParam("1_W");
    assertThat(deconv.shape()).containsExactly(10, 5, 2, 3);
    assertKernels(pictures.get("image_deconv/weight").get(1L), 5, 1, 2, 3, 8,
        (out, in, row, column) -> deconv.getDouble(in, out, row, column));
    INDArray depthwise = network.getParam("2_W");
    assertThat(depthwise.shape()).containsExactly(3, 2, 5, 2);
    assertKernels(pictures.get("image_depthwise/weight").get(1L), 5, 1, 3, 2, 8,
        (input, first, row, column) -> depthwise.getDouble(row, column, input, first));
    INDArray separable = network.getParam("3_W");
    assertThat(separable.shape()).containsExactly(3, 10, 2, 3);
    assertKernels(pictures.get("image_separable/depthwise_weight").get(1L), 10, 1, 2, 3, 8,
        (input, first, row, column) -> separable.getDouble(first, input, row, column));
    INDArray pointwise = network.getParam("3_pW");
    assertMatrix(pictures.get("image_separable/pointwise_weight").get(1L), 4, 30, 8,
        (row, column) -> pointwise.getDouble(row, column, 0, 0));
    INDArray frozen = network.getParam("4_W");
    assertThat(frozen.shape()).containsExactly(4, 3, 2, 2);
    assertKernels(pictures.get("image_4_deconv2d/weight").get(1L), 3, 1, 2, 2, 8,
        (out, in, row, column) -> frozen.getDouble(in, out, row, column));
  }

  @Test
  void shouldShowTheWeightsOfDenseLayersAtTheEndOfEachEpoch() {
    MultiLayerNetwork network = network();
    train(network, 2);

    INDArray weights = network.getParam("0_W");
    assertThat(weights.shape()).containsExactly(192, 6);
    assertThat(weights.ordering()).isEqualTo('f');
    Map<Long, BufferedImage> steps = pictures().get("image_dense/weight");
    assertThat(steps).containsOnlyKeys(1L, 2L);
    assertMatrix(steps.get(2L), 6, 192, 2, (row, column) -> weights.getDouble(column, row));
  }

  @Test
  void shouldShowTheWeightsOfAGraphAfterIterations() {
    ComputationGraph graph = Nets.graph();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .histogramFrequency(Frequency.iterations(4)).weightImageFrequency(Frequency.iterations(5)).build()) {
      graph.setListeners(listener);
      graph.fit(Nets.iterator(Nets.batches(1)), 1);
    }

    INDArray weights = graph.getParam("hidden_W");
    assertThat(pictures()).containsOnlyKeys("image_hidden/weight", "image_output/weight");
    assertMatrix(pictures().get("image_hidden/weight").get(5L), 6, 8, 8, weights::getDouble);
    assertThat(Recorded.in(logs.resolve("run/train")).histograms().get("layer_hidden/weight")).containsOnlyKeys(4L);
  }

  @Test
  void shouldTrainToTheSameParametersAndShowNothingUnlessAsked() {
    MultiLayerNetwork without = Nets.classifier();
    without.fit(Nets.iterator(Nets.batches(1)), 2);
    for (Frequency frequency : List.of(Frequency.never(), Frequency.iterations(1))) {
      MultiLayerNetwork with = Nets.classifier();
      try (TensorBoardListener listener =
          TensorBoardListener.builder(logs.resolve(frequency.toString())).weightImageFrequency(frequency).build()) {
        with.setListeners(listener);
        with.fit(Nets.iterator(Nets.batches(1)), 2);
      }
      assertThat(with.params().toFloatVector()).isEqualTo(without.params().toFloatVector());
    }

    assertThat(Recorded.in(logs.resolve("never/train")).pictures()).isEmpty();
    assertThat(Recorded.in(logs.resolve("every 1 iterations/train")).pictures().get("image_output/weight")).hasSize(10);
  }

  private static MultiLayerNetwork network(Layer... convolutions) {
    NeuralNetConfiguration.ListBuilder builder = new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.01)).list();
    for (Layer convolution : convolutions) {
      builder.layer(convolution);
    }
    return Nets.init(builder
        .layer(new DenseLayer.Builder().name("dense").nOut(6).activation(Activation.TANH).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(3).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(8, 8, 3))
        .build());
  }

  private void train(MultiLayerNetwork network, int epochs) {
    INDArray labels = Nd4j.zeros(4, 3);
    for (int i = 0; i < 4; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .weightImageFrequency(Frequency.epochs(1)).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(List.of(new DataSet(Nd4j.randn(4, 3, 8, 8), labels))), epochs);
    }
  }

  private Map<String, Map<Long, BufferedImage>> pictures() {
    return Recorded.in(logs.resolve("run/train")).pictures();
  }
}
