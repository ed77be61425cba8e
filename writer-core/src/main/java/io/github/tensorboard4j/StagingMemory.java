package io.github.tensorboard4j;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory, shared by all writers, in which tensors wait for the writer thread. It grows block by block to a bound and
 * keeps its blocks, since fresh memory costs ten times the copy; what is beyond a lower bound, until no writer is open. A model
 * is recorded parameter after parameter, faster than they are counted, so the bound is to hold all of them where it can.
 *
 * <p>Pictures wait on the heap, where they are already: of that memory it only keeps account.
 */
final class StagingMemory {

  static final int BLOCK = 256 << 10;
  private static final int BLOCKS_FOR_GOOD = (64 << 20) / BLOCK;
  private static final int MOST_BLOCKS = (1 << 30) / BLOCK;
  private static final int PART_OF_HEAP = 8;
  private static final int PART_OF_LIMIT = 4;
  private static final StagingMemory SHARED = new StagingMemory(sharedBound(), sharedHeapBound());

  private final long heapBound;

  // guarded by this
  private int bound;
  private final List<ByteBuffer> free = new ArrayList<>();
  private int allocated;
  private long reserved;

  StagingMemory(int bound) {
    this(bound, (long) bound * BLOCK);
  }

  private StagingMemory(int bound, long heapBound) {
    this.bound = bound;
    this.heapBound = heapBound;
  }

  static StagingMemory shared() {
    return SHARED;
  }

  /** A program has use for its heap and its direct memory, which unless limited may be as large: this takes a part of both. */
  private static int sharedBound() {
    long part = Math.max(BLOCKS_FOR_GOOD, Runtime.getRuntime().maxMemory() / PART_OF_HEAP / BLOCK);
    return (int) Math.min(MOST_BLOCKS, Math.min(part, directLimit() / PART_OF_LIMIT / BLOCK));
  }

  /** What waits to be compressed should wait for a second at most, and not take more of the heap than the other of its size. */
  private static long sharedHeapBound() {
    return Math.min((long) BLOCKS_FOR_GOOD * BLOCK, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }

  /** Returns how much direct memory the JVM was given by its flag, without which its heap is the limit. */
  private static long directLimit() {
    try {
      HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      long limit = jvm == null ? 0 : Long.parseLong(jvm.getVMOption("MaxDirectMemorySize").getValue());
      return limit == 0 ? Long.MAX_VALUE : limit;
    } catch (RuntimeException | LinkageError notHotSpot) {
      return Long.MAX_VALUE;
    }
  }

  /** Returns so many blocks, or null if that many are not to be had now. */
  @Nullable
  List<ByteBuffer> acquire(int count) {
    List<ByteBuffer> blocks = new ArrayList<>(count);
    synchronized (this) {
      if (count > free.size() + bound - allocated) {
        return null;
      }
      List<ByteBuffer> last = free.subList(Math.max(0, free.size() - count), free.size());
      blocks.addAll(last);
      last.clear();
      allocated += count - blocks.size();
    }
    return allocate(blocks, count);
  }

  /** Completes blocks outside of the monitor, for it takes long to fill new ones with zeros. */
  private @Nullable List<ByteBuffer> allocate(List<ByteBuffer> blocks, int count) {
    try {
      while (blocks.size() < count) {
        blocks.add(ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.nativeOrder()));
      }
      return List.copyOf(blocks);
    } catch (OutOfMemoryError noDirectMemory) {
      synchronized (this) {
        allocated -= count - blocks.size();
        free.addAll(blocks);
        // the JVM has collected garbage and slept before it said so: once is enough
        bound = Math.min(bound, allocated);
        return null;
      }
    }
  }

  synchronized void release(List<ByteBuffer> blocks) {
    free.addAll(blocks);
  }

  /** Takes account of memory on the heap that waits; returns false if so much may not wait beside what does. */
  synchronized boolean reserve(long bytes) {
    if (reserved > 0 && bytes > heapBound - reserved) {
      return false;
    }
    reserved += bytes;
    return true;
  }

  synchronized void unreserve(long bytes) {
    reserved -= bytes;
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
