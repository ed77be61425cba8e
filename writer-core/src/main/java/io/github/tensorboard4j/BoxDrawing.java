package io.github.tensorboard4j;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Draws boxes with labels on a picture. */
final class BoxDrawing {

  /** Colours that are told from each other, and from most of what is photographed. */
  private static final List<Color> COLORS = List.of(
      new Color(0xe6194b), new Color(0x3cb44b), new Color(0x4363d8), new Color(0xf58231), new Color(0x911eb4),
      new Color(0x008080), new Color(0xf032e6), new Color(0x9a6324), new Color(0x808000), new Color(0x000075));
  private static final int SMALLEST_FONT = 9;
  private static final int LARGEST_FONT = 32;
  private static final int FONTS_IN_PICTURE = 24;
  private static final int STROKES_IN_PICTURE = 160;

  private BoxDrawing() {}

  static Pixels draw(Pixels pixels, List<Picture.Box> boxes) {
    BufferedImage image = Images.toImage(pixels.withChannels(Math.max(3, pixels.channels())));
    int side = Math.min(image.getWidth(), image.getHeight());
    int stroke = Math.max(1, side / STROKES_IN_PICTURE);
    int font = Math.max(SMALLEST_FONT, Math.min(LARGEST_FONT, side / FONTS_IN_PICTURE));
    Images.paint(image, graphics -> {
      graphics.setStroke(new BasicStroke(stroke, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
      boxes.forEach(box -> drawEdges(graphics, box, stroke));
      if (!Fonts.areThere()) {
        return;
      }
      graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, font));
      // above all edges, which would cross them
      boxes.stream().filter(box -> !box.label().isEmpty())
          .forEach(box -> drawLabel(graphics, box, image.getWidth(), image.getHeight()));
    });
    return Images.read(image);
  }

  /** Draws the edges within the box, however thick they are. */
  private static void drawEdges(Graphics2D graphics, Picture.Box box, int stroke) {
    double left = Math.round(box.left()) + stroke / 2.0;
    double top = Math.round(box.top()) + stroke / 2.0;
    double right = Math.round(box.right()) - stroke / 2.0;
    double bottom = Math.round(box.bottom()) - stroke / 2.0;
    graphics.setColor(color(box));
    graphics.draw(new Rectangle2D.Double(left, top, Math.max(0, right - left), Math.max(0, bottom - top)));
  }

  /** Draws the label above the box, or where there is no room, at the top within; never beyond the picture as long as it fits. */
  private static void drawLabel(Graphics2D graphics, Picture.Box box, int width, int height) {
    FontMetrics metrics = graphics.getFontMetrics();
    int margin = Math.max(1, metrics.getAscent() / 6);
    int labelWidth = metrics.stringWidth(box.label()) + 2 * margin;
    int labelHeight = metrics.getAscent() + metrics.getDescent();
    int left = (int) Math.max(0, Math.min(Math.round(box.left()), width - labelWidth));
    int above = (int) Math.round(box.top()) - labelHeight;
    int top = Math.max(0, Math.min(above >= 0 ? above : (int) Math.round(box.top()), height - labelHeight));
    graphics.setColor(color(box));
    graphics.fillRect(left, top, labelWidth, labelHeight);
    graphics.setColor(Color.WHITE);
    graphics.drawString(box.label(), left + margin, top + metrics.getAscent());
  }

  private static Color color(Picture.Box box) {
    return COLORS.get(Math.floorMod(box.label().hashCode(), COLORS.size()));
  }
}
