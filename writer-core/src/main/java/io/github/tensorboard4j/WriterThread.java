package io.github.tensorboard4j;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one daemon thread that writes for all writers of the process. It and the hook that flushes when the JVM ends exist
 * as long as a writer is open, so that nothing is left behind in a process that has stopped using the library.
 */
final class WriterThread extends Thread {

  /** The work that the thread does for one writer. */
  interface Task {

    /** Returned by {@link #run} when there is nothing more to do. */
    long FINISHED = -1;

    /** Does what is due, and returns the nano time at which it wants to be called again, or {@link #FINISHED}. */
    long run(long now);

    /** Asks the thread to write all that was added before. */
    void requestFlush();

    /** Waits until the thread has written all that was added before. */
    void flush();

    /** Logs what is lost by now, as the JVM ends. */
    void logLosses();
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(WriterThread.class);
  private static final long FLUSH_AT_EXIT_SECONDS = 10;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Object LOCK = new Object();
  // both guarded by LOCK; read without it only to wake a thread that may have ended meanwhile
  private static final List<Task> OPEN = new ArrayList<>();
  private static volatile @Nullable WriterThread current;

  private final Thread exitHook = new Thread(WriterThread::flushAll, "tensorboard4j-exit");
  /** Survives what else the thread may wait for within a task, which takes the permit of an unpark. */
  private volatile boolean woken;

  private WriterThread() {
    super("tensorboard4j-writer");
    setDaemon(true);
  }

  static void register(Task task) {
    synchronized (LOCK) {
      OPEN.add(task);
    }
    wake();
  }

  /** Wakes the thread, or starts it if there is none: it may have been impossible before. */
  static void wake() {
    WriterThread thread = current;
    if (thread == null) {
      startAnother();
    } else if (!thread.woken) {
      thread.woken = true;
      LockSupport.unpark(thread);
    }
  }

  private static void startAnother() {
    synchronized (LOCK) {
      if (current != null || OPEN.isEmpty()) {
        return;
      }
      WriterThread thread = null;
      try {
        thread = new WriterThread();
        thread.hookIn();
        thread.start();
        current = thread;
      } catch (OutOfMemoryError noThread) {
        // whoever waits for the thread wakes it again and again
        if (thread != null) {
          thread.hookOut();
        }
      }
    }
  }

  /** Does nothing: an interrupt, as whoever clears up a thread group sends it, would close the channels of all files. */
  @Override
  public void interrupt() {}

  @Override
  public void run() {
    while (true) {
      woken = false;
      long next = System.nanoTime() + RETRY_NANOS;
      try {
        next = runTasks();
      } catch (Throwable e) {
        // there may be no memory, not even to log it: what waits is tried again
      }
      synchronized (LOCK) {
        if (OPEN.isEmpty()) {
          current = null;
          break;
        }
      }
      if (!woken) {
        LockSupport.parkNanos(this, next - System.nanoTime());
      }
    }
    hookOut();
  }

  /** Runs all tasks, and returns the nano time at which the first of them wants to be run again. */
  private static long runTasks() {
    long now = System.nanoTime();
    long next = now + TimeUnit.MINUTES.toNanos(1);
    for (Task task : openTasks()) {
      long due = run(task, now);
      if (due == Task.FINISHED) {
        synchronized (LOCK) {
          OPEN.remove(task);
        }
      } else if (due - next < 0) {
        next = due;
      }
    }
    return next;
  }

  private static long run(Task task, long now) {
    try {
      return task.run(now);
    } catch (RuntimeException | Error e) {
      LOGGER.error("The TensorBoard writer thread met a fault of its own and goes on", e);
      return now + RETRY_NANOS;
    }
  }

  private static List<Task> openTasks() {
    synchronized (LOCK) {
      return List.copyOf(OPEN);
    }
  }

  /** Asks for all flushes at once, and waits for them in one thread: the JVM ends in the end, whatever hangs. */
  private static void flushAll() {
    List<Task> tasks = openTasks();
    tasks.forEach(Task::requestFlush);
    wake();
    Thread waiting = new Thread(() -> {
      tasks.forEach(Task::flush);
      tasks.forEach(Task::logLosses);
    }, "tensorboard4j-exit-flush");
    waiting.setDaemon(true);
    try {
      waiting.start();
      waiting.join(TimeUnit.SECONDS.toMillis(FLUSH_AT_EXIT_SECONDS));
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
