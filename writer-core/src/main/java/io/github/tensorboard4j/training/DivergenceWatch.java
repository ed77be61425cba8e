package io.github.tensorboard4j.training;

import io.github.tensorboard4j.TensorStatistics;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a training for its {@link Guard}. A listener asks it in each iteration, between the backward pass and the update, and
 * where something is suspect, searches:
 *
 * <pre>{@code
 * if (watch.suspects(loss)) {
 *   DivergenceSearch search = watch.search(iteration, loss, model);
 *   search.input(...);
 *   ...
 *   search.end();
 * }
 * }</pre>
 *
 * <p>Once a divergence was reported nothing is suspect any more. Thread-safe: several workers may train one model.
 */
public final class DivergenceWatch {

  private static final Logger LOGGER = LoggerFactory.getLogger(DivergenceWatch.class);

  /** How many times as large as at first a value has to be, or as 1, to be called exploding. */
  private static final double EXPLOSION = 1e6;

  private final TrainingRecorder recorder;
  private final Guard guard;
  private final AtomicBoolean over;

  // of several workers, any may set them first
  private volatile double lossLimit = Double.NaN;
  private volatile double gradientLimit = Double.NaN;

  DivergenceWatch(TrainingRecorder recorder, Guard guard) {
    this.recorder = recorder;
    this.guard = guard;
    this.over = new AtomicBoolean(guard.isOff());
  }

  /**
   * Returns whether a loss is one that must be looked into. Costs nothing, as long as all is well.
   *
   * @param loss the mean loss of the batch's examples
   * @return whether it is the sign of a divergence that was not reported yet
   */
  public boolean suspects(double loss) {
    if (Math.abs(loss) <= lossLimit || over.get()) {
      return false;
    }
    if (Double.isNaN(lossLimit) && Double.isFinite(loss)) {
      lossLimit = limit(loss);
      return false;
    }
    return true;
  }

  /**
   * Returns whether gradients and parameters are to be watched too: the guard was asked to, and has not reported anything yet.
   *
   * @return whether to pass all gradients and parameters to the methods for them, in each iteration
   */
  public boolean watchesTensors() {
    return guard.watchesTensors() && !over.get();
  }

  /**
   * Returns whether gradients are such that they must be looked into.
   *
   * @param norm the norm of all gradients together, NaN or infinite if an element is
   * @return whether they are the sign of a divergence that was not reported yet
   */
  public boolean suspectsGradients(double norm) {
    if (norm <= gradientLimit || !watchesTensors()) {
      return false;
    }
    if (Double.isNaN(gradientLimit) && Double.isFinite(norm)) {
      gradientLimit = limit(norm);
      return false;
    }
    return true;
  }

  /**
   * Returns whether parameters are such that they must be looked into.
   *
   * @param parameters the statistics of some or all parameters
   * @return whether they are the sign of a divergence that was not reported yet
   * @throws NullPointerException if the statistics are null
   */
  public boolean suspectsParameters(TensorStatistics parameters) {
    return !parameters.isFinite() && watchesTensors();
  }

  private static double limit(double first) {
    return Math.max(1, Math.abs(first)) * EXPLOSION;
  }

  /**
   * Starts the search for where a divergence begins.
   *
   * @param iteration the iteration, from 1
   * @param loss the mean loss of the batch's examples
   * @param model what is trained, for the user's consumer
   * @return the search
   * @throws NullPointerException if the model is null
   */
  public DivergenceSearch search(long iteration, double loss, Object model) {
    return new DivergenceSearch(this, iteration, loss, true, Objects.requireNonNull(model, "model"));
  }

  /**
   * Starts the search for where a divergence begins, in an iteration whose loss is not known.
   *
   * @param iteration the iteration, from 1
   * @param model what is trained, for the user's consumer
   * @return the search
   * @throws NullPointerException if the model is null
   */
  public DivergenceSearch search(long iteration, Object model) {
    return new DivergenceSearch(this, iteration, Double.NaN, false, Objects.requireNonNull(model, "model"));
  }

  /** Reports a divergence if it is the first, and does what the user has chosen. */
  void report(Divergence divergence, String text) {
    if (over.compareAndSet(false, true)) {
      LOGGER.warn("{}. The text \"divergence\" of the run {} has all that was found.", divergence, recorder.run());
      recorder.attempt(() -> recorder.addText(Tags.DIVERGENCE, text, divergence.iteration()));
      try {
        guard.act(divergence);
      } catch (RuntimeException | Error e) {
        recorder.trainingStopped();
        throw e;
      }
    }
  }
}
