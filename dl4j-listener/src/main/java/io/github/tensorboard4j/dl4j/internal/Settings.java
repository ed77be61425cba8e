package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.OperationBuilder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of a layer, a vertex or an updater by its getters of numbers, truth values, texts and
 * enumerations: kernel size, stride, rate. So a layer that nobody knows shows its settings as well.
 */
final class Settings {

  /** The types whose getters every layer has, which say nothing of the operation. */
  private static final Set<Class<?>> COMMON =
      Set.of(Object.class, Layer.class, BaseLayer.class, FeedForwardLayer.class, GraphVertex.class);

  private static final Set<String> INTERNAL = Set.of("cudnn_algo_mode", "cudnn_fwd_algo", "cudnn_bwd_filter_algo",
      "cudnn_bwd_data_algo", "cudnn_allow_fallback", "pretrain_layer");

  private Settings() {}

  /** Adds the settings of what was configured to an operation. */
  static OperationBuilder attach(Object configured, OperationBuilder operation) {
    of(configured).forEach((key, value) -> operation.attribute(key, attribute(value)));
    return operation;
  }

  /** Returns the settings by name, in the field's snake case. */
  static Map<String, Object> of(Object configured) {
    Map<String, Object> settings = new TreeMap<>();
    for (Method method : configured.getClass().getMethods()) {
      String key = key(method);
      if (key != null) {
        Object value = ForeignCall.orNull(() -> invoke(method, configured));
        if (value != null && !value.equals(Double.NaN)) {
          settings.put(key, value);
        }
      }
    }
    return settings;
  }

  /** Returns the name of the setting that a method gets, null if it gets none. */
  private static @Nullable String key(Method method) {
    boolean getter = method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
        && !COMMON.contains(method.getDeclaringClass()) && isSimple(method.getReturnType());
    String name = method.getName().replaceFirst("^(get|is)(?=[A-Z])", "");
    if (!getter || name.equals(method.getName())) {
      return null;
    }
    String key = name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    return INTERNAL.contains(key) ? null : key;
  }

  private static boolean isSimple(Class<?> type) {
    return type == int.class || type == long.class || type == double.class || type == boolean.class
        || type == String.class || type == int[].class || type == long[].class || type.isEnum();
  }

  /** Returns what a getter returns, null if it can't be called. */
  static @Nullable Object invoke(Method method, Object target) {
    try {
      return Modifier.isPublic(method.getDeclaringClass().getModifiers()) ? method.invoke(target) : null;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Attribute attribute(Object value) {
    if (value instanceof int[] numbers) {
      return Attribute.of(Arrays.stream(numbers).asLongStream().toArray());
    }
    if (value instanceof long[] numbers) {
      return Attribute.of(numbers);
    }
    if (value instanceof Double number) {
      return Attribute.of(number);
    }
    if (value instanceof Number number) {
      return Attribute.of(number.longValue());
    }
    return value instanceof Boolean flag ? Attribute.of(flag) : Attribute.of(value.toString());
  }
}
