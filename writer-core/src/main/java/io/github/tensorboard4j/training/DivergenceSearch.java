package io.github.tensorboard4j.training;

import io.github.tensorboard4j.TensorStatistics;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.training.Divergence.Kind;
import io.github.tensorboard4j.training.Divergence.Place;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The search for where a divergence begins: a listener passes all that it has of the iteration, layers in the order of the
 * forward pass, and then calls {@link #end()}. What is not at hand is left out. Not thread-safe.
 */
public final class DivergenceSearch {

  /** A place with a value that is not finite. */
  private record Finding(Kind kind, Place place, String layer, String parameter) {}

  private final DivergenceWatch watch;
  private final long iteration;
  private final double loss;
  private final boolean lossKnown;
  private final Object model;
  private final TensorStatistics statistics = new TensorStatistics();
  private final StringBuilder table = new StringBuilder();

  private @Nullable Finding input;
  private @Nullable Finding labels;
  private @Nullable Finding parameter;
  private @Nullable Finding activation;
  private @Nullable Finding gradient;
  private @Nullable Finding largestGradient;
  private double largestNorm = -1;

  DivergenceSearch(DivergenceWatch watch, long iteration, double loss, boolean lossKnown, Object model) {
    this.watch = watch;
    this.iteration = iteration;
    this.loss = loss;
    this.lossKnown = lossKnown;
    this.model = model;
  }

  /**
   * Looks at an input of the batch.
   *
   * @param name the name of the model's input
   * @param values its elements, read in place during the call
   * @throws NullPointerException if an argument is null
   */
  public void input(String name, TensorValues values) {
    input = first(input, look(Place.INPUT, name, "", values));
  }

  /**
   * Looks at labels of the batch.
   *
   * @param output the name of the model's output that they are for
   * @param values their elements, read in place during the call
   * @throws NullPointerException if an argument is null
   */
  public void labels(String output, TensorValues values) {
    labels = first(labels, look(Place.LABELS, output, "", values));
  }

  /**
   * Looks at a parameter.
   *
   * @param layer the layer's name
   * @param name the parameter's name in it
   * @param values its elements, read in place during the call
   * @throws NullPointerException if an argument is null
   */
  public void parameter(String layer, String name, TensorValues values) {
    parameter = ofLastLayer(parameter, look(Place.PARAMETER, layer, name, values));
  }

  /**
   * Looks at what a layer has put out.
   *
   * @param layer the layer's name
   * @param values its outputs, read in place during the call
   * @throws NullPointerException if an argument is null
   */
  public void activation(String layer, TensorValues values) {
    activation = first(activation, look(Place.ACTIVATION, layer, "", values));
  }

  /**
   * Looks at a parameter's gradient.
   *
   * @param layer the layer's name
   * @param name the parameter's name in it
   * @param values the gradient's elements, read in place during the call
   * @throws NullPointerException if an argument is null
   */
  public void gradient(String layer, String name, TensorValues values) {
    gradient = ofLastLayer(gradient, look(Place.GRADIENT, layer, name, values));
    if (statistics.norm() > largestNorm) {
      largestNorm = statistics.norm();
      largestGradient = new Finding(Kind.EXPLODING, Place.GRADIENT, layer, name);
    }
  }

  /**
   * Ends the search: the divergence is reported, if none was before, and the user's {@link Guard} does what it is there for.
   *
   * @throws TrainingDivergedException if that is to stop the training
   * @throws RuntimeException if the user's consumer throws it
   */
  public void end() {
    Finding origin = origin();
    Divergence divergence =
        new Divergence(origin.kind, origin.place, origin.layer, origin.parameter, iteration, loss, lossKnown, model);
    watch.report(divergence, "**" + divergence + "**\n\n"
        + "| what | where | elements | NaN | infinite | mean magnitude | norm |\n|---|---|---|---|---|---|---|\n" + table);
  }

  /** Names what comes first of all that is not finite, as {@link Guard} says. */
  private Finding origin() {
    Finding found = first(first(first(input, labels), parameter), activation);
    if (found != null) {
      return found;
    }
    if (lossKnown && !Double.isFinite(loss)) {
      return new Finding(Double.isNaN(loss) ? Kind.NAN : Kind.INFINITE, Place.LOSS, "", "");
    }
    if (gradient != null) {
      return gradient;
    }
    return largestGradient != null ? largestGradient : new Finding(Kind.EXPLODING, Place.LOSS, "", "");
  }

  private @Nullable Finding look(Place place, String layer, String name, TensorValues values) {
    Objects.requireNonNull(layer, "name");
    statistics.count(values);
    table.append(String.format(Locale.ROOT, "| %s | %s | %d | %d | %d | %.4g | %.4g |\n",
        place.name().toLowerCase(Locale.ROOT), name.isEmpty() ? layer : layer + '/' + name, statistics.count(),
        statistics.nanCount(), statistics.infiniteCount(), statistics.meanMagnitude(), statistics.norm()));
    if (statistics.isFinite()) {
      return null;
    }
    return new Finding(statistics.nanCount() > 0 ? Kind.NAN : Kind.INFINITE, place, layer, name);
  }

  private static @Nullable Finding first(@Nullable Finding before, @Nullable Finding found) {
    return before != null ? before : found;
  }

  /** Returns the first finding of the last layer that has any: what is not finite in a gradient is so in all layers in front. */
  private static @Nullable Finding ofLastLayer(@Nullable Finding before, @Nullable Finding found) {
    return found == null || before != null && before.layer.equals(found.layer) ? before : found;
  }
}
