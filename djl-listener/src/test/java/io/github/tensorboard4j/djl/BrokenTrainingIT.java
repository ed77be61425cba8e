package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the board shows of a sound training and of five broken ones, as the page about diagnoses says. */
class BrokenTrainingIT {

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  @TempDir
  private static Path logs;

  private static final Map<BrokenTraining, Recorded> TRAININGS = new TreeMap<>();
  private static Browser browser;

  @BeforeAll
  static void train() {
    browser = Browser.start();
    for (BrokenTraining training : BrokenTraining.values()) {
      // each broken one beside the sound one
      Path board = logs.resolve(training.run());
      training.train(board.resolve(training.run()));
      BrokenTraining.SOUND.train(board.resolve(BrokenTraining.SOUND.run()));
      TRAININGS.put(training, Recorded.in(board.resolve(training.run()).resolve("train")));
    }
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void shouldShowARateThatIsTooHighInTheRatioOfUpdates() {
    assertThat(last(BrokenTraining.SOUND, "update_ratio_log10/05_linear/weight")).isBetween(-4f, -2f);
    assertThat(highest(BrokenTraining.RATE_TOO_HIGH, "update_ratio_log10/05_linear/weight")).isGreaterThan(-1);
    shootCharts(BrokenTraining.RATE_TOO_HIGH);
  }

  @Test
  void shouldShowDeadRelus() {
    assertThat(last(BrokenTraining.SOUND, "relu_dead/06_relu")).isLessThan(0.4f);
    assertThat(last(BrokenTraining.DEAD_RELUS, "relu_dead/06_relu")).isEqualTo(1);
    assertThat(last(BrokenTraining.DEAD_RELUS, "gradient_norm/05_linear/weight")).isZero();
    shoot(BrokenTraining.DEAD_RELUS, "^(epoch_loss|gradient_norm/(01|09)_linear/weight|relu_dead/(02|06|10)_relu)$");
  }

  @Test
  void shouldShowVanishingGradients() {
    float first = last(BrokenTraining.VANISHING_GRADIENTS, "gradient_norm/01_linear/weight");
    assertThat(first).isLessThan(last(BrokenTraining.VANISHING_GRADIENTS, "gradient_norm/11_linear/weight") / 10)
        .isLessThan(last(BrokenTraining.SOUND, "gradient_norm/01_linear/weight") / 50);
    assertThat(last(BrokenTraining.SOUND, "gradient_norm/01_linear/weight"))
        .isGreaterThan(last(BrokenTraining.SOUND, "gradient_norm/11_linear/weight") / 5);
    shoot(BrokenTraining.VANISHING_GRADIENTS,
        "^(epoch_loss|gradient_norm/(01|05|09|11)_linear/weight|update_ratio_log10/01_linear/weight)$");
  }

  @Test
  void shouldShowLabelsThatHaveNothingToDoWithTheInputs() {
    assertThat(last(BrokenTraining.SOUND, "epoch_accuracy")).isGreaterThan(0.7f);
    assertThat(TRAININGS.get(BrokenTraining.BAD_LABELS).scalar("epoch_loss").get(5L))
        .isCloseTo((float) Math.log(3), within(0.05f));
    assertThat(last(BrokenTraining.BAD_LABELS, "relu_dead/06_relu")).isLessThan(0.4f);
    assertThat(last(BrokenTraining.BAD_LABELS, "update_ratio_log10/05_linear/weight")).isBetween(-4f, -2f);
    shoot(BrokenTraining.BAD_LABELS,
        "^(epoch_loss|epoch_accuracy|relu_dead/06_relu|gradient_norm/05_linear/weight|update_ratio_log10/05_linear/weight)$");
  }

  @Test
  void shouldShowANumberThatIsNoneInTheInput() {
    assertThat(TRAININGS.get(BrokenTraining.NAN_INPUT).texts()).anySatisfy(text -> assertThat(text)
        .contains("NaN in the batch's input input at iteration " + BrokenTraining.NAN_ITERATION));
    try (TensorBoardServer server = TensorBoardServer.start(logs.resolve(BrokenTraining.NAN_INPUT.run()), Loader.RUST)) {
      server.awaitRuns("nan_input/train", "sound/train");
      Page page = browser.open(server, Dashboard.TEXT, "tagFilter=divergence");
      browser.screenshot(SCREENSHOTS.resolve("diagnose-djl-nan_input.png"));
      assertThat(String.join(" ", page.texts())).contains("NaN in the batch's input");
    }
  }

  private static float last(BrokenTraining training, String tag) {
    Map<Long, Float> points = TRAININGS.get(training).scalar(tag);
    assertThat(points).as(training + " " + tag).isNotEmpty();
    return new TreeMap<>(points).lastEntry().getValue();
  }

  private static double highest(BrokenTraining training, String tag) {
    return TRAININGS.get(training).scalar(tag).values().stream().mapToDouble(Float::doubleValue).max().orElseThrow();
  }

  private static void shoot(BrokenTraining training, String tags) {
    shoot(training, Dashboard.TIMESERIES, "tagFilter=" + tags);
  }

  /** Takes a picture of the charts that the listener lays out by itself. */
  private static void shootCharts(BrokenTraining training) {
    Page page = shoot(training, Dashboard.CUSTOM_SCALARS, "_smoothingWeight=0");
    assertThat(page.charts()).extracting(Page.Chart::tag).containsExactly("update_ratio_log10",
        "update_ratio_log10 of biases", "gradient_norm", "epoch_loss", "epoch_accuracy");
  }

  private static Page shoot(BrokenTraining training, Dashboard dashboard, String setting) {
    try (TensorBoardServer server = TensorBoardServer.start(logs.resolve(training.run()), Loader.RUST)) {
      server.awaitRuns(training.run() + "/train", "sound/train");
      server.awaitScalars(training.run() + "/train", "epoch_loss", 10);
      Page page = browser.open(server, dashboard, setting);
      if (dashboard == Dashboard.CUSTOM_SCALARS) {
        // a training that soon is NaN has but a few points, which count as outliers
        page = browser.click("Ignore outliers in chart scaling");
      }
      browser.screenshot(SCREENSHOTS.resolve("diagnose-djl-" + training.run() + ".png"));
      assertThat(page.charts()).isNotEmpty().allMatch(Page.Chart::isDrawn);
      return page;
    }
  }
}
