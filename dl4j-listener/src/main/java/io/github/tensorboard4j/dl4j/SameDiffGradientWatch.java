package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorStatistics;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.training.DivergenceWatch;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the gradients and parameters of a model for the divergence of its training, one after the other: the framework updates
 * each parameter as soon as it has its gradient, and so the last of an iteration comes when the others are updated. Not
 * thread-safe.
 */
final class SameDiffGradientWatch {

  private final TensorStatistics statistics = new TensorStatistics();
  private double squares;
  private boolean limited;

  /** Returns whether a gradient, together with those before it in the iteration, or its parameter is the sign of a divergence. */
  boolean suspects(DivergenceWatch watch, @Nullable TensorValues gradient, @Nullable TensorValues parameter) {
    if (gradient != null) {
      double norm = statistics.count(gradient).norm();
      squares += norm * norm;
      // the limit comes of the first iteration's gradients together
      boolean complete = limited || !Double.isFinite(norm);
      if (complete && watch.suspectsGradients(Math.sqrt(squares))) {
        return true;
      }
    }
    return parameter != null && watch.suspectsParameters(statistics.count(parameter));
  }

  /** Starts with the gradients of an iteration. */
  void start(DivergenceWatch watch) {
    if (!limited && squares > 0) {
      limited = true;
      watch.suspectsGradients(Math.sqrt(squares));
    }
    squares = 0;
  }
}
