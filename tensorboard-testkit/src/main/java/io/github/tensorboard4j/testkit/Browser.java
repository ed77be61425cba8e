package io.github.tensorboard4j.testkit;

import io.github.tensorboard4j.testkit.Page.Chart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A headless Chromium that looks at TensorBoard's pages.
 *
 * <p>It starts from an empty profile. Whether a chart is drawn is read from its pixels, as TensorBoard draws some charts
 * as SVG and some with WebGL on a canvas.
 */
public final class Browser implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration CHART_LIMIT = Duration.ofSeconds(20);
  private static final Dimension WINDOW = new Dimension(1600, 1200);
  /** Without a graphics card, a larger projector takes minutes to draw. */
  private static final Dimension SMALL_WINDOW = new Dimension(1000, 860);
  private static final Duration POLL = Duration.ofMillis(100);
  /** How often nothing new is to be found before nothing more is expected. */
  private static final int LOOKS = 5;
  private static final String PAGE_SCRIPT = Python.read(Browser.class, "page.js");
  /** It warns of each version of Chromium that is newer than Selenium; held here, or its level would be forgotten. */
  private static final Logger VERSION_LOGGER = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

  private final Path profile;
  private final ChromeDriver driver;
  private final List<String> consoleErrors = new ArrayList<>();

  private Browser(Path chromium, Path chromedriver, Path profile) {
    this.profile = profile;
    VERSION_LOGGER.setLevel(Level.OFF);

    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    options.addArguments("--headless", "--no-sandbox", "--disable-quic", "--no-first-run",
        // WebGL without a graphics card
        "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        "--window-size=" + WINDOW.width + ',' + WINDOW.height, "--user-data-dir=" + profile);
    driver = new ChromeDriver(new ChromeDriverService.Builder()
        .usingDriverExecutable(chromedriver.toFile()).usingAnyFreePort().build(), options);
  }

  /**
   * Starts a browser.
   *
   * @throws org.opentest4j.TestAbortedException if Chromium or its driver is not installed
   * @throws org.opentest4j.AssertionFailedError in the same case where {@code CI=true}
   */
  public static Browser start() {
    Path chromium = Tool.find("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
        .orElseThrow(() -> Tool.missing("no Chromium on this machine"));
    Path chromedriver = Tool.find("/usr/bin/chromedriver", "chromedriver")
        .orElseThrow(() -> Tool.missing("no chromedriver on this machine"));
    try {
      return new Browser(chromium, chromedriver, Files.createTempDirectory("chromium"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start Chromium", e);
    }
  }

  /**
   * Opens a page, unfolds all its groups (of each, TensorBoard shows the first 12 charts) and waits until everything is
   * drawn.
   *
   * @param server the TensorBoard to look at
   * @param dashboard the page
   * @param parameters settings of the page as {@code name=value}, such as {@code tagFilter=loss} in Time Series
   * @throws AssertionError if within 60 s the page shows neither data nor the message that it has none; Time
   *     Series, PR Curves, Custom Scalars, Mesh and the projector have no such message
   */
  public Page open(TensorBoardServer server, Dashboard dashboard, String... parameters) {
    resize(dashboard == Dashboard.PROJECTOR ? SMALL_WINDOW : WINDOW);
    driver.get("about:blank");
    readConsole();
    consoleErrors.clear();
    driver.get(server.address() + relativeAddress(dashboard, parameters));
    if (dashboard == Dashboard.PROJECTOR) {
      await(this::isProjected);
      return look();
    }
    await("settled()");
    while ((long) call("unfold()") > 0) {
      await("settled()");
    }
    if (dashboard == Dashboard.GRAPHS) {
      awaitUnchanged(() -> call("layout()"), LIMIT);
    }
    return look();
  }

  /**
   * Chooses another graph on the page {@link Dashboard#GRAPHS}, and waits until it is drawn.
   *
   * @param label the run or tag to choose, which must not be the one already shown
   * @throws IllegalArgumentException if the page doesn't offer it
   */
  public Page chooseGraph(String label) {
    if (!(boolean) call("choose(arguments[0])", label)) {
      throw new IllegalArgumentException("the page offers no " + label);
    }
    await("rebuilt()");
    awaitUnchanged(() -> call("layout()"), LIMIT);
    return look();
  }

  /** Unfolds all scopes of the graph of the page {@link Dashboard#GRAPHS}, and waits until they are drawn. */
  public Page expandGraph() {
    // what is within a node may appear a while after it was opened
    for (int looks = 0; looks < LOOKS; looks++) {
      if ((long) call("expand()") > 0) {
        looks = 0;
      }
      awaitUnchanged(() -> call("layout()"), LIMIT);
    }
    call("fit()");
    awaitUnchanged(() -> call("layout()"), LIMIT);
    return look();
  }

  /**
   * Clicks on what bears a text or a tooltip, such as a tab of the page, and waits until all is drawn.
   *
   * @param text the whole text, in whichever case
   * @throws IllegalArgumentException if nothing that can be seen bears it
   */
  public Page click(String text) {
    if (!(boolean) call("click(arguments[0])", text)) {
      throw new IllegalArgumentException("nothing on the page is called " + text);
    }
    await("settled() || page.projected()");
    return look();
  }

  /** Saves a picture of the window as PNG. */
  public void screenshot(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the browser and removes its profile. */
  @Override
  public void close() {
    driver.quit();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalStateException("cannot remove the profile " + profile, e);
    }
  }

  /** Newer pages read their settings from the query of the address, older ones from the fragment. */
  private static String relativeAddress(Dashboard dashboard, String... parameters) {
    List<String> settings = Arrays.stream(parameters).map(Browser::encoded).toList();
    return settings.stream().collect(Collectors.joining("&", "?", "#" + dashboard.fragment()))
        + settings.stream().map(setting -> "&" + setting).collect(Collectors.joining());
  }

  private static String encoded(String parameter) {
    int split = parameter.indexOf('=') + 1;
    String value = URLEncoder.encode(parameter.substring(split), StandardCharsets.UTF_8).replace("+", "%20");
    return parameter.substring(0, split) + value;
  }

  private Page look() {
    List<Chart> charts = elements("cards()").stream().map(this::look).toList();
    call("rewind()");
    readConsole();
    return new Page(charts, strings("nodes()"), strings("edges()"), strings("texts()"), strings("messages()"),
        List.copyOf(consoleErrors));
  }

  private Chart look(WebElement card) {
    Object hues = awaitUnchanged(() -> hues(card), CHART_LIMIT);
    List<?> title = (List<?>) call("title(arguments[0])", card);
    return new Chart(title.get(0).toString(), title.get(1).toString(), hues == null ? 0 : (int) hues);
  }

  private Integer hues(WebElement card) {
    WebElement chart = (WebElement) call("chart(arguments[0])", card);
    int hues = chart == null ? 0 : Hues.count(chart.getScreenshotAs(OutputType.BYTES));
    return hues == 0 ? null : hues;
  }

  private void resize(Dimension size) {
    if (!driver.manage().window().getSize().equals(size)) {
      driver.manage().window().setSize(size);
    }
  }

  /** Whether the projector has its points; from then on, what is asked is asked in its frame. */
  private boolean isProjected() {
    driver.switchTo().defaultContent();
    // the page has a frame of the plugin's, which has another
    for (int depth = 0; depth < 2; depth++) {
      WebElement frame = (WebElement) call("frame()");
      if (frame == null) {
        return false;
      }
      driver.switchTo().frame(frame);
    }
    return (boolean) call("projected()");
  }

  private void await(String condition) {
    await(() -> (boolean) call(condition));
  }

  private void await(BooleanSupplier condition) {
    try {
      waitFor(LIMIT).until(page -> condition.getAsBoolean());
    } catch (TimeoutException e) {
      readConsole();
      throw new AssertionError("no data on the page " + driver.getCurrentUrl() + " but\n" + strings("texts()")
          + "\nconsole: " + consoleErrors, e);
    }
  }

  /** Asks until two answers in a row are the same and not null; null if that doesn't come to pass in time. */
  private Object awaitUnchanged(Supplier<?> question, Duration limit) {
    Object[] last = new Object[1];
    try {
      return waitFor(limit).until(page -> {
        Object answer = question.get();
        boolean unchanged = answer != null && Objects.equals(answer, last[0]);
        last[0] = answer;
        return unchanged ? answer : null;
      });
    } catch (TimeoutException e) {
      return null;
    }
  }

  private WebDriverWait waitFor(Duration limit) {
    return new WebDriverWait(driver, limit, POLL);
  }

  private void readConsole() {
    StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage).forEach(consoleErrors::add);
  }

  private Object call(String function, Object... arguments) {
    return driver.executeScript(PAGE_SCRIPT + "return page." + function + ";", arguments);
  }

  private List<WebElement> elements(String function) {
    return ((List<?>) call(function)).stream().map(WebElement.class::cast).toList();
  }

  private List<String> strings(String function) {
    return ((List<?>) call(function)).stream().map(Object::toString).toList();
  }
}
