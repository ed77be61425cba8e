package io.github.tensorboard4j.djl.internal;

import java.util.Map;

/** The usual names of the operations that DJL's methods do, and of what has only its class for a name. */
public final class OpNames {

  private static final Map<String, String> NAMES = Map.ofEntries(
      Map.entry("matMul", "MatMul"), Map.entry("dot", "MatMul"), Map.entry("leakyRelu", "LeakyRelu"),
      Map.entry("softPlus", "Softplus"), Map.entry("softSign", "Softsign"), Map.entry("lstm", "LSTM"),
      Map.entry("gru", "GRU"), Map.entry("rnn", "RNN"), Map.entry("embedding", "Gather"), Map.entry("prelu", "PRelu"),
      Map.entry("get", "Slice"), Map.entry("toType", "Cast"), Map.entry("lpPool", "LpPool"));

  private OpNames() {}

  /**
   * Returns the simple name of the class of an object, which has none if its class is anonymous: then its kind.
   *
   * @param object a block, loss or optimizer
   * @param kind what to call it without a name
   * @return the name, never empty
   */
  public static String ofClass(Object object, String kind) {
    String own = object.getClass().getSimpleName();
    return own.isEmpty() ? kind : own;
  }

  /**
   * Returns the operation that a method does: {@code maxPool} is {@code MaxPool}, and {@code addi}, in place, is
   * {@code Add}.
   */
  static String of(String method, boolean inPlace) {
    String name = inPlace && method.endsWith("i") ? method.substring(0, method.length() - 1) : method;
    return NAMES.getOrDefault(name, Character.toUpperCase(name.charAt(0)) + name.substring(1));
  }
}
