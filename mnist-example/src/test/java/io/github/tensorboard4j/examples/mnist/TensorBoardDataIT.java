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
import io.github.tensorboard4j.testkit.TensorBoardEnvironment;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The data behind TensorBoard's dashboards are what the training reported. */
@ParameterizedClass(name = "{0}, loader {1}")
@MethodSource("io.github.tensorboard4j.examples.mnist.Subject#withEachLoader")
class TensorBoardDataIT {
  private static final Set<String> TRAIN_SCALARS = Set.of(
      "epoch_loss", "epoch_accuracy", "epoch_learning_rate", "epoch_seconds", "examples_per_second",
      "batch_loss", "batch_accuracy", "batch_learning_rate", "batch_seconds", "batch_examples_per_second");
  private static final Set<String> VALIDATION_SCALARS = Set.of("epoch_loss", "epoch_accuracy");
  private static final Set<String> PARAMETERS = Set.of("hidden/W", "hidden/b", "output/W", "output/b");
  private static final int BATCH_FREQUENCY = 10;

  private static Recording recording;
  private static TensorBoardServer server;

  private final Subject subject;
  private final TensorBoardClient client = server.client();

  TensorBoardDataIT(Subject subject, Loader loader) {
    this.subject = subject;
  }

  @BeforeAll
  static void requireTensorBoard() {
    TensorBoardEnvironment.require();
  }

  @BeforeParameterizedClassInvocation
  static void start(Subject subject, Loader loader) {
    recording = Recording.of(subject);
    server = TensorBoardServer.start(recording.logs(), loader);
    for (Optimizer optimizer : Optimizer.values()) {
      server.awaitScalars(recording.run(optimizer) + "/train", "examples_per_second", Recording.EPOCHS);
      server.awaitScalars(recording.run(optimizer) + "/validation", "epoch_accuracy", Recording.EPOCHS);
    }
    server.await("both sessions", TensorBoardClient::hparams, all -> all.size() == Optimizer.values().length);
  }

  @AfterParameterizedClassInvocation
  static void end() {
    server.close();
  }

  @AfterEach
  void shouldNotHaveGivenTensorBoardCauseToComplain() {
    assertThat(server.problems()).isEmpty();
  }

