package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A histogram of 2^20 floats in direct memory, a float: beside the floor of copying them. It is in the package of what it
 * measures, which is not public.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@OperationsPerInvocation(HistogramBenchmark.SIZE)
public class HistogramBenchmark {

  static final int SIZE = 1 << 20;

  /** What the tensor holds: weights, or activations of which half are zero. */
  @Param({"normal", "relu"})
  public String values;

  private final Histogram histogram = new Histogram(30);
  private final FloatBuffer target = direct();
  private FloatBuffer floats;
  private TensorValues tensor;

  /** Fills the tensor. */
  @Setup
  public void fill() {
    floats = direct();
    Random random = new Random(1);
    for (int i = 0; i < SIZE; i++) {
      float value = (float) random.nextGaussian();
      floats.put(i, values.equals("relu") ? Math.max(0, value) : value);
    }
    tensor = TensorValues.of(floats);
  }

  /**
   * Counts the tensor's elements.
   *
   * @return the number of those in the first bucket
   */
  @Benchmark
  public long count() {
    histogram.count(tensor);
    return histogram.count(0);
  }

  /**
   * Copies the tensor.
   *
   * @return the copy
   */
  @Benchmark
  public FloatBuffer floor() {
    return target.put(0, floats, 0, SIZE);
  }

  private static FloatBuffer direct() {
    return ByteBuffer.allocateDirect(SIZE * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
