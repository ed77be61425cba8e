package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * How many elements lie in each of several buckets: a histogram that was counted elsewhere, such as on a GPU. Immutable.
 *
 * <pre>{@code
 * double[] edges = {-1, -0.5, 0, 0.5, 1};
 * double[] counts = {3, 20, 25, 2};
 * writer.addHistogram("delays", BucketCounts.of(edges, counts), step);
 * }</pre>
 */
public final class BucketCounts {

  private static final int COLUMNS = 3;
  /** TensorBoard rebins to 30 buckets for its page; each of ours is three doubles of an event. */
  private static final int MOST_BUCKETS = 1 << 16;

  private final TensorData tensor;

  private BucketCounts(TensorData tensor) {
    this.tensor = tensor;
  }

  /**
   * Returns counts of buckets that lie side by side.
   *
   * @param edges the limits of the buckets, of ascending order: bucket {@code i} reaches from {@code edges[i]} to
   *     {@code edges[i + 1]}
   * @param counts how many elements lie in each bucket, or the sum of their weights: one less than edges
   * @return the counts
   * @throws IllegalArgumentException if there are no edges or not one more than counts, if there are more than 65,536
   *     buckets, if an edge is not finite or less than the one before, or if a count is negative or not finite
   * @throws NullPointerException if an array is null
   */
  public static BucketCounts of(double[] edges, double[] counts) {
    Objects.requireNonNull(edges, "edges");
    Objects.requireNonNull(counts, "counts");
    if (edges.length != counts.length + 1) {
      throw new IllegalArgumentException("Buckets have one edge more than counts, unlike " + edges.length + " edges and "
          + counts.length + " counts");
    }
    if (counts.length > MOST_BUCKETS) {
      throw new IllegalArgumentException("A histogram has at most " + MOST_BUCKETS + " buckets, not " + counts.length);
    }
    for (int i = 0; i < edges.length; i++) {
      if (!Double.isFinite(edges[i])) {
        throw new IllegalArgumentException("An edge must be finite, unlike " + edges[i] + " at index " + i);
      }
      if (i > 0 && edges[i] < edges[i - 1]) {
        throw new IllegalArgumentException(
            "Edges must ascend, unlike " + edges[i - 1] + " before " + edges[i] + " at index " + i);
      }
    }
    ByteBuffer rows = ByteBuffer.allocate(counts.length * COLUMNS * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < counts.length; i++) {
      if (!(counts[i] >= 0) || Double.isInfinite(counts[i])) {
        throw new IllegalArgumentException(
            "A count must be finite and not negative, unlike " + counts[i] + " at index " + i);
      }
      rows.putDouble(edges[i]).putDouble(edges[i + 1]).putDouble(counts[i]);
    }
    return new BucketCounts(TensorData.ofNumbers(DType.DOUBLE, rows.flip(), counts.length, COLUMNS));
  }

  /** Returns a row of left limit, right limit and count for each bucket. */
  TensorData tensor() {
    return tensor;
  }
}
