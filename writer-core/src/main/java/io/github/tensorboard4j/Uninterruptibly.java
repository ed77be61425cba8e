package io.github.tensorboard4j;

import java.util.function.BooleanSupplier;

/** Waiting for the writer thread, which no interrupt ends: it must lose no event, and is there for the caller afterwards. */
final class Uninterruptibly {

  /** How long a waiter trusts that the writer thread runs, before it wakes it again. */
  static final long RETRY_MILLIS = 1_000;

  private Uninterruptibly() {}

  /** Wakes the writer and waits on a monitor until a condition holds, which is asked under the monitor. */
  static void await(Object monitor, BooleanSupplier condition, Runnable wakeWriter) {
    boolean interrupted = false;
    synchronized (monitor) {
      while (!condition.getAsBoolean()) {
        wakeWriter.run();
        try {
          if (!condition.getAsBoolean()) {
            monitor.wait(RETRY_MILLIS);
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Likewise, but not beyond a nano time. */
  static void awaitUntil(long deadline, Object monitor, BooleanSupplier condition, Runnable wakeWriter) {
    await(monitor, () -> condition.getAsBoolean() || System.nanoTime() - deadline >= 0, wakeWriter);
  }
}
