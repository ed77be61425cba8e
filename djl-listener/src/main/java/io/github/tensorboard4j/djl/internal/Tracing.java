package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.djl.internal.Tape.Entry;
import io.github.tensorboard4j.djl.internal.Tape.Value;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.TensorType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records the operations on arrays, through proxies that stand for the real ones.
 *
 * <p>A proxy passes each call on to the real array, with the real arrays in place of the proxies among the
 * arguments; if an array comes back, the call was an operation, which is put on the tape, and the result goes
 * out as a proxy again. Arrays made by an array's manager are constants.
 */
final class Tracing {

  /** A point in time of the trace. */
  record Mark(int entries, int changes) {}

  /** An array that was changed in place, and where it came from before. */
  private record Change(ArrayHandler array, Value before) {}

  private static final Set<String> NO_OPERATIONS = Set.of("getNDArrayInternal", "getManager", "equals", "hashCode",
      "toString", "attach", "tempAttach", "detach", "close", "getGradient", "getArray", "stopGradient", "duplicate");

  private static final Object[] NO_ARGUMENTS = {};

  private final Tape tape;
  private final BlockPaths paths;
  private final LayerOutputs outputs;
  private final List<Change> changes = new ArrayList<>();

  Tracing(Tape tape, BlockPaths paths, LayerOutputs outputs) {
    this.tape = tape;
    this.paths = paths;
    this.outputs = outputs;
  }

  Mark mark() {
    return new Mark(tape.position(), changes.size());
  }

  /** Forgets what came after that point: operations, and that arrays were changed by them. */
  void rewind(Mark mark) {
    tape.rewind(mark.entries());
    for (int i = changes.size() - 1; i >= mark.changes(); i--) {
      Change change = changes.remove(i);
      change.array().value = change.before();
    }
  }

  /** Returns a proxy for an array whose origin is on the tape. */
  NDArray trace(NDArray real, Value value) {
    return (NDArray) proxy(NDArray.class, new ArrayHandler(real, value));
  }

  /** Returns the real array behind a proxy; the array itself if it is none, null if there is none. */
  static @Nullable NDArray real(@Nullable NDArray array) {
    return handler(array) instanceof ArrayHandler handler ? handler.real : array;
  }

  /** Returns where an array comes from, if it is traced. */
  static Optional<Value> value(@Nullable NDArray array) {
    return handler(array) instanceof ArrayHandler handler ? Optional.of(handler.value) : Optional.empty();
  }

  static NDList real(NDList list) {
    NDList real = new NDList(list.size());
    list.forEach(array -> real.add(real(array)));
    return real;
  }

  private static @Nullable Object handler(@Nullable Object object) {
    return object != null && Proxy.isProxyClass(object.getClass()) ? Proxy.getInvocationHandler(object) : null;
  }

  private static Object proxy(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
  }

  private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Keeps what the layers have put out from being changed by a call. */
  private void keepFrom(Method method) {
    if (isInPlace(method) || method.getName().equals("set")) {
      outputs.keep();
    }
  }

  private static boolean isInPlace(Method method) {
    return method.getName().endsWith("i");
  }

  /** Returns the arguments with real arrays, and collects the traced ones among them. */
  private @Nullable Object[] real(@Nullable Object @Nullable [] arguments, List<Value> inputs) {
    if (arguments == null) {
      return NO_ARGUMENTS;
    }
    Object[] real = new Object[arguments.length];
    for (int i = 0; i < real.length; i++) {
      if (arguments[i] instanceof NDList list) {
        list.forEach(array -> collect(array, inputs));
        real[i] = real(list);
      } else if (arguments[i] instanceof NDArray array) {
        collect(array, inputs);
        real[i] = real(array);
      } else if (arguments[i] instanceof NDArray[] arrays) {
        NDArray[] copies = arrays.clone();
        for (int j = 0; j < copies.length; j++) {
          collect(arrays[j], inputs);
          copies[j] = real(arrays[j]);
        }
        real[i] = copies;
      } else if (handler(arguments[i]) instanceof ManagerHandler manager) {
        real[i] = manager.real;
      } else {
        real[i] = arguments[i];
      }
    }
    return real;
  }

