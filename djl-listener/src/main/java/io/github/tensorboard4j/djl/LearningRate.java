package io.github.tensorboard4j.djl;

import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tracker that remembers the learning rate that it returned to the optimizer last, so that it can be recorded without being
 * asked for again.
 *
 * <p>A listener finds the tracker of DJL's own optimizers by itself. An optimizer of your own is given this one, and so is the
 * listener:
 *
 * <pre>{@code
 * LearningRate rate = new LearningRate(Tracker.cosine().setBaseValue(0.1f).setMaxUpdates(1000).build());
 * config.optOptimizer(new MyOptimizer(rate));
 * TensorBoardListener.builder(run).learningRate(rate).addTo(config);
 * }</pre>
 *
 * <p>It is right whatever the loop does: gradients that several batches add up before an update, an optimizer that begins at
 * a later update, a tracker with a memory, a rate for each parameter.
 */
public final class LearningRate implements ParameterTracker {

  /** The rate of one parameter. */
  private static final class Rate {
    private volatile float value = Float.NaN;
  }

  private final ParameterTracker tracker;
  private final boolean perParameter;
  private final Map<String, Rate> rates = new ConcurrentHashMap<>();
  private final UpdateHooks hooks = new UpdateHooks();
  private volatile float first = Float.NaN;
  private volatile float last = Float.NaN;
  private volatile int lastUpdate;

  /**
   * Wraps a tracker.
   *
   * @param tracker what decides on the learning rate
   * @throws NullPointerException if the tracker is null
   */
  public LearningRate(ParameterTracker tracker) {
    this.tracker = Objects.requireNonNull(tracker, "A learning rate needs a tracker, but it is null");
    this.perParameter = !(tracker instanceof Tracker);
  }

  /**
   * Returns the tracker's learning rate for an update, and remembers it.
   *
   * @param parameterId the identifier of the parameter that is updated
   * @param numUpdate the number of the update, from 1
   * @return the learning rate
   * @throws ai.djl.TrainingDivergedException if the guard of a listener is to end a training that diverges, before this update
   */
  @Override
  public float getNewValue(String parameterId, int numUpdate) {
    hooks.run();
    float value = tracker.getNewValue(parameterId, numUpdate);
    if (perParameter) {
      rate(parameterId).value = value;
    }
    if (numUpdate != lastUpdate) {
      lastUpdate = numUpdate;
      last = value;
      if (Float.isNaN(first)) {
        first = value;
      }
    }
    return value;
  }

  private Rate rate(String parameterId) {
    Rate rate = rates.get(parameterId);
    return rate == null ? rates.computeIfAbsent(parameterId, id -> new Rate()) : rate;
  }

  /**
   * Returns the learning rate of the last update.
   *
   * @return the learning rate, the highest if parameters have different ones; NaN before the first update
   */
  public float last() {
    if (!perParameter || rates.isEmpty()) {
      return last;
    }
    float highest = Float.NEGATIVE_INFINITY;
    for (Rate rate : rates.values()) {
      highest = Math.max(highest, rate.value);
    }
    return highest;
  }

  /** Returns whether the parameters had different rates in the last update. */
  boolean differs() {
    if (!perParameter) {
      return false;
    }
    float highest = last();
    for (Rate rate : rates.values()) {
      if (rate.value != highest) {
        return true;
      }
    }
    return false;
  }

  /** Returns the rate of one parameter in its last update; NaN before. */
  float last(String parameterId) {
    Rate rate = rates.get(parameterId);
    return rate == null ? Float.NaN : rate.value;
  }

  /** Returns the rate on which the schedule is built; of a tracker that doesn't tell, the first one; NaN before the first update. */
  float base() {
    float base = BaseRate.of(tracker);
    return Float.isNaN(base) ? first : base;
  }

  /** Returns the number of the last update, 0 before the first. */
  int updates() {
    return lastUpdate;
  }

  /** Returns what is run, once, when the optimizer asks for a rate the next time. */
  UpdateHooks hooks() {
    return hooks;
  }

  /** Returns the tracker that is wrapped, which may be asked without anything being remembered. */
  ParameterTracker tracker() {
    return tracker;
  }
}
