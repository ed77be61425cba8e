package io.github.tensorboard4j.djl;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.PairList;
import io.github.tensorboard4j.djl.internal.BlockNames;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DjlGraphTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void shouldDrawATrainedModelWithItsLossAndOptimizer() {
    DefaultTrainingConfig configuration =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(Optimizer.adam().build());
    try (Model model = Model.newInstance("mlp")) {
      model.setBlock(mlp());
      try (Trainer trainer = model.newTrainer(configuration)) {
        trainer.initialize(new Shape(32, 784));

        ModelGraph graph = DjlGraph.of(trainer, configuration);

        assertThat(edges(graph)).containsExactlyInAnyOrder(
            "input [?, 784] -> 01_batch_flatten/Reshape", "01_batch_flatten/Reshape [?, 784] -> 02_linear/MatMul",
            "02_linear/weight [100, 784] -> 02_linear/MatMul", "02_linear/MatMul [?, 100] -> 02_linear/BiasAdd",
            "02_linear/bias [100] -> 02_linear/BiasAdd", "02_linear/BiasAdd [?, 100] -> 03_relu",
            "03_relu [?, 100] -> 04_linear/MatMul", "04_linear/weight [10, 100] -> 04_linear/MatMul",
            "04_linear/MatMul [?, 10] -> 04_linear/BiasAdd", "04_linear/bias [10] -> 04_linear/BiasAdd",
            "04_linear/BiasAdd [?, 10] -> loss/CrossEntropy", "labels [?] -> loss/CrossEntropy",
            "loss/CrossEntropy [] -> Adam/gradients", "Adam/gradients [79510] -> Adam/Apply");
        assertThat(node(graph, "03_relu").op()).isEqualTo("Relu");
        assertThat(DjlGraph.of(model, new Shape(1, 784)).nodes()).extracting(Node::name).doesNotContain("loss", "labels");
      }
    }
  }

  @Test
  void shouldDrawTheResidualEdgesOfResNet() {
    Block resnet = ResNetV1.builder().setImageShape(new Shape(3, 64, 64)).setNumLayers(50).setOutSize(10).build();
    ModelGraph graph = drawn(resnet, new Shape(1, 3, 64, 64));

    assertParametersOnce(resnet, graph);
    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("Add")).hasSize(16)
        .allSatisfy(add -> assertThat(add.inputs()).hasSize(2));
    assertThat(reachableFrom(graph, "input")).containsAll(
        graph.nodes().stream().filter(n -> !n.op().equals("Variable")).map(Node::name).toList());
    assertThat(graph.nodes()).noneMatch(n -> n.attributes().containsKey("note"));
    assertLastShape(resnet, graph, new Shape(1, 3, 64, 64));
  }

  @Test
  void shouldTraceEveryKindOfBlock() {
    SequentialBlock convolutional = new SequentialBlock()
        .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
        .add(BatchNorm.builder().build()).add(Activation.leakyReluBlock(0.1f))
        .add(Pool.maxPool2dBlock(new Shape(2, 2))).add(Dropout.builder().optRate(0.5f).build())
        .add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).optBias(false).build());
    ModelGraph graph = drawn(convolutional, new Shape(1, 3, 10, 10));
    assertParametersOnce(convolutional, graph);
    assertLastShape(convolutional, graph, new Shape(1, 3, 10, 10));
    assertThat(graph.nodes()).extracting(Node::op).filteredOn(op -> !op.equals("Variable")).containsExactly(
        "Placeholder", "Conv2D", "BiasAdd", "BatchNorm", "LeakyRelu", "MaxPool", "Dropout", "Reshape", "MatMul");

    for (Block recurrent : List.of(
        LSTM.builder().setNumLayers(1).setStateSize(6).optBatchFirst(true).optReturnState(false).build(),
        GRU.builder().setNumLayers(2).setStateSize(6).optBatchFirst(true).optReturnState(false).build(),
        new TransformerEncoderBlock(8, 2, 16, 0.1f, Activation::gelu))) {
      ModelGraph drawn = drawn(recurrent, new Shape(1, 5, 8));
      assertParametersOnce(recurrent, drawn);
      assertThat(drawn.nodes()).noneMatch(n -> n.attributes().containsKey("note"));
      assertLastShape(recurrent, drawn, new Shape(1, 5, 8));
    }

    Block mobile = MobileNetV2.builder().setOutSize(10).build();
    assertParametersOnce(mobile, drawn(mobile, new Shape(1, 3, 32, 32)));
  }

  @Test
  void shouldKnowInWhichBlockOfAUsersOwnBlockAnOperationRuns() {
    Block block = new Residual();
    ModelGraph graph = drawn(block, new Shape(1, 6));

    assertParametersOnce(block, graph);
    assertThat(edges(graph)).contains(
        "input [?, 6] -> body/01_linear/MatMul", "body/01_linear/BiasAdd [?, 6] -> body/02_relu",
        "body/02_relu [?, 6] -> body/03_linear/MatMul", "body/03_linear/BiasAdd [?, 6] -> Add", "input [?, 6] -> Add");
  }

  @Test
  void shouldTellNeighboursWithoutParametersApartByWhereTheyAreCalled() {
    ModelGraph graph = drawn(new Activations(), new Shape(1, 6));

    assertThat(edges(graph)).contains(
        "input [?, 6] -> first", "first [?, 6] -> second", "second [?, 6] -> Add", "input [?, 6] -> Add",
        "Add [?, 6] -> third");
  }

  @Test
  void shouldTakeIntegersWhereTheBatchHasThem() {
    Block embedding = new SequentialBlock()
        .add(new TrainableWordEmbedding(new DefaultVocabulary(List.of("a", "b", "c")), 6))
        .add(Linear.builder().setUnits(2).build());
    embedding.initialize(manager, DataType.FLOAT32, new Shape(4, 5));
    ModelGraph graph = DjlGraph.of(embedding, manager, new NDList(manager.zeros(new Shape(4, 5), DataType.INT64)));

    assertParametersOnce(embedding, graph);
    assertThat(node(graph, "input").outputs().get(0).dtype()).isEqualTo(io.github.tensorboard4j.DType.INT64);
    assertThat(graph.nodes()).extracting(Node::op).contains("Gather");
  }

  @Test
  void shouldDrawTheOperationsOfBert() {
    BertBlock bert = BertBlock.builder().nano().setTokenDictionarySize(100).build();
    bert.initialize(manager, DataType.FLOAT32, new Shape(2, 128), new Shape(2, 128), new Shape(2, 128));
    NDArray ids = manager.zeros(new Shape(3, 128), DataType.INT64);

    ModelGraph graph = DjlGraph.of(bert, manager, new NDList(ids, ids, ids));

    assertParametersOnce(bert, graph);
    assertThat(graph.nodes()).noneMatch(n -> n.attributes().containsKey("note"));
    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("Placeholder"))
        .allSatisfy(n -> assertThat(n.outputs().get(0).dtype()).isEqualTo(io.github.tensorboard4j.DType.INT64));
    assertThat(edges(graph)).contains("input_b [?, 128] -> typeEmbedding/Flatten");
    Set<String> reached = reachableFrom(graph, "input");
    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("Softmax")).hasSize(4)
        .allSatisfy(n -> assertThat(reached).contains(n.name()));
  }

  @Test
  void shouldDrawTheOperationsBehindAnEmbedding() {
    DefaultVocabulary words = new DefaultVocabulary(List.of("a", "b", "c"));
    for (Block recurrent : List.of(
        LSTM.builder().setNumLayers(1).setStateSize(6).optBatchFirst(true).optReturnState(false).build(),
        GRU.builder().setNumLayers(1).setStateSize(6).optBatchFirst(true).optReturnState(false).build())) {
      Block block = new SequentialBlock().add(new TrainableWordEmbedding(words, 6)).add(recurrent)
          .add(Linear.builder().setUnits(2).build());
      ModelGraph graph = drawn(block, new Shape(2, 5)); // which does not say that it takes integers

      assertParametersOnce(block, graph);
      assertThat(graph.nodes()).noneMatch(n -> n.attributes().containsKey("note"));
      assertThat(reachableFrom(graph, "input")).contains("03_linear/BiasAdd");
      assertThat(edges(graph)).contains("input [?, 5] -> 01_trainable_word_embedding/Gather");
    }
  }

  @Test
  void shouldTraceATrainedModelWithTheTypesOfItsBatch() {
    DefaultTrainingConfig configuration = new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(Optimizer.adam().build());
    NDList batch = new NDList(manager.zeros(new Shape(4), DataType.INT64), manager.zeros(new Shape(4, 3)));
    try (Model model = Model.newInstance("mixed", "PyTorch")) {
      model.setBlock(new Mixed());
      try (Trainer trainer = model.newTrainer(configuration)) {
        trainer.initialize(new Shape(4), new Shape(4, 3));

        for (ModelGraph graph : List.of(DjlGraph.of(trainer, batch), DjlGraph.of(trainer, configuration, batch))) {
          assertThat(edges(graph)).contains("input [?] -> ids/Gather", "input_b [?, 3] -> Add", "ids/Gather [?, 3] -> Add");
          assertThat(graph.nodes()).extracting(Node::op).contains("L2");
        }
        assertThat(node(DjlGraph.of(trainer, configuration, batch), "Adam/Apply").op()).isEqualTo("ApplyAdam");
      }
    }
  }

  @Test
  void shouldNotLookAtAllChildrenOfABlockForEachOfThem() {
    assertThat(looks(200)).isEqualTo(looks(2));
  }

  /** Returns how often a block of so many children is asked for them while it is drawn: each time DJL copies the list. */
  private int looks(int children) {
    int[] looks = new int[1];
    SequentialBlock block = new SequentialBlock() {
      @Override
      public BlockList getChildren() {
        looks[0]++;
        return super.getChildren();
      }
    };
    for (int i = 0; i < children; i++) {
      block.add(Linear.builder().setUnits(3).build());
    }
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
    looks[0] = 0;

    ModelGraph graph = DjlGraph.of(block, manager, new Shape(1, 3));

    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("MatMul")).hasSize(children);
    return looks[0];
  }

  @Test
  void shouldSayWhyAModelIsDrawnAsTheTreeOfItsBlocks() {
    String log = Logged.during(() -> DjlGraph.of(mlp(), manager, new Shape(1, 784)));

    assertThat(log.lines()).singleElement().asString().contains("INFO", "tree of its blocks", "could not be run");
    Block block = new SequentialBlock().add(new Untraceable(false)).add(new Untraceable(false));
    assertThat(Logged.during(() -> drawn(block, new Shape(1, 3))).lines()).singleElement().asString()
        .contains("INFO", "Untraceable", "one operation", "could not be traced");
    assertThat(Logged.during(() -> drawn(mlp(), new Shape(1, 784)))).isEmpty();
  }

  @Test
  void shouldSayWhereABlockCouldNotBeTraced() {
    Block block = new SequentialBlock().add(Linear.builder().setUnits(4).build()).add(new Untraceable(false))
        .add(Linear.builder().setUnits(2).build());
    ModelGraph graph = drawn(block, new Shape(1, 3));

    assertParametersOnce(block, graph);
    assertThat(edges(graph)).contains("01_linear/BiasAdd [?, 4] -> 02_untraceable/Untraceable",
        "02_untraceable/Untraceable [?, 4] -> 03_linear/MatMul");
    assertThat(graph.nodes()).filteredOn(n -> n.attributes().containsKey("note")).extracting(Node::name)
        .containsExactly("02_untraceable/Untraceable");
  }

  @Test
  void shouldDrawABlockThatChangesItsInputBeforeItCanNotBeTraced() {
    Block block = new SequentialBlock().add(Linear.builder().setUnits(4).build()).add(new Untraceable(true))
        .add(Linear.builder().setUnits(2).build());
    ModelGraph graph = drawn(block, new Shape(1, 3));

    assertParametersOnce(block, graph);
    assertThat(edges(graph)).contains("01_linear/BiasAdd [?, 4] -> 02_untraceable/Untraceable",
        "02_untraceable/Untraceable [?, 4] -> 03_linear/MatMul");
    assertThat(graph.nodes()).extracting(Node::op).doesNotContain("Add");
  }

  @Test
  void shouldNameWhatWasWrittenAsAnAnonymousClassByItsKind() {
    Loss loss = new Loss("mine") {
      @Override
      public NDArray evaluate(NDList labels, NDList predictions) {
        return predictions.head().mean();
      }
    };
    Optimizer optimizer = new Optimizer(Optimizer.sgd()) {
      @Override
      public void update(String parameter, NDArray weight, NDArray gradient) {}
    };
    DefaultTrainingConfig configuration = new DefaultTrainingConfig(loss).optOptimizer(optimizer);
    try (Model model = Model.newInstance("model", "PyTorch")) {
      model.setBlock(new Untraceable(false) {});
      try (Trainer trainer = model.newTrainer(configuration)) {
        trainer.initialize(new Shape(1, 3));

        assertThat(DjlGraph.of(trainer, configuration).nodes()).extracting(Node::op)
            .containsExactly("Placeholder", "Block", "Placeholder", "Loss", "Gradients", "ApplyOptimizer");
      }
    }
  }

  @Test
  void shouldRefuseAModelWithoutABlock() {
    try (Model model = Model.newInstance("model", "PyTorch")) {
      assertThatIllegalStateException().isThrownBy(() -> DjlGraph.of(model)).withMessageContaining("setBlock");
    }
  }

  @Test
  void shouldDrawATrainedModelWhoseResultsCouldNotBeTraced() {
    Block branch = Linear.builder().setUnits(4).build();
    try (Model model = Model.newInstance("model", "PyTorch")) {
      model.setBlock(new ParallelBlock(results -> new NDList(manager.ones(new Shape(2, 4))), List.of(branch)));
      try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()))) {
        trainer.initialize(new Shape(1, 3));

        assertThat(edges(DjlGraph.of(trainer))).contains("01_linear/MatMul [?, 4] -> 01_linear/BiasAdd");
      }
    }
  }

  @Test
  void shouldDrawTheTreeOfAModelThatCantRun() {
    SequentialBlock uninitialized = mlp();
    ModelGraph graph = DjlGraph.of(uninitialized, manager, new Shape(1, 784));

    assertThat(graph.nodes()).extracting(Node::name).contains("02_linear/weight", "02_linear/Linear", "03_relu");
    assertThat(graph.nodes()).filteredOn(n -> !n.op().equals("Variable") && !n.op().equals("Placeholder"))
        .allSatisfy(n -> assertThat(n.attributes()).containsKey("note"));

    Block block = mlp();
    assertThat(parameters(drawn(block, new Shape(1, 784), new Shape(7, 7)))).hasSize(4);

    BertBlock bert = BertBlock.builder().nano().setTokenDictionarySize(100).build();
    Shape tooShort = new Shape(2, 8);
    bert.initialize(manager, DataType.FLOAT32, tooShort, tooShort, tooShort);
    assertParametersOnce(bert, DjlGraph.of(bert, manager, tooShort, tooShort, tooShort));

    Block bidirectional = LSTM.builder().setNumLayers(2).setStateSize(6).optBidirectional(true).optBatchFirst(true).build();
    assertParametersOnce(bidirectional, drawn(bidirectional, new Shape(1, 5, 8)));
  }

  @Test
  void shouldLeaveTheModelAndItsMemoryAsTheyWere() {
    Block block = ResNetV1.builder().setImageShape(new Shape(3, 32, 32)).setNumLayers(18).setOutSize(10).build();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));
    List<float[]> before = values(block);
    int arrays = manager.getManagedArrays().size();

    DjlGraph.of(block, manager, new Shape(1, 3, 32, 32));

    List<float[]> after = values(block);
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).containsExactly(before.get(i));
    }
    assertThat(manager.getManagedArrays()).hasSize(arrays);
  }

  private ModelGraph drawn(Block block, Shape initial, Shape... others) {
    if (!block.isInitialized()) {
      block.initialize(manager, DataType.FLOAT32, initial);
    }
    return DjlGraph.of(block, manager, others.length == 0 ? new Shape[] {initial} : others);
  }

  private static SequentialBlock mlp() {
    return new SequentialBlock().add(Blocks.batchFlattenBlock(784)).add(Linear.builder().setUnits(100).build())
        .add(Activation.reluBlock()).add(Linear.builder().setUnits(10).build());
  }

  private static List<float[]> values(Block block) {
    return block.getParameters().values().stream().map(p -> p.getArray().toFloatArray()).toList();
  }

  private static void assertParametersOnce(Block block, ModelGraph graph) {
    Map<String, List<Long>> expected = new TreeMap<>();
    BlockNames.parameters(block).forEach(p -> expected.put(p.path(),
        Arrays.stream(p.parameter().getArray().getShape().getShape()).boxed().toList()));
    assertThat(expected).hasSize(block.getParameters().size());
    assertThat(parameters(graph)).isEqualTo(expected);
  }

  private static Map<String, List<Long>> parameters(ModelGraph graph) {
    Map<String, List<Long>> parameters = new TreeMap<>();
    graph.nodes().stream().filter(n -> n.op().equals("Variable")).forEach(n -> assertThat(parameters.put(
        n.name(), n.outputs().get(0).shape().isKnown() ? Arrays.stream(n.outputs().get(0).shape().sizes()).boxed().toList()
            : List.of()))
        .as(n.name()).isNull());
    return parameters;
  }

  /** The one result that nobody reads has the shape that DJL infers, with an open batch. */
  private static void assertLastShape(Block block, ModelGraph graph, Shape input) {
    Set<Integer> read = new HashSet<>();
    graph.nodes().forEach(n -> n.inputs().forEach(i -> read.add(i.node())));
    List<Node> last = new ArrayList<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      if (!read.contains(i)) {
        last.add(graph.nodes().get(i));
      }
    }
    long[] inferred = block.getOutputShapes(new Shape[] {input})[0].getShape();
    inferred[0] = -1;
    assertThat(last).singleElement()
        .satisfies(n -> assertThat(n.outputs().get(0).shape().sizes()).containsExactly(inferred));
  }

  private static Set<String> reachableFrom(ModelGraph graph, String name) {
    Set<String> reached = new HashSet<>(Set.of(name));
    for (Node node : graph.nodes()) {
      if (node.inputs().stream().anyMatch(i -> reached.contains(graph.nodes().get(i.node()).name()))) {
        reached.add(node.name());
      }
    }
    return reached;
  }

  /** A block with a path of its own around its body. */
  private static final class Residual extends AbstractBlock {

    private final Block body = addChildBlock("body", new SequentialBlock().add(Linear.builder().setUnits(6).build())
        .add(Activation.reluBlock()).add(Linear.builder().setUnits(6).build()));

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
      body.initialize(manager, dataType, inputShapes);
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
      return new NDList(body.forward(store, inputs, training).head().add(inputs.head()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  /** A block with three of a kind. */
  private static final class Activations extends AbstractBlock {

    private final Block first = addChildBlock("first", Activation.reluBlock());
    private final Block second = addChildBlock("second", Activation.reluBlock());
    private final Block third = addChildBlock("third", Activation.reluBlock());

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
      List.of(first, second, third).forEach(child -> child.initialize(manager, dataType, inputShapes));
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
      NDList inner = second.forward(store, first.forward(store, inputs, training), training);
      return third.forward(store, new NDList(inner.head().add(inputs.head())), training);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  /** A block that adds what it knows of an identity to what it is given. */
  private static final class Mixed extends AbstractBlock {

    private final Block ids =
        addChildBlock("ids", new TrainableWordEmbedding(new DefaultVocabulary(List.of("a", "b", "c")), 3));

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
      ids.initialize(manager, dataType, inputShapes[0]);
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
      return new NDList(ids.forward(store, new NDList(inputs.get(0)), training).head().add(inputs.get(1)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return new Shape[] {inputShapes[1]};
    }
  }

  /** A block that leaves the arrays that it was given. */
  private static class Untraceable extends AbstractBlock {

    private final boolean inPlace;

    Untraceable(boolean inPlace) {
      this.inPlace = inPlace;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
      NDArray input = inputs.head();
      if (inPlace) {
        input.addi(1);
      }
      NDArray fresh = store.getManager().create(input.toFloatArray(), input.getShape());
      return new NDList(fresh);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }
}
