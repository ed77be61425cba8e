package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.testing.CountedCalls;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * What a listener brings to the host: the calls of the framework's own methods that do so, made for the listener.
 *
 * @param types the classes that have the methods
 * @param methods the methods
 * @param listener the listener's class
 * @param memory returns the memory that a call brings to the host; the same memory comes once until the device changes it
 */
record GpuReads(ElementMatcher<? super TypeDescription> types, ElementMatcher<? super MethodDescription> methods,
    Class<?> listener, Function<CountedCalls.Call, Memory> memory) {

  /** A piece of memory: what it is identified by, and its size. */
  record Memory(Object identity, long bytes) {}

  CountedCalls count() {
    return CountedCalls.of(types, methods);
  }

  /** Returns the bytes of the calls of one step. */
  long bytes(List<CountedCalls.Call> calls) {
    Set<Object> seen = new HashSet<>();
    long bytes = 0;
    for (CountedCalls.Call call : calls) {
      if (call.isFor(listener)) {
        Memory read = memory.apply(call);
        bytes += seen.add(read.identity()) ? read.bytes() : 0;
      }
    }
    return bytes;
  }
}
