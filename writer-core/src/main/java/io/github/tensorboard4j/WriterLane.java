package io.github.tensorboard4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writers whose files are on one device, and the daemon thread that writes for them. It exists as long as one of them is
 * open, so that nothing is left behind in a process that has stopped using the library.
 */
final class WriterLane {

  /*
   * A system call on a disk that hangs (a network file system whose server is gone) returns in minutes or never, and nothing
   * ends it. So each device has a thread of its own, and only runs on the same device wait for each other. A watch looks at all
   * of them; where it finds a thread in one and the same call many times in a row, the disk hangs, and nobody waits for it any
   * longer. It counts its looks and not the time: a process that was stopped, or had no processor, has not waited for a disk.
   *
   * Files that take seconds to make and to write have a thread beside that of the events, which must not wait for them.
   */

  /** The work that the thread does for one writer. */
  interface Task {

    /** Returned by {@link #run} when there is nothing more to do. */
    long FINISHED = -1;

    /** Does what is due, and returns the nano time at which it wants to be called again, or {@link #FINISHED}. */
    long run(long now);

    /** Asks the thread to write all that was added before; returns what {@link #awaitFlush} takes. */
    long requestFlush();

    /** Waits until the thread has done what was asked for, or the nano time is reached, even if the disk hangs. */
    void awaitFlush(long ticket, long deadline);

    /** Logs what is lost by now, as the JVM ends. */
    void logLosses();

    /** Returns the number of calls to the disk that have begun or ended: odd while the thread is in one. */
    long diskCalls();

    /** Lets nobody wait for the thread, since the disk hangs, or again. */
    void setHanging(boolean hanging);

    /** Gives memory back that others share, as the disk hangs. */
    void freeMemory();
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(WriterLane.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Map<Object, WriterLane> LANES = new ConcurrentHashMap<>();
  /** Those with open tasks; two of one device, if one comes to its end while another writer is opened. */
  private static final Set<WriterLane> ACTIVE = ConcurrentHashMap.newKeySet();

  private final Object device;
  private final Object lock = new Object();
  // guarded by lock
  private final List<Task> open = new ArrayList<>();
  // written under lock; read without it only to wake a thread that may have ended meanwhile
  private volatile @Nullable LaneThread thread;

  private final WriterWatch.Patience patience = new WriterWatch.Patience();
  private final Object hangLock = new Object();
  private volatile @Nullable Task running;
  // written under hangLock
  private volatile boolean hanging;

  private WriterLane(Object device) {
    this.device = device;
  }

  /** Returns the lane of a device. */
  static WriterLane of(Object device) {
    return LANES.computeIfAbsent(device, WriterLane::new);
  }

  /** Returns the lane of the same device for large files. */
  WriterLane forFiles() {
    return of(List.of(device, "files"));
  }

  /** Returns the lanes that have open tasks. */
  static List<WriterLane> all() {
    return List.copyOf(ACTIVE);
  }

  void register(Task task) {
    synchronized (lock) {
      open.add(task);
      ACTIVE.add(this);
    }
    synchronized (hangLock) {
      if (hanging) {
        task.setHanging(true);
      }
    }
    WriterWatch.hookIn();
    wake();
  }

  List<Task> openTasks() {
    synchronized (lock) {
      return List.copyOf(open);
    }
  }

  private boolean hasOpenTasks() {
    synchronized (lock) {
      return !open.isEmpty();
    }
  }

  /** Wakes the thread, or starts it if there is none: it may have been impossible before. */
  void wake() {
    LaneThread current = thread;
    if (current == null) {
      start();
    } else if (!current.woken) {
      current.woken = true;
      LockSupport.unpark(current);
    }
  }

  private void start() {
    synchronized (lock) {
      if (thread == null && !open.isEmpty()) {
        try {
          LaneThread started = new LaneThread();
          started.start();
          thread = started;
        } catch (OutOfMemoryError noThread) {
          // whoever waits for the thread wakes it again and again
        }
      }
    }
  }

  /** Returns whether the thread has come to an end: there is nothing more to do. */
  private boolean endsNow() {
    synchronized (lock) {
      if (!open.isEmpty()) {
        return false;
      }
      thread = null;
      LANES.remove(device, this);
      ACTIVE.remove(this);
      return true;
    }
  }

  /** Runs all tasks, and returns the nano time at which the first of them wants to be run again. */
  private long runTasks() {
    long now = System.nanoTime();
    long next = now + TimeUnit.MINUTES.toNanos(1);
    for (Task task : openTasks()) {
      long due = now + RETRY_NANOS;
      running = task;
      try {
        due = run(task, now);
      } finally {
        running = null;
        if (hanging) {
          answers(task);
        }
      }
      if (due == Task.FINISHED) {
        synchronized (lock) {
          open.remove(task);
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

  /** Called by the watch from time to time: looks whether the thread hangs. */
  void look() {
    Task task = running;
    long call = task == null ? 0 : task.diskCalls();
    if (task == null || !patience.isOver(task, call) || hanging) {
      return;
    }
    synchronized (hangLock) {
      setHanging(true);
      // the thread, when it comes back, first says so and then looks whether it was taken for hanging
      if (running != task || task.diskCalls() != call) {
        setHanging(false);
        return;
      }
    }
    patience.log(task, openTasks().size() - 1);
    openTasks().forEach(Task::freeMemory);
  }

  private void answers(Task task) {
    synchronized (hangLock) {
      setHanging(false);
    }
    if (patience.endsLogged()) {
      LOGGER.warn("{} answers again.", task);
    }
  }

  /** Takes no memory: there may be none when the disk answers. */
  private void setHanging(boolean hangs) {
    hanging = hangs;
    synchronized (lock) {
      for (int i = 0; i < open.size(); i++) {
        open.get(i).setHanging(hangs);
      }
    }
  }

  /** The thread of the lane, which takes nothing from the thread that starts it. */
  private final class LaneThread extends Thread {

    /** Survives what else the thread may wait for within a task, which takes the permit of an unpark. */
    private volatile boolean woken;

    LaneThread() {
      super(null, null, "tensorboard4j-writer", 0, false);
      setDaemon(true);
      setContextClassLoader(null);
    }

    /** Does nothing: an interrupt, as whoever clears up a thread group sends it, would close the channels of all files. */
    @Override
    public void interrupt() {}

    @Override
    public void run() {
      do {
        woken = false;
        long next = System.nanoTime() + RETRY_NANOS;
        try {
          next = runTasks();
          WriterWatch.ensureRunning();
        } catch (Throwable e) {
          // there may be no memory, not even to log it: what waits is tried again
        }
        if (!woken && hasOpenTasks()) {
          LockSupport.parkNanos(this, next - System.nanoTime());
        }
      } while (!endsNow());
      WriterWatch.hookOutIfDone();
    }
  }
}
