package io.github.tensorboard4j.events;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.internal.EventFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Histograms, images and sounds in the fields that TensorFlow 1 had for them, which torch and tensorboardX still write, made
 * the tensors that TensorBoard's {@code data_compat.py} makes of them.
 */
final class OlderForms {

  private static final int COLUMNS = 3;
  private static final Tensor EMPTY_IMAGE = strings(List.of(3L), List.of(ascii(0), ascii(0), Tensor.NO_BYTES));
  private static final Tensor EMPTY_AUDIO = strings(List.of(1L, 2L), List.of(Tensor.NO_BYTES, Tensor.NO_BYTES));

  private OlderForms() {}

  /**
   * Returns rows of left edge, right edge and count: without the empty buckets at either end, and from the minimum to the maximum,
   * for the outermost limits may be those of all numbers.
   */
  static Tensor histogram(CodedInputStream in) throws IOException {
    double min = 0;
    double max = 0;
    List<Double> limits = new ArrayList<>();
    List<Double> counts = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case EventFields.HISTOGRAM_MIN -> min = in.readDouble();
        case EventFields.HISTOGRAM_MAX -> max = in.readDouble();
        default -> {
          switch (WireFormat.getTagFieldNumber(tag)) {
            case EventFields.HISTOGRAM_LIMITS -> doubles(in, tag, limits);
            case EventFields.HISTOGRAM_COUNTS -> doubles(in, tag, counts);
            default -> in.skipField(tag);
          }
        }
      }
    }
    int from = 0;
    int to = Math.min(limits.size(), counts.size());
    while (from < to && !(counts.get(from) > 0)) {
      from++;
    }
    while (from < to && !(counts.get(to - 1) > 0)) {
      to--;
    }
    ByteBuffer rows = ByteBuffer.allocate((to - from) * COLUMNS * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int bucket = from; bucket < to; bucket++) {
      rows.putDouble(bucket == from ? min : limits.get(bucket - 1));
      rows.putDouble(bucket == to - 1 ? max : limits.get(bucket));
      rows.putDouble(counts.get(bucket));
    }
    return new Tensor(DType.DOUBLE, List.of((long) (to - from), (long) COLUMNS), rows.flip(), List.of());
  }

  /** Reads one element of a repeated field, or all of them if they are packed. */
  private static void doubles(CodedInputStream in, int tag, List<Double> target) throws IOException {
    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      CodedInputStream packed = in.readBytes().newCodedInput();
      while (!packed.isAtEnd()) {
        target.add(packed.readDouble());
      }
    } else {
      target.add(in.readDouble());
    }
  }

  /** Returns the width, the height and the encoded image. */
  static Tensor image(CodedInputStream in) throws IOException {
    if (in.isAtEnd()) {
      return EMPTY_IMAGE;
    }
    int width = 0;
    int height = 0;
    ByteBuffer encoded = Tensor.NO_BYTES;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case EventFields.IMAGE_WIDTH -> width = in.readInt32();
        case EventFields.IMAGE_HEIGHT -> height = in.readInt32();
        case EventFields.IMAGE_ENCODED -> encoded = in.readByteBuffer();
        default -> in.skipField(tag);
      }
    }
    return strings(List.of(3L), List.of(ascii(width), ascii(height), encoded));
  }

  /** Returns one row of the encoded sound and an empty label. */
  static Tensor audio(CodedInputStream in) throws IOException {
    if (in.isAtEnd()) {
      return EMPTY_AUDIO;
    }
    ByteBuffer encoded = Tensor.NO_BYTES;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == EventFields.AUDIO_ENCODED) {
        encoded = in.readByteBuffer();
      } else {
        in.skipField(tag);
      }
    }
    return strings(List.of(1L, 2L), List.of(encoded, Tensor.NO_BYTES));
  }

  private static Tensor strings(List<Long> shape, List<ByteBuffer> strings) {
    return new Tensor(DType.STRING, shape, Tensor.NO_BYTES, strings);
  }

  private static ByteBuffer ascii(int number) {
    return ByteBuffer.wrap(String.valueOf(number).getBytes(StandardCharsets.US_ASCII));
  }
}
