package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.TrainingDivergedException;
import ai.djl.engine.Engine;
import ai.djl.metric.Metric;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Divergence;
import io.github.tensorboard4j.training.Divergence.Kind;
import io.github.tensorboard4j.training.Divergence.Place;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the listener says that a training diverged, when something bad is planted in one place. */
class DivergenceTest {

  private static final int BATCHES = 5;
  private static final int BAD_BATCH = 3;
  private static final int EXAMPLES = 4;
  private static final int FEATURES = 6;

  /** The layers that have parameters. */
  private static final List<String> LAYERS = List.of("01_linear", "03_linear", "06_linear");

  @TempDir
  private Path logs;

  private final List<Divergence> reported = new ArrayList<>();
  private boolean cliff;
  private String engine = "PyTorch";
  private Loss loss = Loss.l2Loss();
  private Optimizer optimizer = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.01f)).build();

  /** Who evaluates the batches, and where the listener stands. */
  enum Order {
    /** Nobody but the listener. */
    ALONE,
    /** DJL's listener, before this one. */
    BEHIND,
    /** DJL's listener, after this one: so the loss is known only when the callback is over. */
    IN_FRONT,
    /** All of DJL's own listeners, after this one; one of them ends the training for a NaN. */
    IN_FRONT_OF_ALL;

    TrainingListener[] among(TrainingListener own) {
      List<TrainingListener> listeners = new ArrayList<>();
      if (this == BEHIND) {
        listeners.add(new EvaluatorTrainingListener());
      }
      listeners.add(own);
      if (this == IN_FRONT) {
        listeners.add(new EvaluatorTrainingListener());
      }
      if (this == IN_FRONT_OF_ALL) {
        listeners.addAll(List.of(TrainingListener.Defaults.basic()));
      }
      return listeners.toArray(TrainingListener[]::new);
    }
  }

  private static Stream<Arguments> parameters() {
    return Stream.of(Order.values()).flatMap(order -> LAYERS.stream()
        .flatMap(layer -> Stream.of("weight", "bias").map(name -> Arguments.of(order, layer, name))));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void shouldNameTheLayerWithABadParameter(Order order, String layer, String name) {
    Trainer[] trained = new Trainer[1];
    fitOrEnd(order, Guard.call(reported::add), trainer -> {
      trained[0] = trainer;
      plant(trainer, layer, name, Float.NaN);
    }, (iteration, batch) -> {});

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.NAN);
      assertThat(divergence.place()).isEqualTo(Place.PARAMETER);
      assertThat(divergence.layer()).isEqualTo(layer);
      assertThat(divergence.parameter()).isEqualTo(name);
      assertThat(divergence.iteration()).isEqualTo(1);
      assertThat(divergence.loss()).isNaN();
      assertThat(divergence.model()).isSameAs(trained[0]);
    });
  }

  @ParameterizedTest
  @EnumSource
  void shouldNameTheInput(Order order) {
    fitOrEnd(order, Guard.call(reported::add), trainer -> {}, badBatch(batch -> set(batch.getData(), Float.NaN)));

    assertReported(Kind.NAN, Place.INPUT, "input", BAD_BATCH);
  }

  @ParameterizedTest
  @EnumSource
  void shouldNameTheLabels(Order order) {
    fitOrEnd(order, Guard.call(reported::add), trainer -> {},
        badBatch(batch -> set(batch.getLabels(), Float.POSITIVE_INFINITY)));

    assertReported(Kind.INFINITE, Place.LABELS, "output", BAD_BATCH);
  }

  /** What a layer puts out is too large for a float, though its parameters aren't. */
  @ParameterizedTest
  @EnumSource
  void shouldNameTheLayerThatOverflows(Order order) {
    fitOrEnd(order, Guard.call(reported::add), trainer -> plantAll(trainer, "03_linear", 3e38f), (iteration, batch) -> {});

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.ACTIVATION);
      assertThat(divergence.layer()).isEqualTo("03_linear");
      assertThat(divergence.iteration()).isEqualTo(1);
    });
  }

  @ParameterizedTest
  @EnumSource
  void shouldNameTheLayerWhoseGradientWentBadByWhatItsUpdateLeft(Order order) {
    cliff = true;
    fitOrEnd(order, Guard.call(reported::add), trainer -> {}, (iteration, batch) -> {});

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.PARAMETER);
      assertThat(divergence.layer()).isEqualTo("03_linear");
      assertThat(divergence.iteration()).isEqualTo(2);
    });
  }

  @ParameterizedTest
  @EnumSource
  void shouldNameTheLayerWithABadGradientBeforeItsUpdateWhereTensorsAreWatched(Order order) {
    cliff = true;
    float[][] before = new float[1][];
    float[][] after = new float[1][];
    fitOrEnd(order, Guard.call(divergence -> {
      reported.add(divergence);
      after[0] = weight((Trainer) divergence.model());
    }).watchingTensors(), trainer -> before[0] = weight(trainer), (iteration, batch) -> {});

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.GRADIENT);
      assertThat(divergence.layer()).isEqualTo("03_linear");
      assertThat(divergence.iteration()).isEqualTo(1);
      assertThat(divergence.loss()).isFinite();
    });
    assertThat(after[0]).as("not updated").isEqualTo(before[0]);
  }

  @ParameterizedTest
  @EnumSource
  void shouldStopTheTrainingByWhatDjlThrows(Order order) {
    assertThatThrownBy(
        () -> fit(order, Guard.stop(), trainer -> {}, badBatch(batch -> set(batch.getData(), Float.NaN))))
        .isInstanceOf(TrainingDivergedException.class);

    assertThat(train().scalar("batch_loss")).containsOnlyKeys(1L, 2L, 3L).containsEntry(3L, Float.NaN);
    assertThat(RecordedSession.endings(logs.resolve("run"))).as("failed").containsExactly(2L);
    assertThat(texts()).singleElement().asString().contains("NaN in the batch's input input at iteration 3")
        .contains("| parameter | 01_linear/weight |", "| gradient | 06_linear/bias |", "| activation | 02_relu |");
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "BEHIND", "IN_FRONT"})
  void shouldStopTheTrainingBeforeABadGradientIsAnUpdate(Order order) {
    cliff = true;
    assertThatThrownBy(() -> fit(order, Guard.stop().watchingTensors(), trainer -> {}, (iteration, batch) -> {}))
        .isInstanceOf(TrainingDivergedException.class).hasMessageContaining("in the gradient of 03_linear/")
        .hasCauseInstanceOf(io.github.tensorboard4j.training.TrainingDivergedException.class);

    assertThat(train().scalar("batch_loss")).containsOnlyKeys(1L).allSatisfy((step, loss) -> assertThat(loss).isFinite());
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "BEHIND", "IN_FRONT"})
  void shouldEndTheTrainingByWhatTheUsersConsumerThrows(Order order) {
    IllegalStateException own = new IllegalStateException("enough");
    assertThatThrownBy(() -> fit(order, Guard.call(divergence -> {
      throw own;
    }), trainer -> {}, badBatch(batch -> set(batch.getData(), Float.NaN)))).isSameAs(own);
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "BEHIND", "IN_FRONT"})
  void shouldReportOnceAndLetTheTrainingGoOn(Order order) {
    String logged = Logged.during(
        () -> fit(order, Guard.report(), trainer -> {}, badBatch(batch -> set(batch.getData(), Float.NaN))));

    assertThat(logged.lines().filter(line -> line.contains("WARN"))).singleElement().asString()
        .contains("NaN in the batch's input input at iteration 3", logs.resolve("run").toString());
    assertThat(texts()).hasSize(1);
    assertThat(train().scalar("batch_loss")).hasSize(BATCHES);
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "BEHIND", "IN_FRONT"})
  void shouldReportALossThatExplodes(Order order) {
    fit(order, Guard.call(reported::add), trainer -> {}, badBatch(batch -> set(batch.getLabels(), 1e12f)));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.EXPLODING);
      assertThat(divergence.place()).isEqualTo(Place.GRADIENT);
      assertThat(divergence.iteration()).isEqualTo(BAD_BATCH);
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "BEHIND", "IN_FRONT"})
  void shouldDoNothingWhereTheGuardIsOff(Order order) {
    String logged = Logged.during(
        () -> fit(order, Guard.off(), trainer -> {}, badBatch(batch -> set(batch.getData(), Float.NaN))));

    assertThat(logged).doesNotContain("WARN");
    assertThat(texts()).isEmpty();
  }

  @Test
  void shouldNameTheLossWhereItIsKnownOnlyAfterTheUpdate() {
    optimizer = ownOptimizer();
    fit(Order.IN_FRONT, Guard.call(reported::add), trainer -> {}, badBatch(batch -> set(batch.getData(), Float.NaN)));

    assertReported(Kind.NAN, Place.LOSS, "", BAD_BATCH);
  }

  /** Gradients are looked at before the update all the same, and the batch is evaluated for the report. */
  @Test
  void shouldNameABadGradientWhereTheLossIsKnownOnlyAfterTheUpdate() {
    optimizer = ownOptimizer();
    cliff = true;
    assertThatThrownBy(
        () -> fit(Order.IN_FRONT, Guard.stop().watchingTensors(), trainer -> {}, (iteration, batch) -> {}))
        .isInstanceOf(TrainingDivergedException.class).hasMessageContaining("in the gradient of 03_linear/")
        .hasMessageContaining("whose loss is " + (double) train().scalar("batch_loss").get(1L));
  }

  /** The next batch has begun when the loss is looked at, and who would evaluate it doesn't learn of it any more. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRecordNoLossOfABatchThatTheGuardHidesFromItsEvaluation(boolean accumulated) {
    if (!accumulated) {
      optimizer = ownOptimizer();
    }
    assertThatThrownBy(() -> onTrainer(Order.IN_FRONT, Guard.stop(), (trainer, listener) -> eachBatch(
        trainer, badBatch(batch -> set(batch.getData(), Float.NaN)), batch -> {
          EasyTrain.trainBatch(trainer, batch);
          if (!accumulated) {
            trainer.step();
          }
        }))).isInstanceOf(TrainingDivergedException.class).hasMessageContaining("at iteration " + BAD_BATCH);

    assertThat(train().scalar("batch_loss")).containsOnlyKeys(1L, 2L, 3L).containsEntry(3L, Float.NaN);
  }

  @Test
  void shouldRecordTheLossOfTheBatchThatTheGuardHidesFromItsEvaluation() {
    optimizer = ownOptimizer();
    assertThatThrownBy(() -> fit(Order.IN_FRONT, Guard.stop().watchingTensors(), trainer -> {},
        badBatch(batch -> set(batch.getData(), Float.NaN)))).isInstanceOf(TrainingDivergedException.class);

    assertThat(train().scalar("batch_loss")).containsOnlyKeys(1L, 2L, 3L).containsEntry(3L, Float.NaN);
  }

  /** The loss of one batch is bad by itself, and the gradients of the next one are, which is seen in the same callback. */
  @Test
  void shouldReportTheFirstOfTwoDivergences() {
    optimizer = ownOptimizer();
    Shifted shifted = new Shifted();
    loss = shifted;
    fit(Order.IN_FRONT, Guard.call(reported::add).watchingTensors(), trainer -> {}, (iteration, batch) -> {
      if (iteration == BAD_BATCH) {
        shifted.shift = Float.NaN;
      }
      if (iteration == BAD_BATCH + 1) {
        set(batch.getData(), Float.NaN);
      }
    });

    assertReported(Kind.NAN, Place.LOSS, "", BAD_BATCH);
  }

  /** A loss to which something is added, which leaves its gradients as they are. */
  private static final class Shifted extends Loss {

    private float shift;

    Shifted() {
      super("shifted");
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
      return labels.singletonOrThrow().sub(predictions.singletonOrThrow()).square().mean().add(shift);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no data", "no labels", "a loss that throws"})
  void shouldSayThatTheLossIsNotKnown(String kind) {
    cliff = true;
    if (kind.equals("a loss that throws")) {
      loss = new Throwing();
    }
    onTrainer(Order.ALONE, Guard.call(reported::add).watchingTensors(),
        (trainer, listener) -> eachBatch(trainer, (iteration, batch) -> {}, batch -> {
          try (GradientCollector collector = trainer.newGradientCollector()) {
            collector.backward(
                trainer.getLoss().evaluate(batch.getLabels(), trainer.forward(batch.getData())));
          }
          BatchData data = switch (kind) {
            case "no data" -> null;
            case "no labels" -> new BatchData(batch, null, null);
            default -> new BatchData(
                batch, Map.of(Device.cpu(), batch.getLabels()), Map.of(Device.cpu(), batch.getLabels()));
          };
          trainer.notifyListeners(told -> told.onTrainingBatch(trainer, data));
        }));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.GRADIENT);
      assertThat(divergence.layer()).isEqualTo("03_linear");
      assertThat(divergence.lossKnown()).isFalse();
    });
    assertThat(texts()).singleElement().asString().contains("at iteration 1, whose loss is not known");
  }

  /** A loss that can be trained by, but not be read. */
  private static final class Throwing extends Loss {

    Throwing() {
      super("throwing");
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
      return labels.singletonOrThrow().sub(predictions.singletonOrThrow()).square().mean();
    }

    @Override
    public void updateAccumulators(String[] keys, NDList labels, NDList predictions) {
      throw new IllegalStateException("not to be read");
    }
  }

  @Test
  void shouldLookBeforeTheUpdateForEachOfTwoListeners() {
    trainWithTwo(Guard.call(reported::add));

    assertThat(reported).hasSize(2).allSatisfy(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.INPUT);
      assertThat(divergence.iteration()).isEqualTo(BAD_BATCH);
    });
  }

  @Test
  void shouldReportToTheSecondListenerWhatTheFirstOneEndsTheTrainingFor() {
    assertThatThrownBy(() -> trainWithTwo(Guard.stop())).isInstanceOf(TrainingDivergedException.class);

    assertReported(Kind.NAN, Place.INPUT, "input", BAD_BATCH);
    for (String run : List.of("first", "second")) {
      assertThat(Recorded.in(logs.resolve(run).resolve("train")).scalar("batch_loss"))
          .containsOnlyKeys(1L, 2L, 3L).containsEntry(3L, Float.NaN);
    }
  }

  private void trainWithTwo(Guard firstGuard) {
    try (TensorBoardListener first = listener("first", firstGuard);
        TensorBoardListener second = listener("second", Guard.call(reported::add))) {
      train(new TrainingListener[] {first, second, new EvaluatorTrainingListener()}, (trainer, own) -> eachBatch(
          trainer, badBatch(batch -> set(batch.getData(), Float.NaN)), batch -> step(trainer, batch)), first);
    }
  }

  /** Returns an optimizer that tells nobody when it begins with an update, unlike those of DJL. */
  private static Optimizer ownOptimizer() {
    return new Optimizer(Optimizer.sgd()) {
      @Override
      public void update(String id, NDArray weight, NDArray gradient) {
        try (NDArray step = gradient.mul(0.01f)) {
          weight.subi(step);
        }
      }
    };
  }

  @Test
  void shouldNameTheLossOfALoopThatTellsItAlone() {
    onTrainer(Order.ALONE, Guard.call(reported::add), (trainer, listener) -> eachBatch(trainer,
        badBatch(batch -> set(batch.getData(), Float.NaN)),
        batch -> listener.batch(trainer, OwnLoopTest.step(trainer, batch), EXAMPLES)));

    assertReported(Kind.NAN, Place.LOSS, "", BAD_BATCH);
  }

  @Test
  void shouldStopALoopThatTellsItsLossAlone() {
    assertThatThrownBy(() -> onTrainer(Order.ALONE, Guard.stop(), (trainer, listener) -> eachBatch(trainer,
        badBatch(batch -> set(batch.getData(), Float.NaN)),
        batch -> listener.batch(trainer, OwnLoopTest.step(trainer, batch), EXAMPLES))))
        .isInstanceOf(TrainingDivergedException.class);
  }

  @ParameterizedTest
  @CsvSource({"step,true", "step,false", "forward,false"})
  void shouldLookAtTheLossWhereTheUsersMetricsThrow(String phase, boolean told) {
    onTrainer(Order.ALONE, Guard.call(reported::add), (trainer, listener) -> {
      trainer.setMetrics(new Metrics() {
        @Override
        public List<Metric> getMetric(String name) {
          if (name.equals(phase)) {
            throw new IllegalStateException("a fault of the user's");
          }
          return super.getMetric(name);
        }
      });
      eachBatch(trainer, badBatch(batch -> set(batch.getData(), Float.NaN)), batch -> {
        if (told) {
          step(trainer, batch);
        } else {
          listener.batch(trainer, OwnLoopTest.step(trainer, batch), EXAMPLES);
        }
      });
    });

    assertReported(Kind.NAN, told ? Place.INPUT : Place.LOSS, told ? "input" : "", BAD_BATCH);
    assertThat(train().scalar("batch_loss")).hasSize(BATCHES);
  }

  @Test
  void shouldReportTheBatchThatAListenerInFrontHasHidden() {
    try (TensorBoardListener listener = listener(Guard.call(reported::add))) {
      List<TrainingListener> listeners = new ArrayList<>(List.of(TrainingListener.Defaults.basic()));
      listeners.add(listener);
      assertThatThrownBy(() -> train(listeners.toArray(TrainingListener[]::new), (trainer, own) -> eachBatch(
          trainer, badBatch(batch -> set(batch.getData(), Float.NaN)), batch -> step(trainer, batch)), listener))
          .isInstanceOf(TrainingDivergedException.class);
    }

    // whose batch is gone: what it has left in the gradients is there
    assertReported(Kind.NAN, Place.LOSS, "", BAD_BATCH);
    assertThat(texts()).singleElement().asString().contains("| gradient | 01_linear/weight | 48 | 48 |");
  }

  /** Its ReLU makes 0 of a NaN, so that one in the input is never seen. */
  @Test
  void shouldStopATrainingOnMxnet() {
    Assumptions.assumeTrue(Engine.hasEngine("MXNet"));
    engine = "MXNet";
    for (Order order : List.of(Order.ALONE, Order.BEHIND)) {
      reported.clear();
      fit(order, Guard.call(reported::add), trainer -> {}, badBatch(batch -> set(batch.getLabels(), Float.NaN)));
      assertReported(Kind.NAN, Place.LABELS, "output", BAD_BATCH);
    }
    reported.clear();
    fit(Order.IN_FRONT, Guard.call(reported::add), trainer -> {}, badBatch(batch -> set(batch.getLabels(), Float.NaN)));
    assertReported(Kind.NAN, Place.LOSS, "", BAD_BATCH);
    assertThatThrownBy(() -> fit(Order.IN_FRONT, Guard.stop(), trainer -> {},
        badBatch(batch -> set(batch.getLabels(), Float.NaN)))).isInstanceOf(TrainingDivergedException.class);
  }

  private void assertReported(Kind kind, Place place, String layer, long iteration) {
    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(kind);
      assertThat(divergence.place()).isEqualTo(place);
      assertThat(divergence.layer()).isEqualTo(layer);
      assertThat(divergence.iteration()).isEqualTo(iteration);
    });
  }

  private SequentialBlock block() {
    SequentialBlock block = new SequentialBlock().add(Linear.builder().setUnits(8).build()).add(Activation.reluBlock())
        .add(Linear.builder().setUnits(8).build());
    // an identity, whose derivative is infinite
    block.add(list -> cliff ? new NDList(cliff(list.singletonOrThrow())) : list);
    return block.add(Activation.reluBlock()).add(Linear.builder().setUnits(3).build());
  }

  private static NDArray cliff(NDArray array) {
    return array.add(array.sub(array.stopGradient()).sqrt());
  }

  private void fit(Order order, Guard guard, Consumer<Trainer> preparation, BiConsumer<Integer, Batch> plant) {
    onTrainer(order, guard, (trainer, listener) -> {
      preparation.accept(trainer);
      eachBatch(trainer, plant, batch -> step(trainer, batch));
    });
  }

  /** Trains until the end, or until DJL's own listener ends it. */
  private void fitOrEnd(Order order, Guard guard, Consumer<Trainer> preparation, BiConsumer<Integer, Batch> plant) {
    try {
      fit(order, guard, preparation, plant);
    } catch (TrainingDivergedException e) {
      assertThat(order).isEqualTo(Order.IN_FRONT_OF_ALL);
    }
  }

  private static void step(Trainer trainer, Batch batch) {
    EasyTrain.trainBatch(trainer, batch);
    trainer.step();
  }

  private TensorBoardListener listener(Guard guard) {
    return listener("run", guard);
  }

  private TensorBoardListener listener(String run, Guard guard) {
    return TensorBoardListener.builder(logs.resolve(run)).batchFrequency(Frequency.iterations(1)).guard(guard).build();
  }

  private void onTrainer(Order order, Guard guard, BiConsumer<Trainer, TensorBoardListener> training) {
    try (TensorBoardListener listener = listener(guard)) {
      train(order.among(listener), training, listener);
    }
  }

  private void train(TrainingListener[] listeners, BiConsumer<Trainer, TensorBoardListener> training,
      TensorBoardListener listener) {
    DefaultTrainingConfig config = new DefaultTrainingConfig(loss).optOptimizer(optimizer)
        .addTrainingListeners(listeners);
    Trainings.on(engine, block(), config, trainer -> training.accept(trainer, listener));
  }

  private static void eachBatch(Trainer trainer, BiConsumer<Integer, Batch> plant, Consumer<Batch> action) {
    Random random = new Random(1);
    for (int iteration = 1; iteration <= BATCHES; iteration++) {
      NDManager manager = trainer.getManager().newSubManager();
      NDList data = new NDList(gaussian(manager, random, FEATURES));
      NDList labels = new NDList(gaussian(manager, random, 3));
      Batch batch = new Batch(manager, data, labels, EXAMPLES, Batchifier.STACK, Batchifier.STACK, 0, 0);
      plant.accept(iteration, batch);
      action.accept(batch);
      batch.close();
    }
  }

  private static NDArray gaussian(NDManager manager, Random random, int columns) {
    float[] values = new float[EXAMPLES * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, new Shape(EXAMPLES, columns));
  }

  private static BiConsumer<Integer, Batch> badBatch(Consumer<Batch> plant) {
    return (iteration, batch) -> {
      if (iteration == BAD_BATCH) {
        plant.accept(batch);
      }
    };
  }

  private static void set(NDList arrays, float value) {
    arrays.get(0).set(new NDIndex("2, 1"), value);
  }

  private static void plant(Trainer trainer, String layer, String name, float value) {
    parameter(trainer, layer, name).set(new NDIndex("0"), value);
  }

  private static void plantAll(Trainer trainer, String layer, float value) {
    parameter(trainer, layer, "weight").set(new NDIndex(":"), value);
  }

  private static NDArray parameter(Trainer trainer, String layer, String name) {
    int index = Integer.parseInt(layer.substring(0, 2)) - 1;
    return trainer.getModel().getBlock().getChildren().valueAt(index).getParameters().get(name).getArray();
  }

  private static float[] weight(Trainer trainer) {
    return parameter(trainer, "01_linear", "weight").toFloatArray();
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private List<String> texts() {
    return train().texts().stream().filter(text -> text.contains("| norm |")).toList();
  }
}
