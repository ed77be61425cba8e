package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testkit.HistogramPoint;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinearRegressionIT {

  private static final String RUN = LinearRegressionIT.class.getSimpleName();

  private static float[] weights;

  @BeforeAll
  static void train() {
    Path logs = Boards.logs(LinearRegressionIT.class);
    weights = LinearRegression.train(logs.resolve("batches"), 1000, 6, 0.1).ravel().toFloatVector();
    LinearRegression.train(logs.resolve("diverging"), 1000, 30, 1.1);
  }

  @Test
  void shouldFindTheWeightsByWhichTheExamplesWereMade() {
    assertThat(weights).containsExactly(new float[] {2, -3, 0.5f, 0, 1}, within(0.02f));
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowTheLossAndEachTenStepsTheParameters(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    List<ScalarPoint> loss = server.awaitScalars(RUN + "/batches/train", "batch_loss", 60);
    List<HistogramPoint> weight = server.awaitHistograms(RUN + "/batches/train", "layer_linear/weight", 6);

    // what is left of the loss is the noise of the examples
    assertThat(loss.get(59).value()).isCloseTo(0.01f, within(0.002f)).isLessThan(loss.get(0).value() / 100);
    assertThat(weight).extracting(HistogramPoint::step).containsExactly(10L, 20L, 30L, 40L, 50L, 60L);
    assertThat(server.awaitHistograms(RUN + "/batches/train", "layer_linear/bias", 6)).hasSize(6);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowWhereTheRateThatIsTooHighWasStopped(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    server.await("the divergence", client -> client.texts(RUN + "/diverging/train", "divergence"), all -> !all.isEmpty());
    List<ScalarPoint> loss = server.awaitScalars(RUN + "/diverging/train", "batch_loss", 30);

    ScalarPoint last = loss.get(loss.size() - 1);
    assertThat(last.step()).isLessThan(60);
    assertThat(last.value()).isGreaterThan(1e6f * loss.get(0).value());
    assertThat(server.client().texts(RUN + "/diverging/train", "divergence")).singleElement()
        .satisfies(text -> assertThat(text.html()).contains("iteration " + last.step()));
  }
}
