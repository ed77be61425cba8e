package io.github.tensorboard4j.training;

import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.TensorValues;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records one training in the tags, runs and units that are the same for every framework, so that their curves overlay.
 *
 * <table>
 * <caption>What is recorded</caption>
 * <tr><th>run</th><th>tags</th><th>step</th></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code epoch_loss}, {@code epoch_accuracy}, {@code epoch_learning_rate},
 *   {@code epoch_seconds}, {@code examples_per_second}</td><td>epoch, from 1</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code batch_loss}, {@code batch_accuracy}, {@code batch_learning_rate},
 *   {@code batch_seconds}, {@code batch_examples_per_second}</td><td>iteration, from 1</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code <layer>/<parameter>} histograms, the graph, {@code configuration}</td>
 *   <td>epoch or iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code gradient/<layer>/<parameter>} histograms, where asked for</td>
 *   <td>epoch or iteration</td></tr>
 * <tr><td>{@code <run>/validation}</td><td>{@code epoch_loss}, {@code epoch_accuracy}</td><td>epoch, from 1</td></tr>
 * <tr><td>{@code <run>}</td><td>hyper-parameters</td><td></td></tr>
 * </table>
 *
 * <p>Listeners call it on the training thread; no call waits for the disk (unless more is recorded
 * than it takes), and those once an iteration allocate nothing.
 * Thread-safe, since several workers may train one model.
 */
