package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.examples.mnist.Recording.Epoch;
import io.github.tensorboard4j.testkit.DistributionPoint;
import io.github.tensorboard4j.testkit.GraphNode;
import io.github.tensorboard4j.testkit.HParamsSession;
import io.github.tensorboard4j.testkit.HistogramPoint;
import io.github.tensorboard4j.testkit.HistogramPoint.Bucket;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The data behind TensorBoard's dashboards are what the training reported. */
class TensorBoardDataIT {
  private static final Set<String> TRAIN_SCALARS = Set.of(
      "epoch_loss", "epoch_accuracy", "epoch_learning_rate", "epoch_seconds", "epoch_examples_per_second",
      "batch_loss", "batch_accuracy", "batch_learning_rate", "batch_seconds", "batch_examples_per_second");
  private static final Set<String> VALIDATION_SCALARS = Set.of("epoch_loss", "epoch_accuracy");
  private static final int BATCH_FREQUENCY = 10;

  private static final TensorBoards TENSORBOARDS = new TensorBoards();

  @AfterAll
  static void endTensorBoards() {
    TENSORBOARDS.close();
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldHaveTheTagsOfEveryDashboardAndNothingToComplainOf(TrainedRun run, Loader loader) {
    TensorBoardServer server = TENSORBOARDS.with(loader);
    TensorBoardClient client = server.client();

    assertThat(client.runs()).contains(run.session(), run.train(), run.validation());
    assertThat(client.activeDashboards()).containsExactlyInAnyOrder(
        "timeseries", "scalars", "histograms", "distributions", "text", "graphs", "hparams");
    for (Map<String, Set<String>> tags : List.of(client.tags("scalars"), client.timeSeriesScalarTags())) {
      assertThat(tags.get(run.train())).isEqualTo(TRAIN_SCALARS);
      assertThat(tags.get(run.validation())).isEqualTo(VALIDATION_SCALARS);
      assertThat(tags.getOrDefault(run.session(), Set.of())).isEmpty();
    }
    for (Map<String, Set<String>> tags : List.of(
        client.tags("histograms"), client.tags("distributions"), client.timeSeriesHistogramTags())) {
      assertThat(tags.get(run.train())).isEqualTo(run.parameters());
      assertThat(tags.getOrDefault(run.validation(), Set.of())).isEmpty();
    }
    assertThat(client.tags("text").get(run.train())).containsExactly("configuration");
    assertThat(server.problems()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldHaveTheFiguresThatWerePrinted(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    assertThat(run.epochs()).extracting(Epoch::number).containsExactly(1L, 2L, 3L, 4L, 5L);

    assertThat(values(client, run.train(), "epoch_loss")).isEqualTo(printed(run, Epoch::loss));
    assertThat(values(client, run.train(), "epoch_accuracy")).isEqualTo(printed(run, Epoch::accuracy));
    assertThat(values(client, run.validation(), "epoch_loss")).isEqualTo(printed(run, Epoch::validationLoss));
    assertThat(values(client, run.validation(), "epoch_accuracy"))
        .isEqualTo(printed(run, Epoch::validationAccuracy));
    assertThat(values(client, run.train(), "epoch_learning_rate").values())
        .hasSize(Recording.EPOCHS).containsOnly((float) run.optimizer().learningRate());
    Map<Long, Float> seconds = values(client, run.train(), "epoch_seconds");
    Map<Long, Float> speeds = values(client, run.train(), "epoch_examples_per_second");
    for (Epoch epoch : run.epochs()) {
      assertThat((double) seconds.get(epoch.number())).isCloseTo(epoch.seconds(), within(0.0051));
      assertThat((double) speeds.get(epoch.number())).isCloseTo(epoch.examplesPerSecond(), within(0.51));
      assertThat(seconds.get(epoch.number()) * speeds.get(epoch.number()))
          .isCloseTo(Recording.EXAMPLES, within(0.01f));
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldHaveTheFiguresThatTheFrameworkComesTo(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    Map<Long, Float> losses = values(client, run.train(), "epoch_loss");
    Map<Long, Float> validationLosses = values(client, run.validation(), "epoch_loss");
    Map<Long, Float> validationAccuracies = values(client, run.validation(), "epoch_accuracy");
    for (int i = 0; i < Recording.EPOCHS; i++) {
      Reference.Epoch reference = run.figures().epochs().get(i);
      long epoch = i + 1L;
      assertThat((double) losses.get(epoch)).isCloseTo(reference.loss(), within(1e-6));
      assertThat((double) validationLosses.get(epoch)).isCloseTo(reference.validationLoss(), within(1e-6));
      assertThat((double) validationAccuracies.get(epoch)).isCloseTo(reference.validationAccuracy(), within(1e-6));
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldHaveTheFirstBatchesAndEveryTenth(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    List<Double> losses = run.figures().batchLosses();
    Map<Long, Float> recorded = values(client, run.train(), "batch_loss");
    Set<Long> iterations = LongStream.rangeClosed(1, Recording.ITERATIONS)
        .filter(iteration -> iteration <= BATCH_FREQUENCY || iteration % BATCH_FREQUENCY == 0).boxed()
        .collect(Collectors.toSet());

    assertThat(losses).hasSize(Recording.ITERATIONS);
    // a slow machine has more points, where a second has passed
    assertThat(recorded.keySet()).containsAll(iterations);
    recorded.forEach(
        (iteration, loss) -> assertThat((double) loss).isCloseTo(losses.get(Math.toIntExact(iteration) - 1), within(1e-6)));
    for (String tag : List.of("batch_accuracy", "batch_learning_rate", "batch_seconds", "batch_examples_per_second")) {
      assertThat(values(client, run.train(), tag).keySet()).as(tag).isEqualTo(recorded.keySet());
    }
    assertThat(values(client, run.train(), "batch_accuracy").values()).allSatisfy(accuracy -> {
      float correct = accuracy * Recording.BATCH_SIZE;
      assertThat(correct).isBetween(0f, (float) Recording.BATCH_SIZE).isCloseTo(Math.round(correct), within(1e-4f));
    });
    assertThat(values(client, run.train(), "batch_learning_rate").values())
        .containsOnly((float) run.optimizer().learningRate());
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldCountEveryElementOfEveryParameterAfterEachEpoch(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    for (String tag : run.parameters()) {
      List<HistogramPoint> points = client.histograms(run.train(), tag);
      assertThat(points).extracting(HistogramPoint::step).containsExactly(1L, 2L, 3L, 4L, 5L);
      for (int i = 0; i < Recording.EPOCHS; i++) {
        float[] values = run.figures().epochs().get(i).parameters().get(tag);
        List<Bucket> buckets = points.get(i).buckets();

        assertThat(buckets.get(0).left()).isEqualTo(min(values));
        assertThat(buckets.get(buckets.size() - 1).right()).isEqualTo(max(values));
        assertThat(buckets).extracting(Bucket::count).isEqualTo(counts(values, buckets));
        assertThat(buckets.stream().mapToDouble(Bucket::count).sum()).isEqualTo(values.length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldHaveDistributionsOfTheParameters(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    for (String tag : run.parameters()) {
      List<HistogramPoint> histograms = client.histograms(run.train(), tag);
      List<DistributionPoint> points = client.distributions(run.train(), tag);
      assertThat(points).extracting(DistributionPoint::step).containsExactly(1L, 2L, 3L, 4L, 5L);
      for (int i = 0; i < Recording.EPOCHS; i++) {
        List<Bucket> buckets = histograms.get(i).buckets();
        float[] values = run.figures().epochs().get(i).parameters().get(tag);
        assertThat(points.get(i).percentiles()).hasSize(9).allSatisfy(percentile -> {
          double share = percentile.basisPoint() / 10000.0;
          Bucket bucket = buckets.stream().filter(each -> percentile.value() <= each.right()).findFirst().orElseThrow();
          assertThat(share).isBetween(
              shareBelow(values, bucket.left()) - 1e-9, shareBelow(values, Math.nextUp(bucket.right())) + 1e-9);
        });
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldShowTheSameInTimeSeries(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    for (String tag : TRAIN_SCALARS) {
      assertThat(client.timeSeriesScalars(tag).get(run.train())).isEqualTo(client.scalars(run.train(), tag));
    }
    for (String tag : VALIDATION_SCALARS) {
      assertThat(client.timeSeriesScalars(tag).get(run.validation()))
          .isEqualTo(client.scalars(run.validation(), tag));
    }
    for (String tag : run.parameters()) {
      assertThat(client.timeSeriesHistograms(run.train(), tag)).isEqualTo(client.histograms(run.train(), tag));
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldHaveTheGraphWithTheShapesOfTheNetwork(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    List<GraphNode> graph = client.graph(run.train());

    assertThat(client.graphs().get(run.train()).runGraph()).isTrue();
    assertThat(graph).extracting(node -> node.name() + " " + node.op() + " " + node.inputs() + " "
        + (node.outputShapes().size() == 1 ? node.outputShapes().get(0) : node.outputShapes()))
        .isEqualTo(run.subject().graph(run.optimizer()));
    assertThat(graph).extracting(GraphNode::device).containsOnly("/device:CPU:0");
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldHaveTheConfigurationAsText(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    assertThat(client.texts(run.train(), "configuration")).singleElement().satisfies(
        text -> assertThat(unescaped(text.html().replaceAll("\\s+", " "))).contains(run.figures().configuration()));
  }

  @ParameterizedTest
  @MethodSource("io.github.tensorboard4j.examples.mnist.TrainedRun#withEachLoader")
  void shouldHaveTheHyperParametersWithTheLastFiguresAsMetrics(TrainedRun run, Loader loader) {
    TensorBoardClient client = client(loader);
    HParamsSession session = client.hparams().stream()
        .filter(each -> each.run().equals(run.session())).findFirst().orElseThrow();
    Epoch last = run.lastEpoch();

    assertThat(session.status()).isEqualTo("STATUS_SUCCESS");
    assertThat(session.hparams()).isEqualTo(run.subject().hyperParameters(run.optimizer()));
    assertThat(session.metrics()).contains(
        metric("train", "epoch_loss", last.loss()),
        metric("train", "epoch_accuracy", last.accuracy()),
        metric("validation", "epoch_loss", last.validationLoss()),
        metric("validation", "epoch_accuracy", last.validationAccuracy()));
  }

  private static TensorBoardClient client(Loader loader) {
    return TENSORBOARDS.with(loader).client();
  }

  private static String unescaped(String html) {
    return html.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }

  private static HParamsSession.Metric metric(String group, String tag, float value) {
    return new HParamsSession.Metric(group, tag, Recording.EPOCHS, value);
  }

  private static Map<Long, Float> values(TensorBoardClient client, String run, String tag) {
    Map<Long, Float> values = new TreeMap<>();
    for (ScalarPoint point : client.scalars(run, tag)) {
      assertThat(values.put(point.step(), point.value())).as("an earlier value of step %s", point.step()).isNull();
    }
    return values;
  }

  private static Map<Long, Float> printed(TrainedRun run, Function<Epoch, Float> figure) {
    Map<Long, Float> printed = new TreeMap<>();
    run.epochs().forEach(epoch -> printed.put(epoch.number(), figure.apply(epoch)));
    return printed;
  }

  private static double min(float[] values) {
    double min = Double.POSITIVE_INFINITY;
    for (float value : values) {
      min = Math.min(min, value);
    }
    return min;
  }

  private static double max(float[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  /** How many values lie in each bucket, the last of which is closed. */
  private static List<Double> counts(float[] values, List<Bucket> buckets) {
    List<Double> counts = new ArrayList<>();
    double below = 0;
    for (Bucket bucket : buckets) {
      boolean last = counts.size() == buckets.size() - 1;
      double upTo = shareBelow(values, last ? Math.nextUp(bucket.right()) : bucket.right()) * values.length;
      counts.add((double) Math.round(upTo - below));
      below = upTo;
    }
    return counts;
  }

  private static double shareBelow(float[] values, double limit) {
    int below = 0;
    for (float value : values) {
      below += value < limit ? 1 : 0;
    }
    return (double) below / values.length;
  }
}