  private void collect(@Nullable NDArray array, List<Value> inputs) {
    if (array != null) {
      inputs.add(value(array).orElseGet(() -> constant(array).output(0)));
    }
  }

  private Entry constant(NDArray real) {
    TensorType type = Types.of(real);
    boolean single = type.dtype() == DType.FLOAT && real.getShape().size() == 1;
    Map<String, Attribute> attributes = single ? Map.of("value", Attribute.of(real.toFloatArray()[0])) : Map.of();
    return tape.record(in("constant"), "Const", List.of(), attributes, List.of(type));
  }

  private String in(String name) {
    return in(paths.current(), name);
  }

  private static String in(String path, String name) {
    return path.isEmpty() ? name : path + '/' + name;
  }

  /** Puts the call on the tape and returns its result as a proxy. */
  private Object record(Method method, @Nullable Object @Nullable [] arguments, List<Value> inputs, Object result,
      boolean inPlace) {
    List<NDArray> results = result instanceof NDList list ? list : List.of((NDArray) result);
    List<TensorType> types = results.stream().map(Types::of).toList();
    String path = paths.current();
    Entry entry = Expansion.record(tape, in(path, ""), OpNames.of(method.getName(), inPlace), arguments, inputs, types);
    if (paths.isLeaf()) {
      results.stream().findFirst().ifPresent(array -> outputs.put(path, entry, array));
    } else {
      results.stream().findFirst().ifPresent(array -> outputs.putBetween(path, entry, array));
    }
    if (result instanceof NDArray array) {
      return trace(array, entry.output(0));
    }
    NDList traced = new NDList(results.size());
    for (int i = 0; i < results.size(); i++) {
      traced.add(trace(results.get(i), entry.output(i)));
    }
    return traced;
  }

  private final class ArrayHandler implements InvocationHandler {

    private final NDArray real;
    private Value value;

    ArrayHandler(NDArray real, Value value) {
      this.real = real;
      this.value = value;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      List<Value> inputs = new ArrayList<>();
      inputs.add(value);
      keepFrom(method);
      Object result = Tracing.invoke(real, method, real(arguments, inputs));
      if (result instanceof NDArrayEx ex) {
        return proxy(NDArrayEx.class, new ExHandler(ex, this, (NDArray) proxy));
      }
      if (result instanceof NDManager manager && method.getName().equals("getManager")) {
        return proxy(NDManager.class, new ManagerHandler(manager));
      }
      if (NO_OPERATIONS.contains(method.getName()) && result instanceof NDArray array) {
        return array == real ? proxy : trace(array, value);
      }
      if (result == real) {
        boolean changed = isInPlace(method);
        if (changed) {
          changes.add(new Change(this, value));
          value = Tracing.value((NDArray) record(method, arguments, inputs, real, true)).orElseThrow();
        }
        return proxy;
      }
      return result instanceof NDArray || result instanceof NDList
          ? record(method, arguments, inputs, result, false)
          : result;
    }
  }

  /** The operations that DJL keeps apart from the array's own. */
  private final class ExHandler implements InvocationHandler {

    private final NDArrayEx real;
    private final ArrayHandler array;
    private final NDArray proxy;

    ExHandler(NDArrayEx real, ArrayHandler array, NDArray proxy) {
      this.real = real;
      this.array = array;
      this.proxy = proxy;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      if (method.getName().equals("getArray")) {
        return proxy;
      }
      List<Value> inputs = new ArrayList<>();
      keepFrom(method);
      Object result = Tracing.invoke(real, method, real(arguments, inputs));
      if (!inputs.contains(array.value)) {
        inputs.add(0, array.value);
      }
      return result instanceof NDArray || result instanceof NDList
          ? record(method, arguments, inputs, result, false)
          : result;
    }
  }

  private final class ManagerHandler implements InvocationHandler {

    private final NDManager real;

    ManagerHandler(NDManager real) {
      this.real = real;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      Object result = Tracing.invoke(real, method, real(arguments, new ArrayList<>()));
      if (result instanceof NDManager manager) {
        return proxy(NDManager.class, new ManagerHandler(manager));
      }
      if (method.getName().equals("ret") && arguments != null) {
        return arguments[0];
      }
      return result instanceof NDArray array ? trace(array, constant(array).output(0)) : result;
    }
  }
}
