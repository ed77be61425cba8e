package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Rectangle;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionMatrixTest {

  private static final Color LINE = new Color(0xd9d9d9);

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
    return color(pixels, x, y);
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

  @Test
  void shouldWriteTheCountsIntoTheCellsAndTheNamesBesideThem() {
    Pixels pixels = ConfusionMatrix.of(new int[][] {{8, 1}, {0, 8}}, List.of("no", "on")).toPicture().pixels();
    int cell = 90;
    int left = pixels.width() - 12 - 2 * cell;
    int top = pixels.height() - 12 - 2 * cell;

    assertCentred("examples and accuracy", pixels, new Rectangle(0, 12, pixels.width(), 26));
    assertCentred("predicted", pixels, new Rectangle(left, 38, 2 * cell, 26));
    assertCentred("true", pixels, new Rectangle(12, top, 26, 2 * cell));
    for (int row = 0; row < 2; row++) {
      int y = top + row * cell;
      assertCentred("name of a row", pixels, new Rectangle(left - 30, y, 30, cell));
      assertCentred("name of a column", pixels, new Rectangle(left + row * cell, top - 20, cell, 20));
      for (int column = 0; column < 2; column++) {
        int x = left + column * cell;
        assertCentred("count", pixels, new Rectangle(x + 2, y + 2, cell - 4, cell - 4));
        assertThat(color(pixels, x, y + 5)).as("line on the left").isEqualTo(LINE);
        assertThat(color(pixels, x + 5, y)).as("line above").isEqualTo(LINE);
      }
    }
    assertThat(color(pixels, left + 2 * cell, top + 5)).as("line on the right").isEqualTo(LINE);
    assertThat(color(pixels, left + 5, top + 2 * cell)).as("line below").isEqualTo(LINE);
  }

  @Test
  void shouldWriteCountsInAColorThatCanBeReadOnTheirCells() {
    Pixels pixels = ConfusionMatrix.of(new int[][] {{8, 1}, {0, 8}}, List.of("no", "on")).toPicture().pixels();

    assertThat(grays(pixels, 0, 0).max().orElseThrow()).as("on strong colour").isGreaterThan(230);
    assertThat(grays(pixels, 0, 1).min().orElseThrow()).as("on weak colour").isLessThan(40);
    assertThat(grays(pixels, 1, 0).min().orElseThrow()).as("zero").isBetween(0xb0, 0xd0);
  }

  /** Returns how bright the pixels of a cell are whose sides are 90 pixels long. */
  private static IntStream grays(Pixels pixels, int row, int column) {
    int left = pixels.width() - 12 - (2 - column) * 90;
    int top = pixels.height() - 12 - (2 - row) * 90;
    return IntStream.range(0, 80 * 80).mapToObj(i -> color(pixels, left + 5 + i % 80, top + 5 + i / 80))
        .mapToInt(color -> (color.getRed() + color.getGreen() + color.getBlue()) / 3);
  }

  @Test
  void shouldWriteNamesUprightThatAreLongerThanTheirCells() {
    Pixels pixels = ConfusionMatrix.of(new int[20][20], Collections.nCopies(20, "ten letters")).toPicture().pixels();
    int cell = 23;
    int left = pixels.width() - 12 - 20 * cell;
    int top = pixels.height() - 12 - 20 * cell;

    for (int column = 0; column < 20; column++) {
      Rectangle name = ink(pixels, new Rectangle(left + column * cell, 64, cell, top - 64));
      assertThat(name.height).as("name of column " + column).isGreaterThan(2 * name.width);
      assertThat(name.getCenterX()).isCloseTo(left + (column + 0.5) * cell, within(5.0));
      assertThat(name.getMaxY()).isCloseTo(top - 6, within(3.0));
    }
  }

  @Test
  void shouldCutNamesThatAreLongerThanTheMargin() {
    Pixels pixels = ConfusionMatrix.of(new int[2][2], Collections.nCopies(2, "W".repeat(200))).toPicture().pixels();

    assertThat(pixels.width()).isEqualTo(12 + 26 + 120 + 2 * 90 + 12);
    Rectangle name = ink(pixels, new Rectangle(38, 190, 120, 80));
    assertThat(name.getMinX()).isBetween(39.0, 60.0);
    assertThat(name.getMaxX()).isLessThan(12 + 26 + 120 - 3);
  }

  private static void assertCentred(String what, Pixels pixels, Rectangle area) {
    Rectangle ink = ink(pixels, area);
    assertThat(ink.isEmpty()).as(what + " is written").isFalse();
    assertThat(ink.getCenterX()).as(what).isCloseTo(area.getCenterX(), within(5.0));
    assertThat(ink.getCenterY()).as(what).isCloseTo(area.getCenterY(), within(5.0));
  }

  /** Returns the part of an area whose pixels are unlike the first. */
  private static Rectangle ink(Pixels pixels, Rectangle area) {
    Color ground = color(pixels, area.x, area.y);
    Rectangle ink = new Rectangle(0, 0, -1, -1);
    for (int y = area.y; y < area.y + area.height; y++) {
      for (int x = area.x; x < area.x + area.width; x++) {
        if (!color(pixels, x, y).equals(ground)) {
          ink.add(new Rectangle(x, y, 1, 1));
        }
      }
    }
    return ink;
  }

  private static Color color(Pixels pixels, int x, int y) {
    int start = (y * pixels.width() + x) * 3;
    byte[] samples = pixels.samples();
    return new Color(samples[start] & 0xff, samples[start + 1] & 0xff, samples[start + 2] & 0xff);
  }
}
