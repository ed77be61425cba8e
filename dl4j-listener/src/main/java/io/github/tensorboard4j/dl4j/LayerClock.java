package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.FrozenVertex;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures what a layer or a vertex takes, by standing in a network for it: the fastest of its passes, for what a slower one takes
 * more is not the layer's. Not thread-safe.
 */
final class LayerClock {

  private long forwardNanos;
  private long backwardNanos;
  private long outputBytes;
  private long gradientBytes;

  /** Returns what stands in for a layer. */
  Layer around(Layer layer) {
    if (FrozenLayers.isFrozen(layer)) {
      // a network knows one by its class, and goes no further back or looks for what is within
      BaseWrapperLayer frozen = (BaseWrapperLayer) layer;
      frozen.setUnderlying(around(frozen.getUnderlying()));
      return frozen;
    }
    return (Layer) around(layer, "activate", "backpropGradient");
  }

  /** Returns what stands in for a vertex. */
  GraphVertex around(GraphVertex vertex) {
    GraphVertex measured = (GraphVertex) around(vertex, "doForward", "doBackward");
    // a network knows one by its class
    return vertex instanceof FrozenVertex ? new FrozenVertex(measured) : measured;
  }

  long forwardNanos() {
    return forwardNanos;
  }

  long backwardNanos() {
    return backwardNanos;
  }

  long outputBytes() {
    return outputBytes;
  }

  long gradientBytes() {
    return gradientBytes;
  }

  private Object around(Object original, String forward, String backward) {
    Class<?>[] kinds = interfaces(original.getClass());
    return Proxy.newProxyInstance(original.getClass().getClassLoader(), kinds, (proxy, method, arguments) -> {
      long start = System.nanoTime();
      Object result = invoke(method, original, arguments);
      if (method.getName().equals(forward)) {
        forwardNanos = shorter(forwardNanos, start);
        outputBytes = bytes(result);
      } else if (method.getName().equals(backward)) {
        backwardNanos = shorter(backwardNanos, start);
        gradientBytes = result instanceof Pair<?, ?> pair ? bytes(pair.getSecond()) : 0;
      }
      return result;
    });
  }

  /** Returns all interfaces of a class: a network asks its layers for what they are. */
  private static Class<?>[] interfaces(Class<?> of) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> kind = of; kind != null; kind = kind.getSuperclass()) {
      interfaces.addAll(Set.of(kind.getInterfaces()));
    }
    return interfaces.toArray(Class<?>[]::new);
  }

  private static @Nullable Object invoke(Method method, Object original, Object[] arguments) throws Throwable {
    try {
      return method.invoke(original, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static long shorter(long before, long start) {
    // a GPU goes on when the call has returned
    Nd4j.getExecutioner().commit();
    long nanos = Math.max(1, System.nanoTime() - start);
    return before == 0 ? nanos : Math.min(before, nanos);
  }

  private static long bytes(@Nullable Object arrays) {
    if (arrays instanceof INDArray array) {
      return array.length() * array.dataType().width();
    }
    long bytes = 0;
    if (arrays instanceof INDArray[] several) {
      for (INDArray array : several) {
        bytes += bytes(array);
      }
    }
    return bytes;
  }
}
