package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Boards of broken trainings, each beside the sound one, and the pictures of them that the page about diagnoses has. */
final class BrokenBoard implements AutoCloseable {

  /** Makes the directory within that of the tests, so that pages which show its path show nothing of the machine. */
  static final class Directory implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
      return Files.createTempDirectory(TARGET, "logs");
    }
  }

  private static final Path TARGET = Path.of("target");
  private static final Path SCREENSHOTS = TARGET.resolve("screenshots");
  /** What keeps the first points of a curve from being seen. */
  private static final String OUTLIERS = "Ignore outliers in chart scaling";

  private final Path logs;
  private final String pictures;
  private final Map<BrokenTraining, Recorded> trainings = new TreeMap<>();
  private final Browser browser;

  /**
   * Trains in all ways.
   *
   * @param logs where the boards' directories are made
   * @param pictures what the names of the pictures begin with
   * @param training trains in one way, into the directory of a run
   */
  BrokenBoard(Path logs, String pictures, BiConsumer<BrokenTraining, Path> training) {
    this.logs = logs;
    this.pictures = pictures;
    this.browser = Browser.start();
    for (BrokenTraining way : BrokenTraining.values()) {
      Path board = logs.resolve(way.run());
      training.accept(way, board.resolve(way.run()));
      if (way != BrokenTraining.SOUND) {
        training.accept(BrokenTraining.SOUND, board.resolve(BrokenTraining.SOUND.run()));
      }
      trainings.put(way, Recorded.in(board.resolve(way.run()).resolve("train")));
    }
  }

  Recorded recorded(BrokenTraining way) {
    return trainings.get(way);
  }

  float last(BrokenTraining way, String tag) {
    Map<Long, Float> points = recorded(way).scalar(tag);
    assertThat(points).as(way + " " + tag).isNotEmpty();
    return new TreeMap<>(points).lastEntry().getValue();
  }

  double highest(BrokenTraining way, String tag) {
    return recorded(way).scalar(tag).values().stream().mapToDouble(Float::doubleValue).max().orElseThrow();
  }

  /** Takes a picture of the curves with these tags, all of which are drawn. */
  void shootCurves(BrokenTraining way, String tags) {
    try (TensorBoardServer server = start(way)) {
      server.awaitScalars(way.run() + "/train", "epoch_loss", BrokenTraining.EPOCHS);
      browser.open(server, Dashboard.TIMESERIES, "tagFilter=" + tags);
      Page page = browser.click(OUTLIERS);
      shoot(way);
      assertThat(page.charts()).isNotEmpty().allMatch(Page.Chart::isDrawn);
    }
  }

  /** Takes a picture of the charts that the listener lays out by itself, and returns their names. */
  List<String> shootCharts(BrokenTraining way) {
    try (TensorBoardServer server = start(way)) {
      server.awaitScalars(way.run() + "/train", "epoch_loss", BrokenTraining.EPOCHS);
      browser.open(server, Dashboard.CUSTOM_SCALARS, "_smoothingWeight=0");
      Page page = browser.click(OUTLIERS);
      browser.screenshot(SCREENSHOTS.resolve(pictures + "-charts.png"));
      assertThat(page.charts()).isNotEmpty().allMatch(Page.Chart::isDrawn);
      return page.charts().stream().map(Page.Chart::tag).toList();
    }
  }

  /** Takes a picture of the text of the divergence, and returns what the page says. */
  String shootDivergence(BrokenTraining way) {
    try (TensorBoardServer server = start(way)) {
      Page page = browser.open(server, Dashboard.TEXT, "tagFilter=divergence");
      shoot(way);
      return String.join(" ", page.texts());
    }
  }

  private TensorBoardServer start(BrokenTraining way) {
    TensorBoardServer server = TensorBoardServer.start(logs.resolve(way.run()), Loader.RUST);
    server.awaitRuns(way.run() + "/train", "sound/train");
    return server;
  }

  private void shoot(BrokenTraining way) {
    browser.screenshot(SCREENSHOTS.resolve(pictures + '-' + way.run() + ".png"));
  }

  @Override
  public void close() {
    browser.close();
  }
}
