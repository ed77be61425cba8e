package io.github.tensorboard4j.graph.testing;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Google's own parser for a GraphDef, from descriptors that repeat TensorFlow's .proto files. */
public final class GraphDefParser {

  private static final Descriptor GRAPH = descriptor();

  private GraphDefParser() {}

  /** Parses strictly: a field that the .proto files don't have is an error. */
  public static List<DynamicMessage> nodes(ByteBuffer graphDef) {
    List<DynamicMessage> nodes = new ArrayList<>();
    DynamicMessage graph = parse(graphDef);
    for (Object node : (List<?>) get(graph, "node")) {
      nodes.add((DynamicMessage) node);
    }
    return nodes;
  }

  public static DynamicMessage parse(ByteBuffer graphDef) {
    byte[] bytes = new byte[graphDef.remaining()];
    graphDef.duplicate().get(bytes);
    try {
      DynamicMessage graph = DynamicMessage.parseFrom(GRAPH, bytes);
      requireKnown(graph);
      return graph;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError("Google's parser refuses the graph", e);
    }
  }

  public static Object get(DynamicMessage message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  public static Map<String, DynamicMessage> attributes(DynamicMessage node) {
    Map<String, DynamicMessage> attributes = new LinkedHashMap<>();
    for (Object entry : (List<?>) get(node, "attr")) {
      attributes.put((String) get((DynamicMessage) entry, "key"), (DynamicMessage) get((DynamicMessage) entry, "value"));
    }
    return attributes;
  }

  /** A TensorShapeProto as sizes; null for an unknown rank. */
  public static long[] sizes(DynamicMessage shape) {
    if ((Boolean) get(shape, "unknown_rank")) {
      return null;
    }
    return ((List<?>) get(shape, "dim")).stream().mapToLong(d -> (Long) get((DynamicMessage) d, "size")).toArray();
  }

  private static void requireKnown(DynamicMessage message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new AssertionError("unknown fields in " + message.getDescriptorForType().getName());
    }
    message.getAllFields().values().forEach(value -> {
      for (Object part : value instanceof List<?> list ? list : List.of(value)) {
        if (part instanceof DynamicMessage nested) {
          requireKnown(nested);
        }
      }
    });
  }

  private static Descriptor descriptor() {
    FileDescriptorProto file = FileDescriptorProto.newBuilder()
        .setName("graph.proto")
        .setSyntax("proto3")
        .addMessageType(message("Dim", field("size", 1, Type.TYPE_INT64), field("name", 2, Type.TYPE_STRING)))
        .addMessageType(message("Shape", many("dim", 2, "Dim"), field("unknown_rank", 3, Type.TYPE_BOOL)))
        .addMessageType(message("ListValue",
            repeated("s", 2, Type.TYPE_BYTES), repeated("i", 3, Type.TYPE_INT64), repeated("f", 4, Type.TYPE_FLOAT),
            repeated("b", 5, Type.TYPE_BOOL), repeated("type", 6, Type.TYPE_INT32), many("shape", 7, "Shape")))
        .addMessageType(message("AttrValue",
            one("list", 1, "ListValue"), field("s", 2, Type.TYPE_BYTES), field("i", 3, Type.TYPE_INT64),
            field("f", 4, Type.TYPE_FLOAT), field("b", 5, Type.TYPE_BOOL), field("type", 6, Type.TYPE_INT32),
            one("shape", 7, "Shape")))
        .addMessageType(message("NodeDef",
            field("name", 1, Type.TYPE_STRING), field("op", 2, Type.TYPE_STRING), repeated("input", 3, Type.TYPE_STRING),
            field("device", 4, Type.TYPE_STRING), many("attr", 5, "NodeDef.AttrEntry")).toBuilder()
            .addNestedType(message("AttrEntry", field("key", 1, Type.TYPE_STRING), one("value", 2, "AttrValue"))
                .toBuilder().setOptions(MessageOptions.newBuilder().setMapEntry(true))))
        .addMessageType(message("VersionDef", field("producer", 1, Type.TYPE_INT32)))
        .addMessageType(message("GraphDef", many("node", 1, "NodeDef"), one("versions", 4, "VersionDef")))
        .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("GraphDef");
    } catch (com.google.protobuf.Descriptors.DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  private static DescriptorProto message(String name, FieldDescriptorProto... fields) {
    return DescriptorProto.newBuilder().setName(name).addAllField(List.of(fields)).build();
  }

  private static FieldDescriptorProto field(String name, int number, Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name).setNumber(number).setType(type).setLabel(Label.LABEL_OPTIONAL).build();
  }

  private static FieldDescriptorProto repeated(String name, int number, Type type) {
    return field(name, number, type).toBuilder().setLabel(Label.LABEL_REPEATED).build();
  }

  private static FieldDescriptorProto one(String name, int number, String type) {
    return field(name, number, Type.TYPE_MESSAGE).toBuilder().setTypeName("." + type).build();
  }

  private static FieldDescriptorProto many(String name, int number, String type) {
    return one(name, number, type).toBuilder().setLabel(Label.LABEL_REPEATED).build();
  }
}
