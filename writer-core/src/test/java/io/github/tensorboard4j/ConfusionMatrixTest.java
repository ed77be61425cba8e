package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionMatrixTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 50, 100, 101, 1000})
  void shouldHaveASizeThatTensorBoardShows(int classes) {
    Picture picture = ConfusionMatrix.of(new int[classes][classes], names(classes)).toPicture();

    assertThat(picture.width()).isBetween(250, Picture.LONGEST_SIDE);
    assertThat(picture.pixels().samples()).hasSize(picture.width() * picture.height() * 3);
  }

  @Test
  void shouldShowWhatIsRightInBlueAndWhatIsWrongInRedRowByRow() {
    long[][] counts = {{1_000_000, 0}, {10, 30}};
    Pixels pixels = ConfusionMatrix.of(counts, List.of("no", "yes")).toPicture().pixels();
    int cell = (pixels.height() - 120) / 2;

    Color all = corner(pixels, cell, 0, 0);
    Color none = corner(pixels, cell, 0, 1);
    Color some = corner(pixels, cell, 1, 0);
    Color most = corner(pixels, cell, 1, 1);
    assertThat(all.getBlue()).isGreaterThan(all.getRed());
    assertThat(most.getBlue()).isGreaterThan(most.getRed());
    assertThat(most.getRed()).isGreaterThan(all.getRed());
    assertThat(some.getRed()).isGreaterThan(some.getBlue());
    assertThat(none.getRed()).isEqualTo(none.getBlue()).isGreaterThan(240);
  }

  /** Returns the colour at the upper left of a cell, where no count stands. */
  private static Color corner(Pixels pixels, int cell, int row, int column) {
    int x = pixels.width() - 12 - (2 - column) * cell + 3;
    int y = pixels.height() - 12 - (2 - row) * cell + 3;
    int start = (y * pixels.width() + x) * 3;
    byte[] samples = pixels.samples();
    return new Color(samples[start] & 0xff, samples[start + 1] & 0xff, samples[start + 2] & 0xff);
  }

  @Test
  void shouldKeepTheCountsThatItWasMadeOf() {
    int[][] counts = {{1, 2}, {3, 4}};
    ConfusionMatrix matrix = ConfusionMatrix.of(counts, List.of("a", "b"));
    counts[0][1] = 9;

    assertThat(matrix.count(0, 1)).isEqualTo(2);
    assertThat(matrix.count(1, 0)).isEqualTo(3);
    assertThat(matrix.sum()).isEqualTo(10);
    assertThat(matrix.correct()).isEqualTo(5);
  }

  @Test
  void shouldRefuseWhatIsNoMatrix() {
    assertRefused("not 0", () -> ConfusionMatrix.of(new long[0][0], List.of()));
    assertRefused("not 1001", () -> ConfusionMatrix.of(new int[1001][1001], names(1001)));
    assertRefused("3 rows needs as many names, not 2", () -> ConfusionMatrix.of(new long[3][3], names(2)));
    assertRefused("row 0 of 2 has 3", () -> ConfusionMatrix.of(new long[2][3], names(2)));
    assertRefused("more than " + Long.MAX_VALUE,
        () -> ConfusionMatrix.of(new long[][] {{Long.MAX_VALUE, 0}, {0, 1}}, names(2)));
    assertRefused("row 1 has -1", () -> ConfusionMatrix.of(new int[][] {{1, 1}, {-1, 1}}, names(2)));
    assertThatThrownBy(() -> ConfusionMatrix.of(new long[][] {{1, 1}, null}, names(2)))
        .isInstanceOf(NullPointerException.class).hasMessageContaining("row");
    assertThatThrownBy(() -> ConfusionMatrix.of(new long[1][1], Collections.singletonList(null)))
        .isInstanceOf(NullPointerException.class);
  }

  private static void assertRefused(String part, ThrowingCallable use) {
    assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(part);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }
}