  @Test
  void shouldHaveTheSameTagsForEachOptimizer() {
    Map<String, Set<String>> scalars = new TreeMap<>();
    Map<String, Set<String>> histograms = new TreeMap<>();
    Map<String, Set<String>> texts = new TreeMap<>();
    for (Optimizer optimizer : Optimizer.values()) {
      scalars.put(train(optimizer), TRAIN_SCALARS);
      scalars.put(validation(optimizer), VALIDATION_SCALARS);
      histograms.put(train(optimizer), PARAMETERS);
      texts.put(train(optimizer), Set.of("configuration"));
    }

    assertThat(client.activeDashboards()).containsExactlyInAnyOrder(
        "timeseries", "scalars", "histograms", "distributions", "text", "graphs", "hparams");
    assertThat(present(client.tags("scalars"))).isEqualTo(scalars);
    assertThat(present(client.tags("histograms"))).isEqualTo(histograms);
    assertThat(present(client.tags("distributions"))).isEqualTo(histograms);
    assertThat(present(client.tags("text"))).isEqualTo(texts);
    assertThat(present(client.timeSeriesScalarTags())).isEqualTo(scalars);
    assertThat(present(client.timeSeriesHistogramTags())).isEqualTo(histograms);
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTheFiguresThatWerePrinted(Optimizer optimizer) {
    assertThat(recording.epochs(optimizer)).extracting(Epoch::number).containsExactly(1L, 2L, 3L, 4L, 5L);

    assertThat(values(train(optimizer), "epoch_loss")).isEqualTo(printed(optimizer, Epoch::loss));
    assertThat(values(train(optimizer), "epoch_accuracy")).isEqualTo(printed(optimizer, Epoch::accuracy));
    assertThat(values(validation(optimizer), "epoch_loss")).isEqualTo(printed(optimizer, Epoch::validationLoss));
    assertThat(values(validation(optimizer), "epoch_accuracy"))
        .isEqualTo(printed(optimizer, Epoch::validationAccuracy));
    assertThat(values(train(optimizer), "epoch_learning_rate").values())
        .hasSize(Recording.EPOCHS).containsOnly((float) optimizer.learningRate());
    Map<Long, Float> seconds = values(train(optimizer), "epoch_seconds");
    Map<Long, Float> speeds = values(train(optimizer), "examples_per_second");
    for (Epoch epoch : recording.epochs(optimizer)) {
      assertThat((double) seconds.get(epoch.number())).isCloseTo(epoch.seconds(), within(0.0051));
      assertThat((double) speeds.get(epoch.number())).isCloseTo(epoch.examplesPerSecond(), within(0.51));
      assertThat(seconds.get(epoch.number()) * speeds.get(epoch.number()))
          .isCloseTo(Recording.EXAMPLES, within(0.01f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTheFiguresThatTheFrameworkComesTo(Optimizer optimizer) {
    Map<Long, Float> losses = values(train(optimizer), "epoch_loss");
    Map<Long, Float> validationLosses = values(validation(optimizer), "epoch_loss");
    Map<Long, Float> validationAccuracies = values(validation(optimizer), "epoch_accuracy");
    for (int i = 0; i < Recording.EPOCHS; i++) {
      Reference.Epoch reference = subject.figures(optimizer).epochs().get(i);
      long epoch = i + 1L;
      assertThat((double) losses.get(epoch)).isCloseTo(reference.loss(), within(1e-6));
      assertThat((double) validationLosses.get(epoch)).isCloseTo(reference.validationLoss(), within(1e-6));
      assertThat((double) validationAccuracies.get(epoch)).isCloseTo(reference.validationAccuracy(), within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTheBatchesEveryTenIterations(Optimizer optimizer) {
    List<Double> losses = subject.figures(optimizer).batchLosses();
    Map<Long, Float> expected = new TreeMap<>();
    LongStream.rangeClosed(1, Recording.ITERATIONS).filter(iteration -> iteration % BATCH_FREQUENCY == 0)
        .forEach(iteration -> expected.put(iteration, losses.get((int) iteration - 1).floatValue()));

    assertThat(values(train(optimizer), "batch_loss")).isEqualTo(expected);
    for (String tag : List.of("batch_accuracy", "batch_learning_rate", "batch_seconds", "batch_examples_per_second")) {
      assertThat(values(train(optimizer), tag).keySet()).as(tag).isEqualTo(expected.keySet());
    }
    assertThat(values(train(optimizer), "batch_accuracy").values()).allSatisfy(accuracy ->
        assertThat(accuracy * Recording.BATCH_SIZE).isBetween(0f, (float) Recording.BATCH_SIZE).isEqualTo(
            Math.round(accuracy * Recording.BATCH_SIZE)));
    assertThat(values(train(optimizer), "batch_learning_rate").values()).containsOnly((float) optimizer.learningRate());
  }

  @ParameterizedTest
  @EnumSource
  void shouldCountEveryElementOfEveryParameterAfterEachEpoch(Optimizer optimizer) {
    for (String tag : PARAMETERS) {
      List<HistogramPoint> points = client.histograms(train(optimizer), tag);
      assertThat(points).extracting(HistogramPoint::step).containsExactly(1L, 2L, 3L, 4L, 5L);
      for (int i = 0; i < Recording.EPOCHS; i++) {
        float[] values = subject.figures(optimizer).epochs().get(i).parameters().get(tag);
        List<Bucket> buckets = points.get(i).buckets();

        assertThat(buckets.get(0).left()).isEqualTo(min(values));
        assertThat(buckets.get(buckets.size() - 1).right()).isEqualTo(max(values));
        assertThat(buckets).extracting(Bucket::count).isEqualTo(counts(values, buckets));
        assertThat(buckets.stream().mapToDouble(Bucket::count).sum()).isEqualTo(values.length);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveDistributionsOfTheParameters(Optimizer optimizer) {
    for (String tag : PARAMETERS) {
      List<HistogramPoint> histograms = client.histograms(train(optimizer), tag);
      List<DistributionPoint> points = client.distributions(train(optimizer), tag);
      assertThat(points).extracting(DistributionPoint::step).containsExactly(1L, 2L, 3L, 4L, 5L);
      for (int i = 0; i < Recording.EPOCHS; i++) {
        List<Bucket> buckets = histograms.get(i).buckets();
        float[] values = subject.figures(optimizer).epochs().get(i).parameters().get(tag);
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
  @EnumSource
  void shouldShowTheSameInTimeSeries(Optimizer optimizer) {
    for (String tag : TRAIN_SCALARS) {
      assertThat(client.timeSeriesScalars(tag).get(train(optimizer))).isEqualTo(client.scalars(train(optimizer), tag));
    }
    for (String tag : VALIDATION_SCALARS) {
      assertThat(client.timeSeriesScalars(tag).get(validation(optimizer)))
          .isEqualTo(client.scalars(validation(optimizer), tag));
    }
    for (String tag : PARAMETERS) {
      assertThat(client.timeSeriesHistograms(train(optimizer), tag)).isEqualTo(client.histograms(train(optimizer), tag));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTheGraphWithTheShapesOfTheNetwork(Optimizer optimizer) {
    List<GraphNode> graph = client.graph(train(optimizer));

    assertThat(client.graphs()).containsOnlyKeys(train(Optimizer.SGD), train(Optimizer.ADAM));
    assertThat(graph).extracting(node -> node.name() + " " + node.op() + " " + node.inputs() + " "
        + (node.outputShapes().size() == 1 ? node.outputShapes().get(0) : node.outputShapes()))
        .isEqualTo(subject.graph(optimizer));
    assertThat(graph).extracting(GraphNode::device).containsOnly("/device:CPU:0");
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTheConfigurationAsText(Optimizer optimizer) {
    assertThat(client.texts(train(optimizer), "configuration")).singleElement().satisfies(text ->
        assertThat(text.html().replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
            .contains(subject.figures(optimizer).configuration()));
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveTheHyperParametersWithTheLastFiguresAsMetrics(Optimizer optimizer) {
    HParamsSession session = client.hparams().stream()
        .filter(each -> each.run().equals(recording.run(optimizer))).findFirst().orElseThrow();
    Epoch last = recording.epochs(optimizer).get(Recording.EPOCHS - 1);

    assertThat(session.status()).isEqualTo("STATUS_SUCCESS");
    assertThat(session.hparams()).containsExactlyInAnyOrderEntriesOf(Map.of(
        "framework", subject.framework().toString(), "optimizer", subject.optimizerName(optimizer),
        "learning_rate", optimizer.learningRate(), "batch_size", (double) Recording.BATCH_SIZE,
        "parameters", 79510.0, "seed", (double) Recording.SEED));
    assertThat(session.metrics()).contains(
        metric("train", "epoch_loss", last.loss()),
        metric("train", "epoch_accuracy", last.accuracy()),
        metric("validation", "epoch_loss", last.validationLoss()),
        metric("validation", "epoch_accuracy", last.validationAccuracy()));
  }

  private static String train(Optimizer optimizer) {
    return recording.run(optimizer) + "/train";
  }

  private static String validation(Optimizer optimizer) {
    return recording.run(optimizer) + "/validation";
  }

  private static HParamsSession.Metric metric(String group, String tag, float value) {
    return new HParamsSession.Metric(group, tag, Recording.EPOCHS, value);
  }

  private static Map<String, Set<String>> present(Map<String, Set<String>> tags) {
    Map<String, Set<String>> present = new TreeMap<>(tags);
    present.values().removeIf(Set::isEmpty);
    return present;
  }

  private Map<Long, Float> values(String run, String tag) {
    Map<Long, Float> values = new TreeMap<>();
    for (ScalarPoint point : client.scalars(run, tag)) {
      assertThat(values.put(point.step(), point.value())).as("an earlier value of step %s", point.step()).isNull();
    }
    return values;
  }

  private static Map<Long, Float> printed(Optimizer optimizer, Function<Epoch, Float> figure) {
    Map<Long, Float> printed = new TreeMap<>();
    recording.epochs(optimizer).forEach(epoch -> printed.put(epoch.number(), figure.apply(epoch)));
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
