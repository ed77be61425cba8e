package io.github.tensorboard4j.djl;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** The recordings of the trainers that a listener serves, one after the other. Not thread-safe. */
final class TrainerRecordings {

  private final TrainingListener listener;
  private final TrainingRecorder recorder;
  private final DjlOptions options;
  private final Progress progress;
  private final LoopAdvice advice;
  private final PhaseTimes times;
  private final Runnable beforeUpdate;
  private final Set<Trainer> leftInEpoch = Collections.newSetFromMap(new WeakHashMap<>());
  private boolean takeTurns;
  private boolean told;
  private @Nullable TrainerRecording current;
  private @Nullable Thread thread;

  TrainerRecordings(TrainingListener listener, TrainingRecorder recorder, DjlOptions options, Progress progress,
      LoopAdvice advice, Runnable beforeUpdate) {
    this.listener = listener;
    this.recorder = recorder;
    this.options = options;
    this.progress = progress;
    this.advice = advice;
    this.times = new PhaseTimes(recorder);
    this.beforeUpdate = beforeUpdate;
  }

  /** Takes a training batch, as {@link TrainerRecording} does. */
  void trainBatch(Trainer trainer, @Nullable BatchData data, long nanoTime) {
    TrainerRecording recording = of(trainer);
    if (recording != null && !recording.trainBatch(data, nanoTime)) {
      advice.predictionsNotTold();
    }
  }

  /** Takes a training batch of which nobody was notified, as {@link TrainerRecording} does. */
  void trainBatch(Trainer trainer, double loss, long batchSize, long nanoTime) {
    TrainerRecording recording = of(trainer);
    if (recording != null) {
      recording.trainBatch(loss, batchSize, nanoTime);
    }
  }

  /** Looks at what there is before an update, as {@link TrainerRecording} does. */
  void beforeUpdate() {
    if (current != null) {
      current.beforeUpdate();
    }
  }

  /** Takes note that the last batch is hidden from the listeners behind, as {@link TrainerRecording} does. */
  void hideBatch() {
    if (current != null) {
      current.hideBatch();
    }
  }

  /** Takes a batch that is validated, as {@link TrainerRecording} does. */
  void validateBatch(Trainer trainer, @Nullable BatchData data) {
    TrainerRecording recording = of(trainer);
    if (recording != null) {
      recording.validateBatch(data);
    }
  }

  /** Ends an epoch of a trainer; {@code alone} if no other listener is told of that. */
  void endEpoch(Trainer trainer, boolean alone) {
    TrainerRecording recording = of(trainer);
    if (recording != null) {
      if (!recording.isInEpoch()) {
        advice.batchesNotTold();
      }
      recording.endEpoch(alone);
    }
  }

  /**
   * Returns the recording of a trainer that calls its listeners. That of another trainer ends, unless the two take turns: that
   * is known when one comes back that was left in the middle of an epoch. Then the one that came first goes on alone, for
   * there is one count of iterations and one clock, and the other has none.
   */
  private @Nullable TrainerRecording of(Trainer trainer) {
    if (current == null || !current.isOf(trainer)) {
      if (current != null && takeTurns) {
        return null;
      }
      if (leftInEpoch.contains(trainer)) {
        takeTurns = true;
        advice.trainersTakeTurns();
      } else if (current != null && current.isInEpoch()) {
        leftInEpoch.add(current.trainer());
      }
      endAll();
      current = new TrainerRecording(trainer, Evaluations.of(trainer, listener, recorder::contain), recorder, options,
          progress, times, beforeUpdate);
    }
    thread = Thread.currentThread();
    told = true;
    return current;
  }

  /** Returns whether an epoch is under way. */
  boolean isInEpoch() {
    return current != null && current.isInEpoch();
  }

  /** Ends the recording of a trainer that ends. The finalizer may do that, when the arrays are gone or another's. */
  void end(Trainer trainer) {
    if (current != null && current.isOf(trainer)) {
      if (Thread.currentThread() != thread) {
        current.releaseArrays();
      }
      takeTurns = false;
      end(current);
    } else if (!told && Evaluations.haveDiverged(trainer)) {
      advice.divergenceNotTold();
    } else if (!told && TrainerOptimizer.mayHaveTrained(trainer)) {
      advice.nothingTold();
    }
  }

  /** Ends whatever recording is under way, without a trainer that says whether its arrays are still there. */
  void endAll() {
    if (current != null) {
      current.releaseArrays();
      end(current);
    }
  }

  private void end(TrainerRecording recording) {
    try {
      recording.end();
    } finally {
      current = null;
      thread = null;
    }
  }
}
