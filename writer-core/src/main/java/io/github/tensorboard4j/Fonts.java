package io.github.tensorboard4j;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this JVM can write text on pictures: on a bare server, fonts are missing, or the libraries that draw them. */
final class Fonts {

  private static final Logger LOGGER = LoggerFactory.getLogger(Picture.class);
  private static final boolean THERE = write();

  private Fonts() {}

  /** Returns whether text can be written; where it can't, that was logged. */
  static boolean areThere() {
    return THERE;
  }

  private static boolean write() {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 8));
      graphics.drawString("a", 0, 1);
      return true;
    } catch (RuntimeException | Error e) {
      LOGGER.warn(
          "Pictures are drawn without their text, for this JVM has no fonts, or not what draws them: {}. On Debian, the "
              + "packages fontconfig, libharfbuzz0b and fonts-dejavu-core have all of it.",
          e.toString());
      return false;
    } finally {
      graphics.dispose();
    }
  }
}
