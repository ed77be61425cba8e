package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.EventFields;
import java.io.IOException;

/** A histogram for TensorBoard: a float64 tensor of shape [buckets, 3] whose rows are left limit, right limit, count. */
final class HistogramSummary extends TensorSummary {

  private static final int COLUMNS = 3;

  private final Histogram histogram;
  private final int buckets;

  HistogramSummary(double wallTime, long step, String tag, Histogram histogram) {
    super(wallTime, step, tag, "histograms", new byte[0]);
    this.histogram = histogram;
    this.buckets = histogram.bucketCount();
  }

  @Override
  int tensorLength() {
    return 2 + delimited(shapeLength()) + delimited(buckets * COLUMNS * Double.BYTES);
  }

  @Override
  void encodeTensor(CodedOutputStream out) throws IOException {
    out.writeUInt32NoTag(EventFields.TENSOR_DTYPE);
    out.writeUInt32NoTag(EventFields.DT_DOUBLE);
    start(out, EventFields.TENSOR_SHAPE, shapeLength());
    dimension(out, buckets);
    dimension(out, COLUMNS);
    start(out, EventFields.TENSOR_CONTENT, buckets * COLUMNS * Double.BYTES);
    for (int bucket = 0; bucket < buckets; bucket++) {
      out.writeDoubleNoTag(histogram.left(bucket));
      out.writeDoubleNoTag(histogram.right(bucket));
      out.writeDoubleNoTag(histogram.count(bucket));
    }
  }

  private int shapeLength() {
    return delimited(dimensionLength(buckets)) + delimited(dimensionLength(COLUMNS));
  }

  private static int dimensionLength(int size) {
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(size);
  }

  private static void dimension(CodedOutputStream out, int size) throws IOException {
    start(out, EventFields.SHAPE_DIM, dimensionLength(size));
    out.writeUInt32NoTag(EventFields.DIM_SIZE);
    out.writeUInt32NoTag(size);
  }
}
