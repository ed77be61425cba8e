package io.github.tensorboard4j;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.util.Locale;

/**
 * Draws a confusion matrix: names of the true classes on the left, of the predicted ones above, upright where they don't fit.
 *
 * <p>Its size follows from the number of classes and the lengths of their names, so that it is known without a font. It is as small as text allows, for
 * the Images page shows pictures in a width of some 350 pixels at first. Names that are longer than the margin are cut.
 */
final class ConfusionDrawing {

  private static final int CELLS = 460;
  /** What the cells of many classes have, so that their names can be read. */
  private static final int MORE_CELLS = 1_400;
  private static final int GOOD_CELL = 20;
  private static final int READABLE_CELL = 12;
  private static final int SMALLEST_CELL = 2;
  private static final int LARGEST_CELL = 90;
  /** The name of an axis, or the heading. */
  private static final int LINE = 26;
  private static final int LONGEST_NAMES = 120;
  private static final int SHORTEST_NAMES = 30;
  /** What a letter takes at most, on average, and what a character of the east takes. */
  private static final int LETTER = 10;
  private static final int WIDE_LETTER = 17;
  private static final int FIRST_WIDE = 0x1100;
  private static final int NAME_MARGIN = 14;
  /** What the heading needs. */
  private static final int NARROWEST = 250;
  private static final int MARGIN = 12;
  /** More code points of a name than have room. */
  private static final int MOST_NAME = 100;
  private static final int TEXT = 16;
  private static final int SMALLEST_TEXT = 8;
  /** With more classes, so many zeros hide the counts. */
  private static final int ZEROS = 20;
  private static final double MOST_PERCENT = 100;

  // numbers and not colours, since who asks for the size may do so where there are none
  private static final int CORRECT = 0x08519c;
  private static final int WRONG = 0xb30000;
  private static final int EMPTY = 0xfafafa;
  private static final int LINES = 0xd9d9d9;
  private static final int ZERO = 0xb0b0b0;
  private static final int NAME = 0x303030;
  private static final float DARK = 0.55f;

  private final ConfusionMatrix matrix;
  private final int size;
  private final int cell;
  private final int names;
  private final int left;
  private final int top;

