package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.examples.mnist.Recording.Epoch;
import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.Page.Chart;
import io.github.tensorboard4j.testkit.TensorBoardEnvironment;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** TensorBoard's pages draw what the training recorded. */
@ParameterizedClass(name = "{0}, loader {1}")
@MethodSource("io.github.tensorboard4j.examples.mnist.Subject#withEachLoader")
class TensorBoardPagesIT {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final List<String> EPOCH_CURVES = List.of("epoch_accuracy", "epoch_loss");
  private static final List<String> TRAINING_CURVES = List.of(
      "batch_accuracy", "batch_examples_per_second", "batch_learning_rate", "batch_loss", "batch_seconds",
      "epoch_learning_rate", "epoch_seconds", "examples_per_second");
  private static final List<String> PARAMETERS = List.of("hidden/W", "hidden/b", "output/W", "output/b");

  private static final Offset<Float> ROUNDING = within(0.00006f);

  private static Browser browser;
  private static Recording recording;
  private static TensorBoardServer server;

  private final Subject subject;
  private final Loader loader;

  TensorBoardPagesIT(Subject subject, Loader loader) {
    this.subject = subject;
    this.loader = loader;
  }

  @BeforeAll
  static void startBrowser() {
    TensorBoardEnvironment.require();
    browser = Browser.start();
  }

  @AfterAll
  static void endBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeParameterizedClassInvocation
  static void start(Subject subject, Loader loader) {
    recording = Recording.of(subject);
    server = TensorBoardServer.start(recording.logs(), loader);
    for (Optimizer optimizer : Optimizer.values()) {
      server.awaitScalars(recording.run(optimizer) + "/train", "examples_per_second", Recording.EPOCHS);
      server.awaitScalars(recording.run(optimizer) + "/validation", "epoch_accuracy", Recording.EPOCHS);
    }
  }

  @AfterParameterizedClassInvocation
  static void end() {
    server.close();
  }

  @Test
  void shouldDrawAllCurvesAndHistogramsInTimeSeries() {
    Page page = open(Dashboard.TIMESERIES);

    assertCurves(page.charts().stream().filter(chart -> chart.run().isEmpty()).toList());
    assertHistograms(page.charts().stream().filter(chart -> !chart.run().isEmpty()).toList());
  }

  @Test
  void shouldLayTheRunsOverEachOtherWithTheFiguresThatWerePrinted() {
    Page page = open(Dashboard.TIMESERIES, "tagFilter=^epoch_(accuracy|loss)$");

    assertThat(page.charts()).extracting(Chart::tag).isEqualTo(EPOCH_CURVES);
    assertThat(page.charts()).extracting(Chart::colours).containsOnly(4);
    for (Optimizer optimizer : Optimizer.values()) {
      Epoch last = recording.epochs(optimizer).get(Recording.EPOCHS - 1);
      String train = recording.run(optimizer) + "/train";
      String validation = recording.run(optimizer) + "/validation";
      assertThat(tabled(page, "epoch_loss", train)).isCloseTo(last.loss(), ROUNDING);
      assertThat(tabled(page, "epoch_accuracy", train)).isCloseTo(last.accuracy(), ROUNDING);
      assertThat(tabled(page, "epoch_loss", validation)).isCloseTo(last.validationLoss(), ROUNDING);
      assertThat(tabled(page, "epoch_accuracy", validation)).isCloseTo(last.validationAccuracy(), ROUNDING);
    }
  }

  @Test
  void shouldDrawAllCurvesInScalars() {
    assertCurves(open(Dashboard.SCALARS).charts());
  }

  @Test
  void shouldDrawTheHistogramsOfEveryParameter() {
    assertHistograms(open(Dashboard.HISTOGRAMS).charts());
  }

  @Test
  void shouldDrawTheDistributionsOfEveryParameter() {
    assertHistograms(open(Dashboard.DISTRIBUTIONS).charts());
  }

  @Test
  void shouldDrawTheGraphOfEachRunUnfolded() {
    Page folded = open(Dashboard.GRAPHS);
    assertThat(folded.graphNodes()).contains("input", "hidden", "output", "labels", "loss");
    assertThat(folded.graphEdges())
        .contains("input--hidden", "hidden--output", "output--loss", "labels--loss");

    assertUnfoldedGraph(Optimizer.ADAM);
    browser.chooseGraph(recording.run(Optimizer.SGD) + "/train");
    assertUnfoldedGraph(Optimizer.SGD);
  }

