package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.EventFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Pictures for TensorBoard: a string tensor of width, height and one encoded picture after the other, as PNG or GIF. */
final class PictureSummary extends TensorSummary {

  private final List<byte[]> strings = new ArrayList<>();

  PictureSummary(double wallTime, long step, String tag, int width, int height, List<byte[]> encoded) {
    super(wallTime, step, tag, "images", new byte[0], EventFields.DATA_CLASS_BLOB_SEQUENCE);
    strings.add(Integer.toString(width).getBytes(StandardCharsets.US_ASCII));
    strings.add(Integer.toString(height).getBytes(StandardCharsets.US_ASCII));
    strings.addAll(encoded);
  }

  @Override
  int tensorLength() {
    int length = 2 + delimited(shapeLength());
    for (byte[] string : strings) {
      length = Math.addExact(length, delimited(string.length));
    }
    return length;
  }

  @Override
  void encodeTensor(CodedOutputStream out) throws IOException {
    out.writeUInt32NoTag(EventFields.TENSOR_DTYPE);
    out.writeUInt32NoTag(EventFields.DT_STRING);
    start(out, EventFields.TENSOR_SHAPE, shapeLength());
    start(out, EventFields.SHAPE_DIM, dimensionLength());
    out.writeUInt32NoTag(EventFields.DIM_SIZE);
    out.writeUInt32NoTag(strings.size());
    for (byte[] string : strings) {
      bytes(out, EventFields.TENSOR_STRING, string);
    }
  }

  private int shapeLength() {
    return delimited(dimensionLength());
  }

  private int dimensionLength() {
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(strings.size());
  }
}
