package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.Page.Chart;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThreeSeedsIT {

  private static final String RUN = ThreeSeedsIT.class.getSimpleName();
  private static final int EPOCHS = 3;

  @BeforeAll
  static void train() throws Exception {
    ThreeSeeds.train(Boards.logs(ThreeSeedsIT.class), Boards.digits(640, 200), EPOCHS);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowTheMeanOfThreeSeedsWithItsMargin(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      double sum = 0;
      double lowest = Double.POSITIVE_INFINITY;
      for (int seed = 1; seed <= 3; seed++) {
        double loss = server.awaitScalars(RUN + "/seed-" + seed + "/validation", "epoch_loss", EPOCHS).get(epoch).value();
        sum += loss;
        lowest = Math.min(lowest, loss);
      }
      assertThat((double) value(server, "loss/mean", epoch)).isCloseTo(sum / 3, within(1e-6));
      assertThat((double) value(server, "loss/lowest", epoch)).isCloseTo(lowest, within(1e-6));
      assertThat(value(server, "loss/highest", epoch)).isGreaterThan(value(server, "loss/mean", epoch));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldLayOutBothChartsByItself(Loader loader) {
    JsonNode category = Boards.with(loader)
        .await("the layout", client -> client.get("data/plugin/custom_scalars/layout"), all -> all.has("category"))
        .path("category").get(0);

    assertThat(category.path("closed").asBoolean()).isFalse();
    assertThat(category.path("chart").findValuesAsText("title"))
        .containsExactly("training and validation", "validation, three seeds");
  }

  @Test
  void shouldDrawBothCharts() {
    TensorBoardServer server = Boards.with(Loader.RUST);
    server.awaitScalars(RUN + "/all seeds", "loss/highest", EPOCHS);
    try (Browser browser = Browser.start()) {
      assertThat(browser.open(server, Dashboard.CUSTOM_SCALARS).charts()).extracting(Chart::tag, Chart::isDrawn)
          .containsExactly(tuple("training and validation", true), tuple("validation, three seeds", true));
    }
  }

  private static float value(TensorBoardServer server, String tag, int epoch) {
    return server.awaitScalars(RUN + "/all seeds", tag, EPOCHS).get(epoch).value();
  }
}
