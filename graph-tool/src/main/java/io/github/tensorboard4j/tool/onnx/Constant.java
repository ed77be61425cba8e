package io.github.tensorboard4j.tool.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor of an ONNX file.
 *
 * @param name its name
 * @param type its type
 * @param numbers its values in order; null if they are too many to be a shape, not numbers or not in the file
 */
record Constant(String name, TensorType type, double[] numbers) {

  /** How many numbers are kept: enough for shapes, axes and indices, too few for weights to take memory. */
  static final int MAX_NUMBERS = 256;

  /** Reads a TensorProto. */
  static Constant read(CodedInputStream in) throws IOException {
    String name = "";
    List<Long> sizes = new ArrayList<>();
    int code = 0;
    byte[] raw = null;
    List<Double> listed = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 1 << 3 -> sizes.add(in.readInt64());
        case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> sizes.addAll(OnnxModel.nested(in, OnnxModel::packed));
        case 2 << 3 -> code = in.readInt32();
        case 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> small(in, packed -> listed.add((double) packed.readFloat()));
        case 4 << 3 | WireFormat.WIRETYPE_FIXED32 -> listed.add((double) in.readFloat());
        case 5 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED, 7 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            small(in, packed -> listed.add((double) packed.readInt64()));
        case 5 << 3, 7 << 3 -> listed.add((double) in.readInt64());
        case 10 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> small(in, packed -> listed.add(packed.readDouble()));
        case 8 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> name = in.readString();
        case 9 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
          int length = in.readRawVarint32();
          if (length <= MAX_NUMBERS * Long.BYTES) {
            raw = in.readRawBytes(length);
          } else {
            in.skipRawBytes(length);
          }
        }
        default -> in.skipField(tag);
      }
    }
    TensorShape shape = TensorShape.of(sizes.stream().mapToLong(Long::longValue).toArray());
    DType dtype = OnnxModel.dtype(code);
    double[] numbers =
        raw == null ? listed.stream().mapToDouble(Double::doubleValue).toArray() : numbers(ByteBuffer.wrap(raw), dtype);
    long count = Arrays.stream(shape.sizes()).reduce(1, (a, b) -> a * b);
    boolean kept = count <= MAX_NUMBERS && numbers.length == count && isNumber(dtype);
    return new Constant(name, TensorType.of(dtype, shape), kept ? numbers : null);
  }

  private static boolean isNumber(DType dtype) {
    return switch (dtype) {
      case FLOAT, DOUBLE, INT32, INT64, BOOL -> true;
      default -> false;
    };
  }

  /** Reads one number. */
  @FunctionalInterface
  private interface NumberReader {
    void read(CodedInputStream in) throws IOException;
  }

  /** Reads packed numbers; skips them if they are more than are kept. */
  private static void small(CodedInputStream in, NumberReader reader) throws IOException {
    int length = in.readRawVarint32();
    if (length > MAX_NUMBERS * Long.BYTES) {
      in.skipRawBytes(length);
      return;
    }
    int limit = in.pushLimit(length);
    while (!in.isAtEnd()) {
      reader.read(in);
    }
    in.popLimit(limit);
  }

  private static double[] numbers(ByteBuffer raw, DType dtype) {
    raw.order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[switch (dtype) {
      case FLOAT, INT32 -> raw.capacity() / 4;
      case DOUBLE, INT64 -> raw.capacity() / 8;
      case BOOL -> raw.capacity();
      default -> 0;
    }];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = switch (dtype) {
        case FLOAT -> raw.getFloat();
        case INT32 -> raw.getInt();
        case DOUBLE -> raw.getDouble();
        case INT64 -> raw.getLong();
        default -> raw.get();
      };
    }
    return numbers;
  }
}
