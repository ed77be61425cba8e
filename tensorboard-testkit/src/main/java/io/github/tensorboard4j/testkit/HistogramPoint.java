package io.github.tensorboard4j.testkit;

import java.util.List;

/**
 * The histogram of one step.
 *
 * @param step its place on the time axis
 * @param wallTime when it was recorded, in seconds since 1970
 * @param buckets the rows as they were written, none for an empty histogram
 */
public record HistogramPoint(long step, double wallTime, List<Bucket> buckets) {

  /**
   * A bucket, closed on the left.
   *
   * @param left its lower edge
   * @param right its upper edge
   * @param count how many values fell into it
   */
  public record Bucket(double left, double right, double count) {}
}
