package io.github.tensorboard4j.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TensorBoard that serves a log directory on a free local port until it is closed.
 *
 * <p>It looks for new data every second and keeps every point (its own default is 1000 per scalar, evenly chosen), so
 * that a test can compare value by value. Files are read while they are served: wait for what the test expects before
 * comparing.
 */
public final class TensorBoardServer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Pattern READY = Pattern.compile("^TensorBoard \\S+ at (http://127\\.0\\.0\\.1:\\d+/)",
      Pattern.MULTILINE);
  private static final Pattern PROBLEM = Pattern.compile(
      "^[WEF]\\d{4} |\\b(WARN|warning|error|exception|traceback|panicked|fatal)\\b", Pattern.CASE_INSENSITIVE);

  /** Which of its two ways TensorBoard reads event files. */
  public enum Loader {
    /** The Rust data server, which is the default on Linux and macOS. */
    RUST("true", "GrpcDataProvider"),
    /** The loader in Python, which is the only one on Windows. */
    PYTHON("false", "MultiplexerDataProvider");

    private final String loadFast;
    private final String dataProvider;

    Loader(String loadFast, String dataProvider) {
      this.loadFast = loadFast;
      this.dataProvider = dataProvider;
    }
  }

  private final Process process;
  private final Path logFile;
  private final Thread killer;
  private final URI address;
  private final TensorBoardClient client;
  private String finalLog;

  private TensorBoardServer(Path logdir, Loader loader) throws IOException {
    Path python = TensorBoardEnvironment.require().python();
    logFile = Files.createTempFile("tensorboard", ".log");
    process = new ProcessBuilder(python.toString(), "-X", "utf8", "-u", "-m", "tensorboard.main",
        "--logdir", logdir.toString(), "--host", "127.0.0.1", "--port", "0",
        "--load_fast", loader.loadFast, "--reload_interval", "1",
        "--samples_per_plugin", "scalars=1000000,histograms=10000,text=10000,images=10000,pr_curves=10000")
        .redirectErrorStream(true).redirectOutput(logFile.toFile()).start();
    killer = new Thread(() -> Command.kill(process), "tensorboard-killer");
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      address = awaitAddress();
      client = new TensorBoardClient(address);
      checkLoader(loader);
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a TensorBoard and waits until it answers.
   *
   * @param logdir the directory whose sub-directories are the runs; it may be filled later. Some pages show it as it is given here
   * @param loader which loader reads it; that it is the one at work is made sure of
   * @throws org.opentest4j.TestAbortedException if TensorBoard can't be installed here, see
   *     {@link TensorBoardEnvironment#require()}
   * @throws AssertionError if TensorBoard doesn't start, or with another loader
   */
  public static TensorBoardServer start(Path logdir, Loader loader) {
    try {
      return new TensorBoardServer(logdir, loader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start TensorBoard", e);
    }
  }

  /** Where the page is. */
  public URI address() {
    return address;
  }

  /** Reads the data behind the dashboards. */
  public TensorBoardClient client() {
    return client;
  }

  /** Waits until all of these runs are known. They may have been read in part only. */
  public void awaitRuns(String... runs) {
    await("runs " + Arrays.toString(runs), TensorBoardClient::runs, known -> known.containsAll(Set.of(runs)));
  }

  /** Waits until a scalar has at least so many points, and returns them. */
  public List<ScalarPoint> awaitScalars(String run, String tag, int points) {
    return await(points + " points of " + tag + " in run " + run,
        client -> client.scalars(run, tag), known -> known.size() >= points);
  }

  /** Waits until a tag has at least so many histograms (51 are served at most), and returns them. */
  public List<HistogramPoint> awaitHistograms(String run, String tag, int points) {
    return await(points + " histograms of " + tag + " in run " + run,
        client -> client.histograms(run, tag), known -> known.size() >= points);
  }

  /** Waits until a run has what operations have taken in a step, and returns it. */
  public List<ProfiledNode> awaitProfile(String run, String tag) {
    await(tag, client -> client.graphs().get(run), info -> info != null && info.tags().containsKey(tag));
    return client().profile(run, tag);
  }

  /**
   * Asks until the answer is as expected, and returns it. A run or tag that isn't known yet is asked for again.
   *
   * @param expectation what is waited for, for the message
   * @param query what to ask
   * @param expected what the answer must fulfil
   * @throws AssertionError if it isn't so within 90 s, with the last answer and TensorBoard's log
   */
  public <T> T await(String expectation, Function<TensorBoardClient, T> query, Predicate<T> expected) {
    Object last = null;
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        T answer = query.apply(client);
        if (expected.test(answer)) {
          return answer;
        }
        last = answer;
      } catch (NoSuchElementException e) {
        last = e.getMessage();
      }
      pause();
    }
    throw new AssertionError("TensorBoard doesn't show " + expectation + "; it answers " + last + "\n" + log());
  }

  /** All that TensorBoard and its data server have written to their consoles; also when it is closed. */
  public String log() {
    try {
      return finalLog == null ? Command.text(logFile) : finalLog;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of the log that are warnings or errors. */
  public List<String> problems() {
    return log().lines().filter(line -> PROBLEM.matcher(line).find()).toList();
  }

  /** Ends TensorBoard and all processes that it started. */
  @Override
  public void close() {
    if (finalLog != null) {
      return;
    }
    Command.kill(process);
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // The JVM is already going down, and the hook with it.
    }
    finalLog = log();
    try {
      Files.deleteIfExists(logFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI awaitAddress() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher ready = READY.matcher(log());
      if (ready.find()) {
        return URI.create(ready.group(1));
      }
      pause();
    }
    throw new AssertionError("TensorBoard doesn't start:\n" + log());
  }

  private void checkLoader(Loader loader) {
    String provider = client.environment().dataProvider();
    if (!provider.startsWith(loader.dataProvider)) {
      throw new AssertionError("TensorBoard should read with the loader " + loader + " but has " + provider);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for TensorBoard", e);
    }
  }
}
