package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.modality.rl.agent.EpsilonGreedy;
import ai.djl.modality.rl.agent.QAgent;
import ai.djl.modality.rl.agent.RlAgent;
import ai.djl.modality.rl.env.RlEnv;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import ai.djl.util.PairList;
import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page about other people's programs shows: each way of training with its right line. */
class InYourProgramTest {

  private static final Path PAGE = Path.of("../docs/in-your-program.md");
  private static final Path TESTS = Path.of("src/test/java/io/github/tensorboard4j/djl");
  private static final Path PERCEPTRON = Path.of("../graph-tool/src/test/resources/torchscript/scripted-perceptron.pt");

  @TempDir
  private Path logs;

  private final DefaultTrainingConfig config =
      Trainings.config(TrainingListener.Defaults.basic()).optDevices(new Device[] {Device.cpu()});
  private final Model model = Model.newInstance("model", Device.cpu(), "PyTorch");
  private final NDManager manager = model.getNDManager().newSubManager();
  private final ArrayDataset training = Trainings.data(manager, 1);
  private final ArrayDataset validation = Trainings.data(manager, 2);
  private final Shape inputShape = new Shape(1, 6);

  @BeforeEach
  void build() {
    model.setBlock(Trainings.classifier());
  }

  @AfterEach
  void close() {
    closeListeners(config);
    model.close();
  }

  /** Ends the recordings before their directories are deleted; a program need not do it. */
  private static void closeListeners(DefaultTrainingConfig config) {
    for (TrainingListener listener : config.getTrainingListeners()) {
      if (listener instanceof TensorBoardListener own) {
        own.close();
      }
    }
  }

  @Test
  void shouldTrainAModelWithRandomNumbersTheSameWithoutTheGraph() {
    TensorBoardListener.builder(logs.resolve("vae")).withoutGraph().addTo(config);
    float[][] weights = new float[2][];
    for (int i = 0; i < 2; i++) {
      int training = i;
      Trainings.on("PyTorch", new Noisy(), i == 0 ? Trainings.config(TrainingListener.Defaults.basic()) : config,
          trainer -> {
            Trainings.fit(trainer, 2);
            weights[training] = trainer.getModel().getBlock().getParameters().valueAt(0).getArray().toFloatArray();
          });
    }

    assertThat(weights[1]).isEqualTo(weights[0]);
    assertThat(train("vae").graphs()).isZero();
    assertThat(train("vae").scalar("epoch_loss")).hasSize(2);
  }

  @Test
  void shouldShowOnThePageWhatIsTestedHere() throws IOException {
    String page = Files.readString(PAGE);
    List<MatchResult> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(page.substring(page.indexOf("\n## DJL\n"))).results().toList();
    StringBuilder tested = new StringBuilder();
    try (Stream<Path> files = Files.list(TESTS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        tested.append(plain(Files.readString(file)));
      }
    }

    assertThat(blocks).hasSizeGreaterThan(8)
        .allSatisfy(block -> assertThat(tested.toString()).contains(plain(block.group(1))));
  }

  /** Returns the code without indentation, empty lines and comments at the ends of lines. */
  private static String plain(String code) {
    return code.replaceAll("(?m)[ \t]+// .*$", "").replaceAll("(?m)^[ \t]+|[ \t]+$", "").replaceAll("\n+", "\n");
  }

  @Test
  void shouldReportOnValidation() throws IOException, TranslateException {
    TensorBoardListener.builder(logs.resolve("report"))
        .validationReport(ValidationReport.builder()
            .classes("cat", "dog", "bird")
            .pictures(3, 2) // the width and height of pictures that are flat rows of numbers
            .embedding("02_linear")
            .build())
        .addTo(config);
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(inputShape);
      EasyTrain.fit(trainer, 2, training, validation);
    }

