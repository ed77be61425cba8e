package io.github.tensorboard4j.djl.internal.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates one expression of TorchScript's code, which is Python with names, literals, attributes, calls,
 * subscripts, lists and tuples only: TorchScript writes all operators as calls.
 */
final class Expression {

  /** The meaning of names and calls. */
  interface Meaning {
    Object name(String name);

    Object attribute(Object owner, String name);

    Object call(Object function, List<Object> arguments);

    Object item(Object owner, Object index);
  }

  private final String text;
  private final Meaning meaning;
  private int at;

  private Expression(String text, Meaning meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  static Object evaluate(String text, Meaning meaning) {
    Expression expression = new Expression(text, meaning);
    List<Object> values = expression.list('\0');
    return values.size() == 1 && !text.stripTrailing().endsWith(",") ? values.get(0) : values;
  }

  /**
   * Expressions separated by commas up to a closing bracket, which is passed over; a keyword before a value is
   * dropped.
   */
  private List<Object> list(char close) {
    List<Object> values = new ArrayList<>();
    while (peek() != close) {
      values.add(value());
      if (peek() == '=') {
        at++;
        values.set(values.size() - 1, value());
      }
      if (peek() == ',') {
        at++;
      } else if (peek() != close) {
        throw new IllegalArgumentException("unexpected '" + peek() + "' in " + text);
      }
    }
    at++;
    return values;
  }

  private Map<Object, Object> map() {
    Map<Object, Object> values = new LinkedHashMap<>();
    while (peek() != '}') {
      Object key = value();
      pass(':');
      values.put(key, value());
      if (peek() == ',') {
        at++;
      }
    }
    at++;
    return values;
  }

  private void pass(char expected) {
    if (peek() != expected) {
      throw new IllegalArgumentException("'" + peek() + "' in place of '" + expected + "' in " + text);
    }
    at++;
  }

  private Object value() {
    Object value = primary();
    while (true) {
      switch (peek()) {
        case '.' -> {
          at++;
          value = meaning.attribute(value, word());
        }
        case '(' -> {
          at++;
          value = meaning.call(value, list(')'));
        }
        case '[' -> {
          at++;
          List<Object> index = list(']');
          value = meaning.item(value, index.size() == 1 ? index.get(0) : index);
        }
        default -> {
          return value;
        }
      }
    }
  }

  private Object primary() {
    char c = peek();
    if (c == '(') {
      at++;
      int begin = at;
      List<Object> values = list(')');
      boolean tuple = values.size() != 1 || text.substring(begin, at - 1).stripTrailing().endsWith(",");
      return tuple ? values : values.get(0);
    }
    if (c == '[') {
      at++;
      return list(']');
    }
    if (c == '{') {
      at++;
      return map();
    }
    if (c == '"' || c == '\'') {
      return quoted(c);
    }
    return c == '-' || Character.isDigit(c) ? number() : meaning.name(word());
  }

  private String quoted(char quote) {
    StringBuilder value = new StringBuilder();
    for (at++; text.charAt(at) != quote; at++) {
      if (text.charAt(at) == '\\') {
        at++;
      }
      value.append(text.charAt(at));
    }
    at++;
    return value.toString();
  }

  private Object number() {
    int begin = at++;
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.'
        || "+-".indexOf(text.charAt(at)) >= 0 && Character.toLowerCase(text.charAt(at - 1)) == 'e')) {
      at++;
    }
    String number = text.substring(begin, at);
    if (number.equals("-inf")) {
      return Double.NEGATIVE_INFINITY;
    }
    return number.matches("-?\\d+") ? (Object) Long.valueOf(number) : Double.valueOf(number);
  }

  private String word() {
    peek();
    int begin = at;
    while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (at == begin) {
      throw new IllegalArgumentException("no name at " + begin + " of " + text);
    }
    return text.substring(begin, at);
  }

  private char peek() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at < text.length() ? text.charAt(at) : '\0';
  }
}
