package io.github.tensorboard4j.djl;

import org.jspecify.annotations.Nullable;

/**
 * Runs an action between a batch's callback and the update that follows it, where the optimizer is one of DJL's: those ask for
 * the learning rate before they change the first parameter.
 */
final class UpdateHook {

  private final @Nullable LearningRate rate;
  private final Runnable action;

  /**
   * Creates a hook that is not set.
   *
   * @param rate what the optimizer asks for the rate; null if that is not known
   * @param action the action, which may throw out of the update
   */
  UpdateHook(@Nullable LearningRate rate, Runnable action) {
    this.rate = rate;
    this.action = action;
  }

  /** Sets the hook for the next update, in the place of any other of the same optimizer. */
  void set() {
    if (rate != null) {
      rate.beforeNextUpdate(action);
    }
  }

  /** Returns whether the hook is set, so that there was no update since it was. */
  boolean isSet() {
    return rate != null && rate.isBeforeNextUpdate(action);
  }

  /** Takes the hook away, if it is set. */
  void clear() {
    if (rate != null && rate.isBeforeNextUpdate(action)) {
      rate.beforeNextUpdate(null);
    }
  }
}
