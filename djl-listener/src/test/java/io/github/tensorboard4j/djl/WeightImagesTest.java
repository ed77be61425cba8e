package io.github.tensorboard4j.djl;

import static io.github.tensorboard4j.testing.WeightPixels.assertKernels;
import static io.github.tensorboard4j.testing.WeightPixels.assertMatrix;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights as pictures, recounted from the model's own arrays by their indices. */
class WeightImagesTest {

  @TempDir
  private Path logs;

  @Test
  void shouldShowTheWeightsOfConvolutionsAndLinearBlocksAtTheEndOfEachEpoch() {
    Conv2d colours = Conv2d.builder().setKernelShape(new Shape(3, 2)).setFilters(10).build();
    Conv2d channels = Conv2d.builder().setKernelShape(new Shape(2, 3)).setFilters(4).build();
    Linear linear = Linear.builder().setUnits(3).build();
    SequentialBlock block = new SequentialBlock().add(colours).add(Activation.reluBlock()).add(channels)
        .add(Blocks.batchFlattenBlock()).add(linear);
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .weightImageFrequency(Frequency.epochs(1)).build()) {
      Trainings.on("PyTorch", block, Trainings.config(listener).optDevices(new Device[] {Device.cpu()}),
          new Shape(4, 3, 6, 6), trainer -> {
            fit(trainer, 2);
            listener.flush();
            assertShown(colours, channels, linear);
          });
    }
  }

  private void assertShown(Conv2d colours, Conv2d channels, Linear linear) {
    Map<String, Map<Long, BufferedImage>> pictures = Recorded.in(logs.resolve("run/train")).pictures();
    assertThat(pictures).containsOnlyKeys("image_01_conv2d/weight", "image_03_conv2d/weight", "image_05_linear/weight");
    assertThat(pictures.get("image_01_conv2d/weight")).containsOnlyKeys(1L, 2L);
    NDArray ofColours = colours.getParameters().get("weight").getArray();
    assertKernels(pictures.get("image_01_conv2d/weight").get(2L), 10, 3, 3, 2, 8, ofColours::getFloat);
    NDArray ofChannels = channels.getParameters().get("weight").getArray();
    assertThat(ofChannels.getShape()).isEqualTo(new Shape(4, 10, 2, 3));
    assertKernels(pictures.get("image_03_conv2d/weight").get(2L), 4, 1, 2, 3, 8, ofChannels::getFloat);
    NDArray ofLinear = linear.getParameters().get("weight").getArray();
    assertThat(ofLinear.getShape()).isEqualTo(new Shape(3, 36));
    assertMatrix(pictures.get("image_05_linear/weight").get(2L), 3, 36, 8, ofLinear::getFloat);
  }

  @Test
  void shouldTrainToTheSameParametersAndShowNothingUnlessAsked() {
    float[] without = Trainings.train(Trainings.config(), 2);
    for (Frequency frequency : List.of(Frequency.never(), Frequency.iterations(1))) {
      try (TensorBoardListener listener =
          TensorBoardListener.builder(logs.resolve(frequency.toString())).weightImageFrequency(frequency).build()) {
        assertThat(Trainings.train(Trainings.config(listener), 2)).isEqualTo(without);
      }
    }

    assertThat(Recorded.in(logs.resolve("never/train")).pictures()).isEmpty();
    assertThat(Recorded.in(logs.resolve("every 1 iterations/train")).pictures().get("image_04_linear/weight")).hasSize(10);
  }

  private static void fit(Trainer trainer, int epochs) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      ArrayDataset data = new ArrayDataset.Builder().setData(manager.randomNormal(new Shape(8, 3, 6, 6)))
          .optLabels(manager.create(new int[] {0, 1, 2, 0, 1, 2, 0, 1})).setSampling(4, false).build();
      EasyTrain.fit(trainer, epochs, data, null);
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
  }
}
