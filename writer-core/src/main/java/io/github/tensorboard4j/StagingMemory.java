package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory, shared by all writers, in which tensors wait for the writer thread. It grows block by block to a bound and
 * keeps its blocks, since fresh memory costs ten times the copy; what is beyond a lower bound, until no writer is open. A model
 * is recorded parameter after parameter, faster than they are counted, so the bound is to hold all of them where it can.
 */
final class StagingMemory {

  static final int BLOCK = 256 << 10;
  private static final int BLOCKS_FOR_GOOD = (64 << 20) / BLOCK;
  private static final int MOST_BLOCKS = (1 << 30) / BLOCK;
  private static final int PART_OF_HEAP = 8;
  private static final StagingMemory SHARED = new StagingMemory(sharedBound());

  // guarded by this
  private int bound;
  private final List<ByteBuffer> free = new ArrayList<>();
  private int allocated;

  StagingMemory(int bound) {
    this.bound = bound;
  }

  static StagingMemory shared() {
    return SHARED;
  }

  private static int sharedBound() {
    long part = Runtime.getRuntime().maxMemory() / PART_OF_HEAP / BLOCK;
    return (int) Math.max(BLOCKS_FOR_GOOD, Math.min(part, MOST_BLOCKS));
  }

  /** Returns so many blocks, or null if that many are not to be had now. */
  synchronized @Nullable List<ByteBuffer> acquire(int count) {
    if (count > free.size() + bound - allocated) {
      return null;
    }
    try {
      while (free.size() < count) {
        free.add(ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.nativeOrder()));
        allocated++;
      }
    } catch (OutOfMemoryError noDirectMemory) {
      // the JVM has collected garbage and slept before it said so: once is enough
      bound = allocated;
      return null;
    }
    List<ByteBuffer> last = free.subList(free.size() - count, free.size());
    List<ByteBuffer> blocks = List.copyOf(last);
    last.clear();
    return blocks;
  }

  synchronized void release(List<ByteBuffer> blocks) {
    free.addAll(blocks);
  }

  /** Leaves blocks beyond the lower bound to the garbage collector. */
  void trim() {
    trim(BLOCKS_FOR_GOOD);
  }

  synchronized void trim(int kept) {
    while (allocated > kept && !free.isEmpty()) {
      free.remove(free.size() - 1);
      allocated--;
    }
  }
}
