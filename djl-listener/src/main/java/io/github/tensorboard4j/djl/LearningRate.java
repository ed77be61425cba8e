package io.github.tensorboard4j.djl;

import ai.djl.training.tracker.ParameterTracker;
import java.util.Objects;

/**
 * A tracker that remembers the learning rate that it returned to the optimizer last, so that it can be recorded without being
 * asked for again. Pass it to both:
 *
 * <pre>{@code
 * LearningRate rate = new LearningRate(Tracker.cosine().setBaseValue(0.1f).setMaxUpdates(1000).build());
 * config.optOptimizer(Optimizer.adam().optLearningRateTracker(rate).build());
 * config.addTrainingListeners(TensorBoardListener.builder(run).learningRate(rate).build());
 * }</pre>
 *
 * <p>It is right whatever the loop does: gradients that several batches add up before an update, an optimizer that begins at
 * a later update, a tracker with a memory, a rate for each parameter (the first one's of an update is recorded).
 */
public final class LearningRate implements ParameterTracker {

  private final ParameterTracker tracker;
  private volatile float last = Float.NaN;
  private int lastUpdate = Integer.MIN_VALUE;

  /**
   * Wraps a tracker.
   *
   * @param tracker what decides on the learning rate
   * @throws NullPointerException if the tracker is null
   */
  public LearningRate(ParameterTracker tracker) {
    this.tracker = Objects.requireNonNull(tracker, "A learning rate needs a tracker, but it is null");
  }

  /**
   * Returns the tracker's learning rate for an update, and remembers it if it is the first that is asked for in that update.
   *
   * @param parameterId the identifier of the parameter that is updated
   * @param numUpdate the number of the update, from 1
   * @return the learning rate
   */
  @Override
  public float getNewValue(String parameterId, int numUpdate) {
    float value = tracker.getNewValue(parameterId, numUpdate);
    if (numUpdate != lastUpdate) {
      lastUpdate = numUpdate;
      last = value;
    }
    return value;
  }

  /** Returns the learning rate of the first update, for which any tracker can be asked before it. */
  float first(String parameterId) {
    return tracker.getNewValue(parameterId, 1);
  }

  /**
   * Returns the learning rate of the last update.
   *
   * @return the learning rate, NaN before the first update
   */
  public float last() {
    return last;
  }
}
