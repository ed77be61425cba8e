package io.github.tensorboard4j;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.image.BufferedImage;

/** Writes a line of text below a picture, as large as it fits. */
final class CaptionDrawing {

  private static final int SMALLEST_LINE = 14;
  private static final int LARGEST_LINE = 32;
  private static final int LINES_IN_PICTURE = 6;
  private static final int SMALLEST_FONT = 6;

  private CaptionDrawing() {}

  /** Returns the height of the line, which is known without a font. */
  static int lineHeight(int width, int height) {
    return Math.max(SMALLEST_LINE, Math.min(LARGEST_LINE, Math.min(width, height) / LINES_IN_PICTURE));
  }

  static Pixels draw(Pixels pixels, String caption) {
    int width = pixels.width();
    int height = pixels.height();
    int line = lineHeight(width, height);
    int channels = Math.max(3, pixels.channels());
    Pixels larger = Pixels.black(width, height + line, channels);
    larger.put(pixels.withChannels(channels), 0, 0);
    BufferedImage image = Images.toImage(larger);
    Images.paint(image, graphics -> {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, height, width, line);
      if (!Fonts.areThere()) {
        return;
      }
      graphics.setColor(Color.BLACK);
      int size = line - 4;
      FontMetrics metrics;
      do {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
        metrics = graphics.getFontMetrics();
        size--;
      } while (metrics.stringWidth(caption) > width && size >= SMALLEST_FONT);
      graphics.drawString(caption, Math.max(0, (width - metrics.stringWidth(caption)) / 2),
          height + (line + metrics.getAscent() - metrics.getDescent()) / 2);
    });
    return Images.read(image);
  }
}
