package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.TopKAccuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.ValidationReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report on a validation, against DJL's evaluators and a recount of what the model puts out. */
class ValidationReportTest {

  private static final List<String> CLASSES = List.of("cat", "dog", "bird");
  private static final int EXAMPLES = Trainings.BATCHES * Trainings.BATCH - 1;

  @TempDir
  private Path logs;

  private final int[] labels = new int[EXAMPLES];
  private final float[][] scores = new float[EXAMPLES][];
  private final float[][] hidden = new float[EXAMPLES][];
  private @Nullable TensorBoardListener binary;

  @AfterEach
  void close() {
    if (binary != null) {
      binary.close();
    }
  }

  @Test
  void shouldRecordWhatDjlsEvaluatorsAndARecountFindOut() {
    ValidationReport report = ValidationReport.builder().classes(CLASSES).topAccuracy(2).pictures(3, 2).build();
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic())
        .addEvaluator(new TopKAccuracy("top2", 2));
    TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).validationReport(report).addTo(config);
    Trainings.onPyTorch(config, trainer -> {
      Trainings.fit(trainer, 3);
      predict(trainer);
    });
    listener.close();

    Map<String, Map<Long, Float>> figures = validation().scalars();
    assertThat(figures.get("epoch_top_2_accuracy").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(figures.get("epoch_top_2_accuracy").get(3L)).isCloseTo(figures.get("epoch_top2").get(3L), within(1e-6f));
    double recall = 0;
    double precision = 0;
    double area = 0;
    for (int i = 0; i < 3; i++) {
      int own = i;
      double right = count(row -> labels[row] == own && prediction(row) == own);
      recall += right / count(row -> labels[row] == own) / 3;
      precision += right / count(row -> prediction(row) == own) / 3;
      area += area(own) / 3;
    }
    assertThat(figures.get("epoch_recall").get(3L)).isEqualTo((float) recall);
    assertThat(figures.get("epoch_precision").get(3L)).isEqualTo((float) precision);
    assertThat((double) figures.get("epoch_auc").get(3L)).isCloseTo(area, within(5e-3));
    assertThat(validation().tensorSteps()).isEqualTo(Map.of("confusion_matrix", List.of(1L, 2L, 3L), "misclassified",
        List.of(1L, 2L, 3L), "pr_curve/bird", List.of(1L, 2L, 3L), "pr_curve/cat", List.of(1L, 2L, 3L), "pr_curve/dog",
        List.of(1L, 2L, 3L)));
    ByteBuffer curve = validation().events().stream().filter(event -> event.step() == 3)
        .flatMap(event -> event.values().stream()).filter(value -> value.tag().equals("pr_curve/dog")).findFirst()
        .orElseThrow().tensorContent();
    for (int threshold = 0; threshold < 127; threshold++) {
      int from = threshold;
      assertThat((double) curve.getFloat()).as("true positives at %d", threshold)
          .isCloseTo(count(row -> labels[row] == 1 && (int) (softmax(row)[1] * 126) >= from), within(1.0));
    }
  }

  @Test
  void shouldEmbedWhatTheLayerPutsOut() throws IOException {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    ValidationReport report =
        ValidationReport.builder().classes(CLASSES).embedding("02_linear").frequency(Frequency.epochs(2)).build();
    TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).validationReport(report).addTo(config);
    Trainings.onPyTorch(config, trainer -> Trainings.fit(trainer, 3));
    listener.close();

    List<Path> files;
    try (Stream<Path> all = Files.walk(logs.resolve("run/validation/embeddings/02_linear"))) {
      files = all.filter(Files::isRegularFile).toList();
    }
    List<String> tensors = lines(files, "tensors");
    assertThat(tensors).hasSize(EXAMPLES).allSatisfy(line -> assertThat(line.split("\t")).hasSize(8));
    assertThat(lines(files, "metadata")).hasSize(EXAMPLES + 1).first().isEqualTo("example\tlabel\tprediction\tright");
    assertThat(validation().scalar("epoch_f1")).containsOnlyKeys(2L);
  }

  @Test
  void shouldEmbedTheNumbersOfAForwardPassOfOnesOwn() throws IOException {
    assertEmbedded(Activation.reluBlock());
  }

  @Test
  void shouldEmbedWhatALayerPutOutBeforeTheNextOneChangesItInPlace() throws IOException {
    assertEmbedded(new LambdaBlock(list -> new NDList(list.singletonOrThrow().addi(2))));
  }

  /** Asserts that what a linear layer puts out is embedded, which is fed to a layer. */
  private void assertEmbedded(Block behind) throws IOException {
    SequentialBlock block = new SequentialBlock().add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(8).build())
        .add(behind).add(Linear.builder().setUnits(3).build());
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    ValidationReport report = ValidationReport.builder().embedding("02_linear").build();
    TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).validationReport(report).addTo(config);
    Trainings.on("PyTorch", block, config, trainer -> {
      Trainings.fit(trainer, 1);
      predict(trainer);
    });
    listener.close();

    List<Path> files;
    try (Stream<Path> all = Files.walk(logs.resolve("run/validation/embeddings/02_linear"))) {
      files = all.filter(Files::isRegularFile).toList();
    }
    List<String> tensors = lines(files, "tensors");
    List<String> metadata = lines(files, "metadata");
    for (int row = 0; row < EXAMPLES; row++) {
      String[] numbers = tensors.get(row).split("\t");
      for (int i = 0; i < numbers.length; i++) {
        assertThat(Float.parseFloat(numbers[i])).isCloseTo(hidden[row][i], within(1e-5f));
      }
      assertThat(metadata.get(row + 1)).contains("\t" + labels[row] + "\t" + prediction(row) + "\t");
    }
  }

  @Test
  void shouldReportWithoutAnEmbeddingOfALayerThatHasNoRowForEachExample() {
    SequentialBlock block = new SequentialBlock().add(Blocks.batchFlattenBlock())
        .add(new LambdaBlock(list -> new NDList(list.singletonOrThrow().transpose()), "turned"))
        .add(new LambdaBlock(list -> new NDList(list.singletonOrThrow().transpose()), "back"))
        .add(Linear.builder().setUnits(3).build());
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    String logged = Logged.during(() -> {
      TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
          .validationReport(ValidationReport.builder().embedding("02_turned").build()).addTo(config);
      Trainings.on("PyTorch", block, config, trainer -> Trainings.fit(trainer, 2));
      listener.close();
    });

    assertThat(logged)
        .containsOnlyOnce("An embedding of the layer 02_turned is asked for, but what it puts out has the shape (6, 16)");
    assertThat(validation().scalar("epoch_f1")).containsOnlyKeys(1L, 2L);
    assertThat(logs.resolve("run/validation/embeddings")).doesNotExist();
  }

  @Test
  void shouldTrainTheSameBitByBit() {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .validationReport(ValidationReport.builder().embedding("02_linear").pictures(2, 3).build()).addTo(config);
    float[] with = Trainings.train(config, 3);
    listener.close();

    assertThat(with).isEqualTo(Trainings.train(Trainings.config(TrainingListener.Defaults.basic()), 3));
    assertThat(validation().scalar("epoch_auc")).hasSize(3);
  }

  @Test
  void shouldTakeASingleOutputForTheLogitOfTheSecondClass() {
    float[] outputs = new float[8];
    float[] truth = {0, 1, 0, 1, 1, 0, 0, 1};
    Trainings.on("PyTorch", new SequentialBlock().add(Linear.builder().setUnits(1).build()), binary(), new Shape(1, 2),
        trainer -> fit(trainer, truth, 1, outputs));

    double right = IntStream.range(0, 8).filter(i -> truth[i] == 1 && outputs[i] > 0).count();
    assertThat(IntStream.range(0, 8).filter(i -> outputs[i] < 0)).as("logits").isNotEmpty();
    assertThat(validation().scalar("epoch_recall").get(1L)).isEqualTo((float) (right / 4));
  }

  @Test
  void shouldCountEachOutputForItselfWhereAnExampleMayHaveSeveralClasses() {
    float[] outputs = new float[16];
    float[] truth = {0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1};
    Trainings.on("PyTorch", new SequentialBlock().add(Linear.builder().setUnits(2).build()), binary(), new Shape(1, 2),
        trainer -> fit(trainer, truth, 2, outputs));

    double recall = 0;
    for (int i = 0; i < 2; i++) {
      int own = i;
      double right = IntStream.range(0, 8).filter(row -> truth[2 * row + own] == 1 && outputs[2 * row + own] > 0).count();
      recall += right / IntStream.range(0, 8).filter(row -> truth[2 * row + own] == 1).count() / 2;
    }
    assertThat(IntStream.range(0, 16).filter(i -> outputs[i] < 0)).as("logits").isNotEmpty();
    assertThat(validation().scalar("epoch_recall").get(1L)).isEqualTo((float) recall);
    assertThat(validation().tensorSteps()).containsOnlyKeys("pr_curve/0", "pr_curve/1");
  }

  @Test
  void shouldReportOnPicturesOfBytes() {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    binary = TensorBoardListener.builder(logs.resolve("run"))
        .validationReport(ValidationReport.builder().pictures(2, 2).build()).addTo(config);
    SequentialBlock block = new SequentialBlock()
        .add(list -> new NDList(list.singletonOrThrow().toType(DataType.FLOAT32, false).div(255)))
        .add(Linear.builder().setUnits(3).build());
    byte[] pixels = new byte[48];
    new Random(1).nextBytes(pixels);
    Trainings.on("PyTorch", block, config, new Shape(1, 4), trainer -> {
      try (NDManager manager = trainer.getManager().newSubManager()) {
        ArrayDataset data = new ArrayDataset.Builder()
            .setData(manager.create(ByteBuffer.wrap(pixels), new Shape(12, 4), DataType.UINT8))
            .optLabels(manager.create(new int[] {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2})).setSampling(6, false).build();
        ai.djl.training.EasyTrain.fit(trainer, 1, data, data);
      } catch (IOException | TranslateException e) {
        throw new AssertionError(e);
      }
    });

    assertThat(validation().scalar("epoch_f1")).containsOnlyKeys(1L);
    assertThat(validation().pictures().get("misclassified")).containsOnlyKeys(1L);
  }

  private DefaultTrainingConfig binary() {
    DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.sigmoidBinaryCrossEntropyLoss())
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.5f)).build())
        .addTrainingListeners(TrainingListener.Defaults.basic());
    binary =
        TensorBoardListener.builder(logs.resolve("run")).validationReport(ValidationReport.standard()).addTo(config);
    return config.optDevices(new ai.djl.Device[] {ai.djl.Device.cpu()});
  }

  /** Trains on eight examples for an epoch, and keeps what the model makes of them after that. */
  private static void fit(Trainer trainer, float[] truth, int classes, float[] outputs) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray features =
          manager.create(new float[] {-1, 2, 2, 1, -2, 0, 0, 1, 1, 1, 1, -1, 0, 2, 2, -1}, new Shape(8, 2));
      ArrayDataset data = new ArrayDataset.Builder().setData(features)
          .optLabels(manager.create(truth, new Shape(8, classes))).setSampling(4, false).build();
      ai.djl.training.EasyTrain.fit(trainer, 1, data, data);
      System.arraycopy(trainer.evaluate(new NDList(features)).get(0).toFloatArray(), 0, outputs, 0, outputs.length);
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRecordNothingMoreUnlessAsked() {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    TensorBoardListener listener = TensorBoardListener.addTo(config, logs.resolve("run"));
    Trainings.onPyTorch(config, trainer -> Trainings.fit(trainer, 1));
    listener.close();

    assertThat(validation().scalars()).containsOnlyKeys("epoch_loss", "epoch_accuracy");
    assertThat(validation().tensorSteps()).isEmpty();
  }

  /** Runs the validation data through the model, and through its first layers alone. */
  private void predict(Trainer trainer) {
    List<float[]> rows = new ArrayList<>();
    try (NDManager manager = trainer.getManager().newSubManager()) {
      SequentialBlock block = (SequentialBlock) trainer.getModel().getBlock();
      ParameterStore store = new ParameterStore(manager, false);
      int from = 0;
      for (Batch batch : trainer.iterateDataset(Trainings.data(manager, 2))) {
        NDList first = block.getChildren().get(1).getValue()
            .forward(store, block.getChildren().get(0).getValue().forward(store, batch.getData(), false), false);
        float[] predicted = trainer.evaluate(batch.getData()).get(0).toFloatArray();
        int[] truth = batch.getLabels().get(0).toIntArray();
        for (int i = 0; i < truth.length; i++, from++) {
          labels[from] = truth[i];
          scores[from] = Arrays.copyOfRange(predicted, 3 * i, 3 * i + 3);
          hidden[from] = Arrays.copyOfRange(first.get(0).toFloatArray(), 8 * i, 8 * i + 8);
          rows.add(scores[from]);
        }
        batch.close();
      }
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
    assertThat(rows).hasSize(EXAMPLES);
  }

  private int prediction(int row) {
    return IntStream.range(0, 3).reduce(0, (a, b) -> scores[row][b] > scores[row][a] ? b : a);
  }

  private float[] softmax(int row) {
    float[] probabilities = new float[3];
    double sum = 0;
    for (float score : scores[row]) {
      sum += Math.exp(score);
    }
    for (int i = 0; i < 3; i++) {
      probabilities[i] = (float) (Math.exp(scores[row][i]) / sum);
    }
    return probabilities;
  }

  private static double count(java.util.function.IntPredicate condition) {
    return IntStream.range(0, EXAMPLES).filter(condition).count();
  }

  private double area(int ofClass) {
    double wins = 0;
    double pairs = 0;
    for (int own = 0; own < EXAMPLES; own++) {
      for (int other = 0; labels[own] == ofClass && other < EXAMPLES; other++) {
        if (labels[other] != ofClass) {
          wins += (1 + Math.signum(softmax(own)[ofClass] - softmax(other)[ofClass])) / 2;
          pairs++;
        }
      }
    }
    return wins / pairs;
  }

  private static List<String> lines(List<Path> files, String name) throws IOException {
    return Files.readAllLines(
        files.stream().filter(file -> file.getFileName().toString().contains(name)).findFirst().orElseThrow());
  }

  private Recorded validation() {
    return Recorded.in(logs.resolve("run/validation"));
  }
}
