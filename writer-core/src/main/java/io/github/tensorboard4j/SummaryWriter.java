package io.github.tensorboard4j;

import io.github.tensorboard4j.internal.RunDirectory;
import io.github.tensorboard4j.internal.TagLength;
import java.awt.Graphics2D;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes summaries to an event file that TensorBoard shows as one run.
 *
 * <pre>{@code
 * try (SummaryWriter writer = SummaryWriter.open(Path.of("logs/mine"))) {
 *   writer.addScalar("loss", 0.25, step);
 * }
 * }</pre>
 *
 * <p>Every method that adds something encodes into memory and returns; one daemon thread, shared by all writers on a
 * disk, appends to the files once a second, or earlier when memory fills up. Only where events come faster than the disk
 * takes them, a method waits for room; where a disk doesn't answer, for five seconds at most. What was added is on its way
 * even without {@link #close()}: a JVM that ends writes all of it, a JVM that is killed loses at most the flush interval.
 *
 * <p>Each method that adds an event has a form without a wall time, which takes the current time, and one with, for what
 * happened at another time. TensorBoard shows wall times in its tooltips and on the axes "relative" and "wall".
 *
 * <p>A fault of the disk never surfaces here, unless {@linkplain Builder#failFast() asked for}: it is logged once, writing is
 * tried again, and what was lost is logged at close. Wrong use is refused at once: an empty tag, a null, an addition after
 * close. A tag has at most 4,096 characters, a graph at most 2<sup>30</sup> bytes. Thread-safe.
 */
public final class SummaryWriter implements AutoCloseable {

  private static final int LARGEST_GRAPH = 1 << 30;
  private static final int LONGEST_DESCRIPTION = 1 << 16;
  private static final byte[] NO_CONTENT = {};

  /*
   * The log closes itself once its writer is unreachable, which the JVM may find as early as in the writer's last call. So
   * what is appended is followed by a reachability fence.
   */
  private final Builder builder;
  private final Path directory;
  private final WriterLane lane;
  private final EventLog log;
  private final ConcurrentHashMap<String, ScalarTemplate> scalars = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, String> plugins = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, SummaryWriter> subRuns = new ConcurrentHashMap<>();
  private final LatestEmbedding embeddings = new LatestEmbedding();
  private final AtomicBoolean laidOut = new AtomicBoolean();
  private final AtomicReference<HparamsSession> session = new AtomicReference<>(HparamsSession.NONE);

  /** How far the run's session on the HParams page has come. */
  private enum HparamsSession {
    NONE, STARTED, ENDED
  }

  private SummaryWriter(Builder builder, WriterLane lane) {
    this.builder = builder.copy(builder.directory);
    this.directory = builder.directory;
    this.lane = lane;
    this.log = new EventLog(
        new EventFile(directory, builder.filenameSuffix, builder.header(), builder.disk),
        new SummaryQueue(builder.histogramBuckets, StagingMemory.shared(), lane::wake),
        builder.flushInterval,
        lane::wake);
  }

  private static SummaryWriter open(Builder builder, WriterLane lane) {
    SummaryWriter writer = new SummaryWriter(builder, lane);
    writer.log.ownedBy(writer);
    lane.register(writer.log);
    return writer;
  }

  /**
   * Opens a writer with the defaults: flushed every second, 30 buckets a histogram.
   *
   * @param directory the run's directory, which is created if it doesn't exist
   * @return the writer
   * @throws IllegalArgumentException if the path exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  public static SummaryWriter open(Path directory) {
    return builder(directory).build();
  }

  /**
   * Returns a builder of a writer, with the defaults.
   *
   * @param directory the run's directory, which is created if it doesn't exist
   * @return the builder
   * @throws IllegalArgumentException if the path exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  public static Builder builder(Path directory) {
    RunDirectory.requireDirectory(Objects.requireNonNull(directory, "A writer needs a directory, but it is null"));
    return new Builder(directory);
  }

  /**
   * Adds a point to a scalar series.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the point's value, stored as a 32-bit float; NaN and infinities are shown as such
   * @param step the point's place on the x-axis: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag is null
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
   * @param wallTime when it was measured
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the wall time is null
   */
  public void addScalar(String tag, double value, long step, Instant wallTime) {
    addScalar(tag, value, step, seconds(wallTime));
  }

  /**
   * Describes a scalar series that has no point yet. TensorBoard shows the description when its sign beside the chart's title is
   * pointed at.
   *
   * @param tag the series' name
   * @param markdown what its points are, in Markdown
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}; or if the description has more than 65,536 characters
   * @throws IllegalStateException if the writer has points of the series or a description already, for TensorBoard keeps what
   *     it meets first; or if the writer is closed
   * @throws NullPointerException if the tag or the description is null
   */
  public void describe(String tag, String markdown) {
    Objects.requireNonNull(markdown, "A description may be empty, but not null");
    if (markdown.length() > LONGEST_DESCRIPTION) {
      throw new IllegalArgumentException("A description has at most " + LONGEST_DESCRIPTION + " characters, unlike that of "
          + tag + " with " + markdown.length() + ": add it by addText instead");
    }
    claim(tag, "scalars");
    log.requireOpen();
    if (scalars.putIfAbsent(tag, new ScalarTemplate(tag, markdown)) != null) {
      throw new IllegalStateException(
          "The series " + tag + " has points or a description already, and TensorBoard keeps the first: describe it before");
    }
  }

  /**
   * Adds a histogram of 32-bit floats, read in place between the buffer's position and its limit.
   *
   * @param tag the series' name
   * @param values the elements
   * @param step the histogram's place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the buffer is null
   */
  public void addHistogram(String tag, FloatBuffer values, long step) {
    addHistogram(tag, TensorValues.of(values), step);
  }

  /**
   * Adds a histogram of 32-bit floats, read in place between the buffer's position and its limit.
   *
   * @param tag the series' name
   * @param values the elements
   * @param step the histogram's place in the series: an iteration or an epoch
   * @param wallTime when the values were what they are
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the buffer or the wall time is null
   */
  public void addHistogram(String tag, FloatBuffer values, long step, Instant wallTime) {
    addHistogram(tag, TensorValues.of(values), step, wallTime);
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
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the tensor is null
   */
  public void addHistogram(String tag, TensorValues values, long step) {
    addHistogram(tag, values, step, now());
  }

  /**
   * Adds a histogram of a tensor, as {@link #addHistogram(String, TensorValues, long)} does.
   *
   * @param tag the series' name
   * @param values the tensor's elements
   * @param step the histogram's place in the series: an iteration or an epoch
   * @param wallTime when the tensor was what it is
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the tensor or the wall time is null
   */
  public void addHistogram(String tag, TensorValues values, long step, Instant wallTime) {
    addHistogram(tag, values, step, seconds(wallTime));
  }

  /**
   * Adds a histogram whose elements are counted already.
   *
   * @param tag the series' name
   * @param counts the counts
   * @param step the histogram's place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the counts are null
   */
  public void addHistogram(String tag, BucketCounts counts, long step) {
    addHistogram(tag, counts, step, now());
  }

  /**
   * Adds a histogram whose elements are counted already.
   *
   * @param tag the series' name
   * @param counts the counts
   * @param step the histogram's place in the series: an iteration or an epoch
   * @param wallTime when the elements were what they are
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the counts or the wall time is null
   */
  public void addHistogram(String tag, BucketCounts counts, long step, Instant wallTime) {
    addHistogram(tag, counts, step, seconds(wallTime));
  }

  /**
   * Adds a text. What is not Markdown, such as a message or source code, is made so by {@link Markdown}.
   *
   * @param tag the series' name
   * @param markdown the text, in Markdown
   * @param step the text's place in the series
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the text is null
   */
  public void addText(String tag, String markdown, long step) {
    addText(tag, markdown, step, now());
  }

  /**
   * Adds a text. What is not Markdown, such as a message or source code, is made so by {@link Markdown}.
   *
   * @param tag the series' name
   * @param markdown the text, in Markdown
   * @param step the text's place in the series
   * @param wallTime when it was written
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the text or the wall time is null
   */
  public void addText(String tag, String markdown, long step, Instant wallTime) {
    addText(tag, markdown, step, seconds(wallTime));
  }

  /**
   * Adds a picture to a series. TensorBoard's Images page shows one step at a time; it keeps 10 steps of a series, unless
   * started with {@code --samples_per_plugin images=100}. The picture is compressed by the writer thread.
   *
   * @param tag the series' name
   * @param picture the picture
   * @param step the place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the picture is null
   */
  public void addImage(String tag, Picture picture, long step) {
    addImages(tag, List.of(Objects.requireNonNull(picture, "A picture is asked for, but it is null")), step, now());
  }

  /**
   * Adds a picture to a series, as {@link #addImage(String, Picture, long)} does.
   *
   * @param tag the series' name
   * @param picture the picture
   * @param step the place in the series: an iteration or an epoch
   * @param wallTime when it was made
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the picture or the wall time is null
   */
  public void addImage(String tag, Picture picture, long step, Instant wallTime) {
    addImages(tag, List.of(Objects.requireNonNull(picture, "A picture is asked for, but it is null")), step,
        seconds(wallTime));
  }

  /**
   * Adds several pictures of one step to a series. TensorBoard's Images page shows them one beside the other, and keeps 10 steps
   * of a series, unless started with {@code --samples_per_plugin images=100}. For more than a few pictures,
   * {@linkplain Picture#grid(List, int) a grid} is easier to look at.
   *
   * @param tag the series' name
   * @param pictures the pictures, at least one, best all of one size
   * @param step the place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}, if there is no picture, or if they have more than 2<sup>28</sup> pixels together
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the list or a picture is null
   */
  public void addImages(String tag, List<Picture> pictures, long step) {
    addImages(tag, pictures, step, now());
  }

  /**
   * Adds several pictures of one step to a series, as {@link #addImages(String, List, long)} does.
   *
   * @param tag the series' name
   * @param pictures the pictures, at least one, best all of one size
   * @param step the place in the series: an iteration or an epoch
   * @param wallTime when they were made
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}, if there is no picture, or if they have more than 2<sup>28</sup> pixels together
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the list, a picture or the wall time is null
   */
  public void addImages(String tag, List<Picture> pictures, long step, Instant wallTime) {
    addImages(tag, pictures, step, seconds(wallTime));
  }

  /**
   * Adds a video to a series of the Images page, which keeps 10 steps of a series, unless TensorBoard is started with
   * {@code --samples_per_plugin images=100}. The writer thread makes an animated GIF of it.
   *
   * @param tag the series' name
   * @param video the video
   * @param step the place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the video is null
   */
  public void addVideo(String tag, Video video, long step) {
    addVideo(tag, video, step, now());
  }

  /**
   * Adds a video to a series of the Images page, as {@link #addVideo(String, Video, long)} does.
   *
   * @param tag the series' name
   * @param video the video
   * @param step the place in the series: an iteration or an epoch
   * @param wallTime when it was made
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the video or the wall time is null
   */
  public void addVideo(String tag, Video video, long step, Instant wallTime) {
    addVideo(tag, video, step, seconds(wallTime));
  }

  /**
   * Adds the picture of a confusion matrix to a series of the Images page, which keeps 10 steps of a series, unless TensorBoard
   * is started with {@code --samples_per_plugin images=100}. The writer thread draws it.
   *
   * @param tag the series' name
   * @param matrix how often each class was taken for each
   * @param step the place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the matrix is null
   */
  public void addConfusionMatrix(String tag, ConfusionMatrix matrix, long step) {
    addImage(tag, toPicture(matrix), step);
  }

  /**
   * Adds the picture of a confusion matrix, as {@link #addConfusionMatrix(String, ConfusionMatrix, long)} does.
   *
   * @param tag the series' name
   * @param matrix how often each class was taken for each
   * @param step the place in the series: an iteration or an epoch
   * @param wallTime when it was counted
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the matrix or the wall time is null
   */
  public void addConfusionMatrix(String tag, ConfusionMatrix matrix, long step, Instant wallTime) {
    addImage(tag, toPicture(matrix), step, wallTime);
  }

  /**
   * Adds a figure that is painted now to a series of the Images page, which keeps 10 steps of a series, unless TensorBoard is
   * started with {@code --samples_per_plugin images=100}.
   *
   * <p>Each Java library that paints charts to a {@link Graphics2D} fits, such as XChart or JFreeChart, and none is needed for
   * anything else:
   *
   * <pre>{@code
   * writer.addFigure("roc", 800, 600, graphics -> xchart.paint(graphics, 800, 600), step);
   * writer.addFigure("roc", 800, 600, graphics -> jfreechart.draw(graphics, new Rectangle(800, 600)), step);
   * }</pre>
   *
   * @param tag the series' name
   * @param width the number of columns
   * @param height the number of rows
   * @param painter what paints on white, on this thread and before this method returns
   * @param step the place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}, or if a side has less than 1 or more than 16,384 pixels
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the painter is null
   */
  public void addFigure(String tag, int width, int height, Consumer<Graphics2D> painter, long step) {
    addImage(tag, Picture.painted(width, height, painter), step);
  }

  /**
   * Adds a figure that is painted now, as {@link #addFigure(String, int, int, Consumer, long)} does.
   *
   * @param tag the series' name
   * @param width the number of columns
   * @param height the number of rows
   * @param painter what paints on white, on this thread and before this method returns
   * @param step the place in the series: an iteration or an epoch
   * @param wallTime when it was made
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}, or if a side has less than 1 or more than 16,384 pixels
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the painter or the wall time is null
   */
  public void addFigure(String tag, int width, int height, Consumer<Graphics2D> painter, long step, Instant wallTime) {
    addImage(tag, Picture.painted(width, height, painter), step, wallTime);
  }

  /**
   * Adds the run's model graph. TensorBoard shows one a run.
   *
   * @param graph the graph
   * @throws IllegalArgumentException if the graph has more than 2<sup>30</sup> bytes
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the graph is null
   */
  public void addGraph(GraphDefSource graph) {
    addGraph(toGraphDef(graph), now());
  }

  /**
   * Adds the run's model graph. TensorBoard shows one a run.
   *
   * @param graph the graph
   * @param wallTime when the model had it
   * @throws IllegalArgumentException if the graph has more than 2<sup>30</sup> bytes
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the graph or the wall time is null
   */
  public void addGraph(GraphDefSource graph, Instant wallTime) {
    addGraph(toGraphDef(graph), seconds(wallTime));
  }

  /**
   * Adds the run's model graph. TensorBoard shows one a run.
   *
   * @param graphDef a serialized {@code tensorflow.GraphDef}, between the buffer's position and its limit
   * @throws IllegalArgumentException if the graph has more than 2<sup>30</sup> bytes
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the buffer is null
   */
  public void addGraph(ByteBuffer graphDef) {
    addGraph(graphDef, now());
  }

  /**
   * Adds the run's model graph. TensorBoard shows one a run.
   *
   * @param graphDef a serialized {@code tensorflow.GraphDef}, between the buffer's position and its limit
   * @param wallTime when the model had it
   * @throws IllegalArgumentException if the graph has more than 2<sup>30</sup> bytes
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the buffer or the wall time is null
   */
  public void addGraph(ByteBuffer graphDef, Instant wallTime) {
    addGraph(graphDef, seconds(wallTime));
  }

  /**
   * Adds what operations of the run's graph have taken in a step. TensorBoard's Graphs page colours the graph by it, where the tag
   * is chosen.
   *
   * @param tag what the page calls it; of two with one tag, the page has the latter
   * @param metadata what operations have taken
   * @param step the step
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the metadata is null
   */
  public void addRunMetadata(String tag, RunMetadata metadata, long step) {
    addRunMetadata(tag, metadata, step, now());
  }

  /**
   * Adds what operations of the run's graph have taken in a step. TensorBoard's Graphs page colours the graph by it, where the tag
   * is chosen.
   *
   * @param tag what the page calls it; of two with one tag, the page has the latter
   * @param metadata what operations have taken
   * @param step the step
   * @param wallTime when the step was made
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the metadata or the wall time is null
   */
  public void addRunMetadata(String tag, RunMetadata metadata, long step, Instant wallTime) {
    addRunMetadata(tag, metadata, step, seconds(wallTime));
  }

  /**
   * Adds a point to each of several scalar series that belong in one chart, such as losses of training and validation.
   *
   * <p>Each series has the same tag in a run of its own, in the directory of its name below this run's, since TensorBoard's
   * pages Scalars and Time Series draw the same tag of several runs in one chart. Each run has its colour, and its check
   * box, which holds for all charts. Series of the same name share their run whatever their tags are: {@code train} and
   * {@code validation} are two runs for loss and accuracy together. A chart of several tags of one run stands on a page of
   * its own, which few people open; it is had by {@link #addCustomScalars(ScalarLayout)}.
   *
   * @param tag the tag of all series; what stands before its first {@code /} groups it with others
   * @param values the points' values by the names of the series, each of which becomes the name of a directory
   * @param step the points' place on the x-axis: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}; if there are no series; or if a name can't be that of a directory: it has at most 100 letters,
   *     digits, spaces and {@code . _ - ( ) = ,}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the map, a name or a value is null
   */
  public void addScalars(String tag, Map<String, Double> values, long step) {
    addScalars(tag, values, step, now());
  }

  /**
   * Adds a point to each of several scalar series that belong in one chart, as {@link #addScalars(String, Map, long)} does.
   *
   * @param tag the tag of all series; what stands before its first {@code /} groups it with others
   * @param values the points' values by the names of the series, each of which becomes the name of a directory
   * @param step the points' place on the x-axis: an iteration or an epoch
   * @param wallTime when they were measured
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}; if there are no series; or if a name can't be that of a directory: it has at most 100 letters,
   *     digits, spaces and {@code . _ - ( ) = ,}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the map, a name, a value or the wall time is null
   */
  public void addScalars(String tag, Map<String, Double> values, long step, Instant wallTime) {
    addScalars(tag, values, step, seconds(wallTime));
  }

  /**
   * Adds a sound. By default, TensorBoard keeps 10 of a tag, evenly chosen.
   *
   * @param tag the series' name
   * @param audio the sound
   * @param step the sound's place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the sound is null
   */
  public void addAudio(String tag, Audio audio, long step) {
    addAudio(tag, audio, step, now());
  }

  /**
   * Adds a sound. By default, TensorBoard keeps 10 of a tag, evenly chosen.
   *
   * @param tag the series' name
   * @param audio the sound
   * @param step the sound's place in the series: an iteration or an epoch
   * @param wallTime when it was made
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the sound or the wall time is null
   */
  public void addAudio(String tag, Audio audio, long step, Instant wallTime) {
    addAudio(tag, audio, step, seconds(wallTime));
  }

  /**
   * Adds a precision-recall curve. By default, TensorBoard keeps 100 of a tag, evenly chosen; its page shows one step at a
   * time.
   *
   * @param tag the series' name
   * @param curve the curve
   * @param step the curve's place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the curve is null
   */
  public void addPrCurve(String tag, PrCurve curve, long step) {
    addPrCurve(tag, curve, step, now());
  }

  /**
   * Adds a precision-recall curve, as {@link #addPrCurve(String, PrCurve, long)} does.
   *
   * @param tag the series' name
   * @param curve the curve
   * @param step the curve's place in the series: an iteration or an epoch
   * @param wallTime when it was measured
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the curve or the wall time is null
   */
  public void addPrCurve(String tag, PrCurve curve, long step, Instant wallTime) {
    addPrCurve(tag, curve, step, seconds(wallTime));
  }

  /**
   * Adds the precision-recall curves of several classes, each as a series of its own, {@code <tag>/<class>}.
   *
   * @param tag what the curves are of, which groups them on the page
   * @param curves the curves by the names of the classes, such as those of {@link PrCurve#ofClasses}
   * @param step the curves' place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag or a name is blank, if both together are too long, have summaries of
   *     another kind, or begin with {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the map, a name or a curve is null
   */
  public void addPrCurves(String tag, Map<String, PrCurve> curves, long step) {
    addPrCurves(tag, curves, step, now());
  }

  /**
   * Adds the precision-recall curves of several classes, each as a series of its own, {@code <tag>/<class>}.
   *
   * @param tag what the curves are of, which groups them on the page
   * @param curves the curves by the names of the classes, such as those of {@link PrCurve#ofClasses}
   * @param step the curves' place in the series: an iteration or an epoch
   * @param wallTime when they were measured
   * @throws IllegalArgumentException if the tag or a name is blank, if both together are too long, have summaries of
   *     another kind, or begin with {@code non_finite/}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the map, a name, a curve or the wall time is null
   */
  public void addPrCurves(String tag, Map<String, PrCurve> curves, long step, Instant wallTime) {
    addPrCurves(tag, curves, step, seconds(wallTime));
  }

  /**
   * Lays out the charts of TensorBoard's Custom Scalars page, which has none without. Once a run: TensorBoard keeps one. It
   * may come before the scalars that it names.
   *
   * @param layout the charts
   * @throws IllegalStateException if the writer has added a layout before, or is closed
   * @throws NullPointerException if the layout is null
   */
  public void addCustomScalars(ScalarLayout layout) {
    addCustomScalars(layout, now());
  }

  /**
   * Lays out the charts of TensorBoard's Custom Scalars page, as {@link #addCustomScalars(ScalarLayout)} does.
   *
   * @param layout the charts
   * @param wallTime when they were chosen
   * @throws IllegalStateException if the writer has added a layout before, or is closed
   * @throws NullPointerException if the layout or the wall time is null
   */
  public void addCustomScalars(ScalarLayout layout, Instant wallTime) {
    addCustomScalars(layout, seconds(wallTime));
  }

  /**
   * Adds a mesh or a point cloud, or a batch of them. TensorBoard takes the configuration and the size of points from the
   * first of a tag; by default, it keeps 100 of a tag, evenly chosen, and only 10 where its slower loader is at work.
   *
   * @param tag the series' name
   * @param mesh the mesh
   * @param step the mesh's place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}; or if it has meshes of another batch size, or with faces or colours where this one has none or
   *     without where it has
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the mesh is null
   */
  public void addMesh(String tag, Mesh mesh, long step) {
    addMesh(tag, mesh, step, now());
  }

  /**
   * Adds a mesh or a point cloud, as {@link #addMesh(String, Mesh, long)} does.
   *
   * @param tag the series' name
   * @param mesh the mesh
   * @param step the mesh's place in the series: an iteration or an epoch
   * @param wallTime when it was what it is
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}; or if it has meshes of another batch size, or with faces or colours where this one has none or
   *     without where it has
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the mesh or the wall time is null
   */
  public void addMesh(String tag, Mesh mesh, long step, Instant wallTime) {
    addMesh(tag, mesh, step, seconds(wallTime));
  }

  /**
   * Adds vectors to TensorBoard's Projector page. The page reads files and not events, so that there is no wall time: they
   * are written to {@code embeddings/<tag>/<step>} in the run's directory, by a thread of their own, and the run's {@code
   * projector_config.pbtxt} names all that are there; what others have written to it stays. Where the tag and the step have
   * an embedding already, this one replaces it.
   *
   * <p>The call waits until the embedding that was added to this writer before is written, so that memory holds one;
   * {@link #flush()}, {@link #sync()} and {@link #close()} wait for the last. An embedding that meets a fault of the disk
   * is left out and the log names it; while it waits for a disk that doesn't answer, further ones are left out, and the log has
   * their number.
   *
   * <p>TensorBoard reads the configuration of a run once, when it first finds the run: an embedding that is added while
   * TensorBoard runs is shown once it is started again. It shows at most 100,000 vectors.
   *
   * @param tag the embedding's name
   * @param embedding the vectors
   * @param step the step at which they were what they are; the page offers each as {@code <tag>:<step>}
   * @throws IllegalArgumentException if the tag can't be the name of a directory: it has at most 100 letters, digits,
   *     spaces and {@code . _ - ( ) = ,}
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the embedding is null
   */
  public void addEmbedding(String tag, Embedding embedding, long step) {
    writeEmbedding(tag, embedding, step);
  }

  /**
   * Adds a tensor for a plugin of TensorBoard that this library knows nothing of. By default, TensorBoard keeps 100 of a
   * tag, evenly chosen, or 10 blobs, and only 10 of either where its slower loader is at work.
   *
   * @param tag the series' name
   * @param tensor the tensor, with the plugin's name
   * @param step the tensor's place in the series: an iteration or an epoch
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}; or if the tensor names no plugin
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag or the tensor is null
   */
  public void addTensor(String tag, PluginTensor tensor, long step) {
    addTensor(tag, tensor, step, now());
  }

  /**
   * Adds a tensor for a plugin of TensorBoard, as {@link #addTensor(String, PluginTensor, long)} does.
   *
   * @param tag the series' name
   * @param tensor the tensor, with the plugin's name
   * @param step the tensor's place in the series: an iteration or an epoch
   * @param wallTime when it was what it is
   * @throws IllegalArgumentException if the tag is blank, too long, has summaries of another kind, or begins with
   *     {@code non_finite/}; or if the tensor names no plugin
   * @throws IllegalStateException if the writer is closed
   * @throws NullPointerException if the tag, the tensor or the wall time is null
   */
  public void addTensor(String tag, PluginTensor tensor, long step, Instant wallTime) {
    addTensor(tag, tensor, step, seconds(wallTime));
  }

  /**
   * Starts the run's session on TensorBoard's HParams page, which takes all scalars of this run and of the runs in its
   * sub-directories as its metrics and shows the first five by name. Once a run: TensorBoard keeps the first.
   *
   * @param hyperParameters numbers, booleans and strings by name; whatever else becomes its string, as do NaN and infinities
   * @throws IllegalArgumentException if a name is blank
   * @throws IllegalStateException if the writer has added hyper-parameters before, or is closed
   * @throws NullPointerException if the map, a name or a value is null
   */
  public void addHparams(Map<String, ?> hyperParameters) {
    startSession(hyperParameters, null, now());
  }

  /**
   * Starts the run's session on TensorBoard's HParams page. Once a run: TensorBoard keeps the first.
   *
   * @param hyperParameters numbers, booleans and strings by name; whatever else becomes its string, as do NaN and infinities
   * @param wallTime when the session started
   * @throws IllegalArgumentException if a name is blank
   * @throws IllegalStateException if the writer has added hyper-parameters before, or is closed
   * @throws NullPointerException if the map, a name, a value or the wall time is null
   */
  public void addHparams(Map<String, ?> hyperParameters, Instant wallTime) {
    startSession(hyperParameters, null, seconds(wallTime));
  }

  /**
   * Starts the run's session on TensorBoard's HParams page, and declares the page's columns. Once a run: TensorBoard keeps
   * the first.
   *
   * @param hyperParameters numbers, booleans and strings by name; whatever else becomes its string, as do NaN and infinities;
   *     each has a column, declared or not
   * @param columns the columns, the same for all runs
   * @throws IllegalArgumentException if a name is blank
   * @throws IllegalStateException if the writer has added hyper-parameters before, or is closed
   * @throws NullPointerException if the map, a name, a value or the columns are null
   */
  public void addHparams(Map<String, ?> hyperParameters, HparamsColumns columns) {
    startSession(hyperParameters, Objects.requireNonNull(columns, "columns"), now());
  }

  /**
   * Starts the run's session on TensorBoard's HParams page, and declares the page's columns. Once a run: TensorBoard keeps
   * the first.
   *
   * @param hyperParameters numbers, booleans and strings by name; whatever else becomes its string, as do NaN and infinities;
   *     each has a column, declared or not
   * @param columns the columns, the same for all runs
   * @param wallTime when the session started
   * @throws IllegalArgumentException if a name is blank
   * @throws IllegalStateException if the writer has added hyper-parameters before, or is closed
   * @throws NullPointerException if the map, a name, a value, the columns or the wall time is null
   */
  public void addHparams(Map<String, ?> hyperParameters, HparamsColumns columns, Instant wallTime) {
    startSession(hyperParameters, Objects.requireNonNull(columns, "columns"), seconds(wallTime));
  }

  /**
   * Adds the whole session of a run of a search, which has ended, to TensorBoard's HParams page: its hyper-parameters, its
   * metrics as scalars of this run at step 0, a column for each of both, and its end. All runs of a search should have the
   * same names. A metric that the run has a curve of is declared by {@link HparamsColumns.Builder#metric} instead;
   * TensorBoard takes its last point.
   *
   * @param hyperParameters numbers, booleans and strings by name; whatever else becomes its string, as do NaN and infinities
   * @param metrics the run's results by their tags, in the order of the columns; NaN and infinities are shown as such
   * @param status how the session ended
   * @throws IllegalArgumentException if a name is blank; or if a metric's tag is blank, too long, has summaries already,
   *     or begins with {@code non_finite/}
   * @throws IllegalStateException if the writer has added hyper-parameters before, or is closed
   * @throws NullPointerException if a map, a name, a value, a metric or the status is null
   */
  public void addHparams(Map<String, ?> hyperParameters, Map<String, Double> metrics, SessionStatus status) {
    addSession(hyperParameters, metrics, status, now());
  }

  /**
   * Adds the whole session of a run of a search, as {@link #addHparams(Map, Map, SessionStatus)} does.
   *
   * @param hyperParameters numbers, booleans and strings by name; whatever else becomes its string, as do NaN and infinities
   * @param metrics the run's results by their tags, in the order of the columns; NaN and infinities are shown as such
   * @param status how the session ended
   * @param wallTime when it ended
   * @throws IllegalArgumentException if a name is blank; or if a metric's tag is blank, too long, has summaries already,
   *     or begins with {@code non_finite/}
   * @throws IllegalStateException if the writer has added hyper-parameters before, or is closed
   * @throws NullPointerException if a map, a name, a value, a metric, the status or the wall time is null
   */
  public void addHparams(
      Map<String, ?> hyperParameters, Map<String, Double> metrics, SessionStatus status, Instant wallTime) {
    addSession(hyperParameters, metrics, status, seconds(wallTime));
  }

  /**
   * Ends the session that {@code addHparams} started. A writer that is closed before leaves the session without an end, which
   * TensorBoard shows as "unknown": closing comes of success and of failure alike.
   *
   * @param status how the session ended
   * @throws IllegalStateException if no session was started, if it has been ended before, or if the writer is closed
   * @throws NullPointerException if the status is null
   */
  public void endSession(SessionStatus status) {
    endSession(status, now());
  }

  /**
   * Ends the session that {@code addHparams} started, as {@link #endSession(SessionStatus)} does.
   *
   * @param status how the session ended
   * @param wallTime when it ended
   * @throws IllegalStateException if no session was started, if it has been ended before, or if the writer is closed
   * @throws NullPointerException if the status or the wall time is null
   */
  public void endSession(SessionStatus status, Instant wallTime) {
    endSession(status, seconds(wallTime));
  }

  /**
   * Returns the run's directory, in which the event file is or will be.
   *
   * @return the directory
   */
  public Path directory() {
    return directory;
  }

  /** Waits until all that was added before is handed to the operating system, or has met a fault of the disk. */
  public void flush() {
    log.flush();
    embeddings.await();
    subRuns.values().forEach(SummaryWriter::flush);
  }

  /** Waits until all that was added before is on the storage device, or has met a fault of it. */
  public void sync() {
    log.sync();
    embeddings.await();
    subRuns.values().forEach(SummaryWriter::sync);
  }

  /**
   * Writes what was added, closes the file, and logs it if anything was lost. A writer that is closed already stays as it is.
   */
  @Override
  public void close() {
    log.close();
    embeddings.await();
    subRuns.values().forEach(SummaryWriter::close);
  }

  private void addScalar(String tag, double value, long step, double wallTime) {
    ScalarTemplate template = scalars.get(Objects.requireNonNull(tag, "A scalar needs a tag, but it is null"));
    if (template == null || template.isDescribed()) {
      addFirstScalar(tag, value, step, wallTime);
    } else {
      log.append(template, wallTime, step, (float) value);
    }
    Reference.reachabilityFence(this);
  }

  /** Adds a scalar that is the first of its series, or the first with a description. */
  private void addFirstScalar(String tag, double value, long step, double wallTime) {
    claim(tag, "scalars");
    ScalarTemplate template = scalars.computeIfAbsent(tag, ScalarTemplate::new);
    log.append(template.event(wallTime, step, (float) value));
    if (template.isDescribed()) {
      scalars.replace(tag, template, new ScalarTemplate(tag));
    }
  }

  private void addHistogram(String tag, TensorValues values, long step, double wallTime) {
    Objects.requireNonNull(values, "A histogram needs values, but they are null");
    claim(tag, "histograms");
    log.append(tag, wallTime, step, values);
    Reference.reachabilityFence(this);
  }

  private void addHistogram(String tag, BucketCounts counts, long step, double wallTime) {
    Objects.requireNonNull(counts, "A histogram needs counts, but they are null");
    claim(tag, "histograms");
    append(DeferredSummary.ofEvent(
        tag, wallTime, step, counts.tensor().summary(wallTime, step, tag, "histograms", NO_CONTENT)));
  }

  private void addText(String tag, String markdown, long step, double wallTime) {
    Objects.requireNonNull(markdown, "A text may be empty, but not null");
    claim(tag, "text");
    append(TensorData.ofStrings(List.of(TensorData.utf8(markdown))).summary(wallTime, step, tag, "text", NO_CONTENT));
  }

  private void addImages(String tag, List<Picture> pictures, long step, double wallTime) {
    List<Picture> together = Picture.requireFitsOneEvent(pictures);
    claim(tag, "images");
    append(DeferredSummary.ofPictures(tag, wallTime, step, together));
  }

  private void addVideo(String tag, Video video, long step, double wallTime) {
    Objects.requireNonNull(video, "A video is asked for, but it is null");
    claim(tag, "images");
    append(DeferredSummary.ofVideo(tag, wallTime, step, video));
  }

  private static Picture toPicture(ConfusionMatrix matrix) {
    return Objects.requireNonNull(matrix, "A confusion matrix is asked for, but it is null").toPicture();
  }

  private static ByteBuffer toGraphDef(GraphDefSource graph) {
    return Objects.requireNonNull(graph, "A graph is asked for, but it is null").toGraphDef();
  }

  private void addGraph(ByteBuffer graphDef, double wallTime) {
    Objects.requireNonNull(graphDef, "A graph is asked for, but it is null");
    if (graphDef.remaining() > LARGEST_GRAPH) {
      throw new IllegalArgumentException("A graph has at most " + LARGEST_GRAPH + " bytes, unlike one of "
          + graphDef.remaining() + ": leave out the values of its constants");
    }
    append(PlainEvent.graph(wallTime, 0, graphDef));
  }

  private void addRunMetadata(String tag, RunMetadata metadata, long step, double wallTime) {
    Objects.requireNonNull(metadata, "Metadata of a step are asked for, but they are null");
    claim(tag, "metadata of steps");
    append(PlainEvent.runMetadata(wallTime, step, tag, metadata));
  }

  private void addScalars(String tag, Map<String, Double> values, long step, double wallTime) {
    Objects.requireNonNull(values, "Several scalars are asked for, but they are null");
    if (values.isEmpty()) {
      throw new IllegalArgumentException("The chart " + tag + " needs series, but there are none");
    }
    requireTag(tag);
    values.forEach((name, value) -> {
      if (name == null || !subRuns.containsKey(name)) {
        FileName.require(name, "A series");
      }
      Objects.requireNonNull(value, () -> "The series " + name + " has no value: leave it out instead");
    });
    log.requireOpen();
    values.forEach((name, value) -> subRun(name).addScalar(tag, value, step, wallTime));
  }

  /** Returns the writer of a line of several, which is on this one's disk: that needn't be asked. */
  private SummaryWriter subRun(String name) {
    SummaryWriter known = subRuns.get(name);
    if (known != null) {
      return known;
    }
    SummaryWriter opened = subRuns.computeIfAbsent(name, n -> open(builder.copy(directory.resolve(n)), lane));
    try {
      log.requireOpen();
    } catch (IllegalStateException e) {
      // the close under way may not have met it
      opened.close();
      throw e;
    }
    return opened;
  }

  private void addAudio(String tag, Audio audio, long step, double wallTime) {
    Objects.requireNonNull(audio, "A sound is asked for, but it is null");
    claim(tag, "sounds");
    append(DeferredSummary.ofEvent(tag, wallTime, step,
        TensorData.ofStrings(List.of(audio.wav()), 1).blobs(wallTime, step, tag, "audio", Audio.METADATA)));
  }

  private void addPrCurve(String tag, PrCurve curve, long step, double wallTime) {
    Objects.requireNonNull(curve, "A curve is asked for, but it is null");
    claim(tag, "PR curves");
    append(curve.tensor().summary(wallTime, step, tag, "pr_curves", curve.metadata()));
  }

  private void addPrCurves(String tag, Map<String, PrCurve> curves, long step, double wallTime) {
    Objects.requireNonNull(tag, "A summary needs a tag, but it is null");
    Objects.requireNonNull(curves, "Curves are asked for, but they are null");
    if (curves.isEmpty()) {
      throw new IllegalArgumentException("The curves " + tag + " need classes, but there are none");
    }
    curves.forEach((name, curve) -> {
      Objects.requireNonNull(name, "A class needs a name, but it is null");
      Objects.requireNonNull(curve, () -> "The class " + name + " has no curve: leave it out instead");
      if (tag.isBlank() || name.isBlank()) {
        throw new IllegalArgumentException(
            "Curves need a tag and each class a name, unlike \"" + tag + "\" and \"" + name + '"');
      }
      claim(tag + '/' + name, "PR curves");
    });
    curves.forEach((name, curve) -> addPrCurve(tag + '/' + name, curve, step, wallTime));
  }

  private void addCustomScalars(ScalarLayout layout, double wallTime) {
    Objects.requireNonNull(layout, "A layout is asked for, but it is null");
    log.requireOpen();
    if (!laidOut.compareAndSet(false, true)) {
      throw new IllegalStateException("This run has a layout already, and TensorBoard keeps one: put all charts in it");
    }
    append(TensorData.ofStrings(List.of(layout.bytes()))
        .summary(wallTime, 0, "custom_scalars__config__", "custom_scalars", NO_CONTENT));
  }

  private void addMesh(String tag, Mesh mesh, long step, double wallTime) {
    Objects.requireNonNull(mesh, "A mesh is asked for, but it is null");
    claim(tag, mesh.kind());
    Map<Mesh.Part, EventEncoder> summaries = mesh.summaries(wallTime, step, tag);
    summaries.keySet().forEach(part -> claim(Mesh.tag(tag, part), "parts of meshes"));
    summaries.forEach((part, summary) -> append(DeferredSummary.ofEvent(Mesh.tag(tag, part), wallTime, step, summary)));
  }

  private void writeEmbedding(String tag, Embedding embedding, long step) {
    FileName.require(tag, "An embedding");
    Objects.requireNonNull(embedding, "An embedding is asked for, but it is null");
    log.requireOpen();
    embeddings.add(new EmbeddingFiles(directory, tag, step, embedding, builder.disk, lane.forFiles()));
    Reference.reachabilityFence(this);
  }

  private void addTensor(String tag, PluginTensor tensor, long step, double wallTime) {
    Objects.requireNonNull(tensor, "A tensor is asked for, but it is null");
    if (tensor.plugin().isEmpty()) {
      throw new IllegalArgumentException("The tensor of " + tag + " names no plugin, so that nothing would show it");
    }
    claim(tag, "tensors of " + tensor.plugin());
    append(DeferredSummary.ofEvent(tag, wallTime, step, tensor.summary(wallTime, step, tag)));
  }

  private void startSession(Map<String, ?> hyperParameters, @Nullable HparamsColumns columns, double wallTime) {
    Objects.requireNonNull(hyperParameters, "Hyper-parameters are asked for, but they are null");
    hyperParameters.forEach((name, value) -> {
      Objects.requireNonNull(name, "A hyper-parameter needs a name, but it is null");
      Objects.requireNonNull(value, () -> "The hyper-parameter " + name + " has no value: leave it out instead");
      if (name.isBlank()) {
        throw new IllegalArgumentException("A hyper-parameter needs a name, but it is blank");
      }
    });
    EventEncoder start = HparamsSummary.start(wallTime, hyperParameters);
    EventEncoder experiment = columns == null ? null : HparamsSummary.experiment(wallTime, columns, hyperParameters);
    if (!session.compareAndSet(HparamsSession.NONE, HparamsSession.STARTED)) {
      throw new IllegalStateException(
          "This run has its hyper-parameters already, and TensorBoard keeps the first: add all of them in one call");
    }
    if (experiment != null) {
      append(experiment);
    }
    append(start);
  }

  private void addSession(
      Map<String, ?> hyperParameters, Map<String, Double> metrics, SessionStatus status, double wallTime) {
    Objects.requireNonNull(metrics, "Metrics are asked for, but they are null");
    Objects.requireNonNull(status, "status");
    HparamsColumns.Builder columns = HparamsColumns.builder();
    metrics.forEach((tag, value) -> {
      Objects.requireNonNull(value, () -> "The metric " + tag + " has no value: leave it out instead");
      requireTag(tag);
      if (plugins.containsKey(tag)) {
        throw new IllegalArgumentException("The metric " + tag + " is a tag that the run has " + plugins.get(tag)
            + " of: if it is its curve, declare it as one of HparamsColumns instead");
      }
      columns.metric("", tag);
    });
    startSession(hyperParameters, columns.build(), wallTime);
    metrics.forEach((tag, value) -> addScalar(tag, value, 0, wallTime));
    endSession(status, wallTime);
  }

  private void endSession(SessionStatus status, double wallTime) {
    Objects.requireNonNull(status, "status");
    if (!session.compareAndSet(HparamsSession.STARTED, HparamsSession.ENDED)) {
      throw new IllegalStateException(session.get() == HparamsSession.NONE
          ? "There is no session to end: call addHparams first"
          : "The session has been ended already, and TensorBoard keeps the first end");
    }
    append(HparamsSummary.end(wallTime, status));
  }

  private void append(EventEncoder event) {
    log.append(event);
    Reference.reachabilityFence(this);
  }

  private void append(DeferredSummary summary) {
    log.append(summary);
    Reference.reachabilityFence(this);
  }

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }

  private static double seconds(Instant wallTime) {
    Objects.requireNonNull(wallTime, "A wall time is asked for, but it is null");
    return wallTime.getEpochSecond() + wallTime.getNano() / 1e9;
  }

  /** Takes a tag for one kind of summary: TensorBoard shows one kind a tag and hides the other. */
  private void claim(String tag, String plugin) {
    requireTag(tag);
    String taken = plugins.putIfAbsent(tag, plugin);
    if (taken != null && !taken.equals(plugin)) {
      throw new IllegalArgumentException(
          "The tag " + tag + " already has " + taken + ": give the " + plugin + " a tag of their own");
    }
  }

  private static void requireTag(String tag) {
    Objects.requireNonNull(tag, "A summary needs a tag, but it is null");
    if (tag.isBlank()) {
      throw new IllegalArgumentException("A summary needs a tag, but it is empty");
    }
    TagLength.require(tag);
    if (tag.startsWith(SummaryQueue.NON_FINITE)) {
      throw new IllegalArgumentException("The tag " + tag + " is kept for the count of what a histogram leaves out");
    }
  }

  /** Builds a {@link SummaryWriter}. */
  public static final class Builder {

    private final Path directory;
    private Duration flushInterval = Duration.ofSeconds(1);
    private String filenameSuffix = "";
    private long firstStep = -1;
    private int histogramBuckets = 30;
    private boolean failFast;
    private Disk disk = Disk.FILE_SYSTEM;

    private Builder(Path directory) {
      this.directory = directory;
    }

    /**
     * Sets how long an event may wait in memory. A killed JVM loses at most that much.
     *
     * @param interval the interval, 1 second if not set
     * @return this builder
     * @throws IllegalArgumentException if the interval is shorter than a millisecond or longer than a day
     * @throws NullPointerException if the interval is null
     */
    public Builder flushInterval(Duration interval) {
      Objects.requireNonNull(interval, "A flush interval is asked for, but it is null");
      if (interval.compareTo(Duration.ofMillis(1)) < 0 || interval.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException("A flush interval lies between a millisecond and a day, unlike " + interval);
      }
      this.flushInterval = interval;
      return this;
    }

    /**
     * Sets what the event file's name ends with.
     *
     * @param suffix at most 100 letters, digits, {@code .}, {@code _} and {@code -}; empty if not set
     * @return this builder
     * @throws IllegalArgumentException if the suffix is longer or has another character
     * @throws NullPointerException if the suffix is null
     */
    public Builder filenameSuffix(String suffix) {
      Objects.requireNonNull(suffix, "A file name's suffix may be empty, but not null");
      if (!suffix.matches("[A-Za-z0-9._-]{0,100}")) {
        throw new IllegalArgumentException(
            "A file name's suffix is made of at most 100 letters, digits, '.', '_' and '-', unlike " + suffix);
      }
      this.filenameSuffix = suffix;
      return this;
    }

    /**
     * Resumes a run: TensorBoard shows no point of this step or a later one that earlier event files of the directory have,
     * whoever wrote them; and of a series that goes on at an earlier step, as one of epochs does beside those of iterations, none
     * from there on. Without it, series that only this writer adds to stand beside those that the directory has. A
     * series that both have should be resumed: of one that goes back, TensorBoard's faster loader shows the newer points
     * alone, the slower one both.
     *
     * @param step the first step that will be added
     * @return this builder
     * @throws IllegalArgumentException if the step is negative
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
     * @throws IllegalArgumentException if there are less than 1 or more than 10,000
     */
    public Builder histogramBuckets(int buckets) {
      if (buckets < 1 || buckets > 10_000) {
        throw new IllegalArgumentException("A histogram has between 1 and 10000 buckets, not " + buckets);
      }
      this.histogramBuckets = buckets;
      return this;
    }

    /**
     * Makes {@link #build()} create the directory and try to write to it, and throw if that fails: for programs whose
     * purpose is what they record. Without it, a program goes on and the fault is logged.
     *
     * @return this builder
     */
    public Builder failFast() {
      this.failFast = true;
      return this;
    }

    Builder disk(Disk disk) {
      this.disk = disk;
      return this;
    }

    /**
     * Opens the writer. The file appears with the first flush.
     *
     * @return the writer
     * @throws IllegalArgumentException if the directory's file system is one that shows a file only once it is closed,
     *     such as that of a zip file
     * @throws UncheckedIOException if the directory can't be written to and {@link #failFast()} was called
     */
    public SummaryWriter build() {
      if (failFast) {
        RunDirectory.requireWritable(directory);
      }
      RunDirectory.requireAppending(directory);
      return open(this, WriterLane.of(disk.deviceOf(directory)));
    }

    /** Returns what opens a like writer, of a directory of which nothing is asked. */
    private Builder copy(Path directory) {
      Builder copy = new Builder(directory);
      copy.flushInterval = flushInterval;
      copy.filenameSuffix = filenameSuffix;
      copy.firstStep = firstStep;
      copy.histogramBuckets = histogramBuckets;
      copy.disk = disk;
      return copy;
    }

    private FileHeader header() {
      return firstStep < 0 ? FileHeader.plain(now()) : FileHeader.resuming(now(), firstStep);
    }
  }
}
