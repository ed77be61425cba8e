package io.github.tensorboard4j.testkit;

import java.util.List;
import java.util.Map;

/**
 * A row of the HParams dashboard.
 *
 * @param run the run whose hyper-parameters it shows
 * @param status {@code STATUS_SUCCESS}, {@code STATUS_FAILURE}, {@code STATUS_RUNNING} or {@code STATUS_UNKNOWN}
 * @param hparams each hyper-parameter as String, Double or Boolean
 * @param metrics the last value of each metric
 */
public record HParamsSession(String run, String status, Map<String, Object> hparams, List<Metric> metrics) {

  /**
   * The last value of a metric.
   *
   * @param group the sub-run it comes from, empty for the run itself
   * @param tag its tag
   * @param step the step of the value
   * @param value the value
   */
  public record Metric(String group, String tag, long step, double value) {}
}
