package io.github.tensorboard4j.djl;

import org.jspecify.annotations.Nullable;

/**
 * The hooks that wait for the next update of an optimizer, in the order in which they were set: several listeners of a training
 * have one each. Each knows the next one, so that nothing is allocated. Thread-safe.
 */
final class UpdateHooks {

  private final Object lock = new Object();

  // guarded by lock, but for a look at whether there is any
  private volatile @Nullable UpdateHook first;

  /** Adds a hook behind the others, once. */
  void add(UpdateHook hook) {
    synchronized (lock) {
      remove(hook);
      UpdateHook last = first;
      if (last == null) {
        first = hook;
        return;
      }
      while (last.next != null) {
        last = last.next;
      }
      last.next = hook;
    }
  }

  /** Takes a hook away; returns whether it was there, so that there was no update since it was added. */
  boolean remove(UpdateHook hook) {
    synchronized (lock) {
      UpdateHook before = null;
      UpdateHook at = first;
      while (at != null && at != hook) {
        before = at;
        at = at.next;
      }
      if (at == null) {
        return false;
      }
      if (before == null) {
        first = at.next;
      } else {
        before.next = at.next;
      }
      at.next = null;
      return true;
    }
  }

  /** Runs each hook once. Each is taken away before; if it throws, those behind it stay, for the next update or their owner. */
  void run() {
    for (UpdateHook hook = removeFirst(); hook != null; hook = removeFirst()) {
      hook.run();
    }
  }

  private @Nullable UpdateHook removeFirst() {
    if (first == null) {
      return null;
    }
    synchronized (lock) {
      UpdateHook hook = first;
      if (hook != null) {
        remove(hook);
      }
      return hook;
    }
  }
}
