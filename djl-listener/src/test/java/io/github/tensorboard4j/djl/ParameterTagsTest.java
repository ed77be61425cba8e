package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import ai.djl.translate.Batchifier;
import ai.djl.util.PairList;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import io.github.tensorboard4j.graph.testing.GraphDefParser;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The names of parameters in what a training has recorded. */
class ParameterTagsTest {

  private static final int BATCH = 4;

  @TempDir
  private Path logs;

  /** Blocks that DJL runs on MXNet alone. */
  static Stream<Arguments> blocksOfMxnet() {
    return Stream.of(
        Arguments.of(LSTM.builder().setNumLayers(2).setStateSize(4).optBidirectional(true).optBatchFirst(true).build(),
            new Shape(BATCH, 5, 8)),
        Arguments.of(new SequentialBlock().add(Linear.builder().setUnits(2).build()).add(prelu()), new Shape(BATCH, 6)));
  }

  static Stream<Arguments> blocks() {
    Shape sequence = new Shape(BATCH, 5, 8);
    return Stream.of(
        Arguments.of(Linear.builder().setUnits(2).build(), new Shape(BATCH, 6)),
        Arguments.of(new SequentialBlock()
            .add(Conv2d.builder().setFilters(3).setKernelShape(new Shape(3, 3)).build())
            .add(BatchNorm.builder().build())
            .add(LayerNorm.builder().build())
            .add(Linear.builder().setUnits(2).build()), new Shape(BATCH, 2, 8, 8)),
        Arguments.of(RNN.builder().setNumLayers(1).setStateSize(4).setActivation(RNN.Activation.TANH)
            .optBatchFirst(true).build(), sequence),
        Arguments.of(LSTM.builder().setNumLayers(1).setStateSize(4).optBatchFirst(true).build(), sequence),
        Arguments.of(new SequentialBlock()
            .add(GRU.builder().setNumLayers(2).setStateSize(4).optBatchFirst(true).build())
            .add(Linear.builder().setUnits(2).build()), sequence),
        Arguments.of(new TransformerEncoderBlock(8, 2, 16, 0.1f, Activation::gelu), sequence),
        Arguments.of(new SequentialBlock()
            .add(new TrainableWordEmbedding(new DefaultVocabulary(List.of("a", "b", "c")), 6))
            .add(Linear.builder().setUnits(2).build()), new Shape(BATCH, 5)));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void shouldHaveHistogramsAtTheParametersPathsInTheGraph(Block block, Shape input) {
    trainABatch("PyTorch", block, input);

    assertThatHistogramsAreOfTheParametersInTheGraph(block);
  }

  @ParameterizedTest
  @MethodSource("blocksOfMxnet")
  @EnabledIf("hasMxnet")
  void shouldHaveThemOnMxnet(Block block, Shape input) {
    trainABatch("MXNet", block, input);

    assertThatHistogramsAreOfTheParametersInTheGraph(block);
  }

  static boolean hasMxnet() {
    return Engine.hasEngine("MXNet");
  }

  private void assertThatHistogramsAreOfTheParametersInTheGraph(Block block) {
    Recorded train = Recorded.in(logs.resolve("run/train"));
    Map<String, String> parameters = parameters(train);
    assertThat(train.histograms().keySet()).hasSize(block.getParameters().size()).containsExactlyInAnyOrderElementsOf(
        parameters.keySet().stream().map(path -> "layer_" + path).toList());
    parameters.forEach((path, frameworkName) -> assertThat(block.getParameters().keys()).as(path)
        .anyMatch(key -> key.endsWith(frameworkName)));
  }

  private static Block prelu() {
    Block prelu = Activation.preluBlock();
    prelu.setInitializer(Initializer.ONES, "alpha");
    return prelu;
  }

  private static boolean takesWords(Block block) {
    return block.getChildren().values().stream().anyMatch(TrainableWordEmbedding.class::isInstance);
  }

  private void trainABatch(String engine, Block block, Shape input) {
    try (Model model = Model.newInstance("model", Device.cpu(), engine);
        TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      model.setBlock(block);
      DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss())
          .optDevices(new Device[] {Device.cpu()})
          .addTrainingListeners(listener);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(input);
        NDManager manager = trainer.getManager().newSubManager();
        NDList data = new NDList(manager.ones(input, takesWords(block) ? DataType.INT64 : DataType.FLOAT32));
        NDList labels = new NDList(manager.ones(trainer.evaluate(data).head().getShape()));
        try (Batch batch = new Batch(manager, data, labels, BATCH, Batchifier.STACK, Batchifier.STACK, 0, 0)) {
          EasyTrain.trainBatch(trainer, batch);
          trainer.step();
        }
        trainer.notifyListeners(each -> each.onEpoch(trainer));
      }
    }
  }

  /** Returns the names that DJL has for the parameters in the graph, by their paths. */
  private static Map<String, String> parameters(Recorded train) {
    ByteBuffer graph = train.events().stream().flatMap(event -> event.graphDef().stream()).findFirst().orElseThrow();
    Map<String, String> parameters = new TreeMap<>();
    for (DynamicMessage node : GraphDefParser.nodes(graph)) {
      if (GraphDefParser.get(node, "op").equals("Variable")) {
        Object name = GraphDefParser.get(GraphDefParser.attributes(node).get("framework_name"), "s");
        parameters.put((String) GraphDefParser.get(node, "name"), ((ByteString) name).toStringUtf8());
      }
    }
    return parameters;
  }

  @Test
  void shouldRecordTheParametersBehindOneWhoseNameIsTooLong() {
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .gradientFrequency(Frequency.epochs(1)).build()) {
      Trainings.on("PyTorch", new LongName(), Trainings.config(listener), trainer -> Trainings.fit(trainer, 1));
    }

    assertThat(Recorded.in(logs.resolve("run/train")).histograms()).containsOnlyKeys("layer_behind/weight",
        "layer_behind/bias", "gradient/behind/weight", "gradient/behind/bias");
  }

  /** A layer whose name is too long for a tag, and one behind. */
  private static final class LongName extends AbstractBlock {

    private final Block first = addChildBlock("a".repeat(5000), Linear.builder().setUnits(4).build());
    private final Block behind = addChildBlock("behind", Linear.builder().setUnits(3).build());

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training,
        PairList<String, Object> params) {
      return behind.forward(store, first.forward(store, inputs, training), training);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
      first.initialize(manager, dataType, inputShapes);
      behind.initialize(manager, dataType, first.getOutputShapes(inputShapes));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return behind.getOutputShapes(first.getOutputShapes(inputShapes));
    }
  }
}
