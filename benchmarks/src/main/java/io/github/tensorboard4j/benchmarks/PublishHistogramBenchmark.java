package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.SummaryWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a histogram takes on the training thread, which copies large tensors and leaves the counting to the writer thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PublishHistogramBenchmark {

  /** The tensor's number of elements. */
  @Param({"100", "4096", "78400", "1048576", "20000000", "100000000"})
  public int size;

  private SummaryWriter writer;
  private FloatBuffer tensor;
  private long step;

  /**
   * Opens a writer and fills the tensor.
   *
   * @throws IOException if there is no directory for temporary files
   */
  @Setup
  public void open() throws IOException {
    Path directory = Files.createTempDirectory("tensorboard4j");
    writer = SummaryWriter.open(directory);
    tensor = ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES)).order(ByteOrder.nativeOrder()).asFloatBuffer();
    Random random = new Random(1);
    for (int i = 0; i < size; i++) {
      tensor.put(i, (float) random.nextGaussian());
    }
  }

  /** Closes the writer. */
  @TearDown
  public void close() {
    writer.close();
  }

  /** Waits until the writer thread has counted, as it does in the time of an iteration. */
  @TearDown(Level.Invocation)
  public void flush() {
    writer.flush();
  }

  /** Publishes the tensor. */
  @Benchmark
  public void addHistogram() {
    writer.addHistogram("weights", tensor, ++step);
  }
}
