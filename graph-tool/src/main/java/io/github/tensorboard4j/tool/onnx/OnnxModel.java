package io.github.tensorboard4j.tool.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of an ONNX file that is drawn. The field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">{@code onnx.proto}</a>. Weights are skipped
 * unread, so a file of any size takes little memory.
 */
final class OnnxModel {

  /**
   * One operation with the names of the values that it reads and yields, and the tensor that it holds, if it
   * does.
   */
  static final class Operation {
    String name = "";
    String op = "";
    String domain = "";
    Constant constant;
    final Map<String, double[]> reals = new HashMap<>();
    final List<String> inputs = new ArrayList<>();
    final List<String> outputs = new ArrayList<>();
    final Map<String, Attribute> attributes = new LinkedHashMap<>();
    final Map<String, OnnxModel> bodies = new LinkedHashMap<>();
    final Map<String, String> metadata = new HashMap<>();
  }

  /** The version of ONNX's own operators; 0 if the file does not say, as a body never does. */
  int version;

  /** The version of the file's format; 0 for a body. */
  int format;
  final List<Operation> operations = new ArrayList<>();
  final Map<String, Constant> initializers = new LinkedHashMap<>();
  final List<String> inputs = new ArrayList<>();
  final List<String> outputs = new ArrayList<>();
  final Map<String, TensorType> types = new HashMap<>();

  private OnnxModel() {}

