package io.github.tensorboard4j.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a GraphDef in protobuf's text format, as TensorBoard's graphs dashboard gets it.
 *
 * <p>Fields are {@code name: scalar} or {@code name { ... }}; scalars are words, or strings in double quotes with C
 * escapes, in which octal ones stand for bytes of UTF-8.
 */
final class GraphText {
  private final String text;
  private int position;

  private GraphText(String text) {
    this.text = text;
  }

  /**
   * The nodes in the order of the text.
   *
   * @throws IllegalArgumentException if it is no text format
   */
  static List<GraphNode> parse(String text) {
    return new GraphText(text).message(true).messages("node").stream().map(GraphText::node).toList();
  }

  /**
   * The operations of a {@code RunMetadata} in the order of the text.
   *
   * @throws IllegalArgumentException if it is no text format
   */
  static List<ProfiledNode> parseProfile(String text) {
    List<ProfiledNode> nodes = new ArrayList<>();
    for (Message device : new GraphText(text).message(true).message("step_stats").messages("dev_stats")) {
      for (Message node : device.messages("node_stats")) {
        nodes.add(new ProfiledNode(node.scalar("node_name"), device.scalar("device"),
            Long.parseLong(node.scalar("all_start_micros", "0")), Long.parseLong(node.scalar("all_end_rel_micros", "0")),
            node.messages("memory").stream().mapToLong(memory -> Long.parseLong(memory.scalar("total_bytes"))).sum()));
      }
    }
    return nodes;
  }

  private static GraphNode node(Message node) {
    Map<String, String> plain = new LinkedHashMap<>();
    List<List<Long>> shapes = new ArrayList<>();
    for (Message attribute : node.messages("attr")) {
      Message value = attribute.message("value");
      if (attribute.scalar("key").equals("_output_shapes")) {
        value.message("list").messages("shape").forEach(shape -> shapes.add(sizes(shape)));
      } else if (value.fields().size() == 1 && value.onlyField().get(0) instanceof String scalar) {
        plain.put(attribute.scalar("key"), scalar);
      }
    }
    return new GraphNode(node.scalar("name"), node.scalar("op"), node.scalars("input"), node.scalar("device"),
        Collections.unmodifiableList(shapes), Collections.unmodifiableMap(plain));
  }

  private static List<Long> sizes(Message shape) {
    return shape.scalar("unknown_rank").equals("true") ? null
        : shape.messages("dim").stream().map(dim -> Long.valueOf(dim.scalar("size", "0"))).toList();
  }

  private Message message(boolean outermost) {
    Message message = new Message(new LinkedHashMap<>());
    while (true) {
      skipSpace();
      if (position == text.length()) {
        check(outermost, "'}'");
        return message;
      }
      if (text.charAt(position) == '}') {
        check(!outermost, "a field");
        position++;
        return message;
      }
      String name = word();
      skipSpace();
      message.fields().computeIfAbsent(name, key -> new ArrayList<>()).add(value());
    }
  }

  private Object value() {
    check(position < text.length(), "':' or '{'");
    char first = text.charAt(position++);
    if (first == '{') {
      return message(false);
    }
    check(first == ':', "':' or '{'");
    skipSpace();
    return position < text.length() && text.charAt(position) == '"' ? quoted() : word();
  }

  private String word() {
    int start = position;
    while (position < text.length() && (Character.isLetterOrDigit(text.charAt(position))
        || "_.+-".indexOf(text.charAt(position)) >= 0)) {
      position++;
    }
    check(position > start, "a word");
    return text.substring(start, position);
  }

  private String quoted() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    position++;
    while (true) {
      check(position < text.length(), "'\"'");
      int symbol = text.codePointAt(position);
      position += Character.charCount(symbol);
      if (symbol == '"') {
        return bytes.toString(StandardCharsets.UTF_8);
      }
      if (symbol == '\\') {
        bytes.write(escape());
      } else {
        bytes.writeBytes(Character.toString(symbol).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private int escape() {
    check(position < text.length(), "an escape");
    char symbol = text.charAt(position);
    if (symbol >= '0' && symbol <= '7') {
      check(position + 3 <= text.length(), "three octal digits");
      position += 3;
      return Integer.parseInt(text.substring(position - 3, position), 8);
    }
    position++;
    return switch (symbol) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> symbol;
    };
  }

  private void skipSpace() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private void check(boolean expected, String what) {
    if (!expected) {
      throw new IllegalArgumentException("expected " + what + " at character " + position + " of:\n" + text);
    }
  }

  /** Field names to their values, each a String or a Message. */
  private record Message(Map<String, List<Object>> fields) {
    List<Message> messages(String name) {
      return fields.getOrDefault(name, List.of()).stream().map(Message.class::cast).toList();
    }

    Message message(String name) {
      List<Message> found = messages(name);
      return found.isEmpty() ? new Message(Map.of()) : found.get(0);
    }

    List<String> scalars(String name) {
      return fields.getOrDefault(name, List.of()).stream().map(String.class::cast).toList();
    }

    String scalar(String name) {
      return scalar(name, "");
    }

    String scalar(String name, String absent) {
      List<String> found = scalars(name);
      return found.isEmpty() ? absent : found.get(0);
    }

    List<Object> onlyField() {
      return fields.values().iterator().next();
    }
  }
}
