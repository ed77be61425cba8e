package io.github.tensorboard4j;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What watches over all writers of the process: the thread that looks for disks that hang, and the hook that flushes at its end. */
final class WriterWatch {

  private static final Logger LOGGER = LoggerFactory.getLogger(WriterWatch.class);
  private static final long LOOK_MILLIS = 250;
  /** A call to a disk may be slow for five seconds; one that takes longer hangs. */
  private static final int LOOKS = 20;
  private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long EXIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long EXIT_LOG_MILLIS = 2_000;

  private static final Object LOCK = new Object();
  // guarded by LOCK
  private static @Nullable Thread exitHook;
  private static @Nullable Thread watch;

  private WriterWatch() {}

  /** How often the thread of a lane was found in one and the same call. The watch's own. */
  static final class Patience {

    private WriterLane.@Nullable Task task;
    private long call;
    private int looks;
    private long lastLogged = System.nanoTime() - LOG_INTERVAL_NANOS;
    private volatile boolean logged;

    /** Returns whether the thread has been in this call for so long that it hangs. */
    boolean isOver(WriterLane.Task running, long runningCall) {
      boolean inCall = runningCall % 2 == 1;
      looks = inCall && running == task && runningCall == call ? looks + 1 : 0;
      task = running;
      call = runningCall;
      return looks >= LOOKS;
    }

    /** Logs that a disk hangs, once a minute, on a thread that may hang itself: the log may be on that disk. */
    void log(WriterLane.Task hanging, int others) {
      long now = System.nanoTime();
      logged = now - lastLogged >= LOG_INTERVAL_NANOS;
      if (logged) {
        lastLogged = now;
        start("tensorboard4j-log", () -> LOGGER.error(
            "The disk of {} doesn't answer. The program goes on, and what no longer fits the memory until it answers is lost; of "
                + "{} other runs on that disk too.",
            hanging, others));
      }
    }

    /** Returns whether it was logged that the disk hangs, which it doesn't any more. */
    boolean endsLogged() {
      boolean was = logged;
      logged = false;
      return was;
    }
  }

  /** Starts the thread that watches, if there is none. */
  static void ensureRunning() {
    synchronized (LOCK) {
      if (watch == null) {
        watch = start("tensorboard4j-watch", WriterWatch::watch);
      }
    }
  }

  /** Starts a daemon thread that takes nothing from this one; returns null if there can be none now. */
  private static @Nullable Thread start(String name, Runnable work) {
    try {
      Thread thread = new Thread(null, work, name, 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
      return thread;
    } catch (OutOfMemoryError noThread) {
      return null;
    }
  }

  private static void watch() {
    while (true) {
      try {
        WriterLane.all().forEach(WriterLane::look);
      } catch (Throwable e) {
        // there may be no memory, not even to log it: the next look finds the same
      }
      synchronized (LOCK) {
        try {
          LOCK.wait(LOOK_MILLIS);
        } catch (InterruptedException e) {
          // by whoever clears up a thread group
        }
        if (WriterLane.all().isEmpty()) {
          watch = null;
          return;
        }
      }
    }
  }

  /** Flushes when the JVM ends, from now on. */
  static void hookIn() {
    synchronized (LOCK) {
      if (exitHook == null) {
        try {
          Thread hook = new Thread(null, WriterWatch::flushAll, "tensorboard4j-exit", 0, false);
          hook.setContextClassLoader(null);
          Runtime.getRuntime().addShutdownHook(hook);
          exitHook = hook;
        } catch (IllegalStateException exiting) {
          LOGGER.debug("A writer was opened while the JVM ends: only what is flushed or closed is kept", exiting);
        } catch (OutOfMemoryError noMemory) {
          // the next writer tries again
        }
      }
    }
  }

  /** Leaves nothing behind once no writer is open. */
  static void hookOutIfDone() {
    synchronized (LOCK) {
      if (exitHook != null && WriterLane.all().isEmpty()) {
        StagingMemory.shared().trim();
        try {
          Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException exiting) {
          // the hook runs or has run
        }
        exitHook = null;
        LOCK.notifyAll();
      }
    }
  }

  /** Asks for all flushes at once, and waits for them all together so long: the JVM ends in the end, whatever hangs. */
  private static void flushAll() {
    long deadline = System.nanoTime() + EXIT_NANOS;
    List<WriterLane.Task> tasks = new ArrayList<>();
    for (WriterLane lane : WriterLane.all()) {
      tasks.addAll(lane.openTasks());
    }
    long[] tickets = tasks.stream().mapToLong(WriterLane.Task::requestFlush).toArray();
    WriterLane.all().forEach(WriterLane::wake);
    for (int i = 0; i < tickets.length; i++) {
      tasks.get(i).awaitFlush(tickets[i], deadline);
    }
    Thread logging = start("tensorboard4j-exit-log", () -> tasks.forEach(WriterLane.Task::logLosses));
    try {
      if (logging != null) {
        logging.join(EXIT_LOG_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
