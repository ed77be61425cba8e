package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tensorboard4j.examples.mnist.MnistData;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DigitsInSpaceIT {

  private static final String RUN = DigitsInSpaceIT.class.getSimpleName();
  private static final int SHOWN = 150;
  private static final MnistData DIGITS = Boards.digits(640, SHOWN);

  @BeforeAll
  static void train() {
    DigitsInSpace.train(Boards.logs(DigitsInSpaceIT.class), DIGITS, 1, SHOWN);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowTheHiddenLayerBeforeAndAfterWithLabelsAndPictures(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    server.await("the run", client -> client.get("data/plugin/projector/runs"), runs -> runs.toString().contains(RUN));
    JsonNode embeddings = server.await("the embeddings",
        client -> client.get("data/plugin/projector/info", "run", RUN).path("embeddings"), all -> all.size() == 2);

    assertThat(embeddings.findValuesAsText("tensorName")).containsExactly("trained:00001", "untrained:00000");
    assertThat(embeddings).allSatisfy(embedding -> {
      assertThat(embedding.path("tensorShape").get(0).asInt()).isEqualTo(SHOWN);
      assertThat(embedding.path("tensorShape").get(1).asInt()).isEqualTo(100);
      assertThat(embedding.path("sprite").path("singleImageDim").get(0).asInt()).isEqualTo(28);
      String name = embedding.path("tensorName").asText();
      List<String> labels = new String(server.client().bytes("data/plugin/projector/metadata", "run", RUN, "name", name),
          StandardCharsets.UTF_8).lines().toList();
      assertThat(labels).hasSize(SHOWN + 1).first().isEqualTo("digit\ttaken for");
      for (int i = 0; i < SHOWN; i++) {
        assertThat(labels.get(i + 1)).startsWith(DIGITS.test().labels()[i] + "\t");
      }
    });
  }
}
