package io.github.tensorboard4j.djl;

import ai.djl.metric.Metric;
import ai.djl.metric.Metrics;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The durations of the phases of an iteration, which a trainer keeps in its metrics. Not thread-safe. */
final class PhaseTimes {

  /** The durations of one phase, in nanoseconds. */
  private static final class Series {

    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final String phase;
    private int read;

    Series(String phase) {
      this.phase = phase;
    }

    /** Records the mean of what has been added since the last call, if something has. */
    void recordNew(Metrics metrics, TrainingRecorder recorder, long iteration) {
      List<Metric> all = metrics.getMetric(phase);
      int size = all.size();
      int from = size < read ? 0 : read;
      read = size;
      if (from < size) {
        recorder.recordDuration(phase, sum(all, from, size) / (size - from) / NANOS_PER_MILLISECOND, iteration);
      }
    }

    double sumOfLast(Metrics metrics, int count) {
      List<Metric> all = metrics.getMetric(phase);
      return sum(all, Math.max(0, all.size() - count), all.size());
    }

    private static double sum(List<Metric> all, int from, int to) {
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += all.get(i).getValue();
      }
      return sum;
    }
  }

  private final TrainingRecorder recorder;
  private final Series forward = new Series("forward");
  private final Series backward = new Series("backward");
  private final Series step = new Series("step");

  PhaseTimes(TrainingRecorder recorder) {
    this.recorder = recorder;
  }

  /** Records what the forward and backward passes have taken since the last point. */
  void recordPasses(Metrics metrics, long iteration) {
    forward.recordNew(metrics, recorder, iteration);
    backward.recordNew(metrics, recorder, iteration);
  }

  /** Records what the updates have taken since the last point, if there are metrics. */
  void recordStep(@Nullable Metrics metrics, long iteration) {
    if (metrics != null) {
      step.recordNew(metrics, recorder, iteration);
    }
  }

  /** Returns how many nanoseconds the last batch took to go forward and backward on so many devices; 0 if not known. */
  long lastPasses(@Nullable Metrics metrics, int devices) {
    return metrics == null
        ? 0
        : (long) forward.sumOfLast(metrics, devices) + (long) backward.sumOfLast(metrics, devices);
  }
}
