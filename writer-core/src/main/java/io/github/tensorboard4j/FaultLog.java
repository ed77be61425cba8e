package io.github.tensorboard4j;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs faults of the disk for all writers: each kind once a minute, so that neither a disk that flaps nor a hundred writers
 * without file handles flood a log. Stack traces are left to the level debug.
 */
final class FaultLog {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaultLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Map<String, Long> lastLogged = new HashMap<>();

  /** Logs a fault, if its kind is due; returns whether it was. */
  boolean error(String message, Object file, Throwable fault) {
    LOGGER.debug("A fault of {}", file, fault);
    boolean due = isDue(fault.getClass().getName());
    if (due) {
      LOGGER.error("{} The cause: {}", message.replace("{}", file.toString()), fault.toString());
    }
    return due;
  }

  private synchronized boolean isDue(String kind) {
    long now = System.nanoTime();
    Long last = lastLogged.get(kind);
    if (last != null && now - last < INTERVAL_NANOS) {
      return false;
    }
    lastLogged.put(kind, now);
    return true;
  }
}
