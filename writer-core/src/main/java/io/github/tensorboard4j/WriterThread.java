package io.github.tensorboard4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon thread that writes for all writers of the process. It, the thread that watches it, and the hook that flushes when
 * the JVM ends exist as long as a writer is open, so that nothing is left behind in a process that has stopped using the
 * library.
 */
final class WriterThread extends Thread {

  /*
   * A system call on a disk that hangs (a network file system whose server is gone) returns in minutes or never, and nothing
   * ends it. So when the thread is in one task for long, another takes over for the other tasks. The one that is left behind
   * keeps its task, until that returns. Tasks on the same device would only hang too: they wait for it.
   */

  /** The work that the thread does for one writer. Never run by two threads at once. */
  interface Task {

    /** Returned by {@link #run} when there is nothing more to do. */
    long FINISHED = -1;

    /** Does what is due, and returns the nano time at which it wants to be called again, or {@link #FINISHED}. */
    long run(long now);

    /** Asks the thread to write all that was added before. */
    void requestFlush();

    /** Waits until the thread has written all that was added before, or hangs. */
    void flush();

    /** Logs what is lost by now, as the JVM ends. */
    void logLosses();

    /** Returns what hangs as a whole if this task does, or null if that isn't known. */
    @Nullable
    Object device();

    /** Lets nobody wait any longer, until the task is run again: it hangs, or is kept waiting by one that does. */
    void hangs();
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(WriterThread.class);
  private static final long FLUSH_AT_EXIT_SECONDS = 10;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long WATCH_MILLIS = 250;
  /** After so long in one task another thread takes over the others. */
  private static final long TAKEOVER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  /** A disk may be slow for so long; beyond it hangs, and nobody waits for it any longer. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Object LOCK = new Object();
  // guarded by LOCK
  private static final List<Task> OPEN = new ArrayList<>();
  private static final List<WriterThread> LEFT_BEHIND = new ArrayList<>();
  private static @Nullable Thread exitHook;
  private static @Nullable Thread watch;
  // written under LOCK; read without it only to wake a thread that may have ended meanwhile
  private static volatile @Nullable WriterThread current;

  // guarded by LOCK
  private @Nullable Task running;
  private long runningSince;

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
      if (current == null && !OPEN.isEmpty()) {
        try {
          hookIn();
          WriterThread thread = new WriterThread();
          thread.start();
          current = thread;
        } catch (OutOfMemoryError noThread) {
          // whoever waits for the thread wakes it again and again
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
        ensureWatch();
        next = runTasks();
      } catch (Throwable e) {
        // there may be no memory, not even to log it: what waits is tried again
      }
      synchronized (LOCK) {
        if (current != this) {
          return;
        }
        if (OPEN.isEmpty()) {
          current = null;
          StagingMemory.shared().trim();
          hookOut();
          LOCK.notifyAll();
          return;
        }
      }
      if (!woken) {
        LockSupport.parkNanos(this, next - System.nanoTime());
      }
    }
  }

  /** Runs all tasks, and returns the nano time at which the first of them wants to be run again. */
  private long runTasks() {
    long now = System.nanoTime();
    long next = now + TimeUnit.MINUTES.toNanos(1);
    for (Task task : runnableTasks()) {
      if (!begin(task)) {
        break;
      }
      long due = RETRY_NANOS + now;
      try {
        due = run(task, now);
      } finally {
        end(task, due == Task.FINISHED);
      }
      if (due != Task.FINISHED && due - next < 0) {
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

  /** Returns whether this thread is still the one that runs tasks, and may begin this one. */
  private boolean begin(Task task) {
    synchronized (LOCK) {
      if (current != this) {
        return false;
      }
      running = task;
      runningSince = System.nanoTime();
      return true;
    }
  }

  private void end(Task task, boolean finished) {
    boolean leftBehind;
    synchronized (LOCK) {
      running = null;
      leftBehind = LEFT_BEHIND.remove(this);
      if (finished) {
        OPEN.remove(task);
      }
    }
    if (leftBehind) {
      // the task, and those on its device, may be run again
      wake();
    }
  }

  /** Returns the open tasks, without those that hang and those on the same devices. */
  private static List<Task> runnableTasks() {
    synchronized (LOCK) {
      if (LEFT_BEHIND.isEmpty()) {
        return List.copyOf(OPEN);
      }
      Set<Object> devices = new HashSet<>();
      Set<Task> hanging = new HashSet<>();
      for (WriterThread thread : LEFT_BEHIND) {
        Task task = Objects.requireNonNull(thread.running, "a thread is left behind within a task");
        hanging.add(task);
        if (task.device() != null) {
          devices.add(task.device());
        }
      }
      return OPEN.stream().filter(task -> !hanging.contains(task) && !devices.contains(task.device())).toList();
    }
  }

  private static List<Task> openTasks() {
    synchronized (LOCK) {
      return List.copyOf(OPEN);
    }
  }

  private static void ensureWatch() {
    synchronized (LOCK) {
      if (watch == null) {
        Thread thread = new Thread(WriterThread::watch, "tensorboard4j-watch");
        thread.setDaemon(true);
        thread.start();
        watch = thread;
      }
    }
  }

  private static void watch() {
    while (true) {
      try {
        takeOver();
        hanging().forEach(Task::hangs);
      } catch (Throwable e) {
        // there may be no memory, not even to log it: the next look finds the same
      }
      synchronized (LOCK) {
        try {
          LOCK.wait(WATCH_MILLIS);
        } catch (InterruptedException e) {
          // by whoever clears up a thread group
        }
        if (OPEN.isEmpty()) {
          watch = null;
          return;
        }
      }
    }
  }

  /** Starts another thread in place of one that is in a task for long. */
  private static void takeOver() {
    synchronized (LOCK) {
      WriterThread thread = current;
      if (thread != null && thread.isRunningFor(TAKEOVER_NANOS)) {
        current = null;
        LEFT_BEHIND.add(thread);
        startAnother();
        if (current == null) {
          LEFT_BEHIND.remove(thread);
          current = thread;
        }
      }
    }
  }

  /** Returns the tasks that hang, and those that are kept waiting by them. */
  private static List<Task> hanging() {
    synchronized (LOCK) {
      return LEFT_BEHIND.stream().filter(thread -> thread.isRunningFor(PATIENCE_NANOS)).map(thread -> thread.running)
          .filter(Objects::nonNull)
          .flatMap(task -> Stream.concat(Stream.of(task),
              OPEN.stream()
                  .filter(other -> other != task && other.device() != null && other.device().equals(task.device()))))
          .distinct().toList();
    }
  }

  private boolean isRunningFor(long nanos) {
    return running != null && System.nanoTime() - runningSince > nanos;
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

  private static void hookIn() {
    if (exitHook == null) {
      Thread hook = new Thread(WriterThread::flushAll, "tensorboard4j-exit");
      try {
        Runtime.getRuntime().addShutdownHook(hook);
        exitHook = hook;
      } catch (IllegalStateException exiting) {
        LOGGER.debug("A writer was opened while the JVM ends: only what is flushed or closed is kept", exiting);
      }
    }
  }

  private static void hookOut() {
    if (exitHook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(exitHook);
      } catch (IllegalStateException exiting) {
        // the hook runs or has run
      }
      exitHook = null;
    }
  }
}
