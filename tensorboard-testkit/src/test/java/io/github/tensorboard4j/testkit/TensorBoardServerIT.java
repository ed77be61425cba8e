package io.github.tensorboard4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testkit.DistributionPoint.Percentile;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorBoardServerIT {
  private static final int STEPS = 20;

  @TempDir
  private Path logdir;

  @ParameterizedTest
  @EnumSource
  void shouldShowTheDataOfEveryDashboard(Loader loader) {
    Python.runResource(getClass(), "write_logs.py", logdir, STEPS, "1,nan,inf,-inf,5");

    try (TensorBoardServer server = TensorBoardServer.start(logdir, loader)) {
      awaitEverything(server);
      TensorBoardClient client = server.client();

      assertThat(client.environment().version()).isEqualTo(TensorBoardEnvironment.TENSORBOARD_VERSION);
      assertThat(client.environment().dataLocation()).isEqualTo(logdir.toString());
      assertThat(client.runs()).containsExactly("adam", "sgd");
      assertThat(client.activeDashboards())
          .contains("timeseries", "scalars", "histograms", "distributions", "text", "graphs", "hparams")
          .doesNotContain("images");
      assertScalars(client);
      assertHistograms(client);
      assertTextAndGraph(client);
      assertHParams(client);
      assertThat(server.problems()).isEmpty();
    }
  }

  private static void assertScalars(TensorBoardClient client) {
    assertThat(client.tags("scalars")).isEqualTo(
        Map.of("adam", Set.of("epoch_loss", "given"), "sgd", Set.of("epoch_loss", "given")));
    assertThat(client.timeSeriesScalarTags()).isEqualTo(client.tags("scalars"));

    List<ScalarPoint> losses = client.scalars("sgd", "epoch_loss");
    assertThat(losses).isEqualTo(LongStream.rangeClosed(1, STEPS)
        .mapToObj(step -> new ScalarPoint(step, (float) Math.exp(-0.1 * step), 1.7e9 + step)).toList());
    assertThat(client.scalars("adam", "given")).extracting(ScalarPoint::value)
        .containsExactly(1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 5f);
    assertThat(client.timeSeriesScalars("epoch_loss")).containsOnlyKeys("adam", "sgd").containsEntry("sgd", losses);

    assertThatThrownBy(() -> client.scalars("sgd", "nothing")).isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("nothing");
  }

  private static void assertHistograms(TensorBoardClient client) {
    assertThat(client.tags("histograms")).isEqualTo(
        Map.of("adam", Set.of("dense/weight"), "sgd", Set.of("dense/weight")));
    List<HistogramPoint> histograms = client.histograms("sgd", "dense/weight");
    assertThat(histograms).hasSize(STEPS).allSatisfy(histogram -> {
      assertThat(histogram.wallTime()).isEqualTo(1.7e9 + histogram.step());
      assertThat(histogram.buckets()).hasSize(10).allMatch(bucket -> bucket.left() < bucket.right());
      assertThat(histogram.buckets().stream().mapToDouble(HistogramPoint.Bucket::count).sum()).isEqualTo(1000);
    });
    assertThat(client.timeSeriesHistograms("sgd", "dense/weight")).isEqualTo(histograms);

    DistributionPoint distribution = client.distributions("sgd", "dense/weight").get(STEPS - 1);
    assertThat(distribution.step()).isEqualTo(STEPS);
    assertThat(distribution.percentiles()).extracting(Percentile::basisPoint)
        .containsExactly(0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000);
    assertThat(distribution.percentiles().get(4).value()).isCloseTo(0.1 * STEPS, within(0.2));
  }

  private static void assertTextAndGraph(TensorBoardClient client) {
    assertThat(client.tags("text")).isEqualTo(Map.of("adam", Set.of("notes"), "sgd", Set.of("notes")));
    assertThat(client.texts("sgd", "notes")).containsExactly(
        new TextPoint(0, "<h1>Title</h1>\n<p>some <strong>bold</strong> words</p>", 1.7e9));

    assertThat(client.graphs()).containsEntry("sgd", new GraphInfo(true, Map.of()));
    String device = "/job:train/device:CPU:0";
    assertThat(client.graph("sgd")).containsExactlyInAnyOrder(
        new GraphNode("input/images", "Placeholder", List.of(), device, List.of(List.of(-1L, 784L)), Map.of()),
        new GraphNode("dense/weight", "VariableV2", List.of(), device, List.of(List.of(784L, 10L)),
            Map.of("note", "quoted \"\u00e9\" {brace} \\ slash")),
        new GraphNode("dense/MatMul", "MatMul", List.of("input/images", "dense/weight:0", "^input/images"), device,
            List.of(List.of(-1L, 10L)), Map.of()),
        new GraphNode("sgd/update", "ApplyGradient", List.of("dense/MatMul"), device, List.of(List.of()), Map.of()));
  }

  private static void assertHParams(TensorBoardClient client) {
    assertThat(client.hparamTypes()).isEqualTo(Map.of("learning_rate", "DATA_TYPE_FLOAT64",
        "nesterov", "DATA_TYPE_BOOL", "optimizer", "DATA_TYPE_STRING"));
    assertThat(client.hparams()).hasSize(2).anySatisfy(session -> {
      assertThat(session.run()).isEqualTo("sgd");
      assertThat(session.status()).isEqualTo("STATUS_SUCCESS");
      assertThat(session.hparams())
          .isEqualTo(Map.of("learning_rate", 0.1, "nesterov", true, "optimizer", "sgd"));
      assertThat(session.metrics()).contains(new HParamsSession.Metric("", "given", 5, 5));
    });
  }

  @ParameterizedTest
  @EnumSource
  void shouldSeeWhatIsWrittenWhileItRuns(Loader loader) {
    try (TensorBoardServer server = TensorBoardServer.start(logdir, loader)) {
      assertThat(server.client().runs()).isEmpty();

      Python.runResource(getClass(), "write_logs.py", logdir, STEPS, "1,nan,inf,-inf,5");

      server.awaitRuns("adam", "sgd");
      assertThat(server.awaitScalars("sgd", "epoch_loss", STEPS)).hasSize(STEPS);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "RUST")
  void shouldTellOfAFileThatCannotBeRead(Loader loader) throws IOException {
    Files.createDirectory(logdir.resolve("broken"));
    Files.write(logdir.resolve("broken").resolve("events.out.tfevents.1.zeros"), new byte[100]);

    try (TensorBoardServer server = TensorBoardServer.start(logdir, loader)) {
      server.await("a warning", client -> server.problems(), problems -> !problems.isEmpty());
      assertThat(server.problems()).anyMatch(line -> line.contains("events.out.tfevents.1.zeros"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldLeaveNoProcessBehind(Loader loader) {
    List<ProcessHandle> started;
    try (TensorBoardServer server = TensorBoardServer.start(logdir, loader)) {
      started = ProcessHandle.current().descendants().toList();
      assertThat(started).hasSizeGreaterThanOrEqualTo(loader == Loader.RUST ? 2 : 1);
      server.client().runs();
    }
    assertThat(started).noneMatch(ProcessHandle::isAlive);
  }

  private static void awaitEverything(TensorBoardServer server) {
    for (String run : List.of("adam", "sgd")) {
      server.awaitScalars(run, "given", 5);
      server.awaitHistograms(run, "dense/weight", STEPS);
    }
  }
}
