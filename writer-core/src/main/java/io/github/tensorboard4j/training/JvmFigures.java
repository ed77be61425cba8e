package io.github.tensorboard4j.training;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.function.ObjDoubleConsumer;

/**
 * What this JVM takes: memory in MiB, the milliseconds of garbage collection since the sample before, and its share of the
 * machine's processors in percent. Not thread-safe.
 */
final class JvmFigures implements SystemSampler {

  private static final double MIB = 1 << 20;

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private long collectionMillis = collectionMillis();

  @Override
  public void sample(ObjDoubleConsumer<String> figures) {
    figures.accept("heap_mib", memory.getHeapMemoryUsage().getUsed() / MIB);
    figures.accept("non_heap_mib", memory.getNonHeapMemoryUsage().getUsed() / MIB);
    long millis = collectionMillis();
    figures.accept("gc_ms", millis - collectionMillis);
    collectionMillis = millis;
    // of the JDK's own JVMs
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      double load = system.getProcessCpuLoad();
      // it isn't known at first
      if (load >= 0) {
        figures.accept("cpu_percent", 100 * load);
      }
    }
  }

  private static long collectionMillis() {
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      millis += Math.max(0, collector.getCollectionTime());
    }
    return millis;
  }
}
