package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.testing.WeightPixels.assertKernels;
import static io.github.tensorboard4j.testing.WeightPixels.assertMatrix;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.ImagePoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.training.Frequency;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What TensorBoard itself, with each of its two loaders, shows of weights as pictures, beside their histograms. */
class WeightImagesIT {

  private static final String RUN = "run/train";

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowKernelsAndMatrices(Loader loader) throws IOException {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.01)).list()
        .layer(new ConvolutionLayer.Builder(3, 3).name("conv").nOut(5).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(4).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(5, 5, 3))
        .build());
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .weightImageFrequency(Frequency.epochs(1)).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(List.of(new DataSet(Nd4j.randn(4, 3, 5, 5), Nd4j.eye(4)))), 3);
    }

    INDArray kernels = network.getParam("0_W");
    INDArray matrix = network.getParam("1_W");
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      assertKernels(last(server, "image_conv/weight"), 5, 3, 3, 3, 8,
          (out, in, row, column) -> kernels.getDouble(out, in, row, column));
      assertMatrix(last(server, "image_output/weight"), 4, 45, 8, (row, column) -> matrix.getDouble(column, row));
      assertThat(server.awaitHistograms(RUN, "layer_conv/weight", 3)).hasSize(3);
      assertThat(server.client().imageSamples().get(RUN)).containsOnlyKeys("image_conv/weight", "image_output/weight");
      assertThat(server.problems()).isEmpty();
    }
  }

  private static BufferedImage last(TensorBoardServer server, String tag) throws IOException {
    List<ImagePoint> points = server.await(tag, client -> client.images(RUN, tag, 0), images -> images.size() == 3);
    assertThat(points).extracting(ImagePoint::step).containsExactly(1L, 2L, 3L);
    return ImageIO.read(new ByteArrayInputStream(points.get(2).file()));
  }
}
