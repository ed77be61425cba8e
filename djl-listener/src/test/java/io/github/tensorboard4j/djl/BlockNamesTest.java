package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockNamesTest {

  /** A block that gives its children names, some of them the same. */
  private static final class Named extends AbstractBlock {

    Named(String... names) {
      for (String name : names) {
        addChildBlock(name, linear());
      }
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      return inputs;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  @Test
  void shouldNameParametersByPlaceAndKindOfTheirLayer() {
    assertThat(tags(Trainings.classifier()))
        .containsExactly("02_linear/weight", "02_linear/bias", "04_linear/weight", "04_linear/bias");
  }

  @Test
  void shouldUseTheFieldsWordsForLayers() {
    Block block = new SequentialBlock()
        .add(Conv2d.builder().setFilters(1).setKernelShape(new Shape(1, 1)).build())
        .add(BatchNorm.builder().build())
        .add(Activation.leakyReluBlock(0.1f))
        .add(Activation.reluBlock())
        .add(LSTM.builder().setNumLayers(1).setStateSize(2).build())
        .add(new ParallelBlock(lists -> lists.get(0)))
        .add(new LambdaBlock(list -> list))
        .add(new LambdaBlock(list -> list, "my scale/by 2"))
        .addSingleton(array -> array);

    assertThat(BlockNames.of(block)).isEqualTo("sequential");
    assertThat(BlockNames.children(block)).containsExactly(
        "01_conv2d", "02_batch_norm", "03_leaky_relu", "04_relu", "05_lstm", "06_parallel", "07_lambda",
        "08_my_scale_by_2", "09_lambda");
  }

  @Test
  void shouldKeepNamesThatWereGiven() {
    Block block = new SequentialBlock().add(new Named("hidden", "out/put", "hidden"));

    assertThat(BlockNames.children(block)).containsExactly("01_named");
    assertThat(tags(block)).contains(
        "01_named/hidden/weight", "01_named/out_put/weight", "01_named/hidden_b/weight");
  }

  @Test
  void shouldNameTheParametersOfASingleBlockByItsKind() {
    assertThat(tags(linear())).containsExactly("linear/weight", "linear/bias");
  }

  @Test
  void shouldListASharedParameterOnce() {
    Block shared = linear();

    assertThat(tags(new SequentialBlock().add(shared).add(shared))).containsExactly("01_linear/weight", "01_linear/bias");
  }

  @Test
  void shouldPartLayersAtTheDotsOfAForeignModel() {
    Block foreign = new AbstractBlock() {
      {
        addParameter(parameter("layer1.0.conv1.weight"));
        addParameter(parameter("layer1.0.conv1.bias"));
        addParameter(parameter("scale"));
      }

      @Override
      protected NDList forwardInternal(
          ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        return inputs;
      }

      @Override
      public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
      }
    };

    assertThat(tags(foreign)).containsExactlyInAnyOrder(
        "layer1/0/conv1/weight", "layer1/0/conv1/bias", "block/scale");
  }

  @Test
  void shouldNameEveryParameterOfALargeModelOnce() {
    Block block = ResNetV1.builder().setImageShape(new Shape(3, 32, 32)).setNumLayers(50).setOutSize(10).build();
    List<String> tags = tags(block);

    assertThat(tags).hasSize(block.getParameters().size()).doesNotHaveDuplicates()
        .allMatch(tag -> tag.matches("[A-Za-z0-9_./-]+"));
    assertThat(tags).isEqualTo(tags(block)).contains("01_conv2d/weight");
  }

  private static Block linear() {
    return Linear.builder().setUnits(2).build();
  }

  private static Parameter parameter(String name) {
    return Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build();
  }

  private static List<String> tags(Block block) {
    return BlockNames.parameters(block).stream().map(parameter -> parameter.layer() + "/" + parameter.name()).toList();
  }
}
