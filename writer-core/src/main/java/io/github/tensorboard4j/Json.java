package io.github.tensorboard4j;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Writes JSON, for the configurations that some plugins are told. */
final class Json {

  private Json() {}

  /** Returns a map, a list, a string, a finite number or a boolean as JSON. */
  static String of(Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, Object value) {
    Objects.requireNonNull(value, "A configuration has no nulls: leave out what is null");
    if (value instanceof Map<?, ?> map) {
      String before = "";
      out.append('{');
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        string(out.append(before), String.valueOf(entry.getKey()));
        append(out.append(':'), entry.getValue());
        before = ",";
      }
      out.append('}');
    } else if (value instanceof Iterable<?> list) {
      String before = "";
      out.append('[');
      for (Object element : list) {
        append(out.append(before), element);
        before = ",";
      }
      out.append(']');
    } else if (value instanceof Boolean || value instanceof Number number && Double.isFinite(number.doubleValue())) {
      out.append(value);
    } else if (value instanceof CharSequence) {
      string(out, value.toString());
    } else {
      throw new IllegalArgumentException(
          "A configuration has strings, finite numbers, booleans, lists and maps, unlike " + value);
    }
  }

  private static void string(StringBuilder out, String text) {
    out.append('"');
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
