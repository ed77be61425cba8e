package io.github.tensorboard4j.djl;

import ai.djl.metric.Metric;
import ai.djl.metric.Metrics;
import java.util.List;

/** A series of durations that a trainer keeps in its metrics, in nanoseconds. */
final class StepTimes {

  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final String metric;
  private int read;

  StepTimes(String metric) {
    this.metric = metric;
  }

  /** Tells the mean in milliseconds of what has been added since the last call; NaN if nothing has. */
  double meanOfNew(Metrics metrics) {
    List<Metric> all = all(metrics);
    int size = all.size();
    int from = size < read ? 0 : read;
    read = size;
    return sum(all, from, size) / (size - from) / NANOS_PER_MILLISECOND;
  }

  /** Tells the sum in nanoseconds of the last ones; 0 if there are none. */
  long sumOfLast(Metrics metrics, int count) {
    List<Metric> all = all(metrics);
    return (long) sum(all, Math.max(0, all.size() - count), all.size());
  }

  private List<Metric> all(Metrics metrics) {
    return metrics == null ? List.of() : metrics.getMetric(metric);
  }

  private static double sum(List<Metric> all, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += all.get(i).getValue();
    }
    return sum;
  }
}
