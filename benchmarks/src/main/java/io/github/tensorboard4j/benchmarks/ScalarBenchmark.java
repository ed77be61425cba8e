package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.SummaryWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A scalar on the training thread: published to a file, beside the floor of copying its record and making its checksum. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ScalarBenchmark {

  private static final int RECORD = 54;

  private Path directory;
  private SummaryWriter writer;
  private long step;
  private final Instant time = Instant.ofEpochSecond(1_800_000_000);
  private final byte[] source = new byte[RECORD];
  private final ByteBuffer target = ByteBuffer.allocateDirect(RECORD * 4096);
  private final CRC32C crc = new CRC32C();

  /**
   * Opens a writer on a fresh directory.
   *
   * @throws IOException if there is no directory for temporary files
   */
  @Setup(Level.Iteration)
  public void open() throws IOException {
    directory = Files.createTempDirectory("tensorboard4j");
    writer = SummaryWriter.open(directory);
  }

  /**
   * Closes the writer and removes what it wrote.
   *
   * @throws IOException if that fails
   */
  @TearDown(Level.Iteration)
  public void close() throws IOException {
    writer.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Publishes a scalar with the time of now. */
  @Benchmark
  public void addScalar() {
    writer.addScalar("batch_loss", 0.25, ++step);
  }

  /** Publishes a scalar whose time the caller knows. */
  @Benchmark
  public void addScalarWithTime() {
    writer.addScalar("batch_loss", 0.25, ++step, time);
  }

  /**
   * Copies as many bytes and makes their checksum.
   *
   * @return the checksum
   */
  @Benchmark
  public long floor() {
    if (target.remaining() < RECORD) {
      target.clear();
    }
    target.put(source);
    crc.reset();
    crc.update(source, 0, RECORD);
    return crc.getValue();
  }
}
