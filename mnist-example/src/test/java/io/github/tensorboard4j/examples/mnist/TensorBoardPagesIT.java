package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.examples.mnist.Recording.Epoch;
import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.Page.Chart;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** TensorBoard's pages draw what the training recorded. */
class TensorBoardPagesIT {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final List<String> EPOCH_CURVES = List.of("epoch_accuracy", "epoch_loss");
  private static final List<String> TRAINING_CURVES = List.of(
      "batch_accuracy", "batch_examples_per_second", "batch_learning_rate", "batch_loss", "batch_seconds",
      "epoch_learning_rate", "epoch_seconds", "examples_per_second");
  private static final List<String> PARAMETERS = List.of("hidden/W", "hidden/b", "output/W", "output/b");

  private static final Offset<Float> ROUNDING = within(0.00006f);

  private static final TensorBoards TENSORBOARDS = new TensorBoards();

  private static Browser browser;

  private static Stream<Arguments> withEachLoader() {
    return Arrays.stream(Loader.values()).flatMap(loader ->
        Arrays.stream(Subject.values()).map(subject -> Arguments.of(subject, loader)));
  }

  @BeforeEach
  void startBrowser() {
    if (browser == null) {
      browser = Browser.start();
    }
  }

  @AfterAll
  static void end() {
    TENSORBOARDS.close();
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldDrawAllCurvesAndHistogramsInTimeSeries(Subject subject, Loader loader) {
    Page page = open(subject, loader, Dashboard.TIMESERIES);

    assertCurves(page.charts().stream().filter(chart -> chart.run().isEmpty()).toList());
    assertHistograms(subject, page.charts().stream().filter(chart -> !chart.run().isEmpty()).toList());
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldLayTheRunsOverEachOtherWithTheFiguresThatWerePrinted(Subject subject, Loader loader) {
    Page page = open(subject, loader, Dashboard.TIMESERIES, "tagFilter=^epoch_(accuracy|loss)$");

    assertThat(page.charts()).extracting(Chart::tag).isEqualTo(EPOCH_CURVES);
    assertThat(page.charts()).extracting(Chart::colours).containsOnly(4);
    TrainedRun.of(subject).forEach(run -> {
      Epoch last = run.lastEpoch();
      assertThat(tabled(page, "epoch_loss", run.train())).isCloseTo(last.loss(), ROUNDING);
      assertThat(tabled(page, "epoch_accuracy", run.train())).isCloseTo(last.accuracy(), ROUNDING);
      assertThat(tabled(page, "epoch_loss", run.validation())).isCloseTo(last.validationLoss(), ROUNDING);
      assertThat(tabled(page, "epoch_accuracy", run.validation())).isCloseTo(last.validationAccuracy(), ROUNDING);
    });
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldDrawAllCurvesInScalars(Subject subject, Loader loader) {
    assertCurves(open(subject, loader, Dashboard.SCALARS).charts());
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldDrawTheHistogramsOfEveryParameter(Subject subject, Loader loader) {
    assertHistograms(subject, open(subject, loader, Dashboard.HISTOGRAMS).charts());
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldDrawTheDistributionsOfEveryParameter(Subject subject, Loader loader) {
    assertHistograms(subject, open(subject, loader, Dashboard.DISTRIBUTIONS).charts());
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldDrawTheGraphOfEachRunUnfolded(Subject subject, Loader loader) {
    Page folded = open(subject, loader, Dashboard.GRAPHS);
    assertThat(folded.graphNodes()).contains("input", "hidden", "output", "labels", "loss");
    assertThat(folded.graphEdges())
        .contains("input--hidden", "hidden--output", "output--loss", "labels--loss");

    TrainedRun shown = new TrainedRun(subject, Optimizer.ADAM);
    TrainedRun other = new TrainedRun(subject, Optimizer.SGD);
    assertThat(folded.texts()).contains(shown.train());
    assertUnfolded(shown, browser.expandGraph());
    screenshot(subject, loader, "graphs-" + shown.optimizer());
    browser.chooseGraph(other.train());
    assertUnfolded(other, browser.expandGraph());
    screenshot(subject, loader, "graphs-" + other.optimizer());
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldShowTheConfigurationAsText(Subject subject, Loader loader) {
    Page page = open(subject, loader, Dashboard.TEXT);

    TrainedRun.of(subject).forEach(run -> {
      assertThat(page.texts()).contains(run.train());
      for (String text : run.figures().configuration()) {
        assertThat(page.texts()).contains(text.strip().replaceAll("\\s+", " "));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldShowARowOfHyperParametersForEachTraining(Subject subject, Loader loader) {
    Page page = open(subject, loader, Dashboard.HPARAMS);

    assertThat(page.texts()).contains("learning_rate", "optimizer", "batch_size", "framework", "parameters")
        .contains("0.010000", "0.0010000", "32.000", "79510", subject.framework().toString());
    TrainedRun.of(subject).forEach(run ->
        assertThat(page.texts()).contains(run.session(), subject.optimizerName(run.optimizer())));
  }

  /** Drawn are scopes and operations; constants are only notes beside their user. */
  private static void assertUnfolded(TrainedRun run, Page page) {
    Set<String> nodes = new TreeSet<>();
    List<String> edges = new ArrayList<>();
    for (String line : run.subject().graph(run.optimizer())) {
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

  private static void assertHistograms(Subject subject, List<Chart> charts) {
    assertThat(charts).extracting(chart -> chart.run() + " " + chart.tag()).containsExactlyInAnyOrderElementsOf(
        TrainedRun.of(subject).flatMap(run -> PARAMETERS.stream()
            .map(parameter -> run.train() + " " + parameter)).toList());
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

  private static Page open(Subject subject, Loader loader, Dashboard dashboard, String... parameters) {
    Page page = browser.open(TENSORBOARDS.show(subject, loader), dashboard, parameters);
    String name = dashboard.name().toLowerCase(Locale.ROOT);
    screenshot(subject, loader, parameters.length == 0 ? name : name + "-filtered");
    assertThat(page.messages()).isEmpty();
    assertThat(page.consoleErrors()).isEmpty();
    return page;
  }

  private static void screenshot(Subject subject, Loader loader, String page) {
    String name = String.join("-", subject.framework().toString(), loader.name().toLowerCase(Locale.ROOT), page);
    browser.screenshot(SCREENSHOTS.resolve(name + ".png"));
  }
}
