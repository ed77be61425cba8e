package io.github.tensorboard4j.djl.internal.torchscript;

/** What the operations of PyTorch are called in a graph. */
public final class AtenNames {

  private AtenNames() {}

  /**
   * Returns the operation that a function is.
   *
   * @param function the function's name without its namespace, such as {@code max_pool2d}
   * @return the operation, such as {@code MaxPool2D}; what ends in {@code _} works in place and is called the same
   */
  public static String operation(String function) {
    StringBuilder op = new StringBuilder();
    for (String part : function.split("_")) {
      if (!part.isEmpty()) {
        op.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1).replaceFirst("(?<=\\d)d$", "D"));
      }
    }
    return op.isEmpty() ? "Operation" : op.toString();
  }
}
