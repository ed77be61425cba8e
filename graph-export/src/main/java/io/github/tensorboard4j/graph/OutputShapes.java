package io.github.tensorboard4j.graph;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.List;

/** The shapes of all outputs of an operation, which the page writes on the edges. Those that no longer fit are left out. */
final class OutputShapes extends Attribute {

  /** The most bytes that come before a list's items: the field's tag and the list's length. */
  private static final int MAX_LIST_HEADER_BYTES = 4;

  private final List<TensorShape> shapes;
  private final int list;

  /** Takes an operation's outputs; one that declared none has at least one, of which nothing is known. */
  OutputShapes(List<TensorType> outputs) {
    List<TensorShape> all =
        outputs.isEmpty() ? List.of(TensorShape.UNKNOWN) : outputs.stream().map(TensorType::shape).toList();
    int bytes = 0;
    int fitting = 0;
    for (TensorShape shape : all) {
      int more = ShapeEncoding.fieldSize(SHAPE, shape);
      if (bytes + more > AttributeText.MAX_BYTES - MAX_LIST_HEADER_BYTES) {
        break;
      }
      bytes += more;
      fitting++;
    }
    this.shapes = all.subList(0, fitting);
    this.list = bytes;
  }

  @Override
  public Object value() {
    return shapes;
  }

  @Override
  TensorType type() {
    return TensorType.UNKNOWN;
  }

  @Override
  int size() {
    return CodedOutputStream.computeTagSize(LIST) + CodedOutputStream.computeUInt32SizeNoTag(list) + list;
  }

  @Override
  void writeTo(CodedOutputStream out) throws IOException {
    out.writeTag(LIST, ShapeEncoding.LENGTH_DELIMITED);
    out.writeUInt32NoTag(list);
    for (TensorShape shape : shapes) {
      ShapeEncoding.writeField(out, SHAPE, shape);
    }
  }
}
