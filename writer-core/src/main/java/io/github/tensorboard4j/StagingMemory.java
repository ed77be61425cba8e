package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory, shared by all writers, in which tensors wait for the writer thread. It grows block by block to a bound and
 * keeps its blocks, since fresh memory costs ten times the copy.
 */
final class StagingMemory {

  static final int BLOCK = 256 << 10;
  private static final int BLOCKS = 256;
  private static final StagingMemory SHARED = new StagingMemory(BLOCKS);

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
}
