package io.github.tensorboard4j.djl;

import ai.djl.training.tracker.ParameterTracker;
import java.lang.reflect.Field;

/** The rate on which the schedule of a tracker is built: the one that people mean when they name a training's rate. */
final class BaseRate {

  private static final String TRACKERS = "ai.djl.training.tracker.";

  private BaseRate() {}

  /**
   * Returns the base value of a tracker of DJL's own, which may be asked at any time: what a warm-up leads to, what a decay
   * begins with.
   *
   * @return the rate; NaN for a tracker of another class, which may remember how often it was asked
   */
  static float of(ParameterTracker tracker) {
    if (!tracker.getClass().getName().startsWith(TRACKERS)) {
      return Float.NaN;
    }
    for (String name : new String[] {"mainTracker", "baseValue", "value"}) {
      try {
        Field field = tracker.getClass().getDeclaredField(name);
        field.setAccessible(true);
        Object value = field.get(tracker);
        if (value instanceof ParameterTracker main) {
          return of(main);
        }
        if (value instanceof Float rate) {
          return rate;
        }
      } catch (ReflectiveOperationException | RuntimeException notThere) {
        // the next may be
      }
    }
    return tracker.getNewValue("", 1);
  }
}
