package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.Python;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The counts against those of numpy, element for element and bit for bit. */
class HistogramNumpyIT {

  private static final String NUMPY = """
      import sys, numpy
      path, dtype, buckets = sys.argv[1], sys.argv[2], int(sys.argv[3])
      if dtype == 'bfloat16':
          x = (numpy.fromfile(path, dtype='<u2').astype('<u4') << 16).view('<f4')
      else:
          x = numpy.fromfile(path, dtype=dtype)
      x = x.astype(numpy.float64)
      x = x[numpy.isfinite(x)]
      counts, edges = numpy.histogram(x, bins=buckets)
      print(' '.join(str(c) for c in counts))
      print(' '.join(e.hex() for e in edges))
      """;

  @TempDir
  private Path directory;

  @Test
  void shouldCountFloatsAsNumpyDoes() throws IOException {
    Random random = new Random(7);
    List<IntToDoubleFunction> distributions = List.of(
        i -> random.nextGaussian(),
        i -> Math.max(0, random.nextGaussian()),
        i -> random.nextInt(11) / 10.0,
        i -> Math.exp(20 * random.nextGaussian()),
        i -> 1e6 + random.nextInt(3),
        i -> Float.intBitsToFloat(random.nextInt()),
        i -> i % 31);
    for (IntToDoubleFunction distribution : distributions) {
      for (int buckets : new int[] {1, 7, 30, 100}) {
        ByteBuffer bytes = littleEndian(100_003 * Float.BYTES);
        for (int i = 0; i < 100_003; i++) {
          bytes.putFloat((float) distribution.applyAsDouble(i));
        }
        compare(bytes.flip(), "<f4", buckets, b -> TensorValues.of(b.asFloatBuffer()));
      }
    }
  }

  @Test
  void shouldCountDoublesAsNumpyDoes() throws IOException {
    Random random = new Random(8);
    ByteBuffer bytes = littleEndian(50_000 * Double.BYTES);
    for (int i = 0; i < 50_000; i++) {
      bytes.putDouble(random.nextInt(1000) * 0.1);
    }
    compare(bytes.flip(), "<f8", 30, b -> TensorValues.of(b.asDoubleBuffer()));
  }

  @Test
  void shouldReadEveryHalfAsNumpyDoes() throws IOException {
    compare(everyShort(), "<f2", 1000, b -> TensorValues.ofHalf(b.asShortBuffer()));
  }

  @Test
  void shouldReadEveryBfloat16AsNumpyDoes() throws IOException {
    compare(everyShort(), "bfloat16", 1000, b -> TensorValues.ofBfloat16(b.asShortBuffer()));
  }

  @Test
  void shouldCountMoreElementsThanABufferHolds() {
    ByteBuffer slice = ByteBuffer.allocate(1 << 28).order(ByteOrder.nativeOrder());
    for (int i = 0; i < slice.capacity() / Float.BYTES; i++) {
      slice.putFloat(i * Float.BYTES, i & 3);
    }
    long all = 33L << 26;
    Histogram histogram = new Histogram(4);
    histogram.count(TensorValues.of(
        DType.FLOAT, all, (offset, length) -> slice.slice(0, length * Float.BYTES), slice.capacity()));

    assertThat(all).isGreaterThan(Integer.MAX_VALUE);
    assertThat(histogram.finiteCount()).isEqualTo(all);
    for (int bucket = 0; bucket < 4; bucket++) {
      assertThat(histogram.count(bucket)).isEqualTo(all / 4);
    }
  }

  private void compare(ByteBuffer bytes, String dtype, int buckets, Function<ByteBuffer, TensorValues> view)
      throws IOException {
    Path file = directory.resolve("values");
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(0, copy);
    Files.write(file, copy);
    String[] lines = Python.run(NUMPY, file, dtype, buckets).strip().split("\n");

    Histogram histogram = new Histogram(buckets);
    histogram.count(view.apply(bytes));
    List<String> counts = new ArrayList<>();
    List<Double> edges = new ArrayList<>();
    for (int i = 0; i < histogram.bucketCount(); i++) {
      counts.add(Long.toString(histogram.count(i)));
      edges.add(histogram.left(i));
    }
    edges.add(histogram.right(histogram.bucketCount() - 1));
    assertThat(counts).containsExactly(lines[0].split(" "));
    assertThat(edges).containsExactlyElementsOf(
        java.util.Arrays.stream(lines[1].split(" ")).map(Double::parseDouble).toList());
  }

  private static ByteBuffer everyShort() {
    ByteBuffer bytes = littleEndian(Short.BYTES << 16);
    for (int i = 0; i < 1 << 16; i++) {
      bytes.putShort((short) i);
    }
    return bytes.flip();
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
