package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.testing.ActivationPixels.assertChannels;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.ImagePoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.training.Frequency;
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

/** What TensorBoard itself, with each of its two loaders, shows of what convolutions put out. */
class ActivationImagesIT {

  private static final int SIDE = 20;

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowChannelsOnTheImagesPage(Loader loader) throws IOException {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.01)).list()
        .layer(new ConvolutionLayer.Builder(3, 3).name("conv").nOut(12).activation(Activation.RELU).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(2).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(SIDE, SIDE, 1))
        .build());
    DataSet batch = new DataSet(ring(), Nd4j.eye(2));
    INDArray output = network.clone().feedForward(batch.getFeatures()).get(1);
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .activationImageFrequency(Frequency.epochs(1)).activationFrequency(Frequency.epochs(1)).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(List.of(batch)), 3);
    }

    try (TensorBoardServer server = TensorBoardServer.start(logs, loader); Browser browser = Browser.start()) {
      List<ImagePoint> points = server.await(
          "the pictures", client -> client.images("run/train", "activation/conv", 0), images -> images.size() == 3);
      assertThat(points).extracting(ImagePoint::step).containsExactly(1L, 2L, 3L);
      assertChannels(ImageIO.read(new ByteArrayInputStream(points.get(0).file())), 12, SIDE - 2, SIDE - 2, 3,
          (channel, row, column) -> output.getDouble(0, channel, row, column));
      assertThat(server.awaitHistograms("run/train", "layer_conv/activation", 3)).hasSize(3);
      browser.open(server, Dashboard.IMAGES);
      browser.screenshot(Path.of("target", "screenshots", "activations-" + loader + ".png"));
      assertThat(server.problems()).isEmpty();
    }
  }

  /** Two pictures of a ring, one of them empty. */
  private static INDArray ring() {
    INDArray pictures = Nd4j.zeros(2, 1, SIDE, SIDE);
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        double radius = Math.hypot(row - 9.5, column - 9.5);
        pictures.putScalar(0, 0, row, column, Math.exp(-(radius - 6) * (radius - 6)));
      }
    }
    return pictures;
  }
}
