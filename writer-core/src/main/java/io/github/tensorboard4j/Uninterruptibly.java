package io.github.tensorboard4j;

import java.util.function.BooleanSupplier;

/** Waiting that no interrupt ends: it must lose no event, and is there for the caller afterwards. */
final class Uninterruptibly {

  private Uninterruptibly() {}

  /** Waits on a monitor until a condition holds, which is asked under the monitor. */
  static void await(Object monitor, BooleanSupplier condition) {
    boolean interrupted = false;
    synchronized (monitor) {
      while (!condition.getAsBoolean()) {
        try {
          monitor.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
