package io.github.tensorboard4j.events;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.internal.EventFields;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Parses a {@code TensorProto}, in whichever of its fields the elements are. */
final class TensorParser {

  private DType dtype = DType.UNKNOWN;
  private final List<Long> shape = new ArrayList<>();
  private ByteBuffer content = Tensor.NO_BYTES;
  private final ByteArrayOutputStream elements = new ByteArrayOutputStream();
  private final ByteBuffer element = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final List<ByteBuffer> strings = new ArrayList<>();

  Tensor parse(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case EventFields.TENSOR_DTYPE -> dtype = DType.of(in.readEnum());
        case EventFields.TENSOR_CONTENT -> content = in.readByteBuffer();
        case EventFields.TENSOR_STRING -> strings.add(in.readByteBuffer());
        case EventFields.TENSOR_SHAPE -> shape(in.readBytes().newCodedInput());
        default -> elements(in, tag);
      }
    }
    ByteBuffer numbers = elements.size() > 0 ? ByteBuffer.wrap(elements.toByteArray()) : content;
    return new Tensor(dtype, List.copyOf(shape), numbers, List.copyOf(strings));
  }

  /** Reads elements of a repeated field, which may be packed. */
  private void elements(CodedInputStream in, int tag) throws IOException {
    int field = WireFormat.getTagFieldNumber(tag);
    if (!isOfElements(field)) {
      in.skipField(tag);
    } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      CodedInputStream packed = in.readBytes().newCodedInput();
      while (!packed.isAtEnd()) {
        element(packed, field);
      }
    } else {
      element(in, field);
    }
  }

  private static boolean isOfElements(int field) {
    return switch (field) {
      case EventFields.TENSOR_FLOAT, EventFields.TENSOR_DOUBLE, EventFields.TENSOR_INT, EventFields.TENSOR_INT64,
          EventFields.TENSOR_BOOL, EventFields.TENSOR_HALF, EventFields.TENSOR_UINT32, EventFields.TENSOR_UINT64 -> true;
      default -> false;
    };
  }

  /** Reads one element; those of less than 32 bits stand in a varint. */
  private void element(CodedInputStream in, int field) throws IOException {
    element.clear();
    switch (field) {
      case EventFields.TENSOR_FLOAT -> element.putFloat(in.readFloat());
      case EventFields.TENSOR_DOUBLE -> element.putDouble(in.readDouble());
      case EventFields.TENSOR_INT64, EventFields.TENSOR_UINT64 -> element.putLong(in.readInt64());
      case EventFields.TENSOR_UINT32 -> element.putInt(in.readUInt32());
      case EventFields.TENSOR_BOOL -> element.put((byte) (in.readBool() ? 1 : 0));
      case EventFields.TENSOR_HALF -> element.putShort((short) in.readInt32());
      default -> putInt(in.readInt32());
    }
    elements.write(element.array(), 0, element.position());
  }

  private void putInt(int value) {
    switch (dtype) {
      case UINT8, INT8 -> element.put((byte) value);
      case UINT16, INT16 -> element.putShort((short) value);
      default -> element.putInt(value);
    }
  }

  private void shape(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == EventFields.SHAPE_DIM) {
        dimension(in.readBytes().newCodedInput());
      } else {
        in.skipField(tag);
      }
    }
  }

  private void dimension(CodedInputStream in) throws IOException {
    long size = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == EventFields.DIM_SIZE) {
        size = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    shape.add(size);
  }
}
