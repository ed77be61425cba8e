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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TensorBoard's pages draw what the training recorded. */
class TensorBoardPagesIT {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final List<String> EPOCH_CURVES = List.of("epoch_accuracy", "epoch_loss");
  private static final List<String> TRAINING_CURVES = List.of(
      "batch_accuracy", "batch_examples_per_second", "batch_learning_rate", "batch_loss", "batch_seconds",
      "epoch_examples_per_second", "epoch_learning_rate", "epoch_seconds");
  private static final Offset<Float> ROUNDING = within(0.00006f);
  private static final TensorBoards TENSORBOARDS = new TensorBoards();

  private static Browser browser;

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
  @EnumSource
  void shouldDrawAllCurvesAndHistogramsInTimeSeries(Loader loader) {
    Page page = open(loader, Dashboard.TIMESERIES);

    assertCurves(page.charts().stream().filter(chart -> chart.run().isEmpty()).toList());
    assertHistograms(page.charts().stream().filter(chart -> !chart.run().isEmpty()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void shouldLayAllRunsOverEachOtherWithTheFiguresThatWerePrinted(Loader loader) {
    Page page = open(loader, Dashboard.TIMESERIES, "tagFilter=^epoch_(accuracy|loss)$");

    assertThat(page.charts()).extracting(Chart::tag).isEqualTo(EPOCH_CURVES);
    TrainedRun.all().forEach(run -> {
      Epoch last = run.lastEpoch();
      assertThat(tabled(page, "epoch_loss", run.train())).isCloseTo(last.loss(), ROUNDING);
      assertThat(tabled(page, "epoch_accuracy", run.train())).isCloseTo(last.accuracy(), ROUNDING);
      assertThat(tabled(page, "epoch_loss", run.validation())).isCloseTo(last.validationLoss(), ROUNDING);
      assertThat(tabled(page, "epoch_accuracy", run.validation())).isCloseTo(last.validationAccuracy(), ROUNDING);
    });
  }

  @ParameterizedTest
  @EnumSource
  void shouldDrawAllCurvesInScalars(Loader loader) {
    assertCurves(open(loader, Dashboard.SCALARS).charts());
  }

  @ParameterizedTest
  @EnumSource
  void shouldDrawTheHistogramsOfEveryParameter(Loader loader) {
    assertHistograms(open(loader, Dashboard.HISTOGRAMS).charts());
  }

  @ParameterizedTest
  @EnumSource
  void shouldDrawTheDistributionsOfEveryParameter(Loader loader) {
    assertHistograms(open(loader, Dashboard.DISTRIBUTIONS).charts());
  }

  @ParameterizedTest
  @EnumSource
  void shouldDrawTheGraphOfEachRunUnfolded(Loader loader) {
    Page page = open(loader, Dashboard.GRAPHS);
    List<TrainedRun> runs = TrainedRun.all().sorted(Comparator.comparing(TrainedRun::train)).toList();
    for (TrainedRun run : runs) {
      Page folded = run.equals(runs.get(0)) ? page : browser.chooseGraph(run.train());
      assertFolded(run, folded);
      assertUnfolded(run, browser.expandGraph());
      screenshot(loader, "graphs-" + run.session().replace('/', '-'));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowTheConfigurationAsText(Loader loader) {
    Page page = open(loader, Dashboard.TEXT);

    TrainedRun.all().forEach(run -> {
      assertThat(page.texts()).contains(run.train());
      for (String text : run.figures().configuration()) {
        assertThat(page.texts()).contains(text);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowARowOfHyperParametersForEachTraining(Loader loader) {
    Page page = open(loader, Dashboard.HPARAMS);

    assertThat(page.texts()).contains("learning_rate", "optimizer", "batch_size", "framework")
        .contains("0.010000", "0.0010000", "Sgd", "Adam", "32.000");
    TrainedRun.all().forEach(run -> assertThat(page.texts()).contains(run.session(), run.subject().framework().toString()));
  }

  /** Drawn are the outermost scopes and operations, and what flows between them. */
  private static void assertFolded(TrainedRun run, Page page) {
    List<Operation> graph = operations(run);
    assertThat(page.graphNodes()).containsExactlyInAnyOrderElementsOf(
        graph.stream().map(operation -> operation.outermost()).distinct().toList());
    assertThat(page.graphEdges()).containsExactlyInAnyOrderElementsOf(graph.stream()
        .flatMap(operation -> operation.inputs().stream().map(input -> Operation.outermost(input))
            .filter(from -> !from.equals(operation.outermost()))
            .map(from -> from + "--" + operation.outermost()))
        .distinct().toList());
    assertNoComplaint(page);
  }

  /** Drawn are all scopes and operations, but constants only as notes beside their user. */
  private static void assertUnfolded(TrainedRun run, Page page) {
    List<Operation> graph = operations(run).stream().filter(operation -> !operation.op().equals("Const")).toList();
    assertThat(page.graphNodes()).containsExactlyInAnyOrderElementsOf(graph.stream()
        .flatMap(operation -> Stream.of(operation.outermost(), operation.name())).distinct().toList());
    assertThat(page.graphEdges()).containsAll(graph.stream()
        .flatMap(operation -> graph.stream().filter(from -> operation.inputs().contains(from.name()))
            .filter(from -> from.outermost().equals(operation.outermost()))
            .map(from -> from.name() + "--" + operation.name()))
        .toList());
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

  private static void assertHistograms(List<Chart> charts) {
    assertThat(charts).extracting(chart -> chart.run() + " " + chart.tag()).containsExactlyInAnyOrderElementsOf(
        TrainedRun.all().flatMap(run -> run.parameters().stream()
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

  private static Page open(Loader loader, Dashboard dashboard, String... parameters) {
    Page page = browser.open(TENSORBOARDS.with(loader), dashboard, parameters);
    String name = dashboard.name().toLowerCase(Locale.ROOT);
    screenshot(loader, parameters.length == 0 ? name : name + "-filtered");
    assertNoComplaint(page);
    return page;
  }

  private static void assertNoComplaint(Page page) {
    assertThat(page.messages()).isEmpty();
    assertThat(page.consoleErrors()).isEmpty();
  }

  private static void screenshot(Loader loader, String page) {
    browser.screenshot(SCREENSHOTS.resolve(loader.name().toLowerCase(Locale.ROOT) + "-" + page + ".png"));
  }
}
