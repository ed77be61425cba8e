package io.github.tensorboard4j.djl;

import ai.djl.nn.Parameter;
import io.github.tensorboard4j.training.Diagnosis;
import java.util.IdentityHashMap;
import java.util.Map;

/** What a trainer's parameters are changed by: their elements are kept before, and compared with after. Not thread-safe. */
final class ParameterUpdates {

  private final ParameterArrays arrays;
  private final Map<Parameter, HostCopy> copies = new IdentityHashMap<>();

  ParameterUpdates(ParameterArrays arrays) {
    this.arrays = arrays;
  }

  /** Keeps the elements of all parameters that are trained, as they are before an update. */
  void keep() {
    copies.values().forEach(HostCopy::forget);
    arrays.forEachTrained((named, array) -> ArrayViews.onHost(
        array, host -> copies.computeIfAbsent(named.parameter(), parameter -> new HostCopy()).copy(host)));
  }

  /** Records how the elements have changed since they were kept. */
  void record(Diagnosis diagnosis) {
    arrays.forEachTrained((named, array) -> ArrayViews.onHost(array, host -> {
      HostCopy copy = copies.get(named.parameter());
      if (copy != null && copy.matches(host)) {
        copy.subtract(host);
        diagnosis.update(named.layer(), named.name(), copy.values(), ArrayViews.view(host));
      }
    }));
  }
}
