package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.FixedPerVarTracker;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** The optimizer and its learning rate, of which the listener was told nothing. */
class OptimizerTest {

  @TempDir
  private Path logs;

  static Stream<Arguments> optimizers() {
    // those that the engine trains with
    Map<String, List<String>> names = new TreeMap<>();
    names.put("PyTorch", List.of("Sgd", "Adam", "AdamW"));
    if (Engine.hasEngine("MXNet")) {
      names.put("MXNet", List.of("Sgd", "Nag", "Adam", "AdamW", "Adagrad", "RmsProp"));
    }
    return names.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(name -> Arguments.of(entry.getKey(), name)));
  }

  private static Optimizer optimizer(String name) {
    return switch (name) {
      case "Sgd" -> Optimizer.sgd().setLearningRateTracker(rate()).build();
      case "Nag" -> Optimizer.nag().setLearningRateTracker(rate()).setMomentum(0.5f).build();
      case "Adam" -> Optimizer.adam().optLearningRateTracker(rate()).build();
      case "AdamW" -> Optimizer.adamW().optLearningRateTracker(rate()).build();
      case "Adagrad" -> Optimizer.adagrad().optLearningRateTracker(rate()).build();
      default -> Optimizer.rmsprop().optLearningRateTracker(rate()).build();
    };
  }

  private static Tracker rate() {
    return Tracker.factor().setBaseValue(0.25f).setFactor(0.5f).optMaxUpdates(3).build();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("optimizers")
  void shouldFindTheOptimizerAndItsRate(String engine, String name) {
    try (TensorBoardListener listener = listener()) {
      Trainings.on(engine, Trainings.classifier(), Trainings.config(listener).optOptimizer(optimizer(name)),
          trainer -> Trainings.fitWithoutValidation(trainer, 1));
    }

    Tracker expected = rate();
    Map<Long, Float> rates = new TreeMap<>();
    for (int update = 1; update <= Trainings.BATCHES; update++) {
      rates.put((long) update, expected.getNewValue(update));
    }
    assertThat(train().scalar("batch_learning_rate")).isEqualTo(rates);
    assertThat(train().scalar("epoch_learning_rate")).containsExactly(entry(1L, rates.get(5L)));
    assertThat(hyperParameter("optimizer")).isEqualTo(name);
    assertThat(hyperParameter("learning_rate")).isEqualTo(0.25);
    assertThat(train().texts()).singleElement().asString().contains("| optimizer | " + name + " |");
    assertThat(graph()).containsIgnoringCase(name);
  }

  @Test
  @EnabledIf("io.github.tensorboard4j.djl.MxnetTest#hasMxnet")
  void shouldRecordAnOptimizerThatHasNoRate() {
    try (TensorBoardListener listener = listener()) {
      Trainings.on("MXNet", Trainings.classifier(), Trainings.config(listener).optOptimizer(Optimizer.adadelta().build()),
          trainer -> Trainings.fitWithoutValidation(trainer, 1));
    }

    assertThat(hyperParameter("optimizer")).isEqualTo("Adadelta");
    assertThat(train().scalar("batch_learning_rate")).isEmpty();
    assertThat(train().scalar("batch_loss")).hasSize(5);
  }

  @Test
  void shouldRecordNeitherOfAnOptimizerOfAnotherClass() {
    Tracker own = Tracker.fixed(0.5f);
    List<ParameterTracker> used = new ArrayList<>();
    Optimizer optimizer = new Optimizer(Optimizer.sgd().setLearningRateTracker(own)) {
      private ParameterTracker learningRateTracker = own;

      @Override
      public void update(String parameter, NDArray weight, NDArray gradient) {
        weight.subi(gradient.mul(learningRateTracker.getNewValue(parameter, updateCount(parameter))));
        used.add(learningRateTracker);
      }
    };
    try (TensorBoardListener listener = listener()) {
      Trainings.train(Trainings.config(listener).optOptimizer(optimizer), 1);
    }

    assertThat(used).isNotEmpty().containsOnly(own);
    assertThat(train().scalar("batch_learning_rate")).isEmpty();
    assertThat(train().scalar("batch_loss")).hasSize(5);
  }

  @Test
  void shouldAskAUsersTrackerNoMoreOftenThanTheOptimizerDoes() {
    List<String> asked = new ArrayList<>();
    for (boolean recorded : List.of(false, true)) {
      List<String> calls = new ArrayList<>();
      ParameterTracker tracker = (parameter, update) -> {
        calls.add("update " + update);
        return 0.1f / calls.size();
      };
      DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic())
          .optOptimizer(Optimizer.sgd().setLearningRateTracker(tracker).build());
      if (recorded) {
        try (TensorBoardListener listener = listener()) {
          Trainings.train(config.addTrainingListeners(listener), 2);
        }
        assertThat(calls).isEqualTo(asked);
      } else {
        Trainings.train(config, 2);
        asked.addAll(calls);
      }
    }

    assertThat(train().scalar("batch_learning_rate")).hasSize(10);
  }

  @Test
  void shouldRecordTheRateOfTheUpdateWhenSeveralBatchesMakeOne() {
    Tracker tracker = update -> 0.1f / update;
    try (TensorBoardListener listener = listener()) {
      DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic())
          .addTrainingListeners(listener)
          .optOptimizer(Optimizer.sgd().setLearningRateTracker(tracker).build());
      Trainings.onPyTorch(config, trainer -> {
        Trainings.accumulate(trainer, 2);
        Trainings.accumulate(trainer, 2);
      });
    }

    assertThat(train().scalar("batch_learning_rate")).containsExactly(
        entry(2L, 0.1f), entry(3L, 0.1f), entry(4L, 0.05f), entry(5L, 0.05f), entry(6L, 0.05f),
        entry(7L, 0.1f / 3), entry(8L, 0.1f / 3), entry(9L, 0.025f), entry(10L, 0.025f));
  }

  @Test
  void shouldAskAGivenTrackerForAsManyUpdatesAsThereWere() {
    Tracker given = update -> update;
    try (TensorBoardListener listener = options().learningRate(given).build()) {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> Trainings.accumulate(trainer, 2));
    }

    assertThat(train().scalar("batch_learning_rate"))
        .containsExactly(entry(2L, 1f), entry(3L, 1f), entry(4L, 2f), entry(5L, 2f));
  }

  @Test
  void shouldShowTheRateThatAWarmUpLeadsTo() {
    Tracker tracker = Tracker.warmUp().optWarmUpSteps(20).optWarmUpBeginValue(0f)
        .setMainTracker(Tracker.cosine().setBaseValue(0.1f).setMaxUpdates(100).build()).build();
    try (TensorBoardListener listener = listener()) {
      Trainings.train(Trainings.config(listener)
          .optOptimizer(Optimizer.sgd().setLearningRateTracker(tracker).build()), 1);
    }

    assertThat(hyperParameter("learning_rate")).isEqualTo(0.1);
    assertThat(train().scalar("batch_learning_rate")).containsEntry(1L, 0.005f).containsEntry(5L, 0.025f);
  }

  @Test
  void shouldRecordTheRateOfEveryParameterWhereTheyDiffer() {
    FixedPerVarTracker.Builder rates = FixedPerVarTracker.builder().setDefaultValue(0.1f);
    try (TensorBoardListener listener = listener()) {
      Trainings.onPyTorch(Trainings.config(listener)
          .optOptimizer(Optimizer.sgd().setLearningRateTracker(rates.build()).build()), trainer -> {
            // the tracker goes on looking at its builder's map: only now have the parameters identifiers
            rates.put(trainer.getModel().getBlock().getParameters().valueAt(0).getId(), 0.001f);
            Trainings.fitWithoutValidation(trainer, 1);
          });
    }

    assertThat(hyperParameter("learning_rate")).isEqualTo(0.1);
    assertThat(train().scalar("batch_learning_rate")).hasSize(5)
        .allSatisfy((step, rate) -> assertThat(rate).isEqualTo(0.1f));
    assertThat(train().scalar("learning_rate/02_linear/weight")).hasSize(5)
        .allSatisfy((step, rate) -> assertThat(rate).isEqualTo(0.001f));
    assertThat(train().scalar("learning_rate/04_linear/bias")).hasSize(5)
        .allSatisfy((step, rate) -> assertThat(rate).isEqualTo(0.1f));
  }

  @Test
  void shouldRecordNoRateOfEachParameterWhereTheyAreTheSame() {
    FixedPerVarTracker.Builder rates = FixedPerVarTracker.builder().setDefaultValue(0.1f);
    try (TensorBoardListener listener = listener()) {
      Trainings.onPyTorch(Trainings.config(listener)
          .optOptimizer(Optimizer.sgd().setLearningRateTracker(rates.build()).build()),
          trainer -> Trainings.fitWithoutValidation(trainer, 1));
    }

    assertThat(train().scalar("batch_learning_rate")).hasSize(5);
    assertThat(train().scalars()).doesNotContainKey("learning_rate/02_linear/weight");
  }

  @Test
  void shouldDrawTheOptimizerOfATrainerWithoutItsConfiguration() {
    Trainings.onPyTorch(Trainings.config(), trainer -> assertThat(
        StandardCharsets.ISO_8859_1.decode(DjlGraph.of(trainer).toGraphDef()).toString()).contains("ApplySGD"));
  }

  @Test
  void shouldTrainToTheSameWeightsWithAndWithoutRecordingTheRate() {
    float[] without = Trainings.train(momentum(), 3);
    try (TensorBoardListener listener = listener()) {
      assertThat(Trainings.train(momentum().addTrainingListeners(listener), 3)).isEqualTo(without);
    }
  }

  private static DefaultTrainingConfig momentum() {
    Tracker tracker = Tracker.multiFactor().setBaseValue(0.1f).setSteps(new int[] {3, 6}).optFactor(0.5f).build();
    return Trainings.config(TrainingListener.Defaults.basic())
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(tracker).optMomentum(0.9f).build());
  }

  private TensorBoardListener.Builder options() {
    return TensorBoardListener.builder(logs.resolve("run")).batchFrequency(Frequency.iterations(1));
  }

  private TensorBoardListener listener() {
    return options().build();
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private String graph() {
    return train().events().stream().flatMap(event -> event.graphDef().stream()).findFirst()
        .map(graph -> StandardCharsets.ISO_8859_1.decode(graph).toString()).orElseThrow();
  }

  private Object hyperParameter(String name) {
    return RecordedSession.hyperParameters(logs.resolve("run")).get(name);
  }
}
