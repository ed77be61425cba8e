package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossLandscapeIT {

  private static final String RUN = LossLandscapeIT.class.getSimpleName();

  @BeforeAll
  static void draw() {
    LossLandscape.draw(Boards.logs(LossLandscapeIT.class), 0.02);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowTheSurfaceAndTheWayDown(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    // vertices, faces and colours of each step
    server.await("the surfaces", client -> client.get("data/plugin/mesh/meshes", "run", RUN, "tag", "landscape"),
        all -> all.size() == 3 * 10);

    assertThat(part(server, "VERTEX", 9)).hasSize(80 * 80 * 3 * Float.BYTES).isEqualTo(part(server, "VERTEX", 0));
    assertThat(part(server, "FACE", 9)).hasSize(79 * 79 * 2 * 3 * Integer.BYTES);
    assertThat(red(part(server, "COLOR", 0))).isPositive();
    assertThat(red(part(server, "COLOR", 9))).isGreaterThan(2 * red(part(server, "COLOR", 0)));
    assertThat(server.awaitScalars(RUN, "loss", 10)).extracting(ScalarPoint::value)
        .isSortedAccordingTo((a, b) -> Float.compare(b, a));
  }

  private static int red(byte[] colors) {
    int red = 0;
    for (int i = 0; i < colors.length; i += 3) {
      red += colors[i] == (byte) 255 && colors[i + 1] == 40 ? 1 : 0;
    }
    return red;
  }

  private static byte[] part(TensorBoardServer server, String part, int step) {
    return server.client().bytes("data/plugin/mesh/data", "run", RUN, "tag", "landscape", "content_type", part, "step",
        String.valueOf(step), "sample", "0");
  }
}
