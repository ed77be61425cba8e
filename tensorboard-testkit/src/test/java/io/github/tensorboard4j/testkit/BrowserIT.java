package io.github.tensorboard4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testkit.Page.Chart;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BrowserIT {

  /** The pages that say so where they have no data. */
  private static final Set<Dashboard> TELLING = EnumSet.complementOf(EnumSet.of(Dashboard.TIMESERIES, Dashboard.PR_CURVES,
      Dashboard.CUSTOM_SCALARS, Dashboard.MESH, Dashboard.PROJECTOR));

  private static final int STEPS = 20;
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private Browser browser;

  @TempDir
  private Path logdir;

  @BeforeEach
  void start() {
    browser = Browser.start();
  }

  @AfterEach
  void end() {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSeeEveryPageDrawn(Loader loader) {
    Python.runResource(getClass(), "write_logs.py", logdir, STEPS, "3,1,2");
    try (TensorBoardServer server = TensorBoardServer.start(logdir, loader)) {
      for (String run : new String[] {"adam", "sgd"}) {
        server.awaitScalars(run, "given", 3);
        server.awaitHistograms(run, "dense/weight", STEPS);
      }

      assertThat(open(server, loader, Dashboard.TIMESERIES).charts()).containsExactlyInAnyOrder(
          new Chart("dense/weight", "adam", 1), new Chart("dense/weight", "sgd", 1), new Chart("epoch_loss", "", 2),
          new Chart("given", "", 1));
      assertThat(open(server, loader, Dashboard.SCALARS).charts()).extracting(Chart::tag)
          .containsExactlyInAnyOrder("epoch_loss", "given");
      assertThat(open(server, loader, Dashboard.SCALARS).drawnTags()).containsExactlyInAnyOrder("epoch_loss", "given");
      assertThat(open(server, loader, Dashboard.HISTOGRAMS).charts()).containsExactlyInAnyOrder(
          new Chart("dense/weight", "adam", 1), new Chart("dense/weight", "sgd", 1));
      assertThat(open(server, loader, Dashboard.DISTRIBUTIONS).charts()).containsExactlyInAnyOrder(
          new Chart("dense/weight", "adam", 1), new Chart("dense/weight", "sgd", 1));
      assertThat(open(server, loader, Dashboard.TEXT).texts()).contains("Title", "bold");
      assertThat(open(server, loader, Dashboard.HPARAMS).texts()).contains("learning_rate", "0.30000", "true", "sgd");
      assertThat(open(server, loader, Dashboard.GRAPHS).graphNodes())
          .containsExactlyInAnyOrder("input", "dense", "adam");

      assertThat(browser.chooseGraph("sgd").graphNodes()).containsExactlyInAnyOrder("input", "dense", "sgd");
      Page unfolded = browser.expandGraph();
      browser.screenshot(SCREENSHOTS.resolve(loader + "-graphs-unfolded.png"));
      assertThat(unfolded.graphNodes()).containsExactlyInAnyOrder(
          "input", "input/images", "dense", "dense/weight", "dense/MatMul", "sgd", "sgd/update");
      assertThat(unfolded.graphEdges()).contains("dense/weight--dense/MatMul");
      assertThatThrownBy(() -> browser.chooseGraph("nothing")).hasMessageContaining("nothing");
      assertThat(server.problems()).isEmpty();
    }
  }

  @Test
  void shouldHearWhatThePageComplainsOfToTheConsole() {
    Python.runResource(getClass(), "write_logs.py", logdir, STEPS, "1,2,inf,3,nan,4");
    try (TensorBoardServer server = TensorBoardServer.start(logdir, Loader.PYTHON)) {
      server.awaitScalars("sgd", "given", 6);

      Page page = browser.open(server, Dashboard.TIMESERIES, "tagFilter=given");

      assertThat(page.charts()).containsExactly(new Chart("given", "", 1));
      assertThat(page.consoleErrors()).anyMatch(error -> error.contains("NaN"));
    }
  }

  @Test
  void shouldSeeThatADashboardHasNoData() {
    Python.run("import pathlib, sys; pathlib.Path(sys.argv[1], 'empty').mkdir()", logdir);
    try (TensorBoardServer server = TensorBoardServer.start(logdir, Loader.PYTHON)) {
      for (Dashboard dashboard : TELLING) {
        Page page = browser.open(server, dashboard);
        browser.screenshot(SCREENSHOTS.resolve("empty-" + dashboard + ".png"));
        assertThat(page.messages()).as(dashboard.name()).isNotEmpty();
        assertThat(page.charts()).isEmpty();
      }
    }
  }

  private Page open(TensorBoardServer server, Loader loader, Dashboard dashboard) {
    Page page = browser.open(server, dashboard);
    browser.screenshot(SCREENSHOTS.resolve(loader + "-" + dashboard + ".png"));
    assertThat(page.messages()).isEmpty();
    assertThat(page.consoleErrors()).isEmpty();
    return page;
  }
}
