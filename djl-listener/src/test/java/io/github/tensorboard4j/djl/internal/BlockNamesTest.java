package io.github.tensorboard4j.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import java.util.stream.Stream;
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
    assertThat(tags(classifier()))
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
  void shouldUseTheCommonWordsForParameters() {
    Block block = new SequentialBlock()
        .add(Conv2d.builder().setFilters(1).setKernelShape(new Shape(1, 1)).build())
        .add(BatchNorm.builder().build())
        .add(LayerNorm.builder().build())
        .add(Activation.preluBlock())
        .add(new TrainableWordEmbedding(new DefaultVocabulary(List.of("a", "b")), 2));

    assertThat(tags(block)).containsExactly(
        "01_conv2d/weight", "01_conv2d/bias",
        "02_batch_norm/gamma", "02_batch_norm/beta", "02_batch_norm/running_mean", "02_batch_norm/running_variance",
        "03_layer_norm/gamma", "03_layer_norm/beta",
        "04_prelu/alpha",
        "05_trainable_word_embedding/weight");
  }

  @Test
  void shouldNameLayersAndDirectionsOfARecurrentBlockWhereThereAreSeveral() {
    String[] words = {"weight", "recurrent_weight", "bias", "recurrent_bias"};

    assertThat(tags(RNN.builder().setNumLayers(1).setStateSize(2).build()))
        .containsExactlyElementsOf(paths(List.of("rnn/"), words));
    assertThat(tags(new SequentialBlock().add(GRU.builder().setNumLayers(2).setStateSize(2).build())))
        .containsExactlyInAnyOrderElementsOf(paths(List.of("01_gru/layer_1/", "01_gru/layer_2/"), words));
    assertThat(tags(LSTM.builder().setNumLayers(1).setStateSize(2).optBidirectional(true).build()))
        .containsExactlyInAnyOrderElementsOf(paths(List.of("lstm/forward/", "lstm/backward/"), words));
    assertThat(tags(LSTM.builder().setNumLayers(2).setStateSize(2).optBidirectional(true).build()))
        .containsExactlyInAnyOrderElementsOf(paths(List.of("lstm/layer_1/forward/", "lstm/layer_1/backward/",
            "lstm/layer_2/forward/", "lstm/layer_2/backward/"), words));
  }

  @Test
  void shouldKeepParametersApartThatHaveOneCommonWord() {
    Block block = new AbstractBlock() {
      {
        addParameter(parameter("runningVar"));
        addParameter(parameter("running_variance"));
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

    assertThat(tags(block)).containsExactly("block/running_variance", "block/running_variance_b");
  }

  @Test
  void shouldListASharedParameterOnce() {
    Block shared = linear();

    assertThat(tags(new SequentialBlock().add(shared).add(shared))).containsExactly("01_linear/weight", "01_linear/bias");
  }

  @Test
  void shouldSeparateLayersAtTheDotsOfAForeignModelAndKeepItsWords() {
    Block foreign = new AbstractBlock() {
      {
        addParameter(parameter("layer1.0.conv1.weight"));
        addParameter(parameter("layer1.0.conv1.bias"));
        addParameter(parameter("layer1.0.norm.runningVar"));
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
        "layer1/0/conv1/weight", "layer1/0/conv1/bias", "layer1/0/norm/runningVar", "block/scale");
  }

  @Test
  void shouldNameEveryParameterOfALargeModelOnce() {
    Block block = ResNetV1.builder().setImageShape(new Shape(3, 32, 32)).setNumLayers(50).setOutSize(10).build();
    List<String> tags = tags(block);

    assertThat(tags).hasSize(block.getParameters().size()).doesNotHaveDuplicates()
        .allMatch(tag -> tag.matches("[A-Za-z0-9_./-]+"));
    assertThat(tags).isEqualTo(tags(block)).contains("01_conv2d/weight");
  }

  private static Block classifier() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(linear())
        .add(Activation.reluBlock())
        .add(linear());
  }

  private static Block linear() {
    return Linear.builder().setUnits(2).build();
  }

  private static List<String> paths(List<String> layers, String... words) {
    return layers.stream().flatMap(layer -> Stream.of(words).map(word -> layer + word)).toList();
  }

  private static Parameter parameter(String name) {
    return Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build();
  }

  private static List<String> tags(Block block) {
    return BlockNames.parameters(block).stream().map(NamedParameter::path).toList();
  }
}
