package io.github.tensorboard4j.graph;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** Writes {@code tensorflow.TensorShapeProto}: {@code dim = 2 {size = 1}}, {@code unknown_rank = 3}. */
final class ShapeEncoding {

  /** The wire type of embedded messages, texts and packed lists. */
  static final int LENGTH_DELIMITED = 2;

  private static final int DIMENSION = 2;
  private static final int UNKNOWN_RANK = 3;
  private static final int SIZE = 1;

  private ShapeEncoding() {}

  static int fieldSize(int field, TensorShape shape) {
    int size = size(shape);
    return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
  }

  static void writeField(CodedOutputStream out, int field, TensorShape shape) throws IOException {
    out.writeTag(field, LENGTH_DELIMITED);
    out.writeUInt32NoTag(size(shape));
    if (!shape.isKnown()) {
      out.writeBool(UNKNOWN_RANK, true);
      return;
    }
    for (int i = 0; i < shape.rank(); i++) {
      out.writeTag(DIMENSION, LENGTH_DELIMITED);
      out.writeUInt32NoTag(CodedOutputStream.computeInt64Size(SIZE, shape.size(i)));
      out.writeInt64(SIZE, shape.size(i));
    }
  }

  private static int size(TensorShape shape) {
    if (!shape.isKnown()) {
      return CodedOutputStream.computeBoolSize(UNKNOWN_RANK, true);
    }
    int size = 0;
    for (int i = 0; i < shape.rank(); i++) {
      int dimension = CodedOutputStream.computeInt64Size(SIZE, shape.size(i));
      size += CodedOutputStream.computeTagSize(DIMENSION)
          + CodedOutputStream.computeUInt32SizeNoTag(dimension)
          + dimension;
    }
    return size;
  }
}
