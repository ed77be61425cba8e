package io.github.tensorboard4j.training;

import io.github.tensorboard4j.Embedding;
import io.github.tensorboard4j.HparamsColumns;
import io.github.tensorboard4j.Picture;
import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.TensorValues;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records one training in the tags, runs and units that are the same for every framework, so that their curves overlay. It is
 * what a listener for another framework is built on.
 *
 * <table>
 * <caption>What is recorded</caption>
 * <tr><th>run</th><th>tags</th><th>step</th></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code epoch_loss}, {@code epoch_accuracy}, {@code epoch_learning_rate},
 *   {@code epoch_seconds}, {@code epoch_examples_per_second}, {@code epoch_<metric>}</td><td>epoch, from 1</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code batch_loss}, {@code batch_accuracy}, {@code batch_learning_rate},
 *   {@code batch_seconds}, {@code batch_examples_per_second}, {@code batch_<metric>}</td><td>iteration, from 1</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code layer_<layer>/<parameter>} histograms, the graph, {@code configuration}</td>
 *   <td>epoch or iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code image_<layer>/<parameter>} pictures, where
 *   {@linkplain RecordingOptions#weightImageFrequency asked for}</td><td>epoch or iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code gradient/<layer>/<parameter>}, {@code update/<layer>/<parameter>} and
 *   {@code layer_<layer>/activation} histograms, {@code activation/<layer>} pictures, where asked for</td>
 *   <td>epoch or iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code gradient_norm/<layer>/<parameter>}, {@code gradient_mean_magnitude/...}, the same of
 *   {@code update} and {@code parameter}, {@code update_ratio_log10/...}; {@code output_mean/<layer>},
 *   {@code output_stdev/<layer>}, {@code relu_dead/<layer>}, where asked for</td><td>epoch or iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code profile}, a text, and metadata of the graph, {@code iteration <n>}, where
 *   {@linkplain RecordingOptions#profileIteration asked for}</td><td>iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code divergence}, a text, where the training diverges</td><td>iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code learning_rate/<layer>/<parameter>}, where parameters have different ones</td>
 *   <td>iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code time/<phase>_ms}</td><td>iteration</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code pretrain_loss/<layer>}, where layers are trained alone</td>
 *   <td>iteration of that training</td></tr>
 * <tr><td>{@code <run>/train}</td><td>{@code system/<figure>} and {@code system/gpu<i>/<figure>}, where
 *   {@linkplain RecordingOptions#systemMetrics() asked for}</td><td>iteration</td></tr>
 * <tr><td>{@code <run>/validation}</td><td>{@code epoch_loss}, {@code epoch_accuracy}, {@code epoch_<metric>}</td>
 *   <td>epoch, from 1</td></tr>
 * <tr><td>{@code <run>/validation}</td><td>{@code batch_loss}, {@code batch_accuracy}, {@code batch_<metric>}, in a training
 *   without epochs</td><td>iteration, from 1</td></tr>
 * <tr><td>{@code <run>/validation}</td><td>{@code epoch_precision}, {@code epoch_recall}, {@code epoch_f1}, {@code epoch_auc},
 *   {@code pr_curve/<class>}, {@code confusion_matrix}, {@code misclassified}, an embedding, where a {@link ValidationReport} is
 *   asked for</td><td>epoch or iteration</td></tr>
 * <tr><td>{@code <run>/validation}</td><td>{@code early_stopping}, a text, where a training is stopped early</td>
 *   <td>epoch</td></tr>
 * <tr><td>both</td><td>{@code epoch_loss/<output>}, {@code epoch_accuracy/<output>} and the same of batches, of a model that has
 *   several outputs</td><td>epoch or iteration</td></tr>
 * <tr><td>{@code <run>}</td><td>hyper-parameters</td><td></td></tr>
 * <tr><td>{@code <run>}</td><td>the charts of {@linkplain RecordingOptions#statisticsFrequency statistics} on the page Custom
 *   Scalars</td><td></td></tr>
 * </table>
 *
 * <p>The protocol: {@link #begin} before the first iteration; {@link #startEpoch()}, {@link #recordIteration} for each
 * iteration, {@link #endEpoch(long)} and {@link #recordEpoch} for each epoch; {@link #end} or {@link #close()} at last.
 * Parameters, metrics and durations are recorded where the listener meets them; activations, gradients and updates go to the
 * {@linkplain #diagnosis diagnosis} of an iteration, and a {@linkplain #divergenceWatch() watch} looks out for what diverges. A
 * framework that has no epochs leaves them out.
 *
 * <p>Listeners call it on the training thread; no call waits for the disk (unless more is recorded than it takes), and
 * {@link #recordIteration} allocates nothing. After the end all calls are ignored, for a framework may go on calling its
 * listener. Thread-safe, since several workers may train one model.
 */
public final class TrainingRecorder implements AutoCloseable {

  private static final OpenRecordings<TrainingRecorder> OPEN = new OpenRecordings<>();

  private final RunFiles files;
  private final Frequency histogramFrequency;
  private final Frequency histogramFrequencyWithoutEpochs;
  private final Frequency weightImageFrequency;
  private final ExistingRun existingRun;
  private final Map<String, Object> ownHyperParameters;
  private final Consumer<? super EpochSummary> onEpoch;
  private final @Nullable SystemMetrics systemMetrics;
  private final DiagnosisSchedule diagnosisSchedule;
  private final DivergenceWatch divergenceWatch;
  private final @Nullable ValidationReport validationReport;
  private final FaultGuard faults = new FaultGuard();
  private final Object lock = new Object();

  // guarded by lock
  private final RunWriters writers;
  private final BatchPoints batchPoints;
  private final EpochMeter meter = new EpochMeter();
  private final Map<String, OutputMeter> outputs = new LinkedHashMap<>();
  private final SessionOutcome outcome = new SessionOutcome();
  private final DiagnosisCharts charts = new DiagnosisCharts();
  private boolean runTaken;
  private boolean runContinued;
  private boolean begun;
  private long lastIteration;
  private volatile boolean ended;

  // changed under lock; 0 if there is none any more
  private volatile long profiledIteration;

  TrainingRecorder(RecordingOptions<?> options, RunFiles files) {
    this.files = files;
    this.writers = new RunWriters(options.run, options.flushInterval);
    this.batchPoints = new BatchPoints(options.batchFrequency);
    this.histogramFrequency = Objects.requireNonNullElse(options.histogramFrequency, Frequency.epochs(1));
    this.histogramFrequencyWithoutEpochs =
        Objects.requireNonNullElse(options.histogramFrequency, Frequency.withoutEpochs());
    this.weightImageFrequency = options.weightImageFrequency;
    this.existingRun = options.existingRun;
    this.ownHyperParameters = new LinkedHashMap<>(options.hyperParameters);
    this.onEpoch = options.onEpoch;
    this.systemMetrics =
        options.systemInterval == null ? null : new SystemMetrics(options.systemInterval, options.systemSamplers);
    this.diagnosisSchedule = new DiagnosisSchedule(options);
    this.divergenceWatch = new DivergenceWatch(this, options.guard);
    this.validationReport = options.validationReport;
    this.profiledIteration = options.profiledIteration;
  }

  /**
   * Returns a builder of a recorder, with the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @return the builder
   * @throws IllegalArgumentException if the path, or {@code train} or {@code validation} in it, exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  public static Builder builder(Path run) {
    return new Builder(run);
  }

  /**
   * Begins the recording, or does nothing if it has begun: listeners call it at every iteration, before they record anything.
   * Asks the description for what is recorded of the training as a whole; a fault of one part of it leaves the others, and the
   * time that it takes doesn't count for the epoch.
   *
   * @param firstIteration the iteration that is recorded first: 1 for a new training, more for one that goes on; from there
   *     on, what is recorded supersedes what the run has already, as {@link ExistingRun#CONTINUE} says
   * @param description what is recorded of the training as a whole
   * @throws IllegalArgumentException if the iteration is not positive
   * @throws NullPointerException if the description is null
   */
  public void begin(long firstIteration, TrainingDescription description) {
    if (firstIteration < 1) {
      throw new IllegalArgumentException("Iterations count from 1, unlike " + firstIteration);
    }
    Objects.requireNonNull(description, "description");
    synchronized (lock) {
      if (begun || ended) {
        return;
      }
      begun = true;
      lastIteration = firstIteration;
      if (firstIteration > profiledIteration) {
        profiledIteration = 0;
      }
      long start = System.nanoTime();
      takeOverRunOnce();
      if (firstIteration > 1) {
        writers.resume(firstIteration);
      } else if (runContinued) {
        files.warnOfEarlierSession();
      }
      faults.run(() -> startSession(description));
      faults.run(() -> description.graph().ifPresent(graph -> train().addGraph(graph)));
      faults.run(() -> description.configuration().ifPresent(text -> train().addText(Tags.CONFIGURATION, text, 0)));
      SystemMetrics metrics = systemMetrics;
      if (metrics != null) {
        faults.run(() -> metrics.start(this));
      }
      meter.pause(start, System.nanoTime());
    }
  }

  /** Before anything is written, treats what is in the run's directory as the user has chosen. */
  private void takeOverRunOnce() {
    if (!runTaken) {
      runTaken = true;
      faults.run(this::takeOverRun);
    }
  }

  private void takeOverRun() {
    List<TrainingRecorder> earlier = OPEN.add(this, files.run());
    if (existingRun == ExistingRun.REPLACE) {
      earlier.forEach(TrainingRecorder::close);
      files.delete();
    } else if (files.haveSession() || !earlier.isEmpty()) {
      runContinued = true;
      writers.resume(0);
    }
  }

  /** Starts a session even without hyper-parameters: its file shows a later training that this one was here. */
  private void startSession(TrainingDescription description) {
    HyperParameters described = HyperParameters.builder().build();
    try {
      described = description.hyperParameters();
    } catch (Throwable e) {
      faults.contain(e);
    }
    writers.startSession(described.with(ownHyperParameters), columns());
  }

  /** Validation comes first: it is what runs are compared by, and the page shows the first five. */
  private static HparamsColumns columns() {
    return HyperParameters.declare(HparamsColumns.builder())
        .metric(RunWriters.VALIDATION, Tags.EPOCH_ACCURACY)
        .metric(RunWriters.VALIDATION, Tags.EPOCH_LOSS)
        .metric(RunWriters.TRAIN, Tags.EPOCH_ACCURACY)
        .metric(RunWriters.TRAIN, Tags.EPOCH_LOSS)
        .metric(RunWriters.TRAIN, Tags.EPOCH_SECONDS)
        .metric(RunWriters.TRAIN, Tags.EPOCH_EXAMPLES_PER_SECOND)
        .metric(RunWriters.TRAIN, Tags.EPOCH_LEARNING_RATE)
        .metric(RunWriters.TRAIN, Tags.BATCH_LOSS)
        .metric(RunWriters.TRAIN, Tags.BATCH_ACCURACY)
        .build();
  }

  /** Starts an epoch now: its clock and its means. */
  public void startEpoch() {
    synchronized (lock) {
      startMeters(System.nanoTime());
      outcome.epochStarted();
    }
  }

  /**
   * Starts an epoch of which the framework doesn't inform its listeners: its clock and its means. As long as no epoch has
   * ended, one that is started so is not taken for a broken-off one, for the framework may not inform them of an end either.
   *
   * @param nanoTime when it started, on the clock of {@link System#nanoTime()}
   */
  public void startEpochAt(long nanoTime) {
    synchronized (lock) {
      startMeters(nanoTime);
      outcome.epochAssumed();
    }
  }

  /**
   * Starts an epoch that is as long as the user has said: its clock and its means. One that is broken off is no failure, for
   * such a training may end anywhere.
   *
   * @param nanoTime when it started, on the clock of {@link System#nanoTime()}
   */
  public void startDeclaredEpochAt(long nanoTime) {
    synchronized (lock) {
      startMeters(nanoTime);
    }
  }

  private void startMeters(long nanoTime) {
    charts.noteEpoch();
    meter.startEpoch(nanoTime);
    outputs.values().forEach(OutputMeter::startEpoch);
  }

  /**
   * Records loss and accuracy of one of a model's several outputs, as {@code batch_loss/<output>} and the like, and with the epoch
   * as {@code epoch_loss/<output>}: before the iteration itself, whose figures are those of all outputs together.
   *
   * @param output the output's name
   * @param figures its figures, read during the call
   * @throws IllegalArgumentException if the name is blank, or the figures have not been
   *     {@linkplain IterationFigures#start started}
   * @throws NullPointerException if an argument is null
   */
  public void recordOutput(String output, IterationFigures figures) {
    Objects.requireNonNull(output, "output");
    requireStarted(figures);
    synchronized (lock) {
      if (ended) {
        return;
      }
      OutputMeter of = outputs.computeIfAbsent(output, OutputMeter::new);
      of.count(figures);
      if (isBatchDue(figures.iteration())) {
        of.recordBatch(train(), figures);
      }
    }
  }

  /**
   * Records the validation of one of a model's several outputs after an epoch, as {@code epoch_loss/<output>} and
   * {@code epoch_accuracy/<output>}.
   *
   * @param output the output's name
   * @param summary its validation's figures; others are left out
   * @throws IllegalArgumentException if the name is blank
   * @throws NullPointerException if an argument is null
   */
  public void recordOutputValidation(String output, EpochSummary summary) {
    synchronized (lock) {
      writers.expectEpoch(summary.epoch());
      addValidation(Tags.ofOutput(Tags.EPOCH_LOSS, output), summary.validationLoss(), summary.epoch());
      addValidation(Tags.ofOutput(Tags.EPOCH_ACCURACY, output), summary.validationAccuracy(), summary.epoch());
    }
  }

  /**
   * Records an iteration. All of them make up the epoch's figures; those that are {@linkplain #isBatchDue due} give a point of
   * the batch curves.
   *
   * @param figures the iteration's figures, read during the call
   * @throws IllegalArgumentException if the figures have not been {@linkplain IterationFigures#start started}
   * @throws NullPointerException if the figures are null
   */
  public void recordIteration(IterationFigures figures) {
    requireStarted(figures);
    synchronized (lock) {
      if (ended) {
        return;
      }
      lastIteration = figures.iteration();
      long nanoTime = figures.endOr(System.nanoTime());
      meter.count(figures, nanoTime);
      outcome.iterationDone(figures);
      if (batchPoints.isDue(figures, nanoTime)) {
        recordBatch(figures, nanoTime);
      }
      charts.note(figures);
      if (charts.areComplete()) {
        layOutCharts();
      }
    }
  }

  private void layOutCharts() {
    faults.run(() -> writers.layOut(charts.layOut()));
  }

  private static void requireStarted(IterationFigures figures) {
    if (figures.iteration() == 0) {
      throw new IllegalArgumentException("These figures are of no iteration: call start first");
    }
  }

  private void recordBatch(IterationFigures figures, long nanoTime) {
    long iteration = figures.iteration();
    SummaryWriter writer = train();
    if (figures.hasLoss()) {
      writer.addScalar(Tags.BATCH_LOSS, figures.loss(), iteration);
    }
    if (figures.hasAccuracy()) {
      writer.addScalar(Tags.BATCH_ACCURACY, figures.correct() / figures.predictions(), iteration);
    }
    if (figures.hasLearningRate()) {
      writer.addScalar(Tags.BATCH_LEARNING_RATE, figures.learningRate(), iteration);
    }
    if (meter.hasInterval(nanoTime)) {
      writer.addScalar(Tags.BATCH_SECONDS, meter.intervalSecondsPerBatch(nanoTime), iteration);
      writer.addScalar(Tags.BATCH_EXAMPLES_PER_SECOND, meter.intervalExamplesPerSecond(nanoTime), iteration);
    }
    meter.startInterval(nanoTime);
  }

  /**
   * Returns whether an iteration gives a point of the batch curves, so that a listener computes what costs for those alone.
   * Asked when the iteration ends, before or after it is recorded: what is answered first stands.
   *
   * @param iteration the iteration, from 1
   * @return whether it does
   */
  public boolean isBatchDue(long iteration) {
    synchronized (lock) {
      return batchPoints.isDue(iteration);
    }
  }

  /**
   * Returns how often parameters are to be recorded in a training that has epochs.
   *
   * @return the frequency
   */
  public Frequency histogramFrequency() {
    return histogramFrequency;
  }

  /**
   * Returns how often parameters are to be recorded in a training of whose epochs nobody tells.
   *
   * @return the frequency
   */
  public Frequency histogramFrequencyWithoutEpochs() {
    return histogramFrequencyWithoutEpochs;
  }

  /**
   * Returns how often weights are to be recorded as pictures.
   *
   * @return the frequency
   */
  public Frequency weightImageFrequency() {
    return weightImageFrequency;
  }

  /**
   * Returns whether an iteration is still to be profiled, for which a listener may have to keep something.
   *
   * @return whether there is one
   */
  public boolean awaitsProfile() {
    return profiledIteration > 0;
  }

  /**
   * Returns whether an iteration is the one to be profiled. Of several workers that ask, one is told so: that of the first
   * iteration from the chosen one on, as numbers that others have taken are not asked for.
   *
   * @param iteration the iteration, from 1
   * @return whether it is
   */
  public boolean takeProfile(long iteration) {
    if (!awaitsProfile() || iteration < profiledIteration) {
      return false;
    }
    synchronized (lock) {
      // a training that goes on may be beyond it, which is known once it has begun
      boolean taken = !ended && awaitsProfile() && (begun || iteration == profiledIteration);
      profiledIteration = 0;
      return taken;
    }
  }

  /**
   * Records what each layer takes.
   *
   * @param profile what it takes; nothing is recorded if it has no layers
   * @param iteration the iteration, from 1
   * @throws NullPointerException if the profile is null
   */
  public void recordProfile(StepProfile profile, long iteration) {
    Objects.requireNonNull(profile, "profile");
    synchronized (lock) {
      if (!ended) {
        profile.record(train(), iteration);
      }
    }
  }

  /**
   * Ends an epoch now: stops its clock and sums up its iterations. Nothing is written yet.
   *
   * @param epoch the epoch, from 1
   * @return what is known of it; the listener completes it, builds it and passes it to {@link #recordEpoch}
   * @throws IllegalArgumentException if the epoch is not positive
   */
  public EpochSummary.Builder endEpoch(long epoch) {
    return endEpochAt(epoch, System.nanoTime());
  }

  /**
   * Ends an epoch, for a framework whose listeners learn only later that it has ended: stops its clock and sums up its
   * iterations. Nothing is written yet.
   *
   * @param epoch the epoch, from 1
   * @param nanoTime when it ended, on the clock of {@link System#nanoTime()}
   * @return what is known of it; the listener completes it, builds it and passes it to {@link #recordEpoch}
   * @throws IllegalArgumentException if the epoch is not positive
   */
  public EpochSummary.Builder endEpochAt(long epoch, long nanoTime) {
    synchronized (lock) {
      outcome.epochEnded();
      return meter.endEpoch(epoch, nanoTime);
    }
  }

  /**
   * Records an epoch, and passes it to the consumer that the user has set.
   *
   * @param summary its figures; those that are not known are left out
   * @throws NullPointerException if the summary is null
   */
  public void recordEpoch(EpochSummary summary) {
    synchronized (lock) {
      if (ended) {
        return;
      }
      long epoch = summary.epoch();
      addTrain(Tags.EPOCH_LOSS, summary.loss(), epoch);
      addTrain(Tags.EPOCH_ACCURACY, summary.accuracy(), epoch);
      addTrain(Tags.EPOCH_LEARNING_RATE, summary.learningRate(), epoch);
      addTrain(Tags.EPOCH_SECONDS, summary.seconds(), epoch);
      addTrain(Tags.EPOCH_EXAMPLES_PER_SECOND, summary.examplesPerSecond(), epoch);
      outputs.values().forEach(output -> output.recordEpoch(train(), epoch));
      writers.expectEpoch(epoch);
      addValidation(Tags.EPOCH_LOSS, summary.validationLoss(), epoch);
      addValidation(Tags.EPOCH_ACCURACY, summary.validationAccuracy(), epoch);
      if (charts.areKnown()) {
        layOutCharts();
      }
    }
    faults.runConsumer(() -> onEpoch.accept(summary));
  }

  /**
   * Records an epoch's validation alone, for one that is measured when the epoch is recorded already. The consumer that the user
   * has set doesn't learn of it.
   *
   * @param summary its validation's figures; others are left out
   * @throws NullPointerException if the summary is null
   */
  public void recordValidation(EpochSummary summary) {
    synchronized (lock) {
      writers.expectEpoch(summary.epoch());
      addValidation(Tags.EPOCH_LOSS, summary.validationLoss(), summary.epoch());
      addValidation(Tags.EPOCH_ACCURACY, summary.validationAccuracy(), summary.epoch());
    }
  }

  /**
   * Records loss and accuracy of the validation data after an iteration, as {@code batch_loss} and {@code batch_accuracy}, for a
   * training that has no epochs, or epochs that are too long to wait for.
   *
   * @param figures loss and accuracy of all validation data, with the iteration after which they were measured
   * @throws IllegalArgumentException if the figures have not been {@linkplain IterationFigures#start started}
   * @throws NullPointerException if the figures are null
   */
  public void recordValidation(IterationFigures figures) {
    requireStarted(figures);
    addValidation(Tags.BATCH_LOSS,
        figures.hasLoss() ? OptionalDouble.of(figures.loss()) : OptionalDouble.empty(), figures.iteration());
    addValidation(Tags.BATCH_ACCURACY,
        figures.hasAccuracy() ? OptionalDouble.of(figures.correct() / figures.predictions()) : OptionalDouble.empty(),
        figures.iteration());
  }

  /**
   * Records a further figure of an iteration as {@code batch_<name>}.
   *
   * @param name the metric's name, such as {@code F1}
   * @param value the figure
   * @param iteration the iteration, from 1
   * @throws IllegalArgumentException if the name is blank, or that of a figure that has a method or a place of its own
   * @throws NullPointerException if the name is null
   */
  public void recordBatchMetric(String name, double value, long iteration) {
    addScalar(Tags.batchMetric(name), value, iteration);
  }

  /**
   * Records a further figure of an epoch's training as {@code epoch_<name>}.
   *
   * @param name the metric's name, such as {@code F1}
   * @param value the figure
   * @param epoch the epoch, from 1
   * @throws IllegalArgumentException if the name is blank, or that of a figure that has a method or a place of its own
   * @throws NullPointerException if the name is null
   */
  public void recordEpochMetric(String name, double value, long epoch) {
    addScalar(Tags.epochMetric(name), value, epoch);
  }

  /**
   * Records a further figure of an epoch's validation as {@code epoch_<name>}.
   *
   * @param name the metric's name, such as {@code F1}
   * @param value the figure
   * @param epoch the epoch, from 1
   * @throws IllegalArgumentException if the name is blank, or that of a figure that has a method or a place of its own
   * @throws NullPointerException if the name is null
   */
  public void recordValidationMetric(String name, double value, long epoch) {
    synchronized (lock) {
      writers.expectEpoch(epoch);
    }
    addValidation(Tags.epochMetric(name), OptionalDouble.of(value), epoch);
  }

  /**
   * Records a further figure of the validation after an iteration as {@code batch_<name>}.
   *
   * @param name the metric's name, such as {@code F1}
   * @param value the figure
   * @param iteration the iteration, from 1
   * @throws IllegalArgumentException if the name is blank, or that of a figure that has a method or a place of its own
   * @throws NullPointerException if the name is null
   */
  public void recordValidationBatchMetric(String name, double value, long iteration) {
    addValidation(Tags.batchMetric(name), OptionalDouble.of(value), iteration);
  }

  /**
   * Records why a training was stopped early, and which epoch was the best, as the text {@code early_stopping} in the validation
   * run.
   *
   * @param markdown the text, in Markdown
   * @param epoch the epoch in which it ended, from 1
   * @throws NullPointerException if the text is null
   */
  public void recordEarlyStopping(String markdown, long epoch) {
    Objects.requireNonNull(markdown, "markdown");
    synchronized (lock) {
      if (!ended) {
        writers.expectEpoch(epoch);
        validation().addText(Tags.EARLY_STOPPING, markdown, epoch);
      }
    }
  }

  /**
   * Records a figure of the user's own in the training run.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the figure
   * @param step the iteration or the epoch
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries of another kind, or is that of a figure
   *     that is recorded anyway, such as {@code epoch_loss}
   * @throws NullPointerException if the tag is null
   */
  public void recordScalar(String tag, double value, long step) {
    addScalar(Tags.own(tag), value, step);
  }

  /**
   * Returns a tag that {@link #recordScalar} takes, for a listener that refuses another at once but records later.
   *
   * @param tag the series' name
   * @return the tag
   * @throws IllegalArgumentException if the tag is blank, too long, or is that of a figure that is recorded anyway
   * @throws NullPointerException if the tag is null
   */
  public static String requireScalarTag(String tag) {
    return Tags.own(tag);
  }

  /**
   * Records the learning rate of one parameter as {@code learning_rate/<layer>/<parameter>}, for a training whose parameters
   * have different ones.
   *
   * @param layer the layer's name; {@code /} parts the names of nested layers
   * @param parameter the parameter's name in it, one of {@link ParameterNames} where it fits
   * @param rate the learning rate of the iteration's update
   * @param iteration the iteration, from 1
   * @throws IllegalArgumentException if the layer's or the parameter's name is blank
   * @throws NullPointerException if a name is null
   */
  public void recordLearningRate(String layer, String parameter, double rate, long iteration) {
    addScalar(Tags.learningRate(layer, parameter), rate, iteration);
  }

  /**
   * Records the loss of a layer that is trained alone, before the network is, as {@code pretrain_loss/<layer>}.
   *
   * @param layer the layer's name
   * @param loss the mean loss of the batch's examples
   * @param iteration the iteration of this layer's training, from 1
   * @throws IllegalArgumentException if the name is blank
   * @throws NullPointerException if the name is null
   */
  public void recordPretraining(String layer, double loss, long iteration) {
    addScalar(Tags.pretraining(layer), loss, iteration);
  }

  /**
   * Returns whether {@linkplain RecordingOptions#systemMetrics() system metrics} are asked for, to which a listener may add what
   * only the training thread knows.
   *
   * @return whether they are
   */
  public boolean recordsSystemMetrics() {
    return systemMetrics != null;
  }

  /**
   * Records how long a phase of an iteration takes, as {@code time/<phase>_ms}.
   *
   * @param phase the phase's name, such as {@code forward}
   * @param milliseconds the duration in milliseconds
   * @param iteration the iteration, from 1
   * @throws IllegalArgumentException if the phase is blank
   * @throws NullPointerException if the phase is null
   */
  public void recordDuration(String phase, double milliseconds, long iteration) {
    addScalar(Tags.duration(phase), milliseconds, iteration);
  }

  /**
   * Records the histogram of a parameter as {@code layer_<layer>/<parameter>}.
   *
   * @param layer the layer's name; {@code /} parts the names of nested layers
   * @param parameter the parameter's name in it, one of {@link ParameterNames} where it fits
   * @param values its elements, read in place during the call
   * @param step the epoch or the iteration, as the frequency has it
   * @throws IllegalArgumentException if the layer's or the parameter's name is blank
   * @throws NullPointerException if a name or the elements are null
   */
  public void recordParameter(String layer, String parameter, TensorValues values, long step) {
    addHistogram(Tags.parameter(layer, parameter), values, step);
  }

  /**
   * Records the picture of a parameter's weights as {@code image_<layer>/<parameter>}, if
   * {@linkplain RecordingOptions#weightImageFrequency they have one}.
   *
   * @param layer the layer's name; {@code /} parts the names of nested layers
   * @param parameter the parameter's name in it, one of {@link ParameterNames} where it fits
   * @param values its elements, read during the call
   * @param shape how they lie in memory
   * @param step the epoch or the iteration, as the frequency has it
   * @throws IllegalArgumentException if the layer's or the parameter's name is blank, or the shape has more elements than there
   *     are
   * @throws NullPointerException if an argument is null
   */
  public void recordWeightImage(String layer, String parameter, TensorValues values, WeightShape shape, long step) {
    String tag = Tags.weightImage(layer, parameter);
    Picture picture = ended ? null : WeightPicture.of(values, shape);
    if (picture == null) {
      return;
    }
    addImage(tag, picture, step);
  }

  /**
   * Returns whether any iteration may have a {@linkplain #diagnosis diagnosis}, so that a listener asks for it.
   *
   * @return whether activations, gradients, updates or statistics are ever recorded
   */
  public boolean diagnoses() {
    return diagnosisSchedule.everDue();
  }

  /**
   * Returns what takes an iteration's activations, gradients and updates, if any are due. Asked once an iteration, before it
   * ends.
   *
   * @param iteration the iteration, from 1
   * @param startedEpoch the number of the epoch whose first iteration it is, 0 if it is no epoch's first
   * @return the diagnosis of the iteration; null if nothing is due, or it was asked for before
   */
  public @Nullable Diagnosis diagnosis(long iteration, long startedEpoch) {
    return diagnosisSchedule.of(this, iteration, startedEpoch);
  }

  /**
   * Returns what watches the training for values that are NaN, infinite or explode.
   *
   * @return the watch of this training
   */
  public DivergenceWatch divergenceWatch() {
    return divergenceWatch;
  }

  /**
   * Returns what takes the validation after an epoch, if the user has asked for a report that is due then.
   *
   * @param epoch the epoch, from 1
   * @return the recording of one run through the validation data, null if none is due
   */
  public @Nullable ValidationRecording validationReportAtEpoch(long epoch) {
    return validationReport == null || !validationReport.isDueAtEpoch(epoch) || ended ? null
        : new ValidationRecording(this, validationReport, epoch, 0);
  }

  /**
   * Returns what takes the validation after an iteration, if the user has asked for a report that is due then.
   *
   * @param iteration the iteration, from 1
   * @return the recording of one run through the validation data, null if none is due
   */
  public @Nullable ValidationRecording validationReportAtIteration(long iteration) {
    return validationReport == null || !validationReport.isDueAtIteration(iteration) || ended ? null
        : new ValidationRecording(this, validationReport, 0, iteration);
  }

  /** Adds what is no scalar to the validation run. */
  void addToValidation(Consumer<SummaryWriter> addition) {
    synchronized (lock) {
      if (!ended) {
        addition.accept(validation());
      }
    }
  }

  /** Adds an embedding to the validation run, without a lock: it waits for the one before. */
  void embedInValidation(String tag, Embedding embedding, long step) {
    SummaryWriter writer;
    synchronized (lock) {
      if (ended) {
        return;
      }
      writer = validation();
    }
    writer.addEmbedding(tag, embedding, step);
  }

  /** Records a figure of the machine or the process at the iteration that was recorded last. */
  void recordSystem(String name, double value) {
    synchronized (lock) {
      addScalar(Tags.system(name), value, lastIteration);
    }
  }

  /**
   * Returns the writer of the training run, for what has no method here. The recorder closes it.
   *
   * @return the writer
   * @throws IllegalStateException if the recording has ended, or has not begun in a run that has an earlier training, for only
   *     its beginning shows whether it goes on with that
   */
  public SummaryWriter trainWriter() {
    synchronized (lock) {
      requireWritable();
      return train();
    }
  }

  /**
   * Returns the writer of the validation run, for what has no method here. The recorder closes it.
   *
   * @return the writer
   * @throws IllegalStateException if the recording has ended, or has not begun in a run that has an earlier training, for only
   *     its beginning shows whether it goes on with that
   */
  public SummaryWriter validationWriter() {
    synchronized (lock) {
      requireWritable();
      return validation();
    }
  }

  /**
   * Runs a part of a listener so that its faults stay out of the training: the first is logged, and the training goes on.
   *
   * @param part the part
   * @throws VirtualMachineError if the part throws one, other than for want of memory or stack
   */
  public void attempt(Runnable part) {
    faults.run(part);
  }

  /**
   * Keeps a fault of a listener out of the training, as {@link #attempt} does, for callbacks that must not allocate:
   *
   * <pre>{@code
   * try {
   *   ...
   * } catch (Throwable e) {
   *   recorder.contain(e);
   * }
   * }</pre>
   *
   * @param fault what was caught
   * @throws VirtualMachineError if the fault is one, other than for want of memory or stack
   */
  public void contain(Throwable fault) {
    faults.contain(fault);
  }

  /** Waits until all that was recorded is handed to the operating system, or has met a fault of the disk. */
  public void flush() {
    openWriters().forEach(SummaryWriter::flush);
  }

  /**
   * Ends the recording with the status that TensorBoard's HParams page shows, and closes its files.
   *
   * @param status how the training ended
   * @throws NullPointerException if the status is null
   */
  public void end(SessionStatus status) {
    endSession(Objects.requireNonNull(status, "status"));
  }

  /**
   * Ends the recording and closes its files. TensorBoard's HParams page shows a failure if the last loss was not finite, a
   * guard ended the training, or an epoch was broken off, one that was {@linkplain #startEpochAt assumed} only after another has
   * ended; else it shows that the end is unknown, for an exception closes a recorder just as success does. Call {@link #end}
   * before, once the training has come to its end.
   */
  @Override
  public void close() {
    endSession(null);
  }

  /**
   * Returns whether the recording has ended, so that nothing more is recorded: by a call, or because another recorder
   * {@linkplain ExistingRun#REPLACE replaces} its run.
   *
   * @return whether it has ended
   */
  public boolean hasEnded() {
    return ended;
  }

  /** Ends the session with the given status, or with the one that the recording shows. */
  private void endSession(@Nullable SessionStatus given) {
    synchronized (lock) {
      if (!ended) {
        ended = true;
        if (charts.areKnown()) {
          layOutCharts();
        }
        SessionStatus status = given == null && outcome.hasFailed() ? SessionStatus.FAILURE : given;
        if (status != null) {
          faults.run(() -> writers.endSession(status));
        }
      }
    }
    diagnosisSchedule.end();
    if (systemMetrics != null) {
      systemMetrics.stop();
    }
    // who calls while another call is under way waits for it: the files are closed then
    openWriters().forEach(SummaryWriter::close);
    OPEN.remove(this);
  }

  private void addTrain(String tag, OptionalDouble figure, long step) {
    synchronized (lock) {
      if (!ended && figure.isPresent()) {
        train().addScalar(tag, figure.getAsDouble(), step);
      }
    }
  }

  private void addValidation(String tag, OptionalDouble figure, long step) {
    synchronized (lock) {
      if (!ended && figure.isPresent()) {
        validation().addScalar(tag, figure.getAsDouble(), step);
      }
    }
  }

  void addHistogram(String tag, TensorValues values, long step) {
    synchronized (lock) {
      if (!ended) {
        train().addHistogram(tag, values, step);
      }
    }
  }

  void addScalar(String tag, double value, long step) {
    synchronized (lock) {
      if (!ended) {
        train().addScalar(tag, value, step);
      }
    }
  }

  void addImage(String tag, Picture picture, long step) {
    synchronized (lock) {
      if (!ended) {
        train().addImage(tag, picture, step);
      }
    }
  }

  void addText(String tag, String markdown, long step) {
    synchronized (lock) {
      if (!ended) {
        train().addText(tag, markdown, step);
      }
    }
  }

  /** Lets the Custom Scalars page have a chart of the ratios of all updates, a parameter's among them. */
  void chartRatio(String parameter) {
    synchronized (lock) {
      charts.noteRatio(parameter);
    }
  }

  /** Lets the Custom Scalars page have a chart of all norms of gradients. */
  void chartGradients() {
    synchronized (lock) {
      charts.noteGradient();
    }
  }

  /** Takes note that the user's guard ends the training. */
  void trainingStopped() {
    synchronized (lock) {
      outcome.trainingStopped();
    }
  }

  Path run() {
    return files.run();
  }

  private List<SummaryWriter> openWriters() {
    synchronized (lock) {
      return writers.open();
    }
  }

  private SummaryWriter train() {
    takeOverRunOnce();
    return writers.train();
  }

  private SummaryWriter validation() {
    takeOverRunOnce();
    return writers.validation();
  }

  private void requireWritable() {
    if (ended) {
      throw new IllegalStateException("This recording has ended: record nothing more with it, or build another recorder");
    }
    takeOverRunOnce();
    if (runContinued && !begun) {
      throw new IllegalStateException("The run has an earlier training, and whether this one goes on with it shows once it "
          + "has begun: take its writers from its first iteration on, or choose ExistingRun.REPLACE");
    }
  }

  /** Builds a {@link TrainingRecorder}. */
  public static final class Builder extends RecordingOptions<Builder> {

    private Builder(Path run) {
      super(run);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets how often what layers put out is recorded as pictures, {@code activation/<layer>}, as {@link Diagnosis#activationImage}
     * describes them: for the first example of the iteration's batch, or of the epoch's first.
     *
     * @param frequency the frequency, never if not set
     * @param layers the names of layers, as their activations are recorded; none for all two-dimensional convolutions
     * @return this builder
     * @throws IllegalArgumentException if a name is blank
     * @throws NullPointerException if the frequency or a name is null
     */
    public Builder activationImageFrequency(Frequency frequency, String... layers) {
      return activationImages(frequency, layers);
    }

    /**
     * Returns a recorder. Files appear with what is recorded first.
     *
     * @return the recorder
     * @throws IllegalStateException if the directory has event files and {@link ExistingRun#REFUSE} was chosen
     * @throws UncheckedIOException if the directory can't be written to and {@link #failFast()} was called
     */
    public TrainingRecorder build() {
      return buildRecorder();
    }
  }
}