public final class TrainingRecorder implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TrainingRecorder.class);
  private static final String SESSION_SUFFIX = ".hparams";
  private static final double NANOS = 1e9;

  private final Path run;
  private final int batchFrequency;
  private final Frequency histogramFrequency;
  private final Map<String, Object> hyperParameters;
  private final Consumer<EpochSummary> onEpoch;
  private final Duration flushInterval;

  private SummaryWriter train;
  private SummaryWriter validation;
  private SummaryWriter session;
  private boolean closed;
  private long firstIteration = 1;

  private long epochStart = System.nanoTime();
  private long intervalStart;
  private boolean inInterval;
  private long epochExamples;
  private double epochLoss;
  private double epochCorrect;
  private long epochCounted;
  private double learningRate = Double.NaN;
  private long intervalExamples;
  private long intervalBatches;

  private TrainingRecorder(Builder builder) {
    this.run = builder.run;
    this.batchFrequency = builder.batchFrequency;
    this.histogramFrequency = builder.histogramFrequency;
    this.hyperParameters = new LinkedHashMap<>(builder.hyperParameters);
    this.onEpoch = builder.onEpoch;
    this.flushInterval = builder.flushInterval;
  }

  /**
   * Starts a recorder.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @return the builder
   * @throws IllegalArgumentException if there is something else than a directory
   */
  public static Builder builder(Path run) {
    return new Builder(run);
  }

  /**
   * Begins the recording, before anything is recorded: a new one, or one that goes on where an earlier one of the same
   * directory was at that iteration. A new one takes the place of the earlier one's hyper-parameters, whose file it deletes:
   * TensorBoard would go on showing them.
   *
   * @param firstIteration the iteration that will be recorded first, from 1
   * @param found the hyper-parameters that the listener found; the user's own come before them
   */
  public synchronized void begin(long firstIteration, Map<String, ?> found) {
    if (closed) {
      return;
    }
    this.firstIteration = firstIteration;
    Map<String, Object> all = new LinkedHashMap<>(found);
    all.putAll(hyperParameters);
    if (firstIteration == 1) {
      deleteEarlierSession();
    }
    if (!all.isEmpty()) {
      session = writer(run).filenameSuffix(SESSION_SUFFIX).open();
      session.addHparams(all);
    }
  }

  /** Starts an epoch's clock and means. */
  public void startEpoch() {
    startEpoch(System.nanoTime());
  }

  /**
   * Starts an epoch's clock and means, for a listener that is told of it later.
   *
   * @param nanoTime when it started, on the clock of {@link System#nanoTime()}
   */
  public synchronized void startEpoch(long nanoTime) {
    epochStart = nanoTime;
    epochExamples = 0;
    epochLoss = 0;
    epochCorrect = 0;
    epochCounted = 0;
    startInterval(epochStart);
  }

  /**
   * Records an iteration. All of them make up the epoch's figures; every so many give a point of the batch curves.
   *
   * @param iteration the iteration, from 1
   * @param examples the batch's number of examples
   * @param loss the batch's mean loss, or NaN
   * @param correct how many predictions were right
   * @param predictions how many predictions were made (time steps count each, masked ones don't); 0 if it is not known
   * @param learningRate the learning rate of the update, or NaN
   */
  public synchronized void batch(
      long iteration, long examples, double loss, long correct, long predictions, double learningRate) {
    if (!closed) {
      long nanoTime = System.nanoTime();
      count(examples, loss, correct, predictions, learningRate, nanoTime);
      recordBatch(iteration, loss, (double) correct / predictions, nanoTime);
    }
  }

  /**
   * Records an iteration of a framework that tells the accuracy itself, perhaps after others began.
   *
   * @param iteration the iteration, from 1
   * @param examples the batch's number of examples
   * @param loss the batch's mean loss, or NaN
   * @param accuracy the fraction of the batch that was classified right, or NaN
   * @param learningRate the learning rate of the update, or NaN
   * @param nanoTime when it ended, on the clock of {@link System#nanoTime()}
   */
  public synchronized void batch(
      long iteration, long examples, double loss, double accuracy, double learningRate, long nanoTime) {
    if (!closed) {
      boolean known = !Double.isNaN(accuracy);
      count(examples, loss, known ? accuracy * examples : 0, known ? examples : 0, learningRate, nanoTime);
      recordBatch(iteration, loss, accuracy, nanoTime);
    }
  }

  private void count(
      long examples, double loss, double correct, long predictions, double learningRate, long nanoTime) {
    epochExamples += examples;
    epochLoss += loss * examples;
    epochCorrect += correct;
    epochCounted += predictions;
    this.learningRate = learningRate;
    if (inInterval) {
      intervalExamples += examples;
      intervalBatches++;
    } else {
      // without epochs nobody tells when the first iteration began: the clock starts with its end
      startInterval(nanoTime);
    }
  }

  private void recordBatch(long iteration, double loss, double accuracy, long nanos) {
    if (isBatchDue(iteration)) {
      double now = SummaryWriter.now();
      double seconds = (nanos - intervalStart) / NANOS;
      SummaryWriter writer = train();
      writer.addScalar("batch_loss", loss, iteration, now);
      addKnown(writer, "batch_accuracy", accuracy, iteration, now);
      addKnown(writer, "batch_learning_rate", learningRate, iteration, now);
      if (intervalBatches > 0) {
        writer.addScalar("batch_seconds", seconds / intervalBatches, iteration, now);
        writer.addScalar("batch_examples_per_second", intervalExamples / seconds, iteration, now);
      }
      startInterval(nanos);
    }
  }

  /**
   * Tells whether an iteration gives a point of the batch curves.
   *
   * @param iteration the iteration, from 1
   * @return whether it does
   */
  public boolean isBatchDue(long iteration) {
    return batchFrequency > 0 && iteration % batchFrequency == 0;
  }

  /**
   * Tells when parameters are to be recorded.
   *
   * @return the frequency
   */
  public Frequency histogramFrequency() {
    return histogramFrequency;
  }

  /**
   * Ends an epoch's clock and sums up its iterations. Nothing is written yet.
   *
   * @param epoch the epoch, from 1
   * @return what is known of it; the listener completes it and passes it to {@link #epoch}
   */
  public EpochSummary endEpoch(long epoch) {
    return endEpoch(epoch, System.nanoTime());
  }

  /**
   * Ends an epoch's clock and sums up its iterations, for a listener that is told of its end later. Nothing is written yet.
   *
   * @param epoch the epoch, from 1
   * @param nanoTime when it ended, on the clock of {@link System#nanoTime()}
   * @return what is known of it; the listener completes it and passes it to {@link #epoch}
   */
  public synchronized EpochSummary endEpoch(long epoch, long nanoTime) {
    double seconds = (nanoTime - epochStart) / NANOS;
    return new EpochSummary(
        epoch,
        epochLoss / epochExamples,
        epochCorrect / epochCounted,
        learningRate,
        seconds,
        epochExamples / seconds,
        Double.NaN,
        Double.NaN);
  }

  /**
   * Records an epoch.
   *
   * @param summary its figures; those that are NaN are left out, but for the loss
   */
  public void epoch(EpochSummary summary) {
    synchronized (this) {
      if (closed) {
        return;
      }
      double now = SummaryWriter.now();
      long epoch = summary.epoch();
      SummaryWriter writer = train();
      writer.addScalar("epoch_loss", summary.loss(), epoch, now);
      addKnown(writer, "epoch_accuracy", summary.accuracy(), epoch, now);
      addKnown(writer, "epoch_learning_rate", summary.learningRate(), epoch, now);
      addKnown(writer, "epoch_seconds", summary.seconds(), epoch, now);
      addKnown(writer, "examples_per_second", summary.examplesPerSecond(), epoch, now);
      if (!Double.isNaN(summary.validationLoss()) || !Double.isNaN(summary.validationAccuracy())) {
        addKnown(validation(), "epoch_loss", summary.validationLoss(), epoch, now);
        addKnown(validation(), "epoch_accuracy", summary.validationAccuracy(), epoch, now);
      }
    }
    onEpoch.accept(summary);
  }

  /**
   * Records a further figure of the training.
   *
   * @param tag its tag, such as {@code epoch_F1} or {@code batch_F1}
   * @param value the figure; NaN is left out
   * @param step the epoch or the iteration
   */
  public synchronized void trainScalar(String tag, double value, long step) {
    if (!closed) {
      addKnown(train(), tag, value, step, SummaryWriter.now());
    }
  }

  /**
   * Records a further figure of the validation.
   *
   * @param tag its tag, the same as the training's
   * @param value the figure; NaN is left out
   * @param step the epoch
   */
  public synchronized void validationScalar(String tag, double value, long step) {
    if (!closed && !Double.isNaN(value)) {
      addKnown(validation(), tag, value, step, SummaryWriter.now());
    }
  }

  /**
   * Records the histogram of a parameter's gradient.
   *
   * @param layer the layer's name
   * @param parameter the parameter's name in it
   * @param values the gradient's elements, read in place during the call
   * @param step the epoch or the iteration, as the frequency has it
   */
  public synchronized void gradient(String layer, String parameter, TensorValues values, long step) {
    if (!closed) {
      train().addHistogram("gradient/" + layer + "/" + parameter, values, step);
    }
  }

  /**
   * Records a parameter's histogram.
   *
   * @param layer the layer's name
   * @param parameter the parameter's name in it
   * @param values its elements, read in place during the call
   * @param step the epoch or the iteration, as the frequency has it
   */
  public synchronized void parameter(String layer, String parameter, TensorValues values, long step) {
    if (!closed) {
      train().addHistogram(layer + "/" + parameter, values, step);
    }
  }

  /**
   * Records the model's graph.
   *
   * @param graph the graph
   */
  public synchronized void graph(GraphDefSource graph) {
    if (!closed) {
      train().addGraph(graph);
    }
  }

  /**
   * Records the run's configuration.
   *
   * @param markdown the configuration, in Markdown
   */
  public synchronized void configuration(String markdown) {
    if (!closed) {
      train().addText("configuration", markdown, 0);
    }
  }

  /**
   * Gives the writer of the training run, for what has no method here.
   *
   * @return the writer
   * @throws IllegalStateException if the recorder is closed
   */
  public synchronized SummaryWriter train() {
    if (train == null) {
      train = open(run.resolve("train"));
    }
    return train;
  }

  /**
   * Gives the writer of the validation run, for what has no method here.
   *
   * @return the writer
   * @throws IllegalStateException if the recorder is closed
   */
  public synchronized SummaryWriter validation() {
    if (validation == null) {
      validation = open(run.resolve("validation"));
    }
    return validation;
  }

  /** Waits until all that was recorded is handed to the operating system. */
  public void flush() {
    for (SummaryWriter writer : writers()) {
      writer.flush();
    }
  }

  /** Ends the recording as a success and closes its files. What is recorded afterwards is left out. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (session != null) {
        session.addHparamsSuccess();
      }
    }
    for (SummaryWriter writer : writers()) {
      writer.close();
    }
  }

  private synchronized List<SummaryWriter> writers() {
    return Stream.of(train, validation, session).filter(Objects::nonNull).toList();
  }

  private void deleteEarlierSession() {
    if (!Files.isDirectory(run)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(run, "*tfevents*" + SESSION_SUFFIX)) {
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOGGER.warn("TensorBoard may show hyper-parameters of an earlier training, since they can't be deleted from {}", run, e);
    }
  }

  private SummaryWriter open(Path directory) {
    if (closed) {
      throw new IllegalStateException("This recorder is closed: record nothing more with it, or build another one");
    }
    return writer(directory).open();
  }

  private SummaryWriter.Builder writer(Path directory) {
    return SummaryWriter.builder(directory)
        .flushInterval(flushInterval)
        .firstStep(firstIteration == 1 ? 0 : firstIteration);
  }

  private void startInterval(long nanos) {
    inInterval = true;
    intervalStart = nanos;
    intervalExamples = 0;
    intervalBatches = 0;
  }

  private static void addKnown(SummaryWriter writer, String tag, double value, long step, double wallTime) {
    if (!Double.isNaN(value)) {
      writer.addScalar(tag, value, step, wallTime);
    }
  }

  /** What can be chosen about a recorder. */
  public static final class Builder {

    private final Path run;
    private final Map<String, Object> hyperParameters = new LinkedHashMap<>();
    private int batchFrequency = 10;
    private Frequency histogramFrequency = Frequency.epochs(1);
    private Consumer<EpochSummary> onEpoch = summary -> {};
    private Duration flushInterval = Duration.ofSeconds(1);

    private Builder(Path run) {
      this.run = Objects.requireNonNull(run, "A training needs a directory for its run, but it is null");
      SummaryWriter.Builder.requireDirectory(run);
      SummaryWriter.Builder.requireDirectory(run.resolve("train"));
      SummaryWriter.Builder.requireDirectory(run.resolve("validation"));
    }

    /**
     * Sets how often the batch curves get a point.
     *
     * @param iterations every so many iterations, 10 if not set; 0 for no batch curves
     * @return this builder
     */
    public Builder batchFrequency(int iterations) {
      if (iterations < 0) {
        throw new IllegalArgumentException(
            "Batch curves get a point every 1 or more iterations, or none with 0, but not every " + iterations);
      }
      this.batchFrequency = iterations;
      return this;
    }

    /**
     * Sets how often parameters are recorded as histograms.
     *
     * @param frequency the frequency, every epoch if not set
     * @return this builder
     */
    public Builder histogramFrequency(Frequency frequency) {
      this.histogramFrequency = Objects.requireNonNull(frequency, "frequency");
      return this;
    }

    /**
     * Adds a hyper-parameter to those that the listener finds by itself, or takes its place.
     *
     * @param name its name
     * @param value a number, a boolean, or something else that becomes a string
     * @return this builder
     */
    public Builder hyperParameter(String name, Object value) {
      Objects.requireNonNull(name, "A hyper-parameter needs a name, but it is null");
      hyperParameters.put(name, Objects.requireNonNull(value, () -> "The hyper-parameter " + name + " has no value"));
      return this;
    }

    /**
     * Sets what is told the figures of each epoch, exactly as they are recorded, on the training thread.
     *
     * @param consumer what is told
     * @return this builder
     */
    public Builder onEpoch(Consumer<EpochSummary> consumer) {
      this.onEpoch = Objects.requireNonNull(consumer, "consumer");
      return this;
    }

    /**
     * Sets how long an event may wait in memory. A killed JVM loses at most that much.
     *
     * @param interval the interval, 1 second if not set
     * @return this builder
     */
    public Builder flushInterval(Duration interval) {
      this.flushInterval = SummaryWriter.Builder.requireFlushInterval(interval);
      return this;
    }

    /**
     * Builds the recorder. Files appear with what is recorded first.
     *
     * @return the recorder
     */
    public TrainingRecorder build() {
      return new TrainingRecorder(this);
    }
  }
}