  /**
   * Reads a ModelProto.
   *
   * @throws IOException if it is none
   */
  static OnnxModel read(CodedInputStream in) throws IOException {
    OnnxModel model = null;
    int version = 0;
    int format = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == 1 << 3) {
        format = (int) in.readInt64();
      } else if (tag == field(7)) {
        model = nested(in, OnnxModel::graph);
      } else if (tag == field(8)) {
        version = Math.max(version, nested(in, OnnxModel::operators));
      } else if (!in.skipField(tag)) {
        throw new IOException("not an ONNX model");
      }
    }
    if (model == null || model.operations.isEmpty()) {
      throw new IOException("not an ONNX model: there is no graph in it");
    }
    model.version = version;
    model.format = format;
    return model;
  }

  /** Returns the version of a set of operators, 0 for others than ONNX's own. */
  private static int operators(CodedInputStream in) throws IOException {
    String domain = "";
    int version = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> domain = in.readString();
        case 2 -> version = (int) in.readInt64();
        default -> in.skipField(tag);
      }
    }
    return domain.isEmpty() || domain.equals("ai.onnx") ? version : 0;
  }

  /** Reads one message up to its end. */
  @FunctionalInterface
  interface Message<T> {
    T read(CodedInputStream in) throws IOException;
  }

  private static int field(int number) {
    return number << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  static <T> T nested(CodedInputStream in, Message<T> message) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    T read = message.read(in);
    in.skipMessage();
    in.popLimit(limit);
    return read;
  }

  private static OnnxModel graph(CodedInputStream in) throws IOException {
    OnnxModel graph = new OnnxModel();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> graph.operations.add(nested(in, OnnxModel::operation));
        case 5 -> nested(in, graph::initializer);
        case 11 -> graph.inputs.add(nested(in, graph::value));
        case 12 -> graph.outputs.add(nested(in, graph::value));
        case 13 -> nested(in, graph::value);
        default -> in.skipField(tag);
      }
    }
    graph.restoreInitializers();
    return graph;
  }

  /** Undoes what exporters do with initializers of the same values: only one is kept, and others are its Identity. */
  private void restoreInitializers() {
    operations.removeIf(operation -> {
      Constant same = operation.op.equals("Identity") ? initializers.get(operation.inputs.get(0)) : null;
      boolean restored = same != null && !outputs.contains(operation.outputs.get(0));
      if (restored) {
        String name = operation.outputs.get(0);
        initializers.put(name, new Constant(name, same.type(), same.numbers()));
      }
      return restored;
    });
  }

  private static Operation operation(CodedInputStream in) throws IOException {
    Operation operation = new Operation();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> operation.inputs.add(in.readString());
        case 2 -> operation.outputs.add(in.readString());
        case 3 -> operation.name = in.readString();
        case 4 -> operation.op = in.readString();
        case 5 -> nested(in, i -> attribute(i, operation));
        case 7 -> operation.domain = in.readString();
        case 9 -> nested(in, i -> metadata(i, operation));
        default -> in.skipField(tag);
      }
    }
    return operation;
  }

  private static Operation metadata(CodedInputStream in, Operation operation) throws IOException {
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> key = in.readString();
        case 2 -> value = in.readString();
        default -> in.skipField(tag);
      }
    }
    if (TorchNames.KEYS.contains(key)) {
      operation.metadata.put(key, value);
    }
    return operation;
  }

  private static Operation attribute(CodedInputStream in, Operation operation) throws IOException {
    String name = "";
    Attribute value = null;
    OnnxModel body = null;
    List<Long> integers = new ArrayList<>();
    List<Double> reals = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> name = in.readString();
        case 2 << 3 | WireFormat.WIRETYPE_FIXED32 -> value = Attribute.of((double) in.readFloat());
        case 3 << 3 -> value = Attribute.of(in.readInt64());
        case 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> value = Attribute.of(in.readBytes().toStringUtf8());
        case 5 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            operation.constant = nested(in, Constant::read);
        case 6 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> body = nested(in, OnnxModel::graph);
        case 7 << 3 | WireFormat.WIRETYPE_FIXED32 -> reals.add((double) in.readFloat());
        case 7 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> reals.addAll(nested(in, OnnxModel::packedReals));
        case 8 << 3 -> integers.add(in.readInt64());
        case 8 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> integers.addAll(nested(in, OnnxModel::packed));
        default -> in.skipField(tag);
      }
    }
    if (!reals.isEmpty()) {
      operation.reals.put(name, reals.stream().mapToDouble(Double::doubleValue).toArray());
    }
    if (body != null) {
      operation.bodies.put(name, body);
    } else if (!integers.isEmpty()) {
      operation.attributes.put(name, Attribute.of(integers.stream().mapToLong(Long::longValue).toArray()));
    } else if (value != null) {
      operation.attributes.put(name, value);
    }
    return operation;
  }

  private static List<Double> packedReals(CodedInputStream in) throws IOException {
    List<Double> numbers = new ArrayList<>();
    while (!in.isAtEnd()) {
      numbers.add((double) in.readFloat());
    }
    return numbers;
  }

  static List<Long> packed(CodedInputStream in) throws IOException {
    List<Long> numbers = new ArrayList<>();
    while (!in.isAtEnd()) {
      numbers.add(in.readInt64());
    }
    return numbers;
  }

  private Constant initializer(CodedInputStream in) throws IOException {
    Constant tensor = Constant.read(in);
    initializers.put(tensor.name(), tensor);
    return tensor;
  }

  private String value(CodedInputStream in) throws IOException {
    String name = "";
    TensorType type = TensorType.UNKNOWN;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> name = in.readString();
        case 2 -> type = nested(in, OnnxModel::type);
        default -> in.skipField(tag);
      }
    }
    types.put(name, type);
    return name;
  }

  private static TensorType type(CodedInputStream in) throws IOException {
    TensorType type = TensorType.UNKNOWN;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == field(1)) {
        type = nested(in, OnnxModel::tensorType);
      } else {
        in.skipField(tag);
      }
    }
    return type;
  }

  private static TensorType tensorType(CodedInputStream in) throws IOException {
    int dtype = 0;
    TensorShape shape = TensorShape.UNKNOWN;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> dtype = in.readInt32();
        case 2 -> shape = nested(in, OnnxModel::shape);
        default -> in.skipField(tag);
      }
    }
    return TensorType.of(dtype(dtype), shape);
  }

  private static TensorShape shape(CodedInputStream in) throws IOException {
    List<Long> sizes = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == field(1)) {
        sizes.add(nested(in, OnnxModel::size));
      } else {
        in.skipField(tag);
      }
    }
    return TensorShape.of(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  /** A dimension has a size or only a name. */
  private static long size(CodedInputStream in) throws IOException {
    long size = TensorShape.UNKNOWN_SIZE;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == 1 << 3) {
        size = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    return size;
  }

  static DType dtype(int number) {
    return switch (number) {
      case 1 -> DType.FLOAT;
      case 2 -> DType.UINT8;
      case 3 -> DType.INT8;
      case 4 -> DType.UINT16;
      case 5 -> DType.INT16;
      case 6 -> DType.INT32;
      case 7 -> DType.INT64;
      case 8 -> DType.STRING;
      case 9 -> DType.BOOL;
      case 10 -> DType.HALF;
      case 11 -> DType.DOUBLE;
      case 12 -> DType.UINT32;
      case 13 -> DType.UINT64;
      case 14 -> DType.COMPLEX64;
      case 16 -> DType.BFLOAT16;
      default -> DType.UNKNOWN;
    };
  }
}
