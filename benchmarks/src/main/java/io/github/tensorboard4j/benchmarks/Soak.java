package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.events.EventFileReader;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Adds very many scalars and histograms from several threads to one writer, watches the memory, and finds every value again.
 */
public final class Soak {

  private static final int THREADS = 8;
  private static final int TENSOR = 1_000;
  private static final int MEBIBYTE = 1 << 20;

  private final long scalars;
  private final long histograms;
  private final long[] lastScalar = new long[THREADS];
  private final long[] lastHistogram = new long[THREADS];

  private Soak(long scalars, long histograms) {
    this.scalars = scalars / THREADS;
    this.histograms = histograms / THREADS;
  }

  /**
   * Runs the soak.
   *
   * @param args the number of scalars and of histograms: 100,000,000 and 100,000 if not given
   * @throws IOException if the file can't be read
   * @throws InterruptedException if it is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    long scalars = args.length > 0 ? Long.parseLong(args[0]) : 100_000_000;
    long histograms = args.length > 1 ? Long.parseLong(args[1]) : 100_000;
    Path directory = Files.createTempDirectory("tensorboard4j-soak");
    Soak soak = new Soak(scalars, histograms);
    soak.write(directory);
    soak.read(directory);
  }

  private void write(Path directory) throws InterruptedException {
    long start = System.nanoTime();
    try (SummaryWriter writer = SummaryWriter.open(directory)) {
      CountDownLatch running = new CountDownLatch(THREADS);
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        new Thread(() -> {
          add(writer, thread);
          running.countDown();
        }).start();
      }
      while (!running.await(10, TimeUnit.SECONDS)) {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        System.out.printf("%4d s: %d MiB of the heap and %d MiB of direct memory in use%n",
            (System.nanoTime() - start) / 1_000_000_000, heap / MEBIBYTE, direct / MEBIBYTE);
      }
    }
    System.out.printf("written in %.0f s%n", (System.nanoTime() - start) / 1e9);
  }

  private void add(SummaryWriter writer, int thread) {
    String scalar = "scalar" + thread;
    String histogram = "histogram" + thread;
    float[] tensor = new float[TENSOR];
    long perHistogram = scalars / Math.max(1, histograms);
    for (long step = 1; step <= scalars; step++) {
      writer.addScalar(scalar, value(step), step);
      if (step % perHistogram == 0 && step / perHistogram <= histograms) {
        tensor[0] = step / perHistogram;
        writer.addHistogram(histogram, FloatBuffer.wrap(tensor), step / perHistogram);
      }
    }
  }

  private static float value(long step) {
    return Float.intBitsToFloat((int) (step * 0x9E3779B9L) & 0x7f7fffff);
  }

  private void read(Path directory) throws IOException {
    long start = System.nanoTime();
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.forEach(files::add);
    }
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
      try (EventFileReader reader = EventFileReader.open(file)) {
        while (reader.hasNext()) {
          Event event = reader.next();
          event.values().forEach(value -> check(event.step(), value));
        }
        require(reader.tornBytes() == 0, "the file is torn");
      }
      Files.delete(file);
    }
    Files.delete(directory);
    for (int thread = 0; thread < THREADS; thread++) {
      require(lastScalar[thread] == scalars, "scalars end at " + lastScalar[thread]);
      require(lastHistogram[thread] == histograms, "histograms end at " + lastHistogram[thread]);
    }
    System.out.printf("%,d scalars and %,d histograms, %,d bytes, found again in %.0f s%n",
        THREADS * scalars, THREADS * histograms, bytes, (System.nanoTime() - start) / 1e9);
  }

  private void check(long step, Event.Value value) {
    int thread = value.tag().charAt(value.tag().length() - 1) - '0';
    long[] last = value.hasScalar() ? lastScalar : lastHistogram;
    require(step == last[thread] + 1, value.tag() + " has step " + step + " behind " + last[thread]);
    last[thread] = step;
    if (value.hasScalar()) {
      require(value.scalar() == value(step), value.tag() + " has " + value.scalar() + " at step " + step);
    } else {
      double max = value.tensorContent().getDouble(value.tensorContent().limit() - 2 * Double.BYTES);
      require(max == step, value.tag() + " goes to " + max + " at step " + step);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException(message);
    }
  }
}
