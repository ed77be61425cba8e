package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
    LossLandscape.draw(Boards.logs(LossLandscapeIT.class), 60);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowTheSurfaceAndTheWayDown(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    JsonNode surface = server.await("the surface",
        client -> client.get("data/plugin/mesh/meshes", "run", RUN, "tag", "landscape"), all -> all.size() == 3);
    server.await("the way", client -> client.get("data/plugin/mesh/meshes", "run", RUN, "tag", "way"),
        all -> all.size() == 2);

    assertThat(surface).isNotEmpty();
    assertThat(part(server, "landscape", "VERTEX")).hasSize(60 * 60 * 3 * Float.BYTES);
    assertThat(part(server, "landscape", "FACE")).hasSize(59 * 59 * 2 * 3 * Integer.BYTES);
    assertThat(part(server, "way", "VERTEX")).hasSize(61 * 3 * Float.BYTES);
    assertThat(server.awaitScalars(RUN, "loss", 61)).extracting(ScalarPoint::value)
        .isSortedAccordingTo((a, b) -> Float.compare(b, a));
  }

  private static byte[] part(TensorBoardServer server, String tag, String part) {
    return server.client().bytes("data/plugin/mesh/data", "run", RUN, "tag", tag, "content_type", part, "step", "0",
        "sample", "0");
  }
}
