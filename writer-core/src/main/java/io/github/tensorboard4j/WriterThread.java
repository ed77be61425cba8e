package io.github.tensorboard4j;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one daemon thread that writes for all writers of the process. It and the hook that flushes when the JVM ends exist
 * as long as a writer is open, so that nothing is left behind in a process that has stopped using the library.
 */
final class WriterThread extends Thread {

  private static final Logger LOGGER = LoggerFactory.getLogger(SummaryWriter.class);
  private static final long FLUSH_AT_EXIT_SECONDS = 10;

  private static final Object LOCK = new Object();
  // both guarded by LOCK; read without it only to wake a thread that may have ended meanwhile
  private static final List<EventLog> OPEN = new ArrayList<>();
  private static volatile WriterThread current;

  private final Thread exitHook = new Thread(WriterThread::flushAll, "tensorboard4j-exit");

  private WriterThread() {
    super("tensorboard4j-writer");
    setDaemon(true);
  }

  static void register(EventLog log) {
    synchronized (LOCK) {
      OPEN.add(log);
      if (current == null) {
        current = new WriterThread();
        current.hookIn();
        current.start();
      }
    }
    wake();
  }

  static void wake() {
    LockSupport.unpark(current);
  }

  /** Wakes the thread and waits, uninterruptibly: an interrupt must lose no event, and is there for the caller afterwards. */
  static void await(Object monitor, BooleanSupplier done) {
    wake();
    boolean interrupted = false;
    synchronized (monitor) {
      while (!done.getAsBoolean()) {
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

  /** Does nothing: an interrupt, as whoever clears up a thread group sends it, would close the channels of all files. */
  @Override
  public void interrupt() {}

  @Override
  public void run() {
    List<EventLog> finished = new ArrayList<>();
    while (true) {
      long now = System.nanoTime();
      long next = now + TimeUnit.MINUTES.toNanos(1);
      for (EventLog log : openLogs()) {
        long due = drain(log, now);
        if (due == -1) {
          finished.add(log);
        } else if (due - next < 0) {
          next = due;
        }
      }
      synchronized (LOCK) {
        OPEN.removeAll(finished);
        finished.clear();
        if (OPEN.isEmpty()) {
          current = null;
          break;
        }
      }
      LockSupport.parkNanos(this, next - System.nanoTime());
    }
    hookOut();
  }

  private static long drain(EventLog log, long now) {
    try {
      return log.drain(now);
    } catch (RuntimeException | Error e) {
      LOGGER.error("The TensorBoard writer thread met a fault of its own and goes on", e);
      return now + TimeUnit.SECONDS.toNanos(1);
    }
  }

  private static List<EventLog> openLogs() {
    synchronized (LOCK) {
      return List.copyOf(OPEN);
    }
  }

  private static void flushAll() {
    List<Thread> flushes = new ArrayList<>();
    for (EventLog log : openLogs()) {
      Thread flush = new Thread(log::flush, "tensorboard4j-exit-flush");
      flush.setDaemon(true);
      flush.start();
      flushes.add(flush);
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FLUSH_AT_EXIT_SECONDS);
    try {
      for (Thread flush : flushes) {
        TimeUnit.NANOSECONDS.timedJoin(flush, Math.max(1, end - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hookIn() {
    try {
      Runtime.getRuntime().addShutdownHook(exitHook);
    } catch (IllegalStateException exiting) {
      LOGGER.debug("A writer was opened while the JVM ends: only what is flushed or closed is kept", exiting);
    }
  }

  private void hookOut() {
    try {
      Runtime.getRuntime().removeShutdownHook(exitHook);
    } catch (IllegalStateException exiting) {
      // the hook runs or has run
    }
  }
}
