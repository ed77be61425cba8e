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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** TensorBoard's pages draw what the training recorded. */
class TensorBoardPagesIT {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final List<String> EPOCH_CURVES = List.of("epoch_accuracy", "epoch_loss");
  private static final List<String> TRAINING_CURVES = List.of(
      "batch_accuracy", "batch_examples_per_second", "batch_learning_rate", "batch_loss", "batch_seconds",
      "epoch_learning_rate", "epoch_seconds", "examples_per_second");

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

    TrainedRun.of(subject).forEach(run -> assertTabled(page, run));
    assertCurves(page.charts().stream().filter(chart -> chart.run().isEmpty()).toList());
    assertHistograms(subject, page.charts().stream().filter(chart -> !chart.run().isEmpty()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void shouldLayTheFrameworksOverEachOther(Loader loader) {
    Page page = browser.open(TENSORBOARDS.showAll(loader), Dashboard.TIMESERIES, "tagFilter=^epoch_(accuracy|loss)$");
    screenshot("both", loader, "timeseries");

    assertThat(page.charts()).extracting(Chart::tag).isEqualTo(EPOCH_CURVES);
    assertThat(page.charts()).allMatch(Chart::isDrawn);
    TrainedRun.all().map(TrainedRun::withFramework).forEach(run -> assertTabled(page, run));
    assertNoComplaint(page);
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
    TrainedRun shown = new TrainedRun(subject, Optimizer.ADAM);
    TrainedRun other = new TrainedRun(subject, Optimizer.SGD);
    assertFolded(shown, folded);
    assertUnfolded(shown, browser.expandGraph());
    screenshot(subject.framework().toString(), loader, "graphs-" + shown.optimizer());

    assertFolded(other, browser.chooseGraph(other.train()));
    assertUnfolded(other, browser.expandGraph());
    screenshot(subject.framework().toString(), loader, "graphs-" + other.optimizer());
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldShowTheConfigurationAsText(Subject subject, Loader loader) {
    Page page = open(subject, loader, Dashboard.TEXT);

    TrainedRun.of(subject).forEach(run -> {
      assertThat(page.texts()).contains(run.train());
      for (String text : run.figures().configuration()) {
        assertThat(page.texts()).contains(text);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("withEachLoader")
  void shouldShowARowOfHyperParametersForEachTraining(Subject subject, Loader loader) {
    Page page = open(subject, loader, Dashboard.HPARAMS);

    assertThat(page.texts()).contains("learning_rate", "optimizer", "batch_size", "framework")
        .contains("0.010000", "0.0010000", "Sgd", "Adam", "32.000", subject.framework().toString());
    TrainedRun.of(subject).forEach(run -> assertThat(page.texts()).contains(run.session()));
  }

  /** Drawn are the outermost scopes and operations, and what flows between them. */
  private static void assertFolded(TrainedRun run, Page page) {
    List<Operation> graph = operations(run);
    assertThat(page.graphNodes()).containsExactlyInAnyOrderElementsOf(
        graph.stream().map(operation -> operation.outermost()).distinct().toList());
    assertThat(page.graphEdges()).containsExactlyInAnyOrderElementsOf(graph.stream().flatMap(operation ->
        operation.inputs().stream().map(input -> Operation.outermost(input)).filter(from -> !from.equals(operation.outermost()))
            .map(from -> from + "--" + operation.outermost())).distinct().toList());
    assertNoComplaint(page);
  }

  /** Drawn are all scopes and operations, but constants only as notes beside their user. */
  private static void assertUnfolded(TrainedRun run, Page page) {
    List<Operation> graph = operations(run).stream().filter(operation -> !operation.op().equals("Const")).toList();
    assertThat(page.graphNodes()).containsExactlyInAnyOrderElementsOf(graph.stream()
        .flatMap(operation -> Stream.of(operation.outermost(), operation.name())).distinct().toList());
    assertThat(page.graphEdges()).containsAll(graph.stream().flatMap(operation ->
        graph.stream().filter(from -> operation.inputs().contains(from.name()))
            .filter(from -> from.outermost().equals(operation.outermost()))
            .map(from -> from.name() + "--" + operation.name())).toList());
    assertNoComplaint(page);
  }

  private static List<Operation> operations(TrainedRun run) {
    return run.subject().graph(run.optimizer()).stream().map(Operation::parse).toList();
  }

  /** An operation of the graph. */
  private record Operation(String name, String op, List<String> inputs) {
    static Operation parse(String line) {
      String[] parts = line.split(" ", 3);
      String inputs = parts[2].substring(1, parts[2].indexOf(']'));
      return new Operation(parts[0], parts[1], inputs.isEmpty() ? List.of() : List.of(inputs.split(", ")));
    }

    String outermost() {
      return outermost(name);
    }

    static String outermost(String name) {
      return name.split("/")[0];
    }
  }

  private static void assertCurves(List<Chart> charts) {
    assertThat(charts).extracting(Chart::tag).containsExactlyInAnyOrderElementsOf(
        Stream.of(EPOCH_CURVES, TRAINING_CURVES).flatMap(List::stream).toList());
    assertThat(charts).allSatisfy(chart -> assertThat(chart.colours()).as(chart.tag())
        .isGreaterThanOrEqualTo(EPOCH_CURVES.contains(chart.tag()) ? 4 : 2));
  }

  private static void assertHistograms(Subject subject, List<Chart> charts) {
    assertThat(charts).extracting(chart -> chart.run() + " " + chart.tag()).containsExactlyInAnyOrderElementsOf(
        TrainedRun.of(subject).flatMap(run -> run.parameters().stream()
            .map(parameter -> run.train() + " " + parameter)).toList());
    assertThat(charts).allSatisfy(chart -> assertThat(chart.isDrawn()).as(chart.tag()).isTrue());
  }

  private static void assertTabled(Page page, TrainedRun run) {
    Epoch last = run.lastEpoch();
    assertThat(tabled(page, "epoch_loss", run.train())).isCloseTo(last.loss(), ROUNDING);
    assertThat(tabled(page, "epoch_accuracy", run.train())).isCloseTo(last.accuracy(), ROUNDING);
    assertThat(tabled(page, "epoch_loss", run.validation())).isCloseTo(last.validationLoss(), ROUNDING);
    assertThat(tabled(page, "epoch_accuracy", run.validation())).isCloseTo(last.validationAccuracy(), ROUNDING);
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

  private static Page open(Subject subject, Loader loader, Dashboard dashboard) {
    Page page = browser.open(TENSORBOARDS.show(subject, loader), dashboard);
    screenshot(subject.framework().toString(), loader, dashboard.name().toLowerCase(Locale.ROOT));
    assertNoComplaint(page);
    return page;
  }

  private static void assertNoComplaint(Page page) {
    assertThat(page.messages()).isEmpty();
    assertThat(page.consoleErrors()).isEmpty();
  }

  private static void screenshot(String logs, Loader loader, String page) {
    String name = String.join("-", logs, loader.name().toLowerCase(Locale.ROOT), page);
    browser.screenshot(SCREENSHOTS.resolve(name + ".png"));
  }
}
