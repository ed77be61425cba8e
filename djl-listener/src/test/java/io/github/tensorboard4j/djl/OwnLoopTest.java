package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.offset;

import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loops of one's own: those that tell the listeners all, only of epochs, or nothing. */
class OwnLoopTest {

  @TempDir
  private Path logs;

  @Test
  void shouldRecordALoopThatNotifiesNobody() {
    Map<Long, Float> losses = new TreeMap<>();
    List<EpochSummary> summaries = new ArrayList<>();
    try (TensorBoardListener listener =
        options().histogramFrequency(Frequency.iterations(5)).onEpoch(summaries::add).build()) {
      Trainings.onPyTorch(Trainings.config(TrainingListener.Defaults.basic()).addTrainingListeners(listener), trainer -> {
        trainer.setMetrics(new Metrics());
        for (int epoch = 0; epoch < 2; epoch++) {
          Trainings.eachBatch(trainer, batch -> {
            double loss = step(trainer, batch);
            listener.batch(trainer, loss, batch.getSize());
            losses.put(losses.size() + 1L, (float) loss);
          });
          listener.epoch(trainer);
        }
      });
    }

    assertThat(train().scalar("batch_loss")).isEqualTo(losses).hasSize(10);
    assertThat(train().scalar("batch_learning_rate")).hasSize(10).containsValue(0.1f);
    assertThat(train().scalar("epoch_loss")).hasSize(2);
    assertThat((double) train().scalar("epoch_loss").get(1L)).as("each example has the same weight").isCloseTo(
        (losses.get(1L) * 16 + losses.get(2L) * 16 + losses.get(3L) * 16 + losses.get(4L) * 16 + losses.get(5L) * 15) / 79,
        offset(1e-6));
    assertThat(train().scalar("epoch_seconds").get(1L)).isPositive();
    assertThat(train().histograms().get("layer_02_linear/weight")).containsOnlyKeys(5L, 10L);
    assertThat(train().graphs()).isOne();
    assertThat(RecordedSession.hyperParameters(logs.resolve("run")))
        .contains(entry("batch_size", 16.0), entry("optimizer", "Sgd"), entry("learning_rate", 0.1));
    assertThat(summaries).extracting(EpochSummary::epoch).containsExactly(1L, 2L);
  }

  @Test
  void shouldRecordTheParametersAsTheyAreWhenALoopTellsOfABatch() {
    Map<Long, Float> largest = new TreeMap<>();
    try (TensorBoardListener listener = options().histogramFrequency(Frequency.iterations(1)).build()) {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> {
        Trainings.eachBatch(trainer, batch -> {
          listener.batch(trainer, step(trainer, batch), batch.getSize());
          try (NDArray max = trainer.getModel().getBlock().getParameters().valueAt(0).getArray().max()) {
            largest.put(largest.size() + 1L, max.getFloat());
          }
        });
      });
    }

