package io.github.tensorboard4j.djl;

import static io.github.tensorboard4j.testing.ActivationPixels.assertChannels;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.testing.ActivationPixels.Channels;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What layers put out as pictures, recounted from what the blocks put out when they are called one by one. */
class ActivationImagesTest {

  private static final Frequency ALWAYS = Frequency.iterations(1);

  @TempDir
  private Path logs;

  @ParameterizedTest
  @ValueSource(strings = {"PyTorch", "MXNet"})
  void shouldShowConvolutionsOfTheFirstExample(String engine) {
    Assumptions.assumeTrue(Engine.hasEngine(engine));
    Outputs outputs = new Outputs();
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).activationImageFrequency(ALWAYS).build()) {
      train(engine, outputs, listener);
    }

    assertThat(train().pictures()).containsOnlyKeys("activation/01_conv2d", "activation/04_conv2d");
    assertThat(train().pictures().get("activation/01_conv2d")).containsOnlyKeys(1L, 2L, 3L, 4L);
    for (int iteration = 1; iteration <= 4; iteration++) {
      assertChannels(picture("01_conv2d", iteration), 10, 5, 4, 8, outputs.of(iteration, 0));
      assertChannels(picture("04_conv2d", iteration), 4, 1, 2, 8, outputs.of(iteration, 3));
    }
    assertThat(train().tensorSteps().keySet()).noneMatch(tag -> tag.endsWith("/activation"));
  }

  @Test
  void shouldShowTheLayersThatAreNamed() {
    Outputs outputs = new Outputs();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .activationImageFrequency(Frequency.epochs(1), "02_relu", "03_max_pool2d", "07_linear").build()) {
      train("PyTorch", outputs, listener);
    }

    assertThat(train().pictures()).containsKey("activation/02_relu").doesNotContainKeys("activation/01_conv2d",
        "activation/07_linear");
    assertThat(train().pictures().get("activation/02_relu")).containsOnlyKeys(1L, 2L);
    assertChannels(picture("02_relu", 1), 10, 5, 4, 8, outputs.of(1, 1));
    assertChannels(picture("02_relu", 2), 10, 5, 4, 8, outputs.of(3, 1));
  }

  @Test
  void shouldTrainToTheSameBitsAndShowNothingUnlessAsked() {
    List<float[]> trained = new ArrayList<>();
    for (Frequency frequency : List.of(Frequency.never(), ALWAYS)) {
      try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve(frequency.toString()))
          .activationImageFrequency(frequency).build()) {
        trained.add(train("PyTorch", new TrainingListenerAdapter() {}, listener));
      }
    }

    assertThat(trained.get(1)).isEqualTo(trained.get(0));
    assertThat(Recorded.in(logs.resolve("never/train")).pictures()).isEmpty();
    assertThat(Recorded.in(logs.resolve("every 1 iterations/train")).pictures().get("activation/01_conv2d")).hasSize(4);
  }

  /** What each block of a chain has put out for the first example of each batch. */
  private static final class Outputs extends TrainingListenerAdapter {

    private final List<List<float[]>> values = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();

    @Override
    public void onTrainingBatch(Trainer trainer, BatchData data) {
      List<float[]> ofBatch = new ArrayList<>();
      shapes.clear();
      try (NDManager manager = trainer.getManager().newSubManager()) {
        NDList passed = new NDList(data.getBatch().getData().singletonOrThrow().duplicate());
        passed.attach(manager);
        ParameterStore store = new ParameterStore(manager, false);
        for (Block block : trainer.getModel().getBlock().getChildren().values()) {
          passed = block.forward(store, passed, false);
          NDArray array = passed.singletonOrThrow();
          ofBatch.add(array.get(0).toFloatArray());
          shapes.add(array.getShape());
        }
      }
      values.add(ofBatch);
    }

    Channels of(int iteration, int block) {
      float[] all = values.get(iteration - 1).get(block);
      long rows = shapes.get(block).get(2);
      long columns = shapes.get(block).get(3);
      return (channel, row, column) -> all[(int) ((channel * rows + row) * columns + column)];
    }
  }

  /** Trains two epochs of two batches, and returns all parameters. */
  private static float[] train(String engine, TrainingListener... listeners) {
    Block block = new SequentialBlock().add(Conv2d.builder().setKernelShape(new Shape(2, 3)).setFilters(10).build())
        .add(Activation.reluBlock()).add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(Conv2d.builder().setKernelShape(new Shape(2, 1)).setFilters(4).optBias(false).build())
        .add(Activation.tanhBlock()).add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).build());
    float[][] parameters = new float[1][];
    Trainings.on(engine, block, Trainings.config(listeners).optDevices(new Device[] {Device.cpu()}), new Shape(4, 3, 6, 6),
        trainer -> {
          fit(trainer);
          parameters[0] = concatenated(trainer);
        });
    return parameters[0];
  }

  private static float[] concatenated(Trainer trainer) {
    List<float[]> all = trainer.getModel().getBlock().getParameters().values().stream()
        .map(parameter -> parameter.getArray().toFloatArray()).toList();
    float[] flat = new float[all.stream().mapToInt(array -> array.length).sum()];
    int at = 0;
    for (float[] array : all) {
      System.arraycopy(array, 0, flat, at, array.length);
      at += array.length;
    }
    return flat;
  }

  private static void fit(Trainer trainer) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      ArrayDataset data = new ArrayDataset.Builder().setData(manager.randomNormal(new Shape(8, 3, 6, 6)))
          .optLabels(manager.create(new int[] {0, 1, 2, 0, 1, 2, 0, 1})).setSampling(4, false).build();
      EasyTrain.fit(trainer, 2, data, null);
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
  }

  private BufferedImage picture(String layer, long step) {
    return train().pictures().get("activation/" + layer).get(step);
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }
}
