package io.github.tensorboard4j.graph;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Writes a graph as {@code tensorflow.GraphDef}.
 *
 * <p>An embedded message is preceded by its length, so the nodes' lengths are summed first; then everything
 * goes straight into one buffer of exactly the right size, without an object per message.
 */
final class GraphDefEncoder {

  /** The attribute from which the page takes the shapes that it writes on the edges. */
  static final String OUTPUT_SHAPES = "_output_shapes";

  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_VERSIONS = 4;
  private static final int NODE_NAME = 1;
  private static final int NODE_OP = 2;
  private static final int NODE_INPUT = 3;
  private static final int NODE_DEVICE = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int VERSIONS_PRODUCER = 1;

  /** The graph format's version that TensorFlow 2 began with. */
  private static final int PRODUCER = 27;

  private final List<Node> nodes;
  private final Attribute[] shapes;
  private final int[] sizes;

  private GraphDefEncoder(List<Node> nodes) {
    this.nodes = nodes;
    this.shapes = new Attribute[nodes.size()];
    this.sizes = new int[nodes.size()];
  }

  static ByteBuffer encode(List<Node> nodes) {
    try {
      return new GraphDefEncoder(nodes).encode();
    } catch (IOException e) {
      throw new UncheckedIOException("a graph's size changed while it was encoded", e);
    }
  }

  private ByteBuffer encode() throws IOException {
    int versions = CodedOutputStream.computeInt32Size(VERSIONS_PRODUCER, PRODUCER);
    int total = embedded(GRAPH_VERSIONS, versions);
    for (int i = 0; i < sizes.length; i++) {
      shapes[i] = new OutputShapes(nodes.get(i).outputs());
      sizes[i] = nodeSize(nodes.get(i), shapes[i]);
      total = Math.addExact(total, embedded(GRAPH_NODE, sizes[i]));
    }
    ByteBuffer buffer = ByteBuffer.allocate(total);
    CodedOutputStream out = CodedOutputStream.newInstance(buffer.duplicate());
    for (int i = 0; i < sizes.length; i++) {
      out.writeTag(GRAPH_NODE, ShapeEncoding.LENGTH_DELIMITED);
      out.writeUInt32NoTag(sizes[i]);
      writeNode(out, nodes.get(i), shapes[i]);
    }
    out.writeTag(GRAPH_VERSIONS, ShapeEncoding.LENGTH_DELIMITED);
    out.writeUInt32NoTag(versions);
    out.writeInt32(VERSIONS_PRODUCER, PRODUCER);
    out.flush();
    out.checkNoSpaceLeft();
    return buffer;
  }

  private int nodeSize(Node node, Attribute outputShapes) {
    int size = CodedOutputStream.computeStringSize(NODE_NAME, node.name())
        + CodedOutputStream.computeStringSize(NODE_OP, node.op());
    for (Output input : node.inputs()) {
      size += CodedOutputStream.computeStringSize(NODE_INPUT, inputName(input));
    }
    for (Output control : node.controls()) {
      size += CodedOutputStream.computeStringSize(NODE_INPUT, controlName(control));
    }
    if (!node.device().isEmpty()) {
      size += CodedOutputStream.computeStringSize(NODE_DEVICE, node.device());
    }
    for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
      size += embedded(NODE_ATTRIBUTE, entrySize(entry.getKey(), entry.getValue()));
    }
    return size + embedded(NODE_ATTRIBUTE, entrySize(OUTPUT_SHAPES, outputShapes));
  }

  private void writeNode(CodedOutputStream out, Node node, Attribute outputShapes) throws IOException {
    out.writeString(NODE_NAME, node.name());
    out.writeString(NODE_OP, node.op());
    for (Output input : node.inputs()) {
      out.writeString(NODE_INPUT, inputName(input));
    }
    for (Output control : node.controls()) {
      out.writeString(NODE_INPUT, controlName(control));
    }
    if (!node.device().isEmpty()) {
      out.writeString(NODE_DEVICE, node.device());
    }
    for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
      writeEntry(out, entry.getKey(), entry.getValue());
    }
    writeEntry(out, OUTPUT_SHAPES, outputShapes);
  }

  private String inputName(Output input) {
    String name = nodes.get(input.node()).name();
    return input.index() == 0 ? name : name + ':' + input.index();
  }

  private String controlName(Output control) {
    return '^' + nodes.get(control.node()).name();
  }

  private static int entrySize(String key, Attribute value) {
    return CodedOutputStream.computeStringSize(ENTRY_KEY, key) + embedded(ENTRY_VALUE, value.size());
  }

  private static void writeEntry(CodedOutputStream out, String key, Attribute value) throws IOException {
    out.writeTag(NODE_ATTRIBUTE, ShapeEncoding.LENGTH_DELIMITED);
    out.writeUInt32NoTag(entrySize(key, value));
    out.writeString(ENTRY_KEY, key);
    out.writeTag(ENTRY_VALUE, ShapeEncoding.LENGTH_DELIMITED);
    out.writeUInt32NoTag(value.size());
    value.writeTo(out);
  }

  private static int embedded(int field, int size) {
    return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
  }
}
