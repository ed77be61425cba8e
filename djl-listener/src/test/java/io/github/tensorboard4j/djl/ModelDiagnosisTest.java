package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.basicmodelzoo.basic.Mlp;
import ai.djl.engine.Engine;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import ai.djl.util.PairList;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes on within a model, beside what plain Java and copies of the parameters say of it. */
class ModelDiagnosisTest {

  private static final Frequency ALWAYS = Frequency.iterations(1);
  private static final List<String> PARAMETERS =
      List.of("02_linear/weight", "02_linear/bias", "04_linear/weight", "04_linear/bias");

  @TempDir
  private Path logs;

  /** A network as a user writes one: its layers are called in its own code, and what is between two of them is no block. */
  private static final class OwnNet extends AbstractBlock {

    private final Block hidden;
    private final Block output;
    private final UnaryOperator<NDArray> between;

    OwnNet(UnaryOperator<NDArray> between) {
      this(Linear.builder().setUnits(8).build(), "hidden", between);
    }

    OwnNet(Block hidden, String name, UnaryOperator<NDArray> between) {
      this.hidden = addChildBlock(name, hidden);
      this.output = addChildBlock("output", Linear.builder().setUnits(3).build());
      this.between = between;
    }

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training,
        PairList<String, Object> params) {
      NDArray before = hidden.forward(store, inputs, training).singletonOrThrow();
      return output.forward(store, new NDList(between.apply(before)), training);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
      hidden.initialize(manager, dataType, inputShapes);
      output.initialize(manager, dataType, hidden.getOutputShapes(inputShapes));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return output.getOutputShapes(hidden.getOutputShapes(inputShapes));
    }
  }

  /** Can't be run but for training. */
  private static final class OnlyTrained extends AbstractBlock {

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training,
        PairList<String, Object> params) {
      if (!training) {
        throw new UnsupportedOperationException("not without training");
      }
      return inputs;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PyTorch", "MXNet"})
  void shouldRecordTheGradientsOfTheMeanLoss(String engine) {
    Assumptions.assumeTrue(Engine.hasEngine(engine));
    Map<Long, double[]> gradients = new TreeMap<>();
    for (String parameter : PARAMETERS) {
      gradients.clear();
      Path run = logs.resolve(parameter.replace('/', '-'));
      TrainingListener notes = new TrainingListenerAdapter() {
        @Override
        public void onTrainingBatch(Trainer trainer, BatchData data) {
          gradients.put(gradients.size() + 1L,
              PlainMlp.of(trainer).gradient(PARAMETERS.indexOf(parameter), inputs(data), labels(data)));
        }
      };
      try (TensorBoardListener listener = everything(run).build()) {
        Trainings.on(engine, Trainings.classifier(), Trainings.config(listener, notes),
            trainer -> Trainings.fit(trainer, 1));
      }

      Recorded train = Recorded.in(run.resolve("train"));
      assertThat(gradients).hasSize(5);
      gradients.forEach((iteration, gradient) -> {
        assertThat(train.scalar("gradient_norm/" + parameter).get(iteration))
            .isCloseTo((float) PlainMlp.norm(gradient), within(1e-5f));
        assertThat(train.scalar("gradient_mean_magnitude/" + parameter).get(iteration))
            .isCloseTo((float) PlainMlp.meanMagnitude(gradient), within(1e-5f));
        assertThatIsHistogramOf(train.histograms().get("gradient/" + parameter).get(iteration), gradient, 1e-5);
      });
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRecordWhatTheOptimizerSubtracts(boolean told) {
    Map<Long, List<double[]>> updates = new TreeMap<>();
    Map<Long, List<double[]>> updated = new TreeMap<>();
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      DefaultTrainingConfig config = Trainings.config(listener)
          .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build());
      Trainings.onPyTorch(config, trainer -> {
        for (int epoch = 0; epoch < 2; epoch++) {
          Trainings.eachBatch(trainer, batch -> {
            List<float[]> before = copies(trainer);
            if (told) {
              EasyTrain.trainBatch(trainer, batch);
              trainer.step();
            } else {
              listener.batch(trainer, OwnLoopTest.step(trainer, batch), batch.getSize());
            }
            List<float[]> after = copies(trainer);
            updates.put(updates.size() + 1L, differences(before, after));
            updated.put(updated.size() + 1L, after.stream().map(PlainMlp::doubles).toList());
          });
          listener.epoch(trainer);
        }
      });
    }

    Recorded train = train();
    long first = told ? 1 : 2;
    assertThat(train.histograms().get("update/02_linear/bias")).hasSize(told ? 10 : 9);
    updates.keySet().removeIf(iteration -> iteration < first);
    updates.forEach((iteration, all) -> {
      for (int i = 0; i < PARAMETERS.size(); i++) {
        String parameter = PARAMETERS.get(i);
        double[] update = all.get(i);
        double[] values = updated.get(iteration).get(i);
        assertThatIsHistogramOf(train.histograms().get("update/" + parameter).get(iteration), update, 0);
        assertScalar("update_norm/" + parameter, iteration, PlainMlp.norm(update));
        assertScalar("update_mean_magnitude/" + parameter, iteration, PlainMlp.meanMagnitude(update));
        assertScalar("parameter_norm/" + parameter, iteration, PlainMlp.norm(values));
        assertScalar("parameter_mean_magnitude/" + parameter, iteration, PlainMlp.meanMagnitude(values));
        assertScalar("update_ratio_log10/" + parameter, iteration,
            Math.log10(PlainMlp.meanMagnitude(update) / PlainMlp.meanMagnitude(values)));
      }
    });
    assertThat(train.histograms().get("gradient/04_linear/weight")).containsKeys(first, 10L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PyTorch", "MXNet"})
  void shouldRecordWhatTheLayersPutOut(String engine) {
    Assumptions.assumeTrue(Engine.hasEngine(engine));
    Map<Long, Map<String, double[]>> outputs = new TreeMap<>();
    Map<Long, Double> dead = new TreeMap<>();
    TrainingListener notes = new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData data) {
        PlainMlp mlp = PlainMlp.of(trainer);
        double[] hidden = mlp.hidden(inputs(data));
        long iteration = outputs.size() + 1L;
        outputs.put(iteration,
            Map.of("01_batch_flatten", inputs(data), "02_linear", hidden, "03_relu", PlainMlp.relu(hidden),
                "04_linear", mlp.output(inputs(data))));
        dead.put(iteration, deadUnits(hidden, 8));
      }
    };
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      Trainings.on(engine, Trainings.classifier(), Trainings.config(listener, notes), trainer -> {
        trainer.getModel().getBlock().getParameters().valueAt(1).getArray().set(new NDIndex("0:2"), -20f);
        Trainings.fit(trainer, 1);
      });
    }

    Recorded train = train();
    assertThat(train.histograms().keySet().stream().filter(tag -> tag.endsWith("/activation"))).containsExactlyInAnyOrder(
        "layer_01_batch_flatten/activation", "layer_02_linear/activation", "layer_03_relu/activation",
        "layer_04_linear/activation");
    outputs.forEach((iteration, layers) -> layers.forEach((layer, values) -> {
      assertThatIsHistogramOf(train.histograms().get("layer_" + layer + "/activation").get(iteration), values, 1e-5);
      assertScalar("output_mean/" + layer, iteration, PlainMlp.mean(values));
      assertScalar("output_stdev/" + layer, iteration, PlainMlp.standardDeviation(values));
    }));
    assertThat(train.scalars().keySet().stream().filter(tag -> tag.startsWith("relu_dead")))
        .containsExactly("relu_dead/03_relu");
    dead.forEach((iteration, share) -> assertScalar("relu_dead/03_relu", iteration, share));
    // MXNet's updates begin with the parameters of before
    assertThat(dead.get(1L)).isGreaterThanOrEqualTo(0.25);
  }

  @Test
  void shouldNameWhatALayerInANetworkOfOnesOwnPutsOut() {
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      Trainings.on("PyTorch", new OwnNet(Activation::relu), Trainings.config(listener),
          trainer -> Trainings.fit(trainer, 1));
    }

    assertThat(train().scalars().keySet().stream().filter(tag -> tag.startsWith("output_mean"))).containsExactlyInAnyOrder(
        "output_mean/hidden", "output_mean/relu", "output_mean/output");
    assertThat(train().scalar("relu_dead/relu")).hasSize(5);
    assertThat(train().scalar("gradient_norm/hidden/weight")).hasSize(5);
  }

  @Test
  void shouldTellABlockThatIsCalledReluFromAReluInTheCode() {
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      Trainings.on("PyTorch", new OwnNet(Activation.reluBlock(), "relu", Activation::relu), Trainings.config(listener),
          trainer -> Trainings.fit(trainer, 1));
    }

    assertThat(train().scalars().keySet().stream().filter(tag -> tag.startsWith("output_mean"))).containsExactlyInAnyOrder(
        "output_mean/relu", "output_mean/relu_b", "output_mean/output");
    assertThat(train().scalar("relu_dead/relu")).hasSize(5);
    assertThat(train().scalar("relu_dead/relu_b")).hasSize(5);
  }

  @Test
  void shouldRecordABlockThatCannotBeFollowedAsAWhole() {
    OwnNet net = new OwnNet(array -> {
      if (Proxy.isProxyClass(array.getClass())) {
        throw new IllegalArgumentException("an array of another engine");
      }
      return array;
    });
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      Trainings.on("PyTorch", net, Trainings.config(listener), trainer -> Trainings.fit(trainer, 1));
    }

    assertThat(train().scalars().keySet().stream().filter(tag -> tag.startsWith("output_mean")))
        .containsExactlyInAnyOrder("output_mean/hidden", "output_mean/own_net");
    assertThat(train().scalar("output_mean/own_net")).hasSize(5);
  }

  private static Stream<Arguments> changesInPlace() {
    return Stream.of(
        Arguments.of("itself", (UnaryOperator<NDArray>) array -> array.addi(100)),
        Arguments.of("from the right", (UnaryOperator<NDArray>) array -> array.getNDArrayInternal().rsubi(100)),
        Arguments.of("a view", (UnaryOperator<NDArray>) array -> {
          array.reshape(-1).addi(100);
          return array;
        }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changesInPlace")
  void shouldRecordWhatALayerPutOutBeforeItIsChangedInPlace(String what, UnaryOperator<NDArray> change) {
    Map<Long, double[]> outputs = new TreeMap<>();
    TrainingListener notes = new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData data) {
        outputs.put(outputs.size() + 1L, PlainMlp.of(trainer).hidden(inputs(data)));
      }
    };
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      Trainings.on("PyTorch", new OwnNet(change), Trainings.config(listener, notes), trainer -> Trainings.fit(trainer, 1));
    }

    assertThat(outputs).hasSize(5);
    outputs.forEach((iteration, values) -> {
      assertScalar("output_mean/hidden", iteration, PlainMlp.mean(values));
      assertThatIsHistogramOf(train().histograms().get("layer_hidden/activation").get(iteration), values, 1e-5);
    });
  }

  @Test
  void shouldKnowAReluThatHasNoName() {
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      Trainings.on("PyTorch", new Mlp(6, 3, new int[] {8}), Trainings.config(listener),
          trainer -> Trainings.fit(trainer, 1));
    }

    assertThat(train().scalars().keySet().stream().filter(tag -> tag.startsWith("relu_dead"))).hasSize(1);
  }

  /** A channel of a convolution is one unit, wherever its places are. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldCountTheDeadChannelsOfAConvolution(int dimensions) {
    Block convolution = dimensions == 1
        ? Conv1d.builder().setKernelShape(new Shape(3)).setFilters(5).build()
        : Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(5).build();
    SequentialBlock block = new SequentialBlock().add(convolution).add(Activation.reluBlock())
        .add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).build());
    Shape shape = dimensions == 1 ? new Shape(4, 2, 9) : new Shape(4, 2, 9, 9);
    trainOnce(block, shape, trainer -> convolution.getParameters().get("bias").getArray().set(new NDIndex("1:3"), -1000f));

    assertThat(train().scalar("relu_dead/02_relu")).containsEntry(1L, 0.4f);
  }

  /** The units of a layer that is applied at each time step stand last. */
  @Test
  void shouldCountTheDeadUnitsOfALayerOverTime() {
    Linear linear = Linear.builder().setUnits(5).build();
    SequentialBlock block = new SequentialBlock().add(linear).add(Activation.reluBlock())
        .add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).build());
    trainOnce(block, new Shape(4, 7, 2),
        trainer -> linear.getParameters().get("bias").getArray().set(new NDIndex("1:2"), -1000f));

    assertThat(train().scalar("relu_dead/02_relu")).containsEntry(1L, 0.2f);
  }

  @Test
  void shouldTrainTheSameBitByBitWhateverIsRecorded() {
    List<float[]> without = trainRandomly(new TrainingListenerAdapter() {});
    for (Frequency frequency : List.of(Frequency.iterations(1), Frequency.epochs(1))) {
      Path run = logs.resolve("run" + frequency);
      try (TensorBoardListener listener = everything(run, frequency).profileIteration(4).build()) {
        assertThat(trainRandomly(listener)).containsExactlyElementsOf(without);
      }
      assertThat(Recorded.in(run.resolve("train")).scalar("output_stdev/03_batch_norm")).hasSize(
          frequency.equals(ALWAYS) ? 15 : 3);
    }
  }

  /** Trains a network whose layers draw random numbers, and count what they have met. */
  private static List<float[]> trainRandomly(TrainingListener listener) {
    List<float[]> parameters = new ArrayList<>();
    Block block = new SequentialBlock().add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(8).build())
        .add(BatchNorm.builder().build()).add(Activation.reluBlock()).add(Dropout.builder().optRate(0.3f).build())
        .add(Linear.builder().setUnits(3).build());
    Trainings.on("PyTorch", block, Trainings.config(TrainingListener.Defaults.basic()).addTrainingListeners(listener),
        trainer -> {
          Trainings.fit(trainer, 3);
          parameters.addAll(copies(trainer));
        });
    assertThat(parameters).hasSize(8);
    return parameters;
  }

  @Test
  void shouldRecordTheFirstBatchOfAnEpoch() {
    Map<Long, double[]> gradients = new TreeMap<>();
    TrainingListener notes = new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData data) {
        try (NDArray gradient = trainer.getModel().getBlock().getParameters().valueAt(0).getArray().getGradient()) {
          gradients.put(gradients.size() + 1L, PlainMlp.doubles(gradient.toFloatArray()));
        }
      }
    };
    try (TensorBoardListener listener = everything(logs.resolve("run"), Frequency.epochs(2)).build()) {
      Trainings.onPyTorch(Trainings.config(listener, notes), trainer -> Trainings.fit(trainer, 4));
    }

    for (String tag : List.of("gradient/02_linear/weight", "update/02_linear/weight", "layer_02_linear/activation")) {
      assertThat(train().histograms().get(tag)).as(tag).containsOnlyKeys(2L, 4L);
    }
    assertScalar("gradient_norm/02_linear/weight", 2, PlainMlp.norm(gradients.get(6L)));
    assertScalar("gradient_norm/02_linear/weight", 4, PlainMlp.norm(gradients.get(16L)));
  }

  @Test
  void shouldRecordNothingOfThisWithoutBeingAsked() {
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run")).build()) {
      Trainings.train(Trainings.config(listener), 2);
    }

    assertThat(train().histograms().keySet()).allMatch(tag -> tag.startsWith("layer_") && !tag.endsWith("/activation"));
    assertThat(train().scalars().keySet()).noneMatch(tag -> tag.contains("/0"));
  }

  @Test
  void shouldRecordNoChangeWhereBatchesAddUpBeforeAnUpdate() {
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> Trainings.accumulate(trainer, 2));
    }

    assertThat(train().scalar("update_norm/02_linear/weight")).hasSize(5).containsEntry(1L, 0f).containsEntry(3L, 0f);
    assertThat(train().scalar("update_norm/02_linear/weight").get(2L)).isPositive();
    assertThat(train().scalar("update_ratio_log10/02_linear/weight")).containsOnlyKeys(2L, 4L);
  }

  @Test
  void shouldLeaveOutWhatIsNotTrained() {
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      Block block = Trainings.classifier();
      Trainings.on("PyTorch", block, Trainings.config(listener), trainer -> {
        block.getChildren().valueAt(1).freezeParameters(true);
        Trainings.fit(trainer, 1);
      });
    }

    assertThat(train().scalar("gradient_norm/04_linear/weight")).hasSize(5);
    assertThat(train().scalars()).doesNotContainKeys("gradient_norm/02_linear/weight", "update_norm/02_linear/weight",
        "parameter_norm/02_linear/weight");
    assertThat(train().scalar("output_mean/02_linear")).hasSize(5);
  }

  @Test
  void shouldRecordAnEmbeddingWithSparseGradients() {
    SequentialBlock block = new SequentialBlock()
        .add(TrainableWordEmbedding.builder().setVocabulary(new DefaultVocabulary(List.of("a", "b", "c", "d")))
            .setEmbeddingSize(6).optNumEmbeddings(4).optSparseFormat(SparseFormat.COO).build())
        .add(LSTM.builder().setStateSize(5).setNumLayers(2).optReturnState(false).build())
        .add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).build());
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      DefaultTrainingConfig config = Trainings.config(listener).optDevices(new Device[] {Device.cpu()});
      Trainings.on("PyTorch", block, config, new Shape(4, 7), trainer -> {
        // without an update: DJL's optimizers refuse such gradients on PyTorch
        trainOn(trainer, manager -> manager.ones(new Shape(4, 7), DataType.INT64));
      });
    }

    assertThat(train().scalars().keySet().stream().filter(tag -> tag.startsWith("gradient_norm/01_")).toList()).hasSize(1)
        .allSatisfy(tag -> assertThat(train().scalar(tag).get(1L)).isPositive());
    assertThat(train().scalar("output_stdev/02_lstm").get(1L)).isPositive();
  }

  /** It is run by PyTorch's own interpreter, which refuses to run it once more. */
  @Test
  void shouldRecordAModelFromPythonButNotWhatItsLayersPutOut() throws Exception {
    List<List<float[]>> steps;
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      steps = trainFromPython(listener);
    }

    List<double[]> updates = differences(steps.get(1), steps.get(2));
    double[] recorded = Stream.of("hidden/weight", "hidden/bias", "output/weight", "output/bias")
        .mapToDouble(parameter -> train().scalar("update_norm/" + parameter).get(2L)).sorted().toArray();
    assertThat(recorded).doesNotContain(0)
        .containsExactly(updates.stream().mapToDouble(PlainMlp::norm).sorted().toArray(), within(1e-6));
    assertThat(train().scalars().keySet()).noneMatch(tag -> tag.startsWith("output_"));
    List<List<float[]>> without = trainFromPython(new TrainingListenerAdapter() {});
    for (int step = 0; step < steps.size(); step++) {
      assertThat(steps.get(step)).containsExactlyElementsOf(without.get(step));
    }
  }

  /** Trains the model {@code scripted-perceptron.pt} of the graph tool's tests; returns what its parameters were all along. */
  private List<List<float[]>> trainFromPython(TrainingListener listener) throws Exception {
    List<List<float[]>> steps = new ArrayList<>();
    Engine.getEngine("PyTorch").setRandomSeed(1);
    try (Model model = Model.newInstance("perceptron", Device.cpu(), "PyTorch");
        InputStream in = getClass().getResourceAsStream("/perceptron.pt")) {
      model.load(in, Map.of("trainParam", "true"));
      try (Trainer trainer = model.newTrainer(Trainings.config(listener).optDevices(new Device[] {Device.cpu()}))) {
        trainer.initialize(new Shape(4, 8));
        steps.add(copies(trainer));
        for (int step = 0; step < 3; step++) {
          trainOn(trainer, manager -> manager.randomNormal(new Shape(4, 8)));
          trainer.step();
          steps.add(copies(trainer));
        }
      }
    }
    return steps;
  }

  @Test
  void shouldSayOnceThatAModelCannotBeRunOnceMore() {
    Block block = new SequentialBlock().add(Linear.builder().setUnits(3).build()).add(new OnlyTrained());
    String logged = Logged.during(() -> {
      try (TensorBoardListener listener = everything(logs.resolve("run")).withoutGraph().build()) {
        Trainings.on("PyTorch", block, Trainings.config(listener), trainer -> Trainings.fitWithoutValidation(trainer, 1));
      }
    });

    assertThat(train().scalar("gradient_norm/01_linear/weight")).hasSize(5);
    assertThat(train().scalars().keySet()).noneMatch(tag -> tag.startsWith("output_mean"));
    assertThat(logged).doesNotContain("WARN", "ERROR");
  }

  @Test
  void shouldRecordBatchesWhoseDataIsNotTold() {
    String logged = Logged.during(() -> {
      try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
        Trainings.onPyTorch(Trainings.config(listener), trainer -> Trainings.eachBatch(trainer, batch -> {
          TensorBoardListenerTest.trainWithoutBatch(trainer, batch.getData(), batch.getLabels());
          trainer.step();
        }));
      }
    });

    assertThat(train().scalar("gradient_norm/02_linear/weight")).hasSize(5);
    assertThat(train().scalar("update_norm/02_linear/weight")).hasSize(5);
    assertThat(train().scalars().keySet()).noneMatch(tag -> tag.startsWith("output_mean"));
    assertThat(logged).doesNotContain("WARN", "ERROR");
  }

  @Test
  void shouldRecordOnSeveralDevicesEachParameterOnce() {
    Assumptions.assumeTrue(Engine.getEngine("PyTorch").getGpuCount() > 0, "a CPU is one device");
    Device[] devices = {Device.cpu(), Device.gpu()};
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      DefaultTrainingConfig config = Trainings.config(listener).optDevices(devices);
      Trainings.on("PyTorch", Trainings.classifier(), config, new Shape(1, 6), trainer -> Trainings.fit(trainer, 1));
    }

    assertThat(train().histograms().get("gradient/02_linear/weight")).hasSize(5)
        .allSatisfy((iteration, rows) -> assertThat(rows.count()).isEqualTo(48));
    assertThat(train().histograms().get("update/02_linear/weight")).hasSize(5)
        .allSatisfy((iteration, rows) -> assertThat(rows.count()).isEqualTo(48));
  }

  /** Trains on one batch of four examples. */
  private void trainOnce(Block block, Shape shape, Consumer<Trainer> preparation) {
    try (TensorBoardListener listener = everything(logs.resolve("run")).build()) {
      DefaultTrainingConfig config = Trainings.config(listener).optDevices(new Device[] {Device.cpu()});
      Trainings.on("PyTorch", block, config, shape, trainer -> {
        preparation.accept(trainer);
        trainOn(trainer, manager -> manager.randomNormal(shape));
        trainer.step();
      });
    }
  }

  private static void trainOn(Trainer trainer, Function<NDManager, NDArray> data) {
    NDManager manager = trainer.getManager().newSubManager();
    try (Batch batch = new Batch(manager, new NDList(data.apply(manager)),
        new NDList(manager.create(new int[] {0, 1, 2, 0})), 4, Batchifier.STACK, Batchifier.STACK, 0, 0)) {
      EasyTrain.trainBatch(trainer, batch);
    }
  }

  private static TensorBoardListener.Builder everything(Path run) {
    return everything(run, ALWAYS);
  }

  private static TensorBoardListener.Builder everything(Path run, Frequency frequency) {
    return TensorBoardListener.builder(run).gradientFrequency(frequency).updateFrequency(frequency)
        .activationFrequency(frequency).activationImageFrequency(frequency).statisticsFrequency(frequency);
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private void assertScalar(String tag, long step, double value) {
    assertThat(train().scalar(tag).get(step)).as(tag + " at " + step)
        .isCloseTo((float) value, within((float) Math.abs(value) * 1e-5f + 1e-6f));
  }

  private static void assertThatIsHistogramOf(Recorded.Rows rows, double[] values, double tolerance) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    assertThat(rows.count()).isEqualTo(values.length);
    assertThat(rows.min()).isCloseTo(sorted[0], within(tolerance));
    assertThat(rows.max()).isCloseTo(sorted[sorted.length - 1], within(tolerance));
  }

  private static double deadUnits(double[] hidden, int units) {
    int dead = 0;
    for (int unit = 0; unit < units; unit++) {
      boolean alive = false;
      for (int i = unit; i < hidden.length; i += units) {
        alive |= hidden[i] > 0;
      }
      dead += alive ? 0 : 1;
    }
    return (double) dead / units;
  }

  private static double[] inputs(TrainingListener.BatchData data) {
    return PlainMlp.doubles(data.getBatch().getData().get(0).toFloatArray());
  }

  private static int[] labels(TrainingListener.BatchData data) {
    return data.getBatch().getLabels().get(0).toIntArray();
  }

  private static List<float[]> copies(Trainer trainer) {
    return trainer.getModel().getBlock().getParameters().values().stream()
        .map(parameter -> parameter.getArray().toFloatArray()).toList();
  }

  private static List<double[]> differences(List<float[]> before, List<float[]> after) {
    List<double[]> differences = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      double[] difference = new double[before.get(i).length];
      for (int j = 0; j < difference.length; j++) {
        difference[j] = before.get(i)[j] - after.get(i)[j];
      }
      differences.add(difference);
    }
    return differences;
  }
}