    Recorded recorded = Recorded.in(logs.resolve("report/validation"));
    assertThat(recorded.scalar("epoch_f1")).hasSize(2);
    assertThat(recorded.tensorSteps()).containsEntry("pr_curve/bird", List.of(1L, 2L))
        .containsEntry("misclassified", List.of(1L, 2L));
    assertThat(logs.resolve("report/validation/embeddings/02_linear")).isDirectory();
  }

  @Test
  void shouldRecordEasyTrain() throws IOException, TranslateException {
    try (TensorBoardListener listener = TensorBoardListener.addTo(config, logs.resolve("adam"));
        Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(inputShape);
      EasyTrain.fit(trainer, 5, training, validation);
      listener.end(SessionStatus.SUCCESS);
    }

    assertThat(train("adam").scalar("epoch_loss")).hasSize(5);
    assertThat(train("adam").scalar("epoch_learning_rate")).hasSize(5);
    assertThat(Recorded.in(logs.resolve("adam/validation")).scalar("epoch_accuracy")).hasSize(5);
  }

  @Test
  void shouldRecordALoopOfEasyTrainsParts() throws IOException, TranslateException {
    TensorBoardListener.addTo(config, logs.resolve("loop"));
    train(trainer -> {
      for (int epoch = 0; epoch < 5; epoch++) {
        for (Batch batch : trainer.iterateDataset(training)) {
          EasyTrain.trainBatch(trainer, batch); // tells the listeners
          trainer.step();
          batch.close();
        }
        EasyTrain.evaluateDataset(trainer, validation); // tells the listeners
        trainer.notifyListeners(told -> told.onEpoch(trainer));
      }
    });

    assertThat(train("loop").scalar("epoch_loss")).hasSize(5);
    assertThat(Recorded.in(logs.resolve("loop/validation")).scalar("epoch_loss")).hasSize(5);
  }

  @Test
  void shouldRecordALoopThatTellsItsListeners() throws IOException, TranslateException {
    TensorBoardListener.addTo(config, logs.resolve("loop"));
    train(trainer -> {
      Device device = trainer.getDevices()[0];
      for (int epoch = 0; epoch < 2; epoch++) {
        for (Batch batch : trainer.iterateDataset(training)) {
          NDList labels = batch.getLabels();
          NDList predictions;
          try (GradientCollector collector = trainer.newGradientCollector()) {
            predictions = trainer.forward(batch.getData());
            collector.backward(trainer.getLoss().evaluate(labels, predictions));
          }
          TrainingListener.BatchData data =
              new TrainingListener.BatchData(batch, Map.of(device, labels), Map.of(device, predictions));
          trainer.notifyListeners(told -> told.onTrainingBatch(trainer, data));
          trainer.step();
          batch.close();
        }
        trainer.notifyListeners(told -> told.onEpoch(trainer));
      }
    });

    assertThat(train("loop").scalar("epoch_loss")).hasSize(2);
    assertThat(train("loop").scalar("epoch_accuracy")).hasSize(2);
  }

  @Test
  void shouldRecordALoopThatTellsNobody() throws IOException, TranslateException {
    TensorBoardListener listener = TensorBoardListener.addTo(config, logs.resolve("loop"));
    train(trainer -> {
      for (int epoch = 0; epoch < 2; epoch++) {
        for (Batch batch : trainer.iterateDataset(training)) {
          float loss;
          try (GradientCollector collector = trainer.newGradientCollector()) {
            NDArray value = trainer.getLoss().evaluate(batch.getLabels(), trainer.forward(batch.getData()));
            collector.backward(value);
            loss = value.getFloat();
          }
          trainer.step();
          listener.batch(trainer, loss, batch.getSize()); // after the step
          batch.close();
        }
        listener.epoch(trainer);
      }
    });

    assertThat(train("loop").scalar("batch_loss")).hasSize(10);
    assertThat(train("loop").scalar("epoch_loss")).hasSize(2);
  }

  @Test
  void shouldRecordFiguresOfOnesOwn() throws IOException, TranslateException {
    TensorBoardListener listener = TensorBoardListener.addTo(config, logs.resolve("own"));
    train(trainer -> {
      EasyTrain.fit(trainer, 1, training, null);
      double reward = 0.7;
      double bleu = 0.25;
      long epoch = 1;
      listener.scalar("reward", reward); // at the current iteration, in <run>/train
      listener.epochScalar("bleu", bleu); // at the current epoch
      listener.trainWriter().addText("notes", "**Markdown**", epoch);
      listener.validationWriter().addScalar("epoch_bleu", bleu, epoch);
    });

    assertThat(train("own").scalar("reward")).containsOnlyKeys(5L);
    assertThat(train("own").scalar("bleu")).containsOnlyKeys(1L);
  }

  @Test
  void shouldRecordTrainersOneAfterTheOther() throws IOException, TranslateException {
    TensorBoardListener.addTo(config, logs.resolve("phases"));
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(inputShape);
      EasyTrain.fit(trainer, 2, training, validation);
    }
    try (Trainer trainer = model.newTrainer(config)) { // goes on with epoch 3
      trainer.initialize(inputShape);
      EasyTrain.fit(trainer, 2, training, validation);
    }

    assertThat(train("phases").scalar("epoch_loss")).containsOnlyKeys(1L, 2L, 3L, 4L);
  }

  @Test
  void shouldRecordTrainersThatTakeTurns() throws IOException, TranslateException {
    DefaultTrainingConfig discriminatorConfig = Trainings.config().optDevices(new Device[] {Device.cpu()});
    DefaultTrainingConfig generatorConfig = Trainings.config().optDevices(new Device[] {Device.cpu()});
    Model discriminatorModel = model;
    try (Model generatorModel = Model.newInstance("generator", Device.cpu(), "PyTorch")) {
      generatorModel.setBlock(Trainings.classifier());
      TensorBoardListener.addTo(discriminatorConfig, logs.resolve("gan/discriminator"));
      TensorBoardListener.addTo(generatorConfig, logs.resolve("gan/generator"));
      try (Trainer discriminator = discriminatorModel.newTrainer(discriminatorConfig);
          Trainer generator = generatorModel.newTrainer(generatorConfig)) {
        discriminator.initialize(inputShape);
        generator.initialize(inputShape);
        for (Batch batch : discriminator.iterateDataset(training)) {
          for (Trainer trainer : List.of(discriminator, generator)) {
            EasyTrain.trainBatch(trainer, batch);
            trainer.step();
          }
          batch.close();
        }
        discriminator.notifyListeners(told -> told.onEpoch(discriminator));
        generator.notifyListeners(told -> told.onEpoch(generator));
      }
    }
    closeListeners(discriminatorConfig);
    closeListeners(generatorConfig);

    assertThat(train("gan/discriminator").scalar("epoch_loss")).hasSize(1).doesNotContainValue(Float.NaN);
    assertThat(train("gan/generator").scalar("epoch_loss")).hasSize(1).doesNotContainValue(Float.NaN);
  }

  @Test
  void shouldRecordReinforcementLearning() {
    DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss()).optDevices(new Device[] {Device.cpu()});
    model.setBlock(new SequentialBlock()
        .add(new LambdaBlock(input -> new NDList(NDArrays.concat(input, -1)), "Concat"))
        .add(Linear.builder().setUnits(8).build())
        .add(Linear.builder().setUnits(1).build()));
    TensorBoardListener listener = TensorBoardListener.addTo(config, logs.resolve("corridor"));
    try (Trainer trainer = model.newTrainer(config);
        RlEnv game = new Corridor(model.getNDManager().newSubManager())) {
      trainer.initialize(new Shape(1, 1), new Shape(1, 1));
      RlAgent agent = new EpsilonGreedy(new QAgent(trainer, 0.9f), Tracker.fixed(0.5f));
      for (int episode = 0; episode < 10; episode++) {
        float reward = game.runEnvironment(agent, true);
        agent.trainBatch(game.getBatch()); // tells the listeners, of each batch
        trainer.step();
        listener.scalar("reward", reward);
      }
      listener.epoch(trainer); // whatever you call an epoch
    }
    closeListeners(config);

    assertThat(train("corridor").scalar("reward")).containsOnlyKeys(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    assertThat(train("corridor").scalar("batch_loss")).hasSize(10).doesNotContainValue(Float.NaN);
    assertThat(train("corridor").scalar("epoch_loss")).hasSize(1).doesNotContainValue(Float.NaN);
    assertThat(RecordedSession.hyperParameters(logs.resolve("corridor"))).containsEntry("optimizer", "Adam");
  }

  @Test
  void shouldRecordATorchScriptModel()
      throws IOException, MalformedModelException, ModelNotFoundException, TranslateException {
    Path file = PERCEPTRON;
    Criteria<NDList, NDList> criteria = Criteria.builder()
        .setTypes(NDList.class, NDList.class)
        .optModelPath(file)
        .optEngine("PyTorch")
        .optOption("trainParam", "true")
        .build();
    TensorBoardListener.addTo(config, logs.resolve("torch"));
    try (Model model = criteria.loadModel();
        Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(new Shape(1, 8));
      EasyTrain.fit(trainer, 2, wide(trainer.getManager()), null);
    }

    assertThat(train("torch").scalar("epoch_loss")).hasSize(2).doesNotContainValue(Float.NaN);
    assertThat(train("torch").histograms()).containsKeys("layer_hidden/weight", "layer_output/bias");
  }

  /** What a program does with its trainer. */
  private interface Loop {
    void run(Trainer trainer) throws IOException, TranslateException;
  }

  private void train(Loop loop) throws IOException, TranslateException {
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(inputShape);
      loop.run(trainer);
    }
  }

  private static ArrayDataset wide(NDManager manager) {
    return new ArrayDataset.Builder()
        .setData(manager.randomUniform(0, 1, new Shape(32, 8)))
        .optLabels(manager.zeros(new Shape(32)))
        .setSampling(16, false)
        .build();
  }

  private Recorded train(String run) {
    return Recorded.in(logs.resolve(run).resolve("train"));
  }

  /** Adds noise in each forward pass, as the sampling of a variational autoencoder does. */
  private static final class Noisy extends AbstractBlock {

    private final Block linear = addChildBlock("linear", Linear.builder().setUnits(3).build());

    @Override
    protected NDList forwardInternal(ParameterStore store, NDList inputs, boolean training,
        PairList<String, Object> params) {
      NDArray input = inputs.singletonOrThrow();
      NDArray noise = input.getManager().randomNormal(input.getShape());
      return linear.forward(store, new NDList(input.add(noise)), training);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
      linear.initialize(manager, dataType, inputShapes);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return linear.getOutputShapes(inputShapes);
    }
  }
}
