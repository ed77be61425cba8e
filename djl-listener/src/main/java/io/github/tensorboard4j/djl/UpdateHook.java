package io.github.tensorboard4j.djl;

import org.jspecify.annotations.Nullable;

/**
 * Runs an action between a batch's callback and the update that follows it, where the optimizer is one of DJL's: those ask for
 * the learning rate before they change the first parameter.
 */
final class UpdateHook {

  private final @Nullable UpdateHooks hooks;
  private final Runnable action;

  /** What comes behind this one in the hooks of its optimizer, whose lock guards it. */
  @Nullable
  UpdateHook next;

  /**
   * Creates a hook that is not set.
   *
   * @param rate what the optimizer asks for the rate; null if that is not known
   * @param action the action, which may throw out of the update
   */
  UpdateHook(@Nullable LearningRate rate, Runnable action) {
    this.hooks = rate == null ? null : rate.hooks();
    this.action = action;
  }

  /** Sets the hook for the next update, behind those of others; returns false where the optimizer can't be seen. */
  boolean set() {
    if (hooks == null) {
      return false;
    }
    hooks.add(this);
    return true;
  }

  /** Takes the hook away; returns whether it was set, so that there was no update since it was. */
  boolean clear() {
    return hooks != null && hooks.remove(this);
  }

  void run() {
    action.run();
  }
}
