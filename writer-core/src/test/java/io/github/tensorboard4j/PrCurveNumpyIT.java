package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.Python;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PR curves against numpy, which counts them by their definition: at each threshold, who is at it or above. */
class PrCurveNumpyIT {

  private static final String NUMPY = """
      import sys, numpy
      labels, scores, weights = numpy.fromfile(sys.argv[1], '<f4').reshape(3, -1)
      n = int(sys.argv[2])
      at = numpy.floor(scores * numpy.float32(n - 1))
      rows = []
      for threshold in range(n):
          found = at >= threshold
          def total(which): return numpy.sum(weights[which], dtype=numpy.float64)
          rows.append([total(found & (labels == 1)), total(found & (labels == 0)),
                       total(~found & (labels == 0)), total(~found & (labels == 1))])
      tp, fp, tn, fn = numpy.array(rows).T
      precision = tp / numpy.maximum(1e-7, tp + fp)
      recall = tp / numpy.maximum(1e-7, tp + fn)
      print(numpy.stack([tp, fp, tn, fn, precision, recall]).astype('<f4').tobytes().hex())
      """;

  @TempDir
  private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 127, 201, 1000})
  void shouldCountAsNumpyDoes(int thresholds) throws IOException {
    Random random = new Random(thresholds);
    int size = 1_003;
    boolean[] labels = new boolean[size];
    float[] scores = new float[size];
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(3) == 0;
      // some on thresholds, some at the ends
      scores[i] = i % 5 == 0 ? random.nextInt(thresholds) / (float) (thresholds - 1) : random.nextFloat();
      weights[i] = random.nextInt(9) / 4f;
    }
    scores[0] = 0;
    scores[1] = 1;

    assertThat(hex(PrCurve.builder(labels, scores).thresholds(thresholds).weights(weights).build()))
        .isEqualTo(numpy(labels, scores, weights, thresholds));
    float[] ones = new float[size];
    java.util.Arrays.fill(ones, 1);
    assertThat(hex(PrCurve.builder(labels, scores).thresholds(thresholds).build()))
        .isEqualTo(numpy(labels, scores, ones, thresholds));
  }

  @Test
  void shouldCountClassesThatAreEmptyOrFullAsNumpyDoes() throws IOException {
    float[] scores = {0.1f, 0.5f, 0.9f};
    float[] ones = {1, 1, 1};
    for (boolean label : new boolean[] {false, true}) {
      boolean[] labels = {label, label, label};
      assertThat(hex(PrCurve.of(labels, scores))).isEqualTo(numpy(labels, scores, ones, 127));
    }
  }

  private String numpy(boolean[] labels, float[] scores, float[] weights, int thresholds) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(3 * labels.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (boolean label : labels) {
      bytes.putFloat(label ? 1 : 0);
    }
    bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(scores).put(weights);
    Path file = Files.write(directory.resolve("examples"), bytes.array());
    return Python.run(NUMPY, file, thresholds).strip();
  }

  private static String hex(PrCurve curve) {
    return HexFormat.of().formatHex(curve.tensor().content().array());
  }
}
