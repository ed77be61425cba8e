package io.github.tensorboard4j.testkit;

import java.util.List;

/**
 * The nine percentile lines of a distribution at one step.
 *
 * @param step its place on the x-axis
 * @param wallTime when it was recorded, in seconds since 1970
 * @param percentiles from the minimum to the maximum
 */
public record DistributionPoint(long step, double wallTime, List<Percentile> percentiles) {

  /**
   * A point of a percentile line.
   *
   * @param basisPoint which percentile, in hundredths of a percent: 5000 is the median
   * @param value the value below which that share of the values lies
   */
  public record Percentile(int basisPoint, double value) {}
}
