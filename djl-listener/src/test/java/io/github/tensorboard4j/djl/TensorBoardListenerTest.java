package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.offset;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.TrainingDivergedException;
import ai.djl.metric.Metric;
import ai.djl.metric.Metrics;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.IndexEvaluator;
import ai.djl.training.evaluator.TopKAccuracy;
import ai.djl.training.listener.EarlyStoppingListener;
import ai.djl.training.listener.EpochTrainingListener;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorBoardListenerTest {

  private static final int EPOCHS = 3;

  @TempDir
  private Path logs;

  /** Where the listener stands among those of {@code Defaults.basic()}. */
  enum Place {
    FIRST, LAST, BETWEEN;

    TrainingListener[] among(TrainingListener own) {
      List<TrainingListener> listeners = new ArrayList<>(List.of(TrainingListener.Defaults.basic()));
      listeners.add(switch (this) {
        case FIRST -> 0;
        case BETWEEN -> 1;
        case LAST -> listeners.size();
      }, own);
      return listeners.toArray(TrainingListener[]::new);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRecordWhatDjlMeasuresWhereverItStands(Place place) {
    Metrics metrics = new Metrics();
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      Trainings.onPyTorch(Trainings.config(place.among(listener)), trainer -> {
        trainer.setMetrics(metrics);
        Trainings.fit(trainer, EPOCHS);
        assertThat(trainer.getTrainingResult().getEpoch()).isEqualTo(EPOCHS);
      });
    }

    Recorded train = train();
    assertThat(train.scalar("batch_loss")).isEqualTo(series(metrics, "train_all_SoftmaxCrossEntropyLoss")).hasSize(15);
    assertThat(train.scalar("batch_accuracy")).isEqualTo(series(metrics, "train_all_Accuracy"));
    assertThat(train.scalar("epoch_loss")).isEqualTo(series(metrics, "train_epoch_SoftmaxCrossEntropyLoss")).hasSize(EPOCHS);
    assertThat(train.scalar("epoch_accuracy")).isEqualTo(series(metrics, "train_epoch_Accuracy"));
    assertThat(validation().scalar("epoch_loss")).isEqualTo(series(metrics, "validate_epoch_SoftmaxCrossEntropyLoss"));
    assertThat(validation().scalar("epoch_accuracy")).isEqualTo(series(metrics, "validate_epoch_Accuracy"));
    for (String step : List.of("forward", "backward", "step")) {
      Map<Long, Float> milliseconds = series(metrics, step);
      milliseconds.replaceAll(
          (iteration, nanos) -> (float) (metrics.getMetric(step).get(iteration.intValue() - 1).getValue() / 1e6));
      assertThat(train.scalar("time/" + step + "_ms")).as(step).isEqualTo(milliseconds).hasSize(15);
    }
    assertThat(train.scalars().keySet()).containsExactlyInAnyOrder(
        "batch_loss", "batch_accuracy", "batch_learning_rate", "batch_seconds", "batch_examples_per_second",
        "epoch_loss", "epoch_accuracy", "epoch_learning_rate", "epoch_seconds", "epoch_examples_per_second",
        "time/forward_ms", "time/backward_ms", "time/step_ms");
    assertThat(validation().scalars().keySet()).containsExactlyInAnyOrder("epoch_loss", "epoch_accuracy");
  }

  @Test
  void shouldEvaluateWhereNoOtherListenerDoes() {
    EvaluatorTrainingListener djl = new EvaluatorTrainingListener();
    Metrics metrics = new Metrics();
    Trainings.onPyTorch(Trainings.config(djl), trainer -> {
      trainer.setMetrics(metrics);
      Trainings.fit(trainer, EPOCHS);
    });
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      Trainings.train(Trainings.config(listener), EPOCHS);
    }

    assertThat(train().scalar("batch_loss")).isEqualTo(series(metrics, "train_all_SoftmaxCrossEntropyLoss")).hasSize(15);
    assertThat(train().scalar("epoch_loss")).isEqualTo(series(metrics, "train_epoch_SoftmaxCrossEntropyLoss"));
    assertThat(train().scalar("epoch_accuracy")).isEqualTo(series(metrics, "train_epoch_Accuracy"));
    assertThat(validation().scalar("epoch_loss")).isEqualTo(series(metrics, "validate_epoch_SoftmaxCrossEntropyLoss"));
  }

  @Test
  void shouldRecordEveryBatchAndEpochWhereTheTrackerThrows() {
    List<EpochSummary> summaries = new ArrayList<>();
    ParameterTracker broken = (parameter, update) -> {
      throw new IllegalStateException("the tracker's own fault");
    };
    try (TensorBoardListener listener =
        listener().batchFrequency(Frequency.iterations(1)).learningRate(broken).onEpoch(summaries::add).build()) {
      Trainings.train(Trainings.config(listener), EPOCHS);
    }

    assertThat(train().scalar("batch_loss")).hasSize(15);
    assertThat(train().scalar("batch_accuracy")).hasSize(15);
    assertThat(train().scalar("epoch_loss")).hasSize(EPOCHS);
    assertThat(summaries).hasSize(EPOCHS);
  }

  @ParameterizedTest
  @EnumSource
  void shouldRecordALoopOfOnesOwn(Place place) {
    Map<Long, Float> losses = new TreeMap<>();
    TrainingListener notes = new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData data) {
        losses.put(losses.size() + 1L, trainer.getLoss().getAccumulator(EvaluatorTrainingListener.TRAIN_ALL));
      }
    };
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      DefaultTrainingConfig config = Trainings.config(place.among(listener)).addTrainingListeners(notes);
      Trainings.onPyTorch(config, trainer -> {
        for (int epoch = 0; epoch < 2; epoch++) {
          Trainings.eachBatch(trainer, batch -> {
            EasyTrain.trainBatch(trainer, batch);
            trainer.step();
          });
          trainer.notifyListeners(told -> told.onEpoch(trainer));
        }
      });
    }

    assertThat(train().scalar("batch_loss")).isEqualTo(losses).hasSize(10);
    assertThat(train().scalar("epoch_loss").get(1L))
        .isCloseTo((float) losses.values().stream().limit(5).mapToDouble(loss -> loss).average().orElseThrow(),
            offset(1e-6f));
    assertThat(logs.resolve("run/validation")).doesNotExist();
  }

  @Test
  void shouldRecordALoopThatPassesNoBatch() {
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> {
        for (int epoch = 0; epoch < 2; epoch++) {
          Trainings.eachBatch(trainer, batch -> {
            trainWithoutBatch(trainer, batch.getData(), batch.getLabels());
            trainer.step();
          });
          trainer.notifyListeners(told -> told.onEpoch(trainer));
        }
      });
    }

    assertThat(train().scalar("batch_loss")).hasSize(10);
    assertThat(train().scalar("batch_accuracy")).hasSize(10);
    assertThat(train().scalar("epoch_loss")).hasSize(2);
    assertThat(train().histograms().get("layer_02_linear/weight")).hasSize(2);
    Map<Long, Float> seconds = train().scalar("batch_seconds");
    Map<Long, Float> speed = train().scalar("batch_examples_per_second");
    for (long iteration : List.of(1L, 2L, 5L)) {
      assertThat(seconds.get(iteration) * speed.get(iteration)).as("iteration " + iteration)
          .isCloseTo(iteration == 5 ? Trainings.BATCH - 1 : Trainings.BATCH, offset(1e-3f));
    }
  }

  /** Tells the listeners of arrays alone, as DJL's reinforcement learning does. */
  static void trainWithoutBatch(Trainer trainer, NDList inputs, NDList labels) {
    Device device = trainer.getDevices()[0];
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDList predictions = trainer.forward(inputs);
      collector.backward(trainer.getLoss().evaluate(labels, predictions));
      TrainingListener.BatchData data =
          new TrainingListener.BatchData(null, Map.of(device, labels), Map.of(device, predictions));
      trainer.notifyListeners(told -> told.onTrainingBatch(trainer, data));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRecordATrainingWithoutValidation(Place place) {
    try (TensorBoardListener listener = listener().build()) {
      Trainings.onPyTorch(Trainings.config(place.among(listener)), trainer -> Trainings.fitWithoutValidation(trainer, 2));
    }

    assertThat(train().scalar("epoch_loss")).hasSize(2);
    assertThat(logs.resolve("run/validation")).doesNotExist();
  }

  @Test
  void shouldRecordTheBatchesOfALoopThatTellsOfNoEpochs() {
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      Trainings.onPyTorch(Trainings.config(Place.FIRST.among(listener)), trainer -> {
        Trainings.eachBatch(trainer, batch -> {
          EasyTrain.trainBatch(trainer, batch);
          trainer.step();
        });
      });
    }

    assertThat(train().scalar("batch_loss")).hasSize(5);
    assertThat(train().scalar("epoch_loss")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void shouldKnowTheAccuracyWhateverItIsCalledAndKeepOtherEvaluatorsApart(Place place) {
    Metrics metrics = new Metrics();
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss("cross entropy"))
          .addEvaluator(new TopKAccuracy(2))
          .addEvaluator(new Accuracy("hits", 1))
          .addEvaluator(new Accuracy("loss"))
          .addTrainingListeners(place.among(listener));
      Trainings.onPyTorch(config, trainer -> {
        trainer.setMetrics(metrics);
        Trainings.fit(trainer, 2);
      });
    }

    assertThat(train().scalar("epoch_loss")).isEqualTo(series(metrics, "train_epoch_cross entropy"));
    assertThat(train().scalar("epoch_accuracy")).isEqualTo(series(metrics, "train_epoch_hits"));
    assertThat(train().scalar("epoch_Top_2_Accuracy")).isEqualTo(series(metrics, "train_epoch_Top_2_Accuracy"));
    assertThat(train().scalar("batch_Top_2_Accuracy")).isEqualTo(series(metrics, "train_all_Top_2_Accuracy"));
    assertThat(train().scalar("epoch_loss_b")).isEqualTo(series(metrics, "train_epoch_hits"));
    assertThat(validation().scalar("epoch_Top_2_Accuracy")).isEqualTo(series(metrics, "validate_epoch_Top_2_Accuracy"));
  }

  @Test
  void shouldKnowAWrappedAccuracyByItsName() {
    try (TensorBoardListener listener = listener().build()) {
      DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
          .addEvaluator(new IndexEvaluator(new Accuracy(), 0))
          .addTrainingListeners(Place.LAST.among(listener));
      Trainings.train(config, 1);
    }

    assertThat(train().scalar("epoch_accuracy")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void shouldRecordParametersAsTheyAreAfterTheUpdate(Place place) {
    Map<Long, float[]> weights = new TreeMap<>();
    try (TensorBoardListener listener = listener().histogramFrequency(Frequency.iterations(2)).build()) {
      Trainings.onPyTorch(Trainings.config(place.among(listener)), trainer -> {
        long iteration = 0;
        for (int epoch = 0; epoch < 2; epoch++) {
          try (NDManager manager = trainer.getManager().newSubManager()) {
            for (Batch batch : Trainings.batches(trainer, manager)) {
              EasyTrain.trainBatch(trainer, batch);
              trainer.step();
              batch.close();
              weights.put(++iteration, firstParameter(trainer).getArray().toFloatArray());
            }
          }
          trainer.notifyListeners(told -> told.onEpoch(trainer));
        }
      });
    }

    Map<Long, Recorded.Rows> histograms = train().histograms().get("layer_02_linear/weight");
    assertThat(histograms).containsOnlyKeys(2L, 4L, 6L, 8L, 10L);
    histograms.forEach((iteration, rows) -> assertThatIsHistogramOf(rows, weights.get(iteration)));
  }

  @Test
  void shouldRecordEveryParameterAfterTheEpoch() {
    Map<Long, float[]> weights = new TreeMap<>();
    TrainingListener notes = new TrainingListenerAdapter() {
      @Override
      public void onEpoch(Trainer trainer) {
        weights.put(weights.size() + 1L, firstParameter(trainer).getArray().toFloatArray());
      }
    };
    try (TensorBoardListener listener = listener().build()) {
      Trainings.train(Trainings.config(listener, notes), EPOCHS);
    }

    Map<String, Map<Long, Recorded.Rows>> histograms = train().histograms();
    assertThat(histograms).containsOnlyKeys("layer_02_linear/weight", "layer_02_linear/bias",
        "layer_04_linear/weight", "layer_04_linear/bias");
    assertThat(histograms.get("layer_02_linear/weight")).containsOnlyKeys(1L, 2L, 3L);
    histograms.get("layer_02_linear/weight").forEach((epoch, rows) -> assertThatIsHistogramOf(rows, weights.get(epoch)));
  }

  @Test
  void shouldRecordGradientsAsTheyAreBeforeTheUpdate() {
    Map<Long, float[]> gradients = new TreeMap<>();
    TrainingListener notes = new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData data) {
        try (NDArray gradient = firstParameter(trainer).getArray().getGradient()) {
          gradients.put(gradients.size() + 1L, gradient.toFloatArray());
        }
      }
    };
    try (TensorBoardListener listener = listener().gradientFrequency(Frequency.iterations(1)).build()) {
      Trainings.train(Trainings.config(listener, notes), 1);
    }

    Map<Long, Recorded.Rows> histograms = train().histograms().get("gradient/02_linear/weight");
    assertThat(histograms).hasSize(5);
    histograms.forEach((iteration, rows) -> assertThatIsHistogramOf(rows, gradients.get(iteration)));
  }

  @Test
  void shouldRecordTheGradientsOfAnEpochsFirstBatch() {
    try (TensorBoardListener listener = listener().gradientFrequency(Frequency.epochs(2)).build()) {
      Trainings.train(Trainings.config(listener), 4);
    }

    assertThat(train().histograms().get("gradient/04_linear/bias")).containsOnlyKeys(2L, 4L);
    assertThat(train().histograms().get("gradient/04_linear/bias").get(2L).max()).isPositive();
  }

  @Test
  void shouldRecordNoHistogramsWhenNoneAreAskedFor() {
    try (TensorBoardListener listener = listener().histogramFrequency(Frequency.never()).build()) {
      Trainings.train(Trainings.config(listener), 1);
    }

    assertThat(train().histograms()).isEmpty();
  }

  @Test
  void shouldFollowATracker() {
    Tracker tracker = Tracker.cosine().setBaseValue(0.5f).setMaxUpdates(20).build();
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).learningRate(tracker).build()) {
      Trainings.train(Trainings.config(listener), 2);
    }

    Tracker expected = Tracker.cosine().setBaseValue(0.5f).setMaxUpdates(20).build();
    Map<Long, Float> rates = new TreeMap<>();
    for (int update = 1; update <= 10; update++) {
      rates.put((long) update, expected.getNewValue(update));
    }
    assertThat(train().scalar("batch_learning_rate")).isEqualTo(rates);
    assertThat(train().scalar("epoch_learning_rate")).containsExactly(entry(1L, rates.get(5L)), entry(2L, rates.get(10L)));
  }

  @Test
  void shouldRecordTheRateThatTheOptimizerUsedWhenSeveralBatchesMakeAnUpdate() {
    LearningRate rate = new LearningRate(
        Tracker.multiFactor().setBaseValue(1f).setSteps(new int[] {1, 2}).optFactor(0.5f).build());
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).learningRate(rate).build()) {
      DefaultTrainingConfig config = Trainings.config(Place.LAST.among(listener))
          .optOptimizer(Optimizer.sgd().setLearningRateTracker(rate).build());
      Trainings.onPyTorch(config, trainer -> Trainings.accumulate(trainer, 2));
    }

    assertThat(train().scalar("batch_learning_rate"))
        .containsExactly(entry(2L, 1f), entry(3L, 1f), entry(4L, 0.5f), entry(5L, 0.5f));
  }

  @Test
  void shouldTrainToTheSameWeightsAsWithoutAListener() {
    float[] without = Trainings.train(Trainings.config(TrainingListener.Defaults.basic()), EPOCHS);
    TensorBoardListener listener = listener()
        .batchFrequency(Frequency.iterations(1))
        .histogramFrequency(Frequency.iterations(1))
        .gradientFrequency(Frequency.iterations(1))
        .build();
    float[] with = Trainings.train(Trainings.config(listener), EPOCHS);
    listener.close();

    assertThat(with).isEqualTo(without);
  }

  @Test
  void shouldRecordConfigurationAndHyperParametersOnce() throws IOException {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic())
        .optOptimizer(Optimizer.adam().build());
    try (TensorBoardListener listener = listener()
        .trainingConfig(config)
        .learningRate(Tracker.fixed(0.001f))
        .hyperParameter("dropout", 0.25)
        .build()) {
      Trainings.train(config.addTrainingListeners(listener), 2);
    }

    assertThat(train().texts()).singleElement().asString()
        .contains("| engine | PyTorch 2.7.1 |", "| optimizer | Adam |", "| loss | SoftmaxCrossEntropyLoss |",
            "| evaluators | Accuracy |", "| parameters | 83 |", "| 02_linear/weight | (8, 6) | float32 | yes |", "ReLU");
    assertThat(hyperParameters()).contains(
        "optimizer", "Adam", "learning_rate", "loss", "SoftmaxCrossEntropyLoss", "batch_size", "parameters", "seed",
        "dropout");
    assertThat(Recorded.in(logs.resolve("run")).events()).hasSizeGreaterThan(1);
    assertThat(train().events()).filteredOn(event -> event.graphDef().isPresent()).singleElement()
        .satisfies(event -> assertThat(StandardCharsets.ISO_8859_1.decode(event.graphDef().orElseThrow()).toString())
            .contains("02_linear/weight", "MatMul", "Adam"));
  }

  @Test
  void shouldDrawTheModelAsItTakesItsBatches() throws IOException, TranslateException {
    Block block = new ParallelBlock(both -> new NDList(both.get(0).head().add(both.get(1).head())), List.of(
        new SequentialBlock().add(both -> new NDList(both.get(0)))
            .add(new TrainableWordEmbedding(new DefaultVocabulary(List.of("a", "b", "c")), 2)),
        new SequentialBlock().add(both -> new NDList(both.get(1))).add(Linear.builder().setUnits(2).build())));
    try (Model model = Model.newInstance("mixed", "PyTorch"); TensorBoardListener listener = listener().build()) {
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()).addTrainingListeners(listener));
          NDManager manager = trainer.getManager().newSubManager()) {
        trainer.initialize(new Shape(4), new Shape(4, 3));
        EasyTrain.fit(trainer, 1, new ArrayDataset.Builder()
            .setData(manager.zeros(new Shape(8), DataType.INT64), manager.ones(new Shape(8, 3)))
            .optLabels(manager.ones(new Shape(8, 2))).setSampling(4, false).build(), null);
      }
    }

    assertThat(train().events()).filteredOn(event -> event.graphDef().isPresent()).singleElement()
        .satisfies(event -> assertThat(StandardCharsets.ISO_8859_1.decode(event.graphDef().orElseThrow()).toString())
            .contains("02_trainable_word_embedding/Gather", "02_linear/MatMul").doesNotContain("note"));
  }

  @Test
  void shouldTimeAnEpochFromItsFirstForwardPass() {
    List<EpochSummary> told = new ArrayList<>();
    long[] nanos = new long[2];
    try (TensorBoardListener listener = listener().onEpoch(told::add).build()) {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> {
        trainer.setMetrics(new Metrics());
        Trainings.fit(trainer, 1);
        LockSupport.parkNanos(50_000_000);
        nanos[0] = System.nanoTime();
        Trainings.fit(trainer, 1);
        nanos[1] = System.nanoTime();
      });
    }

    EpochSummary second = told.get(1);
    double seconds = second.seconds().orElseThrow();
    assertThat(seconds).isPositive().isLessThan((nanos[1] - nanos[0]) / 1e9);
    assertThat(second.examplesPerSecond().orElseThrow()).isEqualTo(79 / seconds, offset(1e-6));
    assertThat(train().scalar("epoch_seconds").get(2L)).isEqualTo((float) seconds);
    assertThat(train().scalar("epoch_loss").get(2L)).isEqualTo((float) second.loss().orElseThrow());
  }

  @Test
  void shouldNotCountTheTimeThatTheGraphTakes() {
    AtomicLong traced = new AtomicLong();
    SequentialBlock slowToTrace = new SequentialBlock().add(Trainings.classifier()).add(new LambdaBlock(input -> {
      if (Proxy.isProxyClass(input.singletonOrThrow().getClass())) {
        long begin = System.nanoTime();
        LockSupport.parkNanos(200_000_000);
        traced.addAndGet(System.nanoTime() - begin);
      }
      return input;
    }, "identity"));
    List<EpochSummary> told = new ArrayList<>();
    long[] nanos = new long[1];
    try (TensorBoardListener listener = listener().onEpoch(told::add).build()) {
      Trainings.on("PyTorch", slowToTrace, Trainings.config(listener), trainer -> {
        long begin = System.nanoTime();
        Trainings.fit(trainer, 1);
        nanos[0] = System.nanoTime() - begin;
      });
    }

    assertThat(traced.get()).isPositive();
    assertThat(told.get(0).seconds().orElseThrow() * 1e9).isLessThan(nanos[0] - traced.get());
  }

  @Test
  void shouldRecordTheLastEpochThatAnEarlyStoppingListenerHides() {
    EvaluatorTrainingListener evaluators = new EvaluatorTrainingListener();
    EarlyStoppingListener stopping = EarlyStoppingListener.builder().optMinEpochs(2).optMaxMillis(0).build();
    TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build();
    DefaultTrainingConfig config = Trainings.config(new EpochTrainingListener(), evaluators, stopping, listener);

    assertThatThrownBy(() -> Trainings.train(config, 5)).isInstanceOf(EarlyStoppingListener.EarlyStoppedException.class);
    listener.close();

    assertThat(train().scalar("epoch_loss")).hasSize(2)
        .containsEntry(2L, evaluators.getLatestEvaluations().get("train_loss"));
    assertThat(validation().scalar("epoch_loss")).containsEntry(2L, evaluators.getLatestEvaluations().get("validate_loss"));
    assertThat(train().histograms().get("layer_02_linear/weight")).containsOnlyKeys(1L, 2L);
    assertThat(train().scalar("batch_loss")).hasSize(10);
  }

  @Test
  void shouldRecordTheLastEpochThatIsHiddenBeforeItIsEvaluated() {
    EarlyStoppingListener stopping = EarlyStoppingListener.builder().optMinEpochs(1).optMaxMillis(0).build();
    TensorBoardListener listener = listener().build();
    DefaultTrainingConfig config = Trainings.config(
        new EpochTrainingListener(), stopping, listener, new EvaluatorTrainingListener());

    assertThatThrownBy(() -> Trainings.train(config, 5)).isInstanceOf(EarlyStoppingListener.EarlyStoppedException.class);
    listener.close();

    assertThat(train().scalar("epoch_loss")).hasSize(1);
    assertThat(train().scalar("epoch_loss").get(1L)).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void shouldKeepWhatWasRecordedBeforeATrainingDiverged(Place place) {
    TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build();
    DefaultTrainingConfig config = Trainings.config(place.among(listener))
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(Float.MAX_VALUE)).build());

    assertThatThrownBy(() -> Trainings.train(config, 5)).isInstanceOf(TrainingDivergedException.class);

    Map<Long, Float> losses = train().scalar("batch_loss");
    assertThat(losses.get(1L)).isPositive();
    assertThat(losses.get((long) losses.size())).isNaN();
    assertThat(losses.values().stream().filter(loss -> loss.isNaN())).hasSize(1);
    assertThat(train().scalar("epoch_loss")).isEmpty();
    listener.close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldRecordTheFirstBatchOfAnEpochWhereTheTrainingDiverged(Place place) {
    TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build();
    Tracker tracker = update -> update < Trainings.BATCHES ? 0.1f : Float.NaN;
    DefaultTrainingConfig config = Trainings.config(place.among(listener))
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(tracker).build());

    assertThatThrownBy(() -> Trainings.train(config, 2)).isInstanceOf(TrainingDivergedException.class);
    listener.close();

    assertThat(train().scalar("batch_loss")).hasSize(6);
    assertThat(train().scalar("batch_loss").get(5L)).isPositive();
    assertThat(train().scalar("batch_loss").get(6L)).isNaN();
    assertThat(train().scalar("epoch_loss")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void shouldRecordTheBatchWhereTheTrainingDivergedByDefault(Place place) {
    TensorBoardListener listener = listener().build();
    Tracker tracker = update -> update < 12 ? 0.1f : Float.NaN;
    DefaultTrainingConfig config = Trainings.config(place.among(listener))
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(tracker).build());

    assertThatThrownBy(() -> Trainings.train(config, 5)).isInstanceOf(TrainingDivergedException.class);
    listener.close();

    assertThat(train().scalar("batch_loss").get(13L)).isNaN();
  }

  @Test
  void shouldSayThatTheFirstBatchIsHiddenInWhichTheTrainingDiverged() {
    String logged = Logged.during(() -> {
      try (TensorBoardListener listener = listener().build()) {
        Trainings.onPyTorch(Trainings.config(Place.LAST.among(listener)), trainer -> {
          try (NDManager manager = trainer.getManager().newSubManager()) {
            for (Batch batch : Trainings.batches(trainer, manager)) {
              batch.getData().singletonOrThrow().muli(Float.NaN);
              assertThatThrownBy(() -> EasyTrain.trainBatch(trainer, batch)).isInstanceOf(TrainingDivergedException.class);
              batch.close();
              break;
            }
          }
        });
      }
    });

    assertThat(logged.lines().filter(line -> line.contains("WARN"))).singleElement().asString()
        .contains("first batch", "addTo");
    assertThat(logs.resolve("run")).doesNotExist();
  }

  @Test
  void shouldStandFirstWhereItIsAddedToAConfiguration() {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    TensorBoardListener listener = TensorBoardListener.addTo(config, logs.resolve("run"));
    config.addTrainingListeners(new EpochTrainingListener());
    TensorBoardListener second = TensorBoardListener.builder(logs.resolve("second")).addTo(config);

    assertThat(config.getTrainingListeners()).startsWith(second, listener)
        .hasSize(TrainingListener.Defaults.basic().length + 3);
    Trainings.train(config, 1);
    assertThat(train().scalar("epoch_loss")).hasSize(1);
    assertThat(Recorded.in(logs.resolve("second/train")).scalar("epoch_loss")).isEqualTo(train().scalar("epoch_loss"));
  }

  @Test
  void shouldRefuseAConfigurationThatTakesNoListeners() {
    DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss()) {
      @Override
      public List<TrainingListener> getTrainingListeners() {
        return List.of();
      }
    };

    assertThatThrownBy(() -> TensorBoardListener.addTo(config, logs.resolve("run")))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("first");
  }

  @Test
  void shouldEndWithATrainerThatIsClosedTwice() {
    TensorBoardListener listener =
        listener().batchFrequency(Frequency.iterations(1)).histogramFrequency(Frequency.iterations(1)).build();
    Trainings.onPyTorch(Trainings.config(Place.FIRST.among(listener)), trainer -> {
      Trainings.fit(trainer, 1);
      trainer.close();
    });
    listener.close();
    listener.close();

    assertThat(train().scalar("batch_loss")).hasSize(5);
    assertThat(train().scalar("epoch_loss")).hasSize(1);
  }

  @Test
  void shouldTouchNoArrayWhenTheFinalizerClosesTheTrainer() {
    TensorBoardListener listener =
        listener().batchFrequency(Frequency.iterations(1)).histogramFrequency(Frequency.iterations(1)).build();
    Trainings.onPyTorch(Trainings.config(Place.FIRST.among(listener)), trainer -> {
      Trainings.eachBatch(trainer, batch -> {
        EasyTrain.trainBatch(trainer, batch);
        trainer.step();
      });
      CompletableFuture.runAsync(() -> listener.onTrainingEnd(trainer)).join();
    });
    listener.close();

    assertThat(train().scalar("batch_loss")).hasSize(5);
    assertThat(train().histograms().get("layer_02_linear/weight")).hasSize(4);
  }

  @Test
  void shouldRecordATrainingThatMovesFromThreadToThread() {
    try (TensorBoardListener listener = listener().build()) {
      Trainings.onPyTorch(Trainings.config(Place.LAST.among(listener)), trainer -> {
        CompletableFuture.runAsync(() -> Trainings.fit(trainer, 1)).join();
        Trainings.fit(trainer, 1);
      });
    }

    assertThat(train().histograms().get("layer_02_linear/weight")).hasSize(2);
  }

  @Test
  void shouldRecordNothingOfATrainerThatIsNeverInitialized() {
    try (TensorBoardListener listener = listener().build();
        Model model = Model.newInstance("model", Device.cpu(), "PyTorch")) {
      model.setBlock(Trainings.classifier());
      Trainer trainer = model.newTrainer(Trainings.config(Place.LAST.among(listener)));

      assertThatCode(() -> listener.onTrainingEnd(trainer)).doesNotThrowAnyException();
    }

    assertThat(logs.resolve("run")).doesNotExist();
  }

  @Test
  void shouldGoOnCountingWithTheNextTrainer() {
    TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build();
    DefaultTrainingConfig config = Trainings.config(Place.LAST.among(listener));
    Trainings.train(config, 2);
    Trainings.train(config, 1);
    listener.close();

    assertThat(train().scalar("epoch_loss")).containsOnlyKeys(1L, 2L, 3L);
    assertThat(train().scalar("batch_loss")).hasSize(15);
    assertThat(train().texts()).hasSize(1);
  }

  @Test
  void shouldGoOnWithTheNumbersOfAnEarlierTraining() {
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).startAfter(7, 100).build()) {
      Trainings.train(Trainings.config(listener), 2);
    }

    assertThat(train().scalar("epoch_loss")).containsOnlyKeys(8L, 9L);
    assertThat(train().scalar("batch_loss")).containsKeys(101L, 110L).hasSize(10);
    assertThatThrownBy(() -> listener().startAfter(-1, 0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void shouldNotBreakATrainingThatItCannotRecord() throws IOException {
    TensorBoardListener listener = listener().build();
    Files.createFile(logs.resolve("run"));

    assertThatCode(() -> Trainings.train(Trainings.config(Place.FIRST.among(listener)), 1)).doesNotThrowAnyException();
    assertThatCode(listener::close).doesNotThrowAnyException();
  }

  @Test
  void shouldNotBreakATrainingWhoseConsumerFails() {
    EvaluatorTrainingListener evaluators = new EvaluatorTrainingListener();
    TensorBoardListener listener = listener().onEpoch(summary -> {
      throw new IllegalStateException("no");
    }).build();

    assertThatCode(() -> Trainings.train(Trainings.config(listener), 2)).doesNotThrowAnyException();
    listener.close();
    Trainings.train(Trainings.config(evaluators), 2);
    assertThat(train().scalar("epoch_loss")).hasSize(2)
        .containsEntry(2L, evaluators.getLatestEvaluations().get("train_loss"));
  }

  @Test
  void shouldLeaveOutWhatComesAfterClose() {
    TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build();
    Trainings.onPyTorch(Trainings.config(Place.FIRST.among(listener)), trainer -> {
      Trainings.fit(trainer, 1);
      listener.close();
      Trainings.fit(trainer, 1);
    });

    assertThat(train().scalar("epoch_loss")).hasSize(1);
  }

  @Test
  void shouldRefuseWrongUseAtOnce() {
    assertThatThrownBy(() -> listener().learningRate(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new TensorBoardListener(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> listener().batchFrequency(Frequency.epochs(1))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LearningRate(null)).isInstanceOf(NullPointerException.class);
  }

  private static void assertThatIsHistogramOf(Recorded.Rows rows, float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    assertThat(rows.count()).isEqualTo(values.length);
    assertThat((float) rows.min()).isEqualTo(sorted[0]);
    assertThat((float) rows.max()).isEqualTo(sorted[sorted.length - 1]);
  }

  private static Parameter firstParameter(Trainer trainer) {
    return trainer.getModel().getBlock().getParameters().valueAt(0);
  }

  /** What DJL has noted, numbered from 1. */
  private static Map<Long, Float> series(Metrics metrics, String name) {
    Map<Long, Float> series = new TreeMap<>();
    for (Metric metric : metrics.getMetric(name)) {
      series.put(series.size() + 1L, metric.getValue().floatValue());
    }
    return series;
  }

  private String hyperParameters() throws IOException {
    StringBuilder bytes = new StringBuilder();
    try (Stream<Path> files = Files.list(logs.resolve("run"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return bytes.toString();
  }

  private TensorBoardListener.Builder listener() {
    return TensorBoardListener.builder(logs.resolve("run"));
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private Recorded validation() {
    return Recorded.in(logs.resolve("run/validation"));
  }
}
