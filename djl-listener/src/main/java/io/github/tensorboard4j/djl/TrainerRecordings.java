package io.github.tensorboard4j.djl;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import io.github.tensorboard4j.training.TrainingRecorder;
import org.jspecify.annotations.Nullable;

/** The recordings of the trainers that a listener serves, one after the other. Not thread-safe. */
final class TrainerRecordings {

  private final TrainingListener listener;
  private final TrainingRecorder recorder;
  private final DjlOptions options;
  private final Progress progress;
  private final MissingCalls missingCalls;
  private final PhaseTimes times;
  private boolean told;
  private @Nullable TrainerRecording current;
  private @Nullable Thread thread;

  TrainerRecordings(TrainingListener listener, TrainingRecorder recorder, DjlOptions options, Progress progress,
      MissingCalls missingCalls) {
    this.listener = listener;
    this.recorder = recorder;
    this.options = options;
    this.progress = progress;
    this.missingCalls = missingCalls;
    this.times = new PhaseTimes(recorder);
  }

  /** Returns the recording of a trainer that calls its listeners; that of another trainer ends. */
  TrainerRecording of(Trainer trainer) {
    if (current == null || !current.isOf(trainer)) {
      endAll();
      current = new TrainerRecording(trainer, Evaluations.of(trainer, listener), recorder, options, progress, times);
    }
    thread = Thread.currentThread();
    told = true;
    return current;
  }

  /** Returns whether an epoch is under way. */
  boolean isInEpoch() {
    return current != null && current.isInEpoch();
  }

  /** Ends an epoch of a trainer. */
  void endEpoch(Trainer trainer) {
    TrainerRecording recording = of(trainer);
    if (!recording.isInEpoch()) {
      missingCalls.batchesNotTold();
    }
    recording.endEpoch();
  }

  /** Ends the recording of a trainer that ends. The finalizer may do that, when the arrays are gone or another's. */
  void end(Trainer trainer) {
    if (current != null && current.isOf(trainer)) {
      if (Thread.currentThread() != thread) {
        current.releaseArrays();
      }
      end(current);
    } else if (!told && TrainerOptimizer.mayHaveTrained(trainer)) {
      missingCalls.nothingTold();
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
