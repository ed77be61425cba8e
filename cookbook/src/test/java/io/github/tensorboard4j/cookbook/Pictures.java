package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Runs the stories as their readers do, and takes the pictures of {@code docs/cookbook.md} of them:
 *
 * <pre>{@code
 * mvn -q -Pcookbook-pictures                             # all of them
 * mvn -q -Pcookbook-pictures -Dpictures="neuron search"  # those of some stories
 * }</pre>
 */
final class Pictures {

  private static final Map<String, Story> STORIES = new LinkedHashMap<>();

  /** What keeps the first points of a curve from being seen. */
  private static final String OUTLIERS = "Ignore outliers in chart scaling";

  private static final Rectangle WHOLE = new Rectangle(1600, 1200);
  /** Right of the page's settings and below its title. */
  private static final Rectangle GRAPH = new Rectangle(352, 120, 1600, 1200);
  /** Left of the page's settings, one row of charts. */
  private static final Rectangle TIME_SERIES = new Rectangle(1348, 612);
  private static final int MARGIN = 20;

  private static Path images;

  /** A program, and how pictures are taken of what it has recorded. */
  private record Story(Program program, BiConsumer<Browser, TensorBoardServer> photographer) {}

  /** A story's main method. */
  private interface Program {
    void main(String[] args) throws Exception;
  }

  static {
    STORIES.put("neuron", new Story(LearningNeuron::main, (browser, server) -> {
      browser.open(server, Dashboard.SCALARS, "tagFilter=.", "_smoothingWeight=0");
      browser.click(OUTLIERS);
      shoot(browser, "neuron", new Rectangle(1600, 768));
      browser.open(server, Dashboard.GRAPHS);
      shootGraph(browser, "neuron-graph");
    }));
    STORIES.put("regression", new Story(LinearRegression::main, (browser, server) -> {
      browser.open(server, Dashboard.SCALARS, "tagFilter=^batch_loss$", "_smoothingWeight=0");
      browser.click(OUTLIERS);
      browser.click("Toggle y-axis log scale");
      shoot(browser, "regression", new Rectangle(1200, 574));
      browser.open(server, Dashboard.DISTRIBUTIONS);
      shoot(browser, "regression-distributions");
      browser.open(server, Dashboard.HISTOGRAMS);
      shoot(browser, "regression-histograms");
      browser.open(server, Dashboard.TEXT, "tagFilter=divergence");
      shoot(browser, "regression-divergence", new Rectangle(1600, 580));
    }));
    STORIES.put("functions", new Story(FunctionsAsGraphs::main, (browser, server) -> {
      browser.open(server, Dashboard.GRAPHS);
      shootGraph(browser, "functions-condition");
      browser.chooseGraph("derivative");
      shootGraph(browser, "functions-derivative");
      browser.chooseGraph("loop");
      shootGraph(browser, "functions-loop");
    }));
    STORIES.put("digits", new Story(LookingAtDigits::main, (browser, server) -> {
      browser.open(server, Dashboard.IMAGES, "tagFilter=.");
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
      browser.click("Color by");
      browser.click("digit");
      shoot(browser, "space");
      browser.click("t-SNE");
      pause();
      shoot(browser, "space-tsne");
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
      shoot(browser, "typo", TIME_SERIES);
    }));
    STORIES.put("restored", new Story(SaveAndRestore::main, (browser, server) -> {
      browser.open(server, Dashboard.TIMESERIES, "tagFilter=^(batch|epoch)_loss$", "smoothing=0");
      shoot(browser, "restored", TIME_SERIES);
    }));
    STORIES.put("seeds", new Story(ThreeSeeds::main, (browser, server) -> {
      browser.open(server, Dashboard.CUSTOM_SCALARS, "_smoothingWeight=0");
      shoot(browser, "seeds");
    }));
    STORIES.put("text", new Story(WritingText::main, (browser, server) -> {
      browser.open(server, Dashboard.TEXT, "tagFilter=sample");
      shoot(browser, "text", new Rectangle(1600, 758));
    }));
    STORIES.put("chord", new Story(LearningAChord::main, (browser, server) -> {
      browser.open(server, Dashboard.AUDIO);
      shoot(browser, "chord");
    }));
    STORIES.put("landscape", new Story(LossLandscape::main, (browser, server) -> {
      browser.open(server, Dashboard.MESH);
      shoot(browser, "landscape", new Rectangle(1600, 804));
    }));
  }

  private Pictures() {}

  /** Takes the directory of the pictures, and the names of some stories. */
  public static void main(String[] args) throws Exception {
    images = Path.of(args[0]);
    List<String> names = List.of(args).subList(1, args.length);
    for (String name : names.isEmpty() ? STORIES.keySet() : names) {
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
    List<Object> last = new ArrayList<>();
    last.add(null);
    server.await("all", client -> client.get("data/plugin/timeseries/tags"), now -> {
      boolean unchanged = now.equals(last.get(0)) && !server.client().runs().isEmpty();
      last.set(0, now);
      return unchanged;
    });
  }

  /** Takes a picture of the page, without what is empty below it and at its right. */
  private static void shoot(Browser browser, String name) {
    shoot(browser, name, WHOLE);
  }

  /** Takes a picture of the graph alone, with all scopes unfolded. */
  private static void shootGraph(Browser browser, String name) {
    browser.expandGraph();
    browser.click("Fit to screen");
    shoot(browser, name, GRAPH);
  }

  private static void shoot(Browser browser, String name, Rectangle part) {
    Path file = images.resolve("cookbook-" + name + ".png");
    browser.screenshot(file);
    try {
      BufferedImage page = ImageIO.read(file.toFile());
      Rectangle seen = part.intersection(new Rectangle(page.getWidth(), page.getHeight()));
      page = page.getSubimage(seen.x, seen.y, seen.width, seen.height);
      int height = page.getHeight();
      while (height > 1 && Arrays.equals(row(page, height - 1), row(page, height - 2))) {
        height--;
      }
      int width = page.getWidth();
      while (width > 1 && Arrays.equals(column(page, width - 1), column(page, width - 2))) {
        width--;
      }
      width = Math.min(page.getWidth(), width + MARGIN);
      height = Math.min(page.getHeight(), height + MARGIN);
      ImageIO.write(page.getSubimage(0, 0, width, height), "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets t-SNE go through some hundred iterations. */
  private static void pause() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int[] row(BufferedImage page, int y) {
    return page.getRGB(0, y, page.getWidth(), 1, null, 0, page.getWidth());
  }

  private static int[] column(BufferedImage page, int x) {
    return page.getRGB(x, 0, 1, page.getHeight(), null, 0, 1);
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
