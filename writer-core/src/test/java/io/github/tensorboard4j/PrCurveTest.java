package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrCurveTest {

  private static final double[] THREE = {0, 0.5, 1};

  @Test
  void shouldMakeACurveOfEachClassInTheOrderOfTheNames() {
    float[][] scores = {{0.7f, 0.2f, 0.1f}, {0.3f, 0.6f, 0.1f}, {0.1f, 0.3f, 0.6f}};

    Map<String, PrCurve> curves = PrCurve.ofClasses(new int[] {0, 1, 1}, scores, List.of("cat", "dog", "bird"));

    assertThat(curves.keySet()).containsExactly("cat", "dog", "bird");
    assertThat(curves.get("dog").tensor().content())
        .isEqualTo(PrCurve.of(new int[] {0, 1, 1}, new float[] {0.2f, 0.6f, 0.3f}).tensor().content());
  }

  @Test
  void shouldRefuseLabelsAndScoresThatAreNone() {
    assertThatThrownBy(() -> PrCurve.of(new int[] {0, 1, 2}, new float[3])).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label 2").hasMessageContaining("which is 2");
    assertThatThrownBy(() -> PrCurve.of(new int[2], new float[] {0, 1.01f})).hasMessageContaining("score 1")
        .hasMessageContaining("1.01");
    assertThatThrownBy(() -> PrCurve.of(new int[2], new float[] {0, Float.NaN})).hasMessageContaining("NaN");
    assertThatThrownBy(() -> PrCurve.of(new int[2], new float[] {-0.1f, 0})).hasMessageContaining("score 0");
    assertThatThrownBy(() -> PrCurve.of(new boolean[3], new float[2])).hasMessageContaining("3 scores")
        .hasMessageContaining("not 2");
    assertThatThrownBy(() -> PrCurve.of(new boolean[0], new float[0])).hasMessageContaining("none");
    PrCurve.Builder builder = PrCurve.builder(new boolean[2], new float[2]);
    assertThatThrownBy(() -> builder.weights(new float[1])).hasMessageContaining("2 weights");
    assertThatThrownBy(() -> builder.weights(new float[] {1, -1})).hasMessageContaining("weight 1");
    assertThatThrownBy(() -> builder.thresholds(1)).hasMessageContaining("not 1");
  }

  @Test
  void shouldRefuseClassesThatHaveNoNameOrScore() {
    List<String> names = List.of("cat", "dog");
    assertThatThrownBy(() -> PrCurve.ofClasses(new int[] {2}, new float[1][2], names))
        .hasMessageContaining("from 0 to 1").hasMessageContaining("example 0, which is 2");
    assertThatThrownBy(() -> PrCurve.ofClasses(new int[] {1, 0}, new float[][] {{0, 0}, {0}}, names))
        .hasMessageContaining("2 scores").hasMessageContaining("example 1 has 1");
    assertThatThrownBy(() -> PrCurve.ofClasses(new int[] {1}, new float[2][2], names))
        .hasMessageContaining("1 rows of scores, not 2");
    assertThatThrownBy(() -> PrCurve.ofClasses(new int[] {1}, new float[1][2], List.of("cat", "cat")))
        .hasMessageContaining("[cat, cat]");
  }

  @Test
  void shouldRefuseCountsThatCannotBe() {
    assertThatThrownBy(() -> PrCurve.ofCounts(THREE, THREE, new double[2], THREE, THREE, THREE))
        .hasMessageContaining("3 values of true negatives, not 2");
    assertThatThrownBy(() -> PrCurve.ofCounts(new double[] {0, -1, 0}, THREE, THREE, THREE, THREE, THREE))
        .hasMessageContaining("true positives at threshold 1").hasMessageContaining("-1");
    assertThatThrownBy(() -> PrCurve.ofCounts(THREE, new double[] {-1, 0, 0}, THREE, THREE, THREE, THREE))
        .hasMessageContaining("false positives at threshold 0");
    assertThatThrownBy(() -> PrCurve.ofCounts(THREE, THREE, THREE, new double[] {-1, 0, 0}, THREE, THREE))
        .hasMessageContaining("false negatives at threshold 0");
    assertThatThrownBy(() -> PrCurve.ofCounts(THREE, THREE, THREE, THREE, new double[] {0, 0, 1.5}, THREE))
        .hasMessageContaining("precision at threshold 2");
    assertThatThrownBy(() -> PrCurve.ofCounts(THREE, THREE, THREE, THREE, THREE, new double[] {Double.NaN, 0, 0}))
        .hasMessageContaining("recall at threshold 0").hasMessageContaining("NaN");
  }

  @Test
  void shouldBeOfHistogramsWhatItIsOfTheirScores() {
    PrCurve counted = PrCurve.ofHistograms(new double[] {0, 1, 0, 1, 0}, new double[] {1, 0, 1, 0, 0});
    PrCurve expected =
        PrCurve.builder(new int[] {0, 1, 1, 0}, new float[] {0.1f, 0.4f, 0.9f, 0.6f}).thresholds(5).build();

    assertThat(counted.tensor().content()).isEqualTo(expected.tensor().content());
    assertThat(counted.metadata()).isEqualTo(expected.metadata());
  }

  @Test
  void shouldRefuseHistogramsThatCannotBe() {
    assertThatThrownBy(() -> PrCurve.ofHistograms(new double[1], new double[1])).hasMessageContaining("not 1");
    assertThatThrownBy(() -> PrCurve.ofHistograms(THREE, new double[2])).hasMessageContaining("3 counts of others, not 2");
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> PrCurve.ofHistograms(THREE, new double[] {0, wrong, 0}))
          .hasMessageContaining("at threshold 1").hasMessageContaining(String.valueOf(wrong));
    }
  }

  @Test
  void shouldSumUpTheWeightsOfWhatReachesEachThreshold() {
    PrCurve curve = PrCurve.builder(new int[] {0, 1, 1, 0}, new float[] {0.1f, 0.4f, 1, 0.6f}).thresholds(3)
        .weights(new float[] {1, 2, 3, 4}).build();

    assertThat(floats(curve)).containsExactly(
        5, 3, 3, /* true positives */
        5, 4, 0, /* false positives */
        0, 1, 5, /* true negatives */
        0, 2, 2, /* false negatives */
        0.5f, 3 / 7f, 1, /* precision */
        1, 0.6f, 0.6f /* recall */);
    assertThat(curve.tensor().shape()).containsExactly(6, 3);
    assertThat(curve.metadata()).containsExactly(2 << 3, 3);
  }

  @Test
  void shouldHavePrecisionAndRecallOfZeroWhereNothingIsFound() {
    float[] none = floats(PrCurve.builder(new int[] {0, 0}, new float[] {0, 0.5f}).thresholds(3).build());

    assertThat(none).endsWith(0, 0, 0, 0, 0, 0).doesNotContain(Float.NaN);
  }

  @Test
  void shouldKeepCountsInTheirOrder() {
    PrCurve curve = PrCurve.ofCounts(new double[] {9, 8}, new double[] {7, 6}, new double[] {5, 4}, new double[] {3, 2},
        new double[] {1, 0.5}, new double[] {0.25, 0});

    assertThat(floats(curve)).containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1, 0.5f, 0.25f, 0);
  }

  @Test
  void shouldTakeAsManyThresholdsAsThereMayBe() {
    PrCurve.Builder builder = PrCurve.builder(new boolean[] {true, false}, new float[] {1, 0});

    assertThat(builder.thresholds(2).build().tensor().shape()).containsExactly(6, 2);
    assertThat(builder.thresholds(10_000).weights(new float[] {0, 1}).build().tensor().shape()).containsExactly(6, 10_000);
    assertThatThrownBy(() -> builder.thresholds(10_001)).hasMessageContaining("not 10001");
    assertThatThrownBy(() -> builder.weights(new float[] {1, Float.POSITIVE_INFINITY})).hasMessageContaining("weight 1");
  }

  private static float[] floats(PrCurve curve) {
    float[] floats = new float[curve.tensor().content().remaining() / Float.BYTES];
    curve.tensor().content().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