    Map<Long, Float> recorded = new TreeMap<>();
    train().histograms().get("layer_02_linear/weight").forEach((step, rows) -> recorded.put(step, (float) rows.max()));
    assertThat(recorded).isEqualTo(largest).hasSize(5);
  }

  @Test
  void shouldRecordTheValidationThatALoopLeavesToDjl() {
    try (TensorBoardListener listener = options().build()) {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> {
        for (int epoch = 0; epoch < 2; epoch++) {
          try (NDManager manager = trainer.getManager().newSubManager()) {
            for (Batch batch : Trainings.batches(trainer, manager)) {
              listener.batch(trainer, step(trainer, batch), batch.getSize());
              batch.close();
            }
            validate(trainer, manager);
          }
          listener.epoch(trainer);
        }
      });
    }

    assertThat(train().scalar("epoch_loss")).hasSize(2).doesNotContainValue(Float.NaN);
    assertThat(Recorded.in(logs.resolve("run/validation")).scalar("epoch_loss")).containsOnlyKeys(1L, 2L)
        .doesNotContainValue(Float.NaN);
    assertThat(Recorded.in(logs.resolve("run/validation")).scalar("epoch_accuracy")).containsOnlyKeys(1L, 2L);
  }

  @Test
  void shouldRecordFiguresOfOnesOwnAtTheCurrentIterationAndEpoch() {
    try (TensorBoardListener listener = options().build()) {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> {
        listener.epochScalar("baseline", 0.5);
        for (int epoch = 0; epoch < 2; epoch++) {
          try (NDManager manager = trainer.getManager().newSubManager()) {
            for (Batch batch : Trainings.batches(trainer, manager)) {
              EasyTrain.trainBatch(trainer, batch);
              trainer.step();
              listener.scalar("reward", epoch);
              listener.epochScalar("within", epoch);
              batch.close();
            }
          }
          trainer.notifyListeners(told -> told.onEpoch(trainer));
          listener.epochScalar("between", epoch);
        }
        listener.trainWriter().addText("notes", "as good as it gets", 2);
        listener.validationWriter().addScalar("bleu", 0.25, 2);
      });
    }

    assertThat(train().scalar("baseline")).containsExactly(entry(0L, 0.5f));
    assertThat(train().scalar("reward")).hasSize(10).contains(entry(1L, 0f), entry(5L, 0f), entry(6L, 1f), entry(10L, 1f));
    assertThat(train().scalar("within")).containsExactly(entry(1L, 0f), entry(2L, 1f));
    assertThat(train().scalar("between")).containsExactly(entry(1L, 0f), entry(2L, 1f));
    assertThat(train().texts()).contains("as good as it gets");
    assertThat(Recorded.in(logs.resolve("run/validation")).scalar("bleu")).containsExactly(entry(2L, 0.25f));
  }

  @Test
  void shouldDoNothingAfterTheEnd() {
    Trainings.onPyTorch(Trainings.config(), trainer -> {
      TensorBoardListener listener = options().build();
      listener.batch(trainer, 0.5, 16);
      listener.close();
      listener.batch(trainer, 0.25, 16);
      listener.epoch(trainer);
      listener.scalar("reward", 1);
      listener.epochScalar("reward", 1);
      assertThatThrownBy(listener::trainWriter).isInstanceOf(IllegalStateException.class);
    });

    assertThat(train().scalar("batch_loss")).containsExactly(entry(1L, 0.5f));
    assertThat(train().scalars()).doesNotContainKeys("reward", "epoch_loss");
  }

  @Test
  void shouldRefuseABatchThatCannotBe() {
    Trainings.onPyTorch(Trainings.config(), trainer -> {
      try (TensorBoardListener listener = options().build()) {
        assertThatThrownBy(() -> listener.batch(trainer, 0.5, -1)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("-1");
        assertThatThrownBy(() -> listener.batch(null, 0.5, 16)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> listener.epoch(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> listener.scalar("epoch_loss", 1)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("another tag");
        assertThatThrownBy(() -> listener.epochScalar("epoch_loss", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> listener.scalar(" ", 1)).isInstanceOf(IllegalArgumentException.class);
      }
    });
  }

  @Test
  void shouldSayOnceThatALoopHasToldNothing() {
    TensorBoardListener listener = options().build();
    DefaultTrainingConfig config = Trainings.config(listener);
    String logged = Logged.during(() -> {
      for (int training = 0; training < 2; training++) {
        Trainings.onPyTorch(config, trainer -> {
          trainSilently(trainer);
          trainer.close();
        });
      }
      listener.close();
    });

    assertThat(logged.lines().filter(line -> line.contains("WARN"))).singleElement().asString()
        .contains(logs.resolve("run").toString(), "notifyListeners", "batch(trainer, loss, size)", "epoch(trainer)");
    assertThat(logs.resolve("run")).doesNotExist();
  }

  @Test
  void shouldSayNothingOfATrainerThatDoesNotTrain() {
    String logged = Logged.during(() -> {
      try (TensorBoardListener listener = options().build()) {
        Trainings.onPyTorch(Trainings.config(listener), trainer -> assertThat(trainer.getLoss()).isNotNull());
      }
    });

    assertThat(logged).doesNotContain("WARN");
  }

  @Test
  void shouldRecordALoopThatTellsOnlyOfEpochs() {
    String logged = Logged.during(() -> {
      try (TensorBoardListener listener = options().build()) {
        Trainings.onPyTorch(Trainings.config(TrainingListener.Defaults.basic()).addTrainingListeners(listener), trainer -> {
          for (int epoch = 0; epoch < 2; epoch++) {
            trainSilently(trainer);
            trainer.notifyListeners(told -> told.onEpoch(trainer));
          }
        });
      }
    });

    assertThat(train().scalars()).containsOnlyKeys("epoch_seconds");
    assertThat(train().scalar("epoch_seconds")).containsOnlyKeys(1L, 2L)
        .allSatisfy((epoch, seconds) -> assertThat(seconds).isPositive());
    assertThat(train().histograms().get("layer_02_linear/weight")).containsOnlyKeys(1L, 2L);
    assertThat(train().graphs()).isOne();
    assertThat(RecordedSession.hyperParameters(logs.resolve("run"))).containsEntry("optimizer", "Sgd")
        .doesNotContainKey("batch_size");
    assertThat(logged.lines().filter(line -> line.contains("WARN"))).singleElement().asString()
        .contains("batch(trainer, loss, size)");
  }

  @Test
  void shouldRecordNoLossOfAValidationBeforeTheFirstEpoch() {
    for (TrainingListener[] others : new TrainingListener[][] {{}, TrainingListener.Defaults.basic()}) {
      Path run = logs.resolve("run" + others.length);
      try (TensorBoardListener listener = TensorBoardListener.builder(run).build()) {
        Trainings.onPyTorch(Trainings.config(others).addTrainingListeners(listener), trainer -> {
          try (NDManager manager = trainer.getManager().newSubManager()) {
            validate(trainer, manager);
          }
          trainer.notifyListeners(told -> told.onEpoch(trainer));
          Trainings.fit(trainer, 1);
        });
      }

      assertThat(Recorded.in(run.resolve("train")).scalar("epoch_loss")).hasSize(1).doesNotContainValue(Float.NaN);
      assertThat(Recorded.in(run.resolve("validation")).scalar("epoch_loss")).hasSize(2).doesNotContainValue(Float.NaN);
    }
  }

  private static void trainSilently(Trainer trainer) {
    Trainings.eachBatch(trainer, batch -> step(trainer, batch));
  }

  /** Trains on a batch and tells nobody of it; returns its loss. */
  static double step(Trainer trainer, Batch batch) {
    double loss;
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDList predictions = trainer.forward(batch.getData());
      NDArray value = trainer.getLoss().evaluate(batch.getLabels(), predictions);
      collector.backward(value);
      loss = value.getFloat();
    }
    trainer.step();
    return loss;
  }

  static void validate(Trainer trainer, NDManager manager) {
    try {
      EasyTrain.evaluateDataset(trainer, Trainings.data(manager, 2));
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
  }

  private TensorBoardListener.Builder options() {
    return TensorBoardListener.builder(logs.resolve("run")).batchFrequency(Frequency.iterations(1));
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }
}
