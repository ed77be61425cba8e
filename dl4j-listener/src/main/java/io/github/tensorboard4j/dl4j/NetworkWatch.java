package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorStatistics;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.training.DivergenceSearch;
import io.github.tensorboard4j.training.DivergenceWatch;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks at a network, after a backward pass and before the update, for the divergence of its training. Not thread-safe: each
 * worker has one.
 */
final class NetworkWatch {

  private @Nullable TensorStatistics statistics;

  /** Returns whether the gradients or the parameters are the sign of a divergence. */
  boolean suspectsTensors(Network network, DivergenceWatch watch) {
    TensorStatistics counted = statistics;
    if (counted == null) {
      counted = new TensorStatistics();
      statistics = counted;
    }
    TensorValues gradients = ParameterViews.current(network.flatGradients());
    if (gradients != null
        && watch.suspectsGradients(counted.count(gradients).norm() / Math.max(1, network.examples()))) {
      return true;
    }
    TensorValues parameters = ParameterViews.current(network.flatParameters());
    return parameters != null && watch.suspectsParameters(counted.count(parameters));
  }

  /** Passes to a search all that is at hand of the iteration. */
  static void search(Network network, DivergenceSearch search) {
    network.inputs()
        .forEach((name, array) -> look(ParameterViews.current(array), values -> search.input(name, values)));
    network.labels()
        .forEach((name, array) -> look(ParameterViews.current(array), values -> search.labels(name, values)));
    List<Network.Parameter> parameters = network.parameters();
    ParameterViews.synchronize(network.flatParameters());
    for (Network.Parameter parameter : parameters) {
      look(ParameterViews.of(parameter.values()),
          values -> search.parameter(parameter.layer(), parameter.name(), values));
    }
    network.layerInputs()
        .forEach((layer, array) -> look(ParameterViews.current(array), values -> search.activation(layer, values)));
    INDArray gradients = network.flatGradients();
    if (gradients == null) {
      return;
    }
    ParameterViews.synchronize(gradients);
    long examples = Math.max(1, network.examples());
    for (Network.Parameter parameter : parameters) {
      if (parameter.hasGradient()) {
        look(ParameterViews.of(network.gradient(parameter)),
            values -> search.gradient(parameter.layer(), parameter.name(), values.dividedBy(examples)));
      }
    }
  }

  private static void look(@Nullable TensorValues values, Consumer<TensorValues> place) {
    if (values != null) {
      place.accept(values);
    }
  }
}
