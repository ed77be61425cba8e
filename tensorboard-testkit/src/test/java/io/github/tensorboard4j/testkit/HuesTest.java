package io.github.tensorboard4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class HuesTest {
  private final BufferedImage picture = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
  private final Graphics2D graphics = picture.createGraphics();

  HuesTest() {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 300, 200);
    graphics.setColor(Color.GRAY);
    graphics.drawLine(10, 190, 290, 190);
    graphics.drawString("0.5", 20, 100);
  }

  @Test
  void shouldFindNoneInAxesAndLabels() {
    assertThat(Hues.count(picture)).isZero();
  }

  @Test
  void shouldCountThinLinesThatCross() {
    line(new Color(0x42, 0x50, 0x66), 20, 180);
    assertThat(Hues.count(picture)).isEqualTo(1);
    line(new Color(0x12, 0xb5, 0xcb), 180, 20);
    assertThat(Hues.count(picture)).isEqualTo(2);
    line(new Color(0xe5, 0x25, 0x92), 100, 40);
    assertThat(Hues.count(picture)).isEqualTo(3);
  }

  @Test
  void shouldTakeALineAndItsPaleFormForOne() {
    line(new Color(0xff, 0x70, 0x43), 20, 180);
    line(new Color(0xff, 0x70, 0x43, 80), 30, 120);
    assertThat(Hues.count(picture)).isEqualTo(1);
  }

  @Test
  void shouldTakeRedOnBothEndsOfTheColourWheelForOne() {
    line(new Color(255, 0, 6), 20, 180);
    line(new Color(255, 6, 0), 40, 150);
    assertThat(Hues.count(picture)).isEqualTo(1);
  }

  private void line(Color color, int from, int to) {
    graphics.setColor(color);
    graphics.drawLine(10, from, 290, to);
  }
}
