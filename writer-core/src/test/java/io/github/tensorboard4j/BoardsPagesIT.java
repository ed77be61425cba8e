package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.Page.Chart;
import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each page of TensorBoard draws what was written for it. */
class BoardsPagesIT {

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private static Browser browser;

  @TempDir
  private Path logs;

  @BeforeAll
  static void start() {
    browser = Browser.start();
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldDrawSeveralScalarsInOneChart(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      for (int step = 1; step <= 30; step++) {
        Map<String, Double> losses = new LinkedHashMap<>();
        losses.put("train", Math.exp(-0.1 * step));
        losses.put("validation", Math.exp(-0.08 * step) + 0.1);
        losses.put("test", Math.exp(-0.05 * step) + 0.2);
        writer.addScalars("loss", losses, step);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.awaitScalars("run/test", "loss", 30);

      // lines that lie close to each other may share the colours that are seen
      assertThat(open(server, loader, Dashboard.SCALARS).charts()).singleElement().matches(Chart::isDrawn);
      assertThat(open(server, loader, Dashboard.TIMESERIES).charts()).singleElement().matches(Chart::isDrawn);
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldDrawTheChartsOfALayout(Loader loader) {
    for (String run : List.of("adam", "sgd")) {
      try (SummaryWriter writer = SummaryWriter.open(logs.resolve(run))) {
        writer.addCustomScalars(ScalarLayout.builder()
            .category("training")
            .multiline("losses", "loss/data", "loss/penalty")
            .multilineMatching("all losses", "loss/.*")
            .margin("mean of five seeds", new ScalarLayout.Band("mean", "lowest", "highest"))
            .build());
        double rate = run.equals("adam") ? 0.1 : 0.05;
        for (int step = 1; step <= 30; step++) {
          double loss = Math.exp(-rate * step);
          writer.addScalar("loss/data", loss, step);
          writer.addScalar("loss/penalty", loss / 2, step);
          writer.addScalar("mean", loss, step);
          writer.addScalar("lowest", loss * 0.8, step);
          writer.addScalar("highest", loss * 1.2 + 0.05, step);
        }
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.awaitScalars("adam", "highest", 30);
      server.awaitScalars("sgd", "highest", 30);

      assertThat(open(server, loader, Dashboard.CUSTOM_SCALARS).charts()).extracting(Chart::tag, Chart::isDrawn)
          .containsExactly(tuple("losses", true), tuple("all losses", true),
              tuple("mean of five seeds", true));
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldDrawPrCurves(Loader loader) {
    Random random = new Random(1);
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      for (int step = 1; step <= 3; step++) {
        int[] classes = new int[500];
        float[][] scores = new float[classes.length][3];
        for (int i = 0; i < classes.length; i++) {
          classes[i] = random.nextInt(3);
          for (int c = 0; c < 3; c++) {
            scores[i][c] = (float) (1 / (1 + Math.exp(-random.nextGaussian() - (classes[i] == c ? step : 0))));
          }
        }
        writer.addPrCurves("animals", PrCurve.ofClasses(classes, scores, List.of("cat", "dog", "bird")), step);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("the curves", client -> client.tags("pr_curves"), tags -> tags.toString().contains("bird"));

      assertThat(open(server, loader, Dashboard.PR_CURVES).drawnTags())
          .containsExactlyInAnyOrder("animals/bird", "animals/cat", "animals/dog");
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowTextAsItIs(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addText("errors", Markdown.table(List.of("label", "prediction", "note"),
          List.of(List.of(7, 1, "a | b"), List.of(4, 9, "<b>not bold</b>"), List.of("*", "# 1", "two\nlines"))), 1);
      writer.addText("sample",
          Markdown.text("  He said: <b>*hello*</b>\n![x](http://localhost/p.png) [link](http://localhost)"), 1);
      writer.addText("code", Markdown.code("if (a < b) {\n  return \"```\";\n}"), 1);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("texts", client -> client.texts("run", "code"), texts -> !texts.isEmpty());

      assertThat(open(server, loader, Dashboard.TEXT).texts()).contains("label", "a | b", "<b>not bold</b>", "# 1",
          "![x](http://localhost/p.png) [link](http://localhost)");
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowASearchInTheHparamsTable(Loader loader) {
    for (int trial = 0; trial < 4; trial++) {
      try (SummaryWriter writer = SummaryWriter.open(logs.resolve("trial" + trial))) {
        writer.addHparams(Map.of("rate", 0.1 * (trial + 1), "optimizer", trial % 2 == 0 ? "Adam" : "Sgd"),
            Map.of("accuracy", 0.5 + 0.125 * trial), SessionStatus.SUCCESS);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("the sessions", TensorBoardClient::hparams,
          all -> all.size() == 4 && all.stream().allMatch(session -> !session.metrics().isEmpty()));

      assertThat(open(server, loader, Dashboard.HPARAMS).texts()).contains("rate", "optimizer", "accuracy", "trial3",
          "0.87500");
    }
  }

  @Test
  void shouldProjectVectorsOfWhichSomeAreNotFinite() {
    Random random = new Random(1);
    float[][] vectors = new float[30][5];
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    }
    vectors[3][2] = Float.NaN;
    vectors[5][1] = Float.POSITIVE_INFINITY;
    try (SummaryWriter writer = SummaryWriter.open(logs)) {
      writer.addEmbedding("hidden", Embedding.builder(vectors).build(), 1);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST)) {
      Page page = open(server, Loader.RUST, Dashboard.PROJECTOR);

      assertThat(page.texts()).contains("Points:", "30");
    }
  }

  private static Page open(TensorBoardServer server, Loader loader, Dashboard dashboard) {
    Page page = browser.open(server, dashboard);
    browser.screenshot(SCREENSHOTS.resolve(loader + "-" + dashboard + ".png"));
    assertThat(page.messages()).isEmpty();
    assertThat(page.consoleErrors()).isEmpty();
    return page;
  }
}
