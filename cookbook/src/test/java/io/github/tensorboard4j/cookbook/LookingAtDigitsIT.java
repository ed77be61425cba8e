package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.ImagePoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LookingAtDigitsIT {

  private static final String RUN = LookingAtDigitsIT.class.getSimpleName();

  @BeforeAll
  static void train() {
    LookingAtDigits.train(Boards.logs(LookingAtDigitsIT.class), Boards.digits(640, 200), 2);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowABatchAsItIsAndTransformed(Loader loader) throws IOException {
    TensorBoardServer server = Boards.with(loader);
    BufferedImage original = image(images(server, "/train", "batch/as it is", 1).get(0));
    BufferedImage transformed = image(images(server, "/train", "batch/transformed", 1).get(0));

    // 64 digits in 8 columns, 2 pixels between them, twice as large
    assertThat(original.getWidth()).isEqualTo(2 * (8 * 28 + 9 * 2));
    assertThat(original.getHeight()).isEqualTo(original.getWidth());
    assertThat(transformed.getWidth()).isEqualTo(original.getWidth());
    // the corner of a digit is black, but for the noise
    assertThat(darkCorners(original)).isEqualTo(64);
    assertThat(darkCorners(transformed)).isLessThan(50);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowWhatIsWrongAfterEachEpoch(Loader loader) throws IOException {
    List<ImagePoint> wrong = images(Boards.with(loader), "/validation", "wrong", 2);

    assertThat(wrong).extracting(ImagePoint::step).containsExactly(1L, 2L);
    // digits twice as large, and their captions below them
    assertThat(image(wrong.get(0)).getWidth()).isEqualTo(5 * 2 * 28 + 6 * 8);
    assertThat(image(wrong.get(0)).getHeight()).isGreaterThan(2 * 28 + 2 * 8 + 10);
  }

  private static int darkCorners(BufferedImage grid) {
    int dark = 0;
    for (int i = 0; i < 64; i++) {
      int x = 2 * (2 + i % 8 * 30);
      int y = 2 * (2 + i / 8 * 30);
      dark += (grid.getRGB(x, y) & 0xff) == 0 ? 1 : 0;
    }
    return dark;
  }

  private static List<ImagePoint> images(TensorBoardServer server, String run, String tag, int count) {
    return server.await(tag, client -> client.images(RUN + run, tag, 0), all -> all.size() == count);
  }

  private static BufferedImage image(ImagePoint point) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(point.file()));
  }
}
