package io.github.tensorboard4j;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes summaries to an event file that TensorBoard shows as one run.
 *
 * <pre>{@code
 * try (SummaryWriter writer = SummaryWriter.open(Path.of("logs/mine"))) {
 *   writer.addScalar("loss", 0.25, step);
 * }
 * }</pre>
 *
 * <p>Every method encodes into memory and returns; one daemon thread, shared by all writers, appends to the files once a
 * second, or earlier when memory fills up. Only where events come faster than the disk takes them, a method waits for room.
 * What was added is on its way even without {@link #close()}: a JVM that ends writes all of it, a JVM that is killed loses
 * at most the flush interval.
 *
 * <p>A fault of the disk never surfaces here: it is logged once, writing is tried again, and what was lost is told at
 * close. Wrong use is refused at once: an empty tag, a null, an addition after close. Thread-safe.
 */
public final class SummaryWriter implements AutoCloseable {

  /*
   * The log closes itself once its writer is unreachable, which the JVM may find as early as in the writer's last call. So
   * what is appended is followed by a reachability fence.
   */
  private final Path directory;
  private final EventLog log;
  private final ConcurrentHashMap<String, ScalarTemplate> scalars = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, String> plugins = new ConcurrentHashMap<>();

  private SummaryWriter(Builder builder) {
    this.directory = builder.directory;
    this.log = new EventLog(
        new EventFile(directory, builder.filenameSuffix),
        new HistogramQueue(builder.histogramBuckets, StagingMemory.shared()),
        builder.flushInterval);
  }

  /**
   * Opens a writer with the defaults: written every second, 30 buckets a histogram.
   *
   * @param directory the run's directory, which is created if need be
   * @return the writer
   * @throws IllegalArgumentException if there is something else than a directory
   */
  public static SummaryWriter open(Path directory) {
    return builder(directory).open();
  }

  /**
   * Starts a writer that is other than the default.
   *
   * @param directory the run's directory, which is created if need be
   * @return the builder
   */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  /**
   * Adds a point to a scalar series, now.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the point's value, stored as a 32-bit float; NaN and infinities are shown as such
   * @param step the point's place on the x-axis: an iteration or an epoch
   */
  public void addScalar(String tag, double value, long step) {
    addScalar(tag, value, step, now());
  }

  /**
   * Adds a point to a scalar series.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the point's value, stored as a 32-bit float; NaN and infinities are shown as such
   * @param step the point's place on the x-axis: an iteration or an epoch
   * @param wallTime the time that it stands for, in seconds since 1970
   */
  public void addScalar(String tag, double value, long step, double wallTime) {
    ScalarTemplate template = scalars.get(Objects.requireNonNull(tag, "A scalar needs a tag, but it is null"));
    if (template == null) {
      claim(tag, "scalars");
      template = new ScalarTemplate(tag);
      scalars.put(tag, template);
    }
    requireFinite(wallTime);
    log.append(template, wallTime, step, (float) value);
    Reference.reachabilityFence(this);
  }

  /**
   * Adds a histogram of 32-bit floats, read in place between the buffer's position and its limit.
   *
   * @param tag the series' name
   * @param values the elements
   * @param step the histogram's place in the series: an iteration or an epoch
   */
  public void addHistogram(String tag, FloatBuffer values, long step) {
    addHistogram(tag, TensorValues.of(values), step);
  }

  /**
   * Adds a histogram of a tensor, read during the call and not afterwards: a small one is counted in place, a large one
   * copied to memory where the writer thread counts it.
   *
   * <p>NaN and infinite elements have no place in a histogram. They are counted in a scalar series of their own,
   * {@code non_finite/<tag>}, from the first time that there are any.
   *
   * @param tag the series' name
   * @param values the tensor's elements
   * @param step the histogram's place in the series: an iteration or an epoch
   */
  public void addHistogram(String tag, TensorValues values, long step) {
    Objects.requireNonNull(values, "A histogram needs values, but they are null");
    claim(tag, "histograms");
    log.append(tag, now(), step, values);
    Reference.reachabilityFence(this);
  }

  /**
   * Adds a text.
   *
   * @param tag the series' name
   * @param markdown the text, in Markdown
   * @param step the text's place in the series
   */
  public void addText(String tag, String markdown, long step) {
    Objects.requireNonNull(markdown, "A text may be empty, but not null");
    claim(tag, "text");
    append(new TextSummary(now(), step, tag, markdown));
  }

  /**
   * Adds the run's model graph. TensorBoard shows one a run.
   *
   * @param graph the graph
   */
  public void addGraph(GraphDefSource graph) {
    addGraph(Objects.requireNonNull(graph, "graph").toGraphDef());
  }

  /**
   * Adds the run's model graph. TensorBoard shows one a run.
   *
   * @param graphDef a serialized {@code tensorflow.GraphDef}, between the buffer's position and its limit
   */
  public void addGraph(ByteBuffer graphDef) {
    append(PlainEvent.graph(now(), 0, Objects.requireNonNull(graphDef, "graphDef")));
  }

  /**
   * Adds the run's hyper-parameters, for TensorBoard's HParams page, which takes all scalars of this run and of the runs in
   * its sub-directories as its metrics.
   *
   * @param hyperParameters numbers, booleans and strings by name; whatever else becomes its string
   */
  public void addHparams(Map<String, ?> hyperParameters) {
    Objects.requireNonNull(hyperParameters, "Hyper-parameters are asked for, but they are null");
    hyperParameters.forEach((name, value) -> {
      Objects.requireNonNull(value, () -> "The hyper-parameter " + name + " has no value: leave it out instead");
    });
    append(HparamsSummary.start(now(), hyperParameters));
  }

  /** Ends the session that {@link #addHparams} started, as one that succeeded. */
  public void addHparamsSuccess() {
    append(HparamsSummary.success(now()));
  }

  /**
   * Tells where the event file is or will be.
   *
   * @return the run's directory
   */
  public Path directory() {
    return directory;
  }

  /** Waits until all that was added before is handed to the operating system, or has met a fault of the disk. */
  public void flush() {
    log.flush();
  }

  /** Waits until all that was added before is on the storage device, or has met a fault of it. */
  public void sync() {
    log.sync();
  }

  /** Writes what was added, closes the file, and tells through the log if anything was lost. May be called again. */
  @Override
  public void close() {
    log.close();
  }

  private void append(EventEncoder event) {
    log.append(event);
    Reference.reachabilityFence(this);
  }

  /**
   * Interim.
   *
   * @return now
   */
  public static double now() {
    return System.currentTimeMillis() / 1e3;
  }

  /** Takes a tag for one kind of summary: TensorBoard shows one kind a tag and hides the other. */
  private void claim(String tag, String plugin) {
    Objects.requireNonNull(tag, "A summary needs a tag, but it is null");
    if (tag.isBlank()) {
      throw new IllegalArgumentException("A summary needs a tag, but it is empty");
    }
    String taken = plugins.putIfAbsent(tag, plugin);
    if (taken != null && !taken.equals(plugin)) {
      throw new IllegalArgumentException(
          "The tag " + tag + " already has " + taken + ": give the " + plugin + " a tag of their own");
    }
  }

  private static void requireFinite(double wallTime) {
    if (wallTime - wallTime != 0) {
      throw new IllegalArgumentException("A wall time in seconds since 1970 is asked for, not " + wallTime);
    }
  }

  /** What can be chosen about a writer. */
  public static final class Builder {

    private final Path directory;
    private Duration flushInterval = Duration.ofSeconds(1);
    private String filenameSuffix = "";
    private long firstStep;
    private int histogramBuckets = 30;

    private Builder(Path directory) {
      this.directory = Objects.requireNonNull(directory, "A writer needs a directory, but it is null");
    }

    /**
     * Sets how long an event may wait in memory. A killed JVM loses at most that much.
     *
     * @param interval the interval, 1 second if not set
     * @return this builder
     */
    public Builder flushInterval(Duration interval) {
      this.flushInterval = requireFlushInterval(interval);
      return this;
    }

    /**
     * Interim.
     *
     * @param interval i
     * @return i
     */
    public static Duration requireFlushInterval(Duration interval) {
      Objects.requireNonNull(interval, "A flush interval is asked for, but it is null");
      if (interval.compareTo(Duration.ofMillis(1)) < 0 || interval.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException("A flush interval lies between a millisecond and a day, unlike " + interval);
      }
      return interval;
    }

    /**
     * Interim.
     *
     * @param directory d
     */
    public static void requireDirectory(Path directory) {
      Path there = directory.toAbsolutePath();
      while (there != null && !Files.exists(there)) {
        there = there.getParent();
      }
      if (there != null && !Files.isDirectory(there)) {
        throw new IllegalArgumentException(
            there + " is not a directory: TensorBoard's run is one, so name another path than " + directory);
      }
    }

    /**
     * Sets what the event file's name ends with.
     *
     * @param suffix the suffix, empty if not set
     * @return this builder
     */
    public Builder filenameSuffix(String suffix) {
      if (!suffix.matches("[A-Za-z0-9._-]*")) {
        throw new IllegalArgumentException(
            "A file name's suffix is made of letters, digits, '.', '_' and '-', unlike " + suffix);
      }
      this.filenameSuffix = suffix;
      return this;
    }

    /**
     * Resumes a run: from this step on, what this writer adds supersedes what earlier event files of the run have.
     *
     * @param step the first step that will be added, 0 if not set
     * @return this builder
     */
    public Builder firstStep(long step) {
      if (step < 0) {
        throw new IllegalArgumentException("A run resumes at step 0 or later, not at " + step);
      }
      this.firstStep = step;
      return this;
    }

    /**
     * Sets how many buckets histograms have.
     *
     * @param buckets the number of buckets, 30 if not set, which is what TensorBoard draws
     * @return this builder
     */
    public Builder histogramBuckets(int buckets) {
      if (buckets < 1 || buckets > 10_000) {
        throw new IllegalArgumentException("A histogram has between 1 and 10000 buckets, not " + buckets);
      }
      this.histogramBuckets = buckets;
      return this;
    }

    /**
     * Opens the writer. The file appears with the first flush.
     *
     * @return the writer
     * @throws IllegalArgumentException if there is something else than a directory
     */
    public SummaryWriter open() {
      requireDirectory(directory);
      SummaryWriter writer = new SummaryWriter(this);
      double now = now();
      writer.log.append(PlainEvent.fileVersion(now));
      writer.log.append(PlainEvent.source(now, "tensorboard4j"));
      writer.log.append(PlainEvent.sessionStart(now, firstStep));
      writer.log.ownedBy(writer);
      WriterThread.register(writer.log);
      return writer;
    }
  }
}
