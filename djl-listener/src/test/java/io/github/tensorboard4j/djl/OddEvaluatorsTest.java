package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Evaluators of a user's own that differ from DJL's, and loops that evaluate in their own way. */
class OddEvaluatorsTest {

  @TempDir
  private Path logs;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNotTakeAnEvaluatorThatIsZeroWithoutDataForADivergence(boolean behind) {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic()).addEvaluator(new ZeroAtFirst());
    TensorBoardListener listener = listener("run");
    config.getTrainingListeners().add(behind ? config.getTrainingListeners().size() : 0, listener);
    Trainings.train(config, 2);
    listener.close();

    assertThat(train("run").scalar("batch_loss")).hasSize(10).doesNotContainValue(Float.NaN);
    assertThat(RecordedSession.endings(logs.resolve("run"))).isEmpty();
  }

  @Test
  void shouldNotTakeAnEvaluatorThatIsZeroForADivergenceWhereTheLoopTellsOfNoBatch() {
    TensorBoardListener listener = listener("run");
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic()).addEvaluator(new ZeroAtFirst())
        .addTrainingListeners(listener);
    Trainings.onPyTorch(config, trainer -> {
      listener.batch(trainer, 0.5, 16);
      listener.epoch(trainer);
    });
    listener.close();

    assertThat(train("run").scalar("batch_loss")).hasSize(1).doesNotContainValue(Float.NaN);
    assertThat(RecordedSession.endings(logs.resolve("run"))).isEmpty();
  }

  @Test
  void shouldNotSayThatATrainerHasDivergedThatNeverTrained() {
    TensorBoardListener listener = listener("run");
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic()).addEvaluator(new ZeroAtFirst())
        .addTrainingListeners(listener);

    String logged = Logged.during(() -> Trainings.onPyTorch(config, trainer -> assertThat(trainer.getLoss()).isNotNull()));

    assertThat(logged).doesNotContain("WARN");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRecordEachEpochsOwnValidationInALoopThatTellsOnlyTheListener(boolean behind) {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    TensorBoardListener listener = listener("run");
    config.getTrainingListeners().add(behind ? config.getTrainingListeners().size() : 0, listener);
    Map<Long, Float> losses = new HashMap<>();
    Trainings.onPyTorch(config, trainer -> {
      for (long epoch = 1; epoch <= 3; epoch++) {
        try (NDManager manager = trainer.getManager().newSubManager()) {
          for (Batch batch : Trainings.batches(trainer, manager)) {
            listener.batch(trainer, OwnLoopTest.step(trainer, batch), batch.getSize());
            batch.close();
          }
          OwnLoopTest.validate(trainer, manager);
          losses.put(epoch, validationLoss(trainer, manager));
        }
        listener.epoch(trainer);
      }
    });
    listener.close();

    Map<Long, Float> recorded = Recorded.in(logs.resolve("run/validation")).scalar("epoch_loss");
    assertThat(recorded).hasSameSizeAs(losses).allSatisfy(
        (epoch, loss) -> assertThat((double) loss).isCloseTo(losses.get(epoch), offset(1e-5)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"update", "get", "reset", "add"})
  void shouldRecordTheOthersWhereOneEvaluatorThrows(String method) {
    TensorBoardListener right = listener("right");
    Trainings.train(Trainings.config(right), 3);
    right.close();
    TensorBoardListener odd = listener("odd");
    DefaultTrainingConfig config = Trainings.config(odd);
    config.addEvaluator(new Throwing(method));
    Trainings.train(config, 3);
    odd.close();

    for (String tag : new String[] {"batch_loss", "batch_accuracy", "epoch_loss", "epoch_accuracy"}) {
      assertThat(train("odd").scalar(tag)).as(tag).isNotEmpty().isEqualTo(train("right").scalar(tag));
    }
    for (String tag : new String[] {"epoch_loss", "epoch_accuracy"}) {
      assertThat(Recorded.in(logs.resolve("odd/validation")).scalar(tag)).as(tag).isNotEmpty()
          .isEqualTo(Recorded.in(logs.resolve("right/validation")).scalar(tag));
    }
  }

  @Test
  void shouldLeaveAGapWhereAnEvaluatorThrows() {
    TensorBoardListener listener = listener("run");
    Throwing throwing = new Throwing("update");
    Trainings.train(Trainings.config(listener).addEvaluator(throwing), 2);
    listener.close();

    assertThat(train("run").scalar("batch_bad")).as("the batches before it throws").containsOnlyKeys(1L, 2L, 3L);
    assertThat(train("run").scalars()).doesNotContainKey("epoch_bad");
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty", "null maps", "null"})
  void shouldRecordNoLossOfABatchWithoutPredictionsAndSaySo(String kind) {
    TensorBoardListener listener = listener("run");
    String logged = Logged.during(() -> {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> {
        Trainings.eachBatch(trainer, batch -> {
          OwnLoopTest.step(trainer, batch);
          BatchData data = switch (kind) {
            case "empty" -> new BatchData(batch, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
            case "null maps" -> new BatchData(batch, null, null);
            default -> null;
          };
          trainer.notifyListeners(told -> told.onTrainingBatch(trainer, data));
        });
        trainer.notifyListeners(told -> told.onEpoch(trainer));
      });
      listener.close();
    });

    assertThat(train("run").scalars()).containsKey("epoch_seconds").doesNotContainKeys("batch_loss", "epoch_loss");
    assertThat(RecordedSession.endings(logs.resolve("run"))).isEmpty();
    assertThat(logged.lines().filter(line -> line.contains("WARN"))).singleElement().asString()
        .contains("batch(trainer, loss, size)", "predictions");
    assertThat(logged).doesNotContain("Exception");
  }

  @Test
  void shouldRecordTheSameInTwoListenersOfOneTraining() {
    TensorBoardListener alone = listener("alone");
    Trainings.train(Trainings.config(alone), 2);
    alone.close();
    TensorBoardListener first = listener("first");
    TensorBoardListener second = listener("second");
    Trainings.train(Trainings.config(first, second), 2);
    first.close();
    second.close();

    for (String run : new String[] {"first", "second"}) {
      for (String tag : new String[] {"batch_loss", "batch_accuracy", "epoch_loss", "epoch_accuracy"}) {
        assertThat(train(run).scalar(tag)).as(run + ' ' + tag).isEqualTo(train("alone").scalar(tag));
      }
      assertThat(Recorded.in(logs.resolve(run).resolve("validation")).scalar("epoch_loss"))
          .isEqualTo(Recorded.in(logs.resolve("alone/validation")).scalar("epoch_loss"));
    }
  }

  private TensorBoardListener listener(String run) {
    return TensorBoardListener.builder(logs.resolve(run)).batchFrequency(Frequency.iterations(1)).build();
  }

  private Recorded train(String run) {
    return Recorded.in(logs.resolve(run).resolve("train"));
  }

  /** The mean over the batches, as DJL has it. */
  private static float validationLoss(Trainer trainer, NDManager manager) {
    List<Float> losses = new ArrayList<>();
    try {
      for (Batch batch : trainer.iterateDataset(Trainings.data(manager, 2))) {
        NDList predictions = trainer.evaluate(batch.getData());
        losses.add(trainer.getLoss().evaluate(batch.getLabels(), predictions).getFloat());
        batch.close();
      }
    } catch (IOException | TranslateException e) {
      throw new AssertionError(e);
    }
    return (float) losses.stream().mapToDouble(Float::doubleValue).average().orElseThrow();
  }

  /** The number of examples, and 0 where there are none. */
  private static class ZeroAtFirst extends Evaluator {

    private final Map<String, Long> examples = new HashMap<>();

    ZeroAtFirst() {
      super("Examples");
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void addAccumulator(String key) {
      examples.put(key, 0L);
    }

    @Override
    public void updateAccumulator(String key, NDList labels, NDList predictions) {
      examples.merge(key, labels.get(0).getShape().get(0), Long::sum);
    }

    @Override
    public void updateAccumulators(String[] keys, NDList labels, NDList predictions) {
      for (String key : keys) {
        updateAccumulator(key, labels, predictions);
      }
    }

    @Override
    public void resetAccumulator(String key) {
      examples.put(key, 0L);
    }

    @Override
    public float getAccumulator(String key) {
      return examples.get(key);
    }
  }

  /** Throws in one of its methods; in updates from the fourth batch on. */
  private static final class Throwing extends ZeroAtFirst {

    private final String method;
    private int batches;

    Throwing(String method) {
      this.method = method;
    }

    @Override
    public String getName() {
      return "bad";
    }

    @Override
    public void addAccumulator(String key) {
      throwIn("add");
      super.addAccumulator(key);
    }

    @Override
    public void updateAccumulators(String[] keys, NDList labels, NDList predictions) {
      if (++batches > 3) {
        throwIn("update");
      }
      super.updateAccumulators(keys, labels, predictions);
    }

    @Override
    public void resetAccumulator(String key) {
      throwIn("reset");
      super.resetAccumulator(key);
    }

    @Override
    public float getAccumulator(String key) {
      throwIn("get");
      return super.getAccumulator(key);
    }

    private void throwIn(String called) {
      if (method.equals(called)) {
        throw new IllegalStateException("an evaluator that can't " + called);
      }
    }
  }
}