  @Test
  void shouldShowTheConfigurationAsText() {
    Page page = open(Dashboard.TEXT);

    for (Optimizer optimizer : Optimizer.values()) {
      assertThat(page.texts()).contains(recording.run(optimizer) + "/train");
      for (String text : subject.figures(optimizer).configuration()) {
        assertThat(page.texts()).contains(text.strip().replaceAll("\\s+", " "));
      }
    }
  }

  @Test
  void shouldShowARowOfHyperParametersForEachTraining() {
    Page page = open(Dashboard.HPARAMS);

    assertThat(page.texts()).contains("learning_rate", "optimizer", "batch_size", "framework", "parameters")
        .contains("0.010000", "0.0010000", "32.000", "79510", subject.framework().toString());
    for (Optimizer optimizer : Optimizer.values()) {
      assertThat(page.texts()).contains(recording.run(optimizer), subject.optimizerName(optimizer));
    }
  }

  /** The scopes that hold operations, and these, but for the constants, which are drawn as notes beside their user. */
  private void assertUnfoldedGraph(Optimizer optimizer) {
    Page page = browser.expandGraph();
    screenshot("graphs-" + optimizer);
    Set<String> nodes = new TreeSet<>();
    List<String> edges = new ArrayList<>();
    for (String line : subject.graph(optimizer)) {
      String[] parts = line.split(" ", 3);
      if (parts[1].equals("Const")) {
        continue;
      }
      nodes.add(parts[0]);
      if (parts[0].contains("/")) {
        nodes.add(parts[0].substring(0, parts[0].indexOf('/')));
      }
      Arrays.stream(parts[2].substring(1, parts[2].indexOf(']')).split(", "))
          .filter(input -> sameScope(input, parts[0])).filter(nodes::contains)
          .forEach(input -> edges.add(input + "--" + parts[0]));
    }

    assertThat(page.graphNodes()).containsExactlyInAnyOrderElementsOf(nodes);
    assertThat(page.graphEdges()).containsAll(edges).contains("hidden--output");
    assertThat(page.messages()).isEmpty();
    assertThat(page.consoleErrors()).isEmpty();
  }

  private static boolean sameScope(String from, String to) {
    return from.contains("/") && to.startsWith(from.substring(0, from.indexOf('/') + 1));
  }

  private static void assertCurves(List<Chart> charts) {
    assertThat(charts).extracting(Chart::tag).containsExactlyInAnyOrderElementsOf(
        Stream.of(EPOCH_CURVES, TRAINING_CURVES).flatMap(List::stream).toList());
    assertThat(charts).allSatisfy(chart -> assertThat(chart.colours()).as(chart.tag())
        .isGreaterThanOrEqualTo(EPOCH_CURVES.contains(chart.tag()) ? 4 : 2));
  }

  private static void assertHistograms(List<Chart> charts) {
    assertThat(charts).extracting(chart -> chart.run() + " " + chart.tag()).containsExactlyInAnyOrderElementsOf(
        Arrays.stream(Optimizer.values()).flatMap(optimizer -> PARAMETERS.stream()
            .map(parameter -> recording.run(optimizer) + "/train " + parameter)).toList());
    assertThat(charts).allSatisfy(chart -> assertThat(chart.isDrawn()).as(chart.tag()).isTrue());
  }

  /** The value in a run's row of the table below a chart, whose columns are run, smoothed, value and step. */
  private static float tabled(Page page, String tag, String run) {
    List<String> chart = page.texts().subList(page.texts().lastIndexOf(tag), page.texts().size());
    int header = chart.indexOf("Smoothed");
    assertThat(chart.subList(header, header + 3)).containsExactly("Smoothed", "Value", "Step");
    List<String> row = chart.subList(chart.indexOf(run), chart.size());
    assertThat(row.get(3)).isEqualTo(String.valueOf(Recording.EPOCHS));
    return Float.parseFloat(row.get(2));
  }

  private Page open(Dashboard dashboard, String... parameters) {
    Page page = browser.open(server, dashboard, parameters);
    screenshot(dashboard.name().toLowerCase(Locale.ROOT)
        + (parameters.length == 0 ? "" : "-filtered"));
    assertThat(page.messages()).isEmpty();
    assertThat(page.consoleErrors()).isEmpty();
    return page;
  }

  private void screenshot(String name) {
    browser.screenshot(SCREENSHOTS.resolve(String.join("-", subject.framework().toString(),
        loader.name().toLowerCase(Locale.ROOT), name + ".png")));
  }
}
