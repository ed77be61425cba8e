package io.github.tensorboard4j.djl.internal.torchscript;

import io.github.tensorboard4j.djl.internal.torchscript.Unpickler.Module;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Works out comparisons of values that are fixed in a TorchScript archive, so that branches never taken are
 * not drawn.
 */
final class Conditions {

  private Conditions() {}

  /** The result; null if the function is no comparison or its arguments are not fixed. */
  static @Nullable Boolean fold(String function, List<Object> arguments) {
    if (function.equals("__not__")) {
      return arguments.get(0) instanceof Boolean known ? !known : null;
    }
    if (arguments.size() != 2) {
      return null;
    }
    Object left = arguments.get(0);
    Object right = arguments.get(1);
    if (function.equals("__is__") || function.equals("__isnot__")) {
      Boolean same = isNone(left, right);
      return same == null ? null : Boolean.valueOf(same == function.equals("__is__"));
    }
    if (left instanceof String && right instanceof String) {
      return function.equals("eq") ? Boolean.valueOf(left.equals(right))
          : function.equals("ne") ? Boolean.valueOf(!left.equals(right)) : null;
    }
    return left instanceof Number a && right instanceof Number b
        ? compare(function, Double.compare(a.doubleValue(), b.doubleValue()))
        : null;
  }

  private static @Nullable Boolean isNone(Object left, Object right) {
    if (right != Unpickler.NONE) {
      return null;
    }
    boolean something = Values.isTensor(left) || left instanceof Module || left instanceof List || left instanceof Map
        || left instanceof Number || left instanceof String || left instanceof Boolean;
    return left == Unpickler.NONE ? Boolean.TRUE : something ? Boolean.FALSE : null;
  }

  private static @Nullable Boolean compare(String function, int order) {
    return switch (function) {
      case "eq" -> order == 0;
      case "ne" -> order != 0;
      case "lt" -> order < 0;
      case "le" -> order <= 0;
      case "gt" -> order > 0;
      case "ge" -> order >= 0;
      default -> null;
    };
  }
}
