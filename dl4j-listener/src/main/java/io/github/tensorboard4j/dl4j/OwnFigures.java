package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.evaluation.IEvaluation;

/**
 * Figures of the user's own. Those that come before the training's first iteration wait for it, the last of each series: only
 * then it is known whether an earlier training goes on. Thread-safe.
 */
final class OwnFigures {

  /** Records a figure at one of these steps. */
  @FunctionalInterface
  private interface Figure {
    void record(long iteration, long epoch);
  }

  private final TrainingRecorder recorder;
  private final Progress progress;
  private final boolean accuracy;
  private final Object lock = new Object();
  private volatile boolean begun;
  private volatile boolean ended;

  // guarded by lock
  private final Map<String, Figure> waiting = new LinkedHashMap<>();

  /**
   * Creates the state before a training.
   *
   * @param accuracy whether accuracy of evaluations is recorded: there is no other in the validation run
   */
  OwnFigures(TrainingRecorder recorder, Progress progress, boolean accuracy) {
    this.recorder = recorder;
    this.progress = progress;
    this.accuracy = accuracy;
  }

  /** Takes note that the training has begun, and records what has waited at the steps before. */
  void begin(long iteration, long epoch) {
    begun = true;
    recordWaiting(iteration, epoch);
  }

  void end() {
    ended = true;
  }

  void scalar(String tag, double value) {
    record("scalar " + TrainingRecorder.requireScalarTag(tag),
        (iteration, epoch) -> recorder.recordScalar(tag, value, iteration));
  }

  void epochScalar(String tag, double value) {
    record("epoch scalar " + TrainingRecorder.requireScalarTag(tag),
        (iteration, epoch) -> recorder.recordScalar(tag, value, epoch));
  }

  void evaluation(IEvaluation<?> evaluation) {
    recorder.attempt(() -> {
      Map<String, Double> metrics = EvaluationMetrics.of(evaluation);
      record(evaluation.getClass().getName(), (iteration, epoch) -> recordMetrics(metrics, iteration, epoch));
    });
  }

  private void recordMetrics(Map<String, Double> metrics, long iteration, long epoch) {
    boolean ofEpoch = progress.hasEpochs() && epoch > 0;
    metrics.forEach((name, value) -> {
      if (!name.equals(EvaluationMetrics.ACCURACY)) {
        if (ofEpoch) {
          recorder.recordValidationMetric(name, value, epoch);
        } else {
          recorder.recordValidationBatchMetric(name, value, iteration);
        }
      } else if (accuracy) {
        if (ofEpoch) {
          recorder.recordValidation(EpochSummary.builder(epoch).validationAccuracy(value).build());
        } else if (iteration > 0) {
          recorder.recordValidation(new IterationFigures().start(iteration, 1).accuracy(value));
        }
      }
    });
  }

  /** Records a figure, or lets it wait for the training's beginning. */
  private void record(String series, Figure figure) {
    if (ended) {
      return;
    }
    if (begun) {
      figure.record(progress.currentIteration(), progress.currentEpoch());
      return;
    }
    synchronized (lock) {
      waiting.put(series, figure);
    }
    if (begun) {
      // the training has begun meanwhile, on another thread
      recordWaiting(progress.currentIteration(), progress.currentEpoch());
    }
  }

  private void recordWaiting(long iteration, long epoch) {
    List<Figure> waited;
    synchronized (lock) {
      waited = List.copyOf(waiting.values());
      waiting.clear();
    }
    for (Figure figure : waited) {
      recorder.attempt(() -> figure.record(iteration, epoch));
    }
  }
}
