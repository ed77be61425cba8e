package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import com.sun.management.ThreadMXBean;
import io.github.tensorboard4j.testing.Recorded;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the listener's own calls allocate on the training thread. */
class AllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ITERATIONS = 10_000;

  @TempDir
  private Path logs;

  private final List<TrainingListener.BatchData> told = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldAllocateNothingInAnIterationBesideDjlsOwnListeners(boolean inFront) {
    DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic());
    List<TrainingListener> listeners = config.getTrainingListeners();
    List<Long> allocated = new ArrayList<>();
    try (TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      listeners.add(inFront ? 0 : listeners.size(), listener);
      listeners.add(new TrainingListenerAdapter() {
        @Override
        public void onTrainingBatch(Trainer trainer, BatchData data) {
          told.add(data);
        }
      });
      Trainings.onPyTorch(config, trainer -> Trainings.eachBatch(trainer, batch -> {
        EasyTrain.trainBatch(trainer, batch);
        trainer.step();
        if (allocated.isEmpty()) {
          allocated.add(leastAllocated(trainer, listener));
        }
      }));
    }

    assertThat(allocated).containsExactly(0L);
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("batch_loss")).hasSizeGreaterThan(ITERATIONS / 10);
  }

  /** Tells the listener of one batch again and again, and of its updates, as the trainer does; returns what that allocates. */
  private long leastAllocated(Trainer trainer, TensorBoardListener listener) {
    LearningRate rate = TrainerOptimizer.of(trainer).flatMap(TrainerOptimizer::rateAskedWithinStep).orElseThrow();
    TrainingListener.BatchData data = told.get(0);
    int updates = rate.updates();
    long allocated = Long.MAX_VALUE;
    // the first rounds are not compiled yet
    for (int round = 0; round < 20 && allocated > 0; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < ITERATIONS; i++) {
        listener.onTrainingBatch(trainer, data);
        rate.getNewValue("weight", ++updates);
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return allocated;
  }
}