  ConfusionDrawing(ConfusionMatrix matrix) {
    this.matrix = matrix;
    this.size = matrix.size();
    int fitting = Math.max(CELLS / size, Math.min(GOOD_CELL, MORE_CELLS / size));
    this.cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, fitting));
    int rest = 2 * MARGIN + LINE + size * cell;
    this.names = Math.max(NARROWEST - rest, Math.max(SHORTEST_NAMES, longestName()));
    this.left = MARGIN + LINE + names;
    this.top = MARGIN + 2 * LINE + Math.max(SHORTEST_NAMES, longestName());
  }

  /** Returns about how long the longest name is drawn, as far as there is room for it; nothing if none can be read. */
  private int longestName() {
    int longest = 0;
    for (int i = 0; cell >= READABLE_CELL && i < size; i++) {
      int length = matrix.name(i).codePoints().limit(MOST_NAME)
          .map(point -> point < FIRST_WIDE ? LETTER : WIDE_LETTER).sum();
      longest = Math.max(longest, length + NAME_MARGIN);
    }
    return Math.min(LONGEST_NAMES, longest);
  }

  int width() {
    return left + size * cell + MARGIN;
  }

  int height() {
    return top + size * cell + MARGIN;
  }

  Pixels draw() {
    return Images.paint(width(), height(), graphics -> {
      drawCells(graphics);
      if (cell >= READABLE_CELL) {
        drawLines(graphics);
      }
      if (!Fonts.areThere()) {
        return;
      }
      drawHeadings(graphics);
      if (cell >= READABLE_CELL) {
        drawNames(graphics);
        drawCounts(graphics);
      }
    });
  }

  private void drawCells(Graphics2D graphics) {
    for (int row = 0; row < size; row++) {
      long sum = matrix.sum(row);
      for (int column = 0; column < size; column++) {
        graphics.setColor(mix(row == column ? CORRECT : WRONG, strength(row, column, sum)));
        graphics.fillRect(left + column * cell, top + row * cell, cell, cell);
      }
    }
  }

  /** Returns how strong a cell's colour is: its share of the row, the root of which makes few mistakes among many be seen. */
  private float strength(int row, int column, long sum) {
    return sum == 0 ? 0 : (float) Math.sqrt((double) matrix.count(row, column) / sum);
  }

  private static Color mix(int color, float strength) {
    return new Color(
        mix(EMPTY >> 16 & 0xff, color >> 16 & 0xff, strength),
        mix(EMPTY >> 8 & 0xff, color >> 8 & 0xff, strength),
        mix(EMPTY & 0xff, color & 0xff, strength));
  }

  private static int mix(int from, int to, float strength) {
    return Math.round(from + (to - from) * strength);
  }

  private void drawLines(Graphics2D graphics) {
    graphics.setColor(new Color(LINES));
    for (int i = 0; i <= size; i++) {
      graphics.drawLine(left, top + i * cell, left + size * cell, top + i * cell);
      graphics.drawLine(left + i * cell, top, left + i * cell, top + size * cell);
    }
  }

  private void drawNames(Graphics2D graphics) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, Math.min(TEXT, cell - 2)));
    FontMetrics metrics = graphics.getFontMetrics();
    graphics.setColor(new Color(NAME));
    int middle = (cell + metrics.getAscent() - metrics.getDescent()) / 2;
    boolean upright = false;
    for (int i = 0; i < size; i++) {
      upright |= metrics.stringWidth(matrix.name(i)) > cell - 4;
    }
    for (int i = 0; i < size; i++) {
      String name = cut(matrix.name(i), metrics);
      int length = metrics.stringWidth(name);
      graphics.drawString(name, left - 6 - length, top + i * cell + middle);
      if (upright) {
        AffineTransform before = graphics.getTransform();
        graphics.translate(left + i * cell + middle, top - 6);
        graphics.rotate(-Math.PI / 2);
        graphics.drawString(name, 0, 0);
        graphics.setTransform(before);
      } else {
        graphics.drawString(name, left + i * cell + (cell - length) / 2, top - 6);
      }
    }
  }

  private String cut(String name, FontMetrics metrics) {
    String kept = name.length() > MOST_NAME ? name.substring(0, name.offsetByCodePoints(0, MOST_NAME)) + "…" : name;
    while (metrics.stringWidth(kept) > top - MARGIN - 2 * LINE - 8 && !kept.isEmpty()) {
      kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), kept.endsWith("…") ? -2 : -1)) + "…";
    }
    return kept;
  }

  private void drawHeadings(Graphics2D graphics) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, TEXT));
    graphics.setColor(new Color(NAME));
    int middle = size * cell / 2;
    long sum = matrix.sum();
    String accuracy = sum == 0 ? "no examples"
        : String.format(Locale.ROOT, "%,d examples, accuracy %.1f %%", sum, MOST_PERCENT * matrix.correct() / sum);
    drawCentred(graphics, accuracy, width() / 2, MARGIN + LINE / 2);
    drawCentred(graphics, "predicted", left + middle, MARGIN + LINE + LINE / 2);
    AffineTransform before = graphics.getTransform();
    graphics.translate(MARGIN + LINE / 2, top + middle);
    graphics.rotate(-Math.PI / 2);
    drawCentred(graphics, "true", 0, 0);
    graphics.setTransform(before);
  }

  private static void drawCentred(Graphics2D graphics, String text, int x, int y) {
    FontMetrics metrics = graphics.getFontMetrics();
    graphics.drawString(
        text, x - metrics.stringWidth(text) / 2, y + (metrics.getAscent() - metrics.getDescent()) / 2);
  }

  private void drawCounts(Graphics2D graphics) {
    for (int row = 0; row < size; row++) {
      long sum = matrix.sum(row);
      for (int column = 0; column < size; column++) {
        long count = matrix.count(row, column);
        String text = Long.toString(count);
        int font = Math.min(TEXT + 2, (int) ((cell - 3) / (0.62 * text.length())));
        boolean seen = count > 0 || size <= ZEROS;
        if (seen && Math.min(font, cell - 4) >= SMALLEST_TEXT) {
          graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, Math.min(font, cell - 4)));
          graphics.setColor(count == 0 ? new Color(ZERO) : strength(row, column, sum) > DARK ? Color.WHITE : Color.BLACK);
          drawCentred(graphics, text, left + column * cell + cell / 2, top + row * cell + cell / 2);
        }
      }
    }
  }
}
