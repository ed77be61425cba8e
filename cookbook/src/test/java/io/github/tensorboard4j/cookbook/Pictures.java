package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Runs the stories as their readers do, and takes the pictures of {@code docs/cookbook.md} of them:
 *
 * <pre>{@code
 * mvn -q -Pcookbook-pictures                             # all of them
 * mvn -q -Pcookbook-pictures -Dpictures="neuron search"  # those of some stories
 * }</pre>
 */
final class Pictures {

  private static final Path IMAGES = Path.of("..", "docs", "images");
  private static final Map<String, Story> STORIES = new LinkedHashMap<>();

  /** A program, and how pictures are taken of what it has recorded. */
  private record Story(Program program, BiConsumer<Browser, TensorBoardServer> photographer) {}

  /** A story's main method. */
  private interface Program {
    void main(String[] args) throws Exception;
  }

  static {
    STORIES.put("neuron", new Story(LearningNeuron::main, (browser, server) -> {
      browser.open(server, Dashboard.SCALARS);
      shoot(browser, "neuron");
      browser.open(server, Dashboard.GRAPHS);
      browser.expandGraph();
      shoot(browser, "neuron-graph");
    }));
    STORIES.put("regression", new Story(LinearRegression::main, (browser, server) -> {
      browser.open(server, Dashboard.TIMESERIES, "tagFilter=^(batch_loss|layer_linear/(weight|bias))$");
      shoot(browser, "regression");
      browser.open(server, Dashboard.DISTRIBUTIONS);
      shoot(browser, "regression-distributions");
      browser.open(server, Dashboard.HISTOGRAMS);
      shoot(browser, "regression-histograms");
      browser.open(server, Dashboard.TEXT, "tagFilter=divergence");
      shoot(browser, "regression-divergence");
    }));
    STORIES.put("functions", new Story(FunctionsAsGraphs::main, (browser, server) -> {
      browser.open(server, Dashboard.GRAPHS);
      browser.expandGraph();
      shoot(browser, "functions-condition");
      browser.chooseGraph("derivative");
      browser.expandGraph();
      shoot(browser, "functions-derivative");
      browser.chooseGraph("loop");
      browser.expandGraph();
      shoot(browser, "functions-loop");
    }));
    STORIES.put("digits", new Story(LookingAtDigits::main, (browser, server) -> {
      browser.open(server, Dashboard.IMAGES);
      shoot(browser, "digits");
    }));
    STORIES.put("precision", new Story(PrecisionAndConfusion::main, (browser, server) -> {
      browser.open(server, Dashboard.PR_CURVES);
      shoot(browser, "precision");
      browser.open(server, Dashboard.IMAGES);
      shoot(browser, "precision-confusion");
    }));
    STORIES.put("space", new Story(DigitsInSpace::main, (browser, server) -> {
      browser.open(server, Dashboard.PROJECTOR);
      shoot(browser, "space");
    }));
    STORIES.put("search", new Story(HyperParameterSearch::main, (browser, server) -> {
      browser.open(server, Dashboard.HPARAMS);
      shoot(browser, "search");
      browser.click("Parallel Coordinates View");
      shoot(browser, "search-parallel");
      browser.click("Scatter Plot Matrix View");
      shoot(browser, "search-scatter");
    }));
    STORIES.put("typo", new Story(CatchingATypo::main, (browser, server) -> {
      browser.open(server, Dashboard.TIMESERIES, "tagFilter=^batch_(loss|accuracy)$");
      shoot(browser, "typo");
    }));
    STORIES.put("restored", new Story(SaveAndRestore::main, (browser, server) -> {
      browser.open(server, Dashboard.TIMESERIES, "tagFilter=^(batch|epoch)_loss$");
      shoot(browser, "restored");
    }));
    STORIES.put("seeds", new Story(ThreeSeeds::main, (browser, server) -> {
      browser.open(server, Dashboard.CUSTOM_SCALARS);
      shoot(browser, "seeds");
    }));
    STORIES.put("text", new Story(WritingText::main, (browser, server) -> {
      browser.open(server, Dashboard.TEXT, "tagFilter=sample");
      shoot(browser, "text");
    }));
    STORIES.put("chord", new Story(LearningAChord::main, (browser, server) -> {
      browser.open(server, Dashboard.AUDIO);
      shoot(browser, "chord");
    }));
    STORIES.put("landscape", new Story(LossLandscape::main, (browser, server) -> {
      browser.open(server, Dashboard.MESH);
      shoot(browser, "landscape");
    }));
  }

  private Pictures() {}

  public static void main(String[] names) throws Exception {
    for (String name : names.length == 0 ? STORIES.keySet() : Set.of(names)) {
      Path logs = Path.of("logs", name);
      delete(logs);
      STORIES.get(name).program().main(new String[0]);
      try (TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST); Browser browser = Browser.start()) {
        awaitAll(server);
        STORIES.get(name).photographer().accept(browser, server);
      }
    }
  }

  /** Waits until the board finds nothing new any more. */
  private static void awaitAll(TensorBoardServer server) {
    List<Object> last = new java.util.ArrayList<>();
    last.add(null);
    server.await("all", client -> client.get("data/plugin/timeseries/tags"), now -> {
      boolean unchanged = now.equals(last.get(0)) && !server.client().runs().isEmpty();
      last.set(0, now);
      return unchanged;
    });
  }

  private static void shoot(Browser browser, String name) {
    browser.screenshot(IMAGES.resolve("cookbook-" + name + ".png"));
  }

  private static void delete(Path directory) {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
