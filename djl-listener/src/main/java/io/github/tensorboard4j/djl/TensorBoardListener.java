package io.github.tensorboard4j.djl;

import ai.djl.metric.Metrics;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.tracker.ParameterTracker;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records a training of the Deep Java Library for TensorBoard.
 *
 * <pre>{@code
 * config.addTrainingListeners(TrainingListener.Defaults.basic());
 * config.addTrainingListeners(new TensorBoardListener(Path.of("logs/adam")));
 * }</pre>
 *
 * <p>Recorded are, under the tags of {@link TrainingRecorder}: each epoch's loss, accuracy, seconds and examples a second; the
 * same every 10 iterations; a histogram of every parameter each epoch; the model's graph, its configuration and its
 * hyper-parameters. If the training is validated, loss and accuracy on the validation data after each epoch. With a
 * {@link Builder#learningRate tracker}, the learning rate.
 *
 * <p>What the figures mean:
 * <ul>
 *   <li>They are those of the trainer's own evaluators, so they equal what DJL logs. Its loss, of whatever class, is
 *       {@code epoch_loss}; its {@code Accuracy} (else its {@code BinaryAccuracy}, or an evaluator of the name "accuracy") is
 *       {@code epoch_accuracy}, whatever it is called; any other is {@code epoch_<name>}, and {@code batch_<name>} for
 *       batches.
 *   <li>An epoch's loss is the mean over its batches, each with the weights that it met: DJL gives a smaller last batch the
 *       weight of the others.
 *   <li>It makes no difference where the listener stands among the others. Without an {@code EvaluatorTrainingListener} (which
 *       {@code Defaults.basic()} has), the evaluators are evaluated here.
 *   <li>Parameters are recorded as they are after the update. Of an iteration they are known, and its figures are recorded,
 *       when the trainer tells of the next batch, of validation, of the epoch's end or of its own end.
 *   <li>{@code time/forward_ms}, {@code time/backward_ms} and {@code time/step_ms} are the means of what the trainer's
 *       {@code Metrics}, if it has them, tell since the last point, in milliseconds.
 *   <li>An epoch ends with its last training batch. DJL doesn't tell when it starts: if the trainer has {@code Metrics}, it is
 *       when the first batch's forward pass did; else when the epoch before was over, or the trainer was made.
 *   <li>Epochs and iterations count from 1, unless {@linkplain Builder#startAfter told otherwise}.
 * </ul>
 *
 * <p>A loop of your own must tell its listeners as {@code EasyTrain} does, through {@code trainer.notifyListeners}:
 * {@code onTrainingBatch} between backward pass and {@code step()}, {@code onValidationBatch}, and {@code onEpoch}. A listener
 * in front of this one that throws, to stop the training, hides the call from it: what it would have recorded of that epoch
 * is recorded when the trainer is closed, if an {@code EpochTrainingListener} has counted the epoch.
 *
 * <p>The listener never throws out of a training: a fault of its own is logged once, and the training goes on. The trainer's
 * end hands everything to the operating system; {@link #close()} ends the session on TensorBoard's HParams page. A listener
 * may serve one trainer after another, whose epochs go on counting.
 */
public final class TensorBoardListener implements TrainingListener, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TensorBoardListener.class);

  private final TrainingRecorder recorder;
  private final Frequency gradientFrequency;
  private final ParameterTracker learningRate;
  private final TrainingConfig config;
  private final StepTimes forward = new StepTimes("forward");
  private final StepTimes backward = new StepTimes("backward");
  private final StepTimes step = new StepTimes("step");

  // guarded by this
  private Training training;
  private Thread thread;
  private boolean begun;
  private boolean closed;
  private boolean inEpoch;
  private boolean faultReported;
  private long iterations;
  private long updates;
  private long epochs;
  private long idleSince = System.nanoTime();
  private long lastBatchEnd = idleSince;
  private boolean batchPending;
  private long pendingExamples;

  /**
   * Creates a listener with the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @throws IllegalArgumentException if there is something else than a directory
   */
  public TensorBoardListener(Path run) {
    this(builder(run));
  }

  private TensorBoardListener(Builder builder) {
    this.recorder = builder.recorder.build();
    this.gradientFrequency = builder.gradientFrequency;
    this.learningRate = builder.learningRate;
    this.config = builder.config;
    this.epochs = builder.epochs;
    this.iterations = builder.iterations;
  }

  /**
   * Starts a listener that is other than the default.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @return the builder
   * @throws IllegalArgumentException if there is something else than a directory
   */
  public static Builder builder(Path run) {
    return new Builder(run);
  }

  @Override
  public synchronized void onTrainingBegin(Trainer trainer) {
    idleSince = System.nanoTime();
  }

  @Override
  public synchronized void onTrainingBatch(Trainer trainer, BatchData batchData) {
    long now = System.nanoTime();
    if (closed) {
      return;
    }
    try {
      Training current = training(trainer);
      completeBatch(current);
      iterations++;
      updates++;
      lastBatchEnd = now;
      pendingExamples = batchData.getBatch().getSize();
      begin(current);
      boolean first = !inEpoch;
      if (first) {
        inEpoch = true;
        recorder.startEpoch(firstBatchStart(trainer, batchData, now));
      }
      batchPending = true;
      current.evaluations().readBatchNow(trainer, batchData);
      if (recorder.isBatchDue(iterations)) {
        Metrics metrics = trainer.getMetrics();
        recorder.trainScalar("time/forward_ms", forward.meanOfNew(metrics), iterations);
        recorder.trainScalar("time/backward_ms", backward.meanOfNew(metrics), iterations);
      }
      if (gradientFrequency.isDueAtIteration(iterations)) {
        recordGradients(current, iterations);
      } else if (first && gradientFrequency.isDueAtEpoch(epochs + 1)) {
        recordGradients(current, epochs + 1);
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
    }
  }

  @Override
  public synchronized void onValidationBatch(Trainer trainer, BatchData batchData) {
    if (closed) {
      return;
    }
    try {
      Training current = training(trainer);
      completeBatch(current);
      current.evaluations().readValidationNow(trainer, batchData);
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
    }
  }

  @Override
  public synchronized void onEpoch(Trainer trainer) {
    if (closed) {
      return;
    }
    try {
      Training current = training(trainer);
      completeBatch(current);
      attempt(() -> completeEpoch(current));
      current.evaluations().startEpoch(trainer);
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
    } finally {
      idleSince = System.nanoTime();
    }
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    synchronized (this) {
      if (training != null && training.trainer() == trainer) {
        try {
          if (Thread.currentThread() != thread) {
            training.leaveArrays();
          }
          completeBatch(training);
          if (inEpoch && training.hasUntoldEpoch()) {
            completeEpoch(training);
          }
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
          report(e);
        } finally {
          training = null;
          thread = null;
          inEpoch = false;
        }
      }
    }
    recorder.flush();
  }

  /** Waits until all that was recorded is handed to the operating system. */
  public void flush() {
    recorder.flush();
  }

  /** Ends the recording. Callbacks that still come are left out. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (training != null) {
        try {
          completeFigures(training);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
          report(e);
        } finally {
          training = null;
        }
      }
    }
    recorder.close();
  }

  private Training training(Trainer trainer) {
    if (training == null || training.trainer() != trainer) {
      if (training != null) {
        completeFigures(training);
      }
      training = new Training(trainer, this);
    }
    thread = Thread.currentThread();
    return training;
  }

  /** Before the first batch is recorded, records what is known of the training as a whole. */
  private void begin(Training current) {
    if (!begun) {
      begun = true;
      attempt(() -> recorder.begin(
          iterations, current.hyperParameters(config, firstLearningRate(current), pendingExamples)));
      attempt(() -> recorder.graph(current.graph(config)));
      attempt(() -> recorder.configuration(current.configuration(config)));
    }
  }

  /** Records the last batch, now that its evaluation and its update are known. */
  private void completeBatch(Training current) {
    if (completeFigures(current) && recorder.histogramFrequency().isDueAtIteration(iterations)) {
      attempt(() -> recordParameters(current, iterations));
    }
  }

  private boolean completeFigures(Training current) {
    if (!batchPending) {
      return false;
    }
    batchPending = false;
    Evaluations evaluations = current.evaluations();
    evaluations.readBatchLater();
    boolean hasAccuracy = evaluations.hasAccuracy();
    double accuracy = hasAccuracy ? evaluations.ofBatch(1) : Double.NaN;
    recorder.batch(
        iterations, pendingExamples, evaluations.ofBatch(0), accuracy, lastLearningRate(current), lastBatchEnd);
    if (recorder.isBatchDue(iterations)) {
      for (int i = hasAccuracy ? 2 : 1; i < evaluations.series().size(); i++) {
        recorder.trainScalar("batch_" + evaluations.series().get(i).name(), evaluations.ofBatch(i), iterations);
      }
      recorder.trainScalar("time/step_ms", step.meanOfNew(current.trainer().getMetrics()), iterations);
    }
    return true;
  }

  private void completeEpoch(Training current) {
    inEpoch = false;
    epochs++;
    current.countEpoch();
    Evaluations evaluations = current.evaluations();
    evaluations.readEpochLater();
    boolean hasAccuracy = evaluations.hasAccuracy();
    EpochSummary summary = recorder.endEpoch(epochs, lastBatchEnd)
        .withTraining(evaluations.ofEpoch(0), hasAccuracy ? evaluations.ofEpoch(1) : Double.NaN)
        .withValidation(evaluations.ofValidation(0), hasAccuracy ? evaluations.ofValidation(1) : Double.NaN);
    for (int i = hasAccuracy ? 2 : 1; i < evaluations.series().size(); i++) {
      String tag = "epoch_" + evaluations.series().get(i).name();
      recorder.trainScalar(tag, evaluations.ofEpoch(i), epochs);
      recorder.validationScalar(tag, evaluations.ofValidation(i), epochs);
    }
    if (recorder.histogramFrequency().isDueAtEpoch(epochs)) {
      attempt(() -> recordParameters(current, epochs));
    }
    recorder.epoch(summary);
  }

  private void recordParameters(Training current, long at) {
    current.forEachParameter((parameter, array) -> {
      if (!ParameterViews.read(array, values -> recorder.parameter(parameter.layer(), parameter.name(), values, at))) {
        current.reportLeftOut(parameter, "there are no numbers to read in the type " + array.getDataType());
      }
    });
  }

  private void recordGradients(Training current, long at) {
    current.forEachGradient((parameter, array) ->
        ParameterViews.read(array, values -> recorder.gradient(parameter.layer(), parameter.name(), values, at)));
  }

  /** Tells when the epoch's first batch went forward, or at least a time before which it didn't. */
  private long firstBatchStart(Trainer trainer, BatchData batchData, long end) {
    int devices = batchData.getLabels().size();
    long nanos = forward.sumOfLast(trainer.getMetrics(), devices) + backward.sumOfLast(trainer.getMetrics(), devices);
    return nanos == 0 ? idleSince : Math.max(idleSince, end - nanos);
  }

  /** Asks a tracker for no later update than the optimizer has asked for: some remember how far they were asked. */
  private double lastLearningRate(Training current) {
    if (learningRate == null) {
      return Double.NaN;
    }
    return learningRate instanceof LearningRate told
        ? told.last()
        : learningRate.getNewValue(current.firstTrainedId(), Math.toIntExact(updates));
  }

  private double firstLearningRate(Training current) {
    if (learningRate == null) {
      return Double.NaN;
    }
    float first = learningRate instanceof LearningRate told
        ? told.first(current.firstTrainedId())
        : learningRate.getNewValue(current.firstTrainedId(), 1);
    return Double.parseDouble(Float.toString(first));
  }

  private void attempt(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
    }
  }

  private void report(Throwable fault) {
    if (!faultReported) {
      faultReported = true;
      LOGGER.error("Recording for TensorBoard met a fault; the training goes on, and whatever else can be recorded still is", fault);
    }
  }

  /** What can be chosen about a listener. */
  public static final class Builder {

    private final TrainingRecorder.Builder recorder;
    private Frequency gradientFrequency = Frequency.never();
    private ParameterTracker learningRate;
    private TrainingConfig config;
    private long epochs;
    private long iterations;

    private Builder(Path run) {
      this.recorder = TrainingRecorder.builder(run);
    }

    /**
     * Sets where the learning rate is learned: an optimizer doesn't tell it.
     *
     * <p>A {@link LearningRate} that the optimizer asks tells it as it is. Any other tracker, the optimizer's own, is asked
     * once more after each batch, for as many updates as there were batches: let that be one update a batch.
     *
     * @param tracker the tracker, none if not set
     * @return this builder
     */
    public Builder learningRate(ParameterTracker tracker) {
      this.learningRate = Objects.requireNonNull(tracker, "tracker");
      return this;
    }

    /**
     * Sets the configuration that the trainer is made with, for what a trainer doesn't tell: its optimizer.
     *
     * @param config the configuration
     * @return this builder
     */
    public Builder trainingConfig(TrainingConfig config) {
      this.config = Objects.requireNonNull(config, "config");
      return this;
    }

    /**
     * Sets how often the batch curves get a point.
     *
     * @param iterations every so many iterations, 10 if not set; 0 for no batch curves
     * @return this builder
     */
    public Builder batchFrequency(int iterations) {
      recorder.batchFrequency(iterations);
      return this;
    }

    /**
     * Sets how often the parameters are recorded as histograms.
     *
     * @param frequency the frequency, every epoch if not set
     * @return this builder
     */
    public Builder histogramFrequency(Frequency frequency) {
      recorder.histogramFrequency(frequency);
      return this;
    }

    /**
     * Sets how often the parameters' gradients are recorded as histograms, {@code gradient/<layer>/<parameter>}: those of the
     * iteration, or those of the epoch's first batch. They are the gradients of the mean loss, before clipping and scaling.
     *
     * @param frequency the frequency, never if not set
     * @return this builder
     */
    public Builder gradientFrequency(Frequency frequency) {
      this.gradientFrequency = Objects.requireNonNull(frequency, "frequency");
      return this;
    }

    /**
     * Goes on with the numbers of an earlier training, whose model this one loaded.
     *
     * @param epochs how many epochs it had, 0 if not set
     * @param iterations how many iterations it had, 0 if not set
     * @return this builder
     */
    public Builder startAfter(long epochs, long iterations) {
      if (epochs < 0 || iterations < 0) {
        throw new IllegalArgumentException(
            "A training goes on after 0 or more epochs and iterations, not after " + epochs + " and " + iterations);
      }
      this.epochs = epochs;
      this.iterations = iterations;
      return this;
    }

    /**
     * Adds a hyper-parameter to those that are found ({@code optimizer}, {@code learning_rate}, {@code loss},
     * {@code batch_size}, {@code parameters}, {@code seed}), or takes its place. The optimizer is found in the
     * {@linkplain #trainingConfig configuration}, the learning rate in its {@linkplain #learningRate tracker}.
     *
     * @param name its name
     * @param value a number, a boolean, or something else that becomes a string
     * @return this builder
     */
    public Builder hyperParameter(String name, Object value) {
      recorder.hyperParameter(name, value);
      return this;
    }

    /**
     * Sets what is told the figures of each epoch, exactly as they are recorded, on the training thread.
     *
     * @param consumer what is told
     * @return this builder
     */
    public Builder onEpoch(Consumer<EpochSummary> consumer) {
      recorder.onEpoch(consumer);
      return this;
    }

    /**
     * Sets how long what is recorded may wait in memory. A killed JVM loses at most that much.
     *
     * @param interval the interval, 1 second if not set
     * @return this builder
     */
    public Builder flushInterval(Duration interval) {
      recorder.flushInterval(interval);
      return this;
    }

    /**
     * Builds the listener.
     *
     * @return the listener
     */
    public TensorBoardListener build() {
      return new TensorBoardListener(this);
    }
  }
}
