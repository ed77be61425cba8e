package io.github.tensorboard4j.djl;

import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.tracker.ParameterTracker;
import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.training.Diagnosis;
import io.github.tensorboard4j.training.DivergenceSearch;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.RecordingOptions;
import io.github.tensorboard4j.training.TrainingDivergedException;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records a training of the Deep Java Library for TensorBoard.
 *
 * <pre>{@code
 * config.addTrainingListeners(TrainingListener.Defaults.basic());
 * TensorBoardListener.addTo(config, Path.of("logs/adam"));
 * }</pre>
 *
 * <p>Recorded are, under the tags of {@link TrainingRecorder}: each epoch's loss, accuracy, seconds and examples a second; the
 * same every 10 iterations, and more often at first and where iterations are slow; a histogram of every parameter each epoch;
 * the model's graph, its configuration and its hyper-parameters. If the training is validated, loss and accuracy on the
 * validation data after each epoch.
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
 *   <li>Parameters are recorded as they are after the update. They, and the figures of an iteration, are recorded with the
 *       trainer's next callback: the next batch, validation, the epoch's end or its own end.
 *   <li>The learning rate is the one that DJL's own optimizers have used in the last update; where parameters have different
 *       ones, the highest, and each is {@code learning_rate/<layer>/<parameter>}. The hyper-parameter is the rate on which the
 *       schedule is built: what a warm-up leads to. Optimizer and rate are found by reflection, where that is allowed, and the
 *       optimizer asks its tracker through a {@link LearningRate} from then on; for an optimizer of your own give the builder
 *       its {@link Builder#learningRate tracker}.
 *   <li>A parameter's tag is {@code layer_<layer>/<parameter>}, such as {@code layer_02_linear/weight}: its path in the
 *       graph, as {@link DjlGraph} says.
 *   <li>{@code time/forward_ms}, {@code time/backward_ms} and {@code time/step_ms} are means over the iterations since the
 *       last point, in milliseconds, from the trainer's {@code Metrics}, if it has them.
 *   <li>An epoch ends with its last training batch. DJL has no callback for its start: if the trainer has {@code Metrics}, it
 *       is when the first batch's forward pass started; else when the epoch before was over, or the trainer was made. The time
 *       that drawing the graph takes doesn't count.
 *   <li>For the graph the model is run once, forward and not for training, before the first batch is recorded. That shifts the
 *       random numbers of a model that draws some outside of training too, and the state of one that counts its passes:
 *       {@link Builder#withoutGraph} leaves the graph out.
 *   <li>Epochs and iterations count from 1, unless {@linkplain Builder#startAfter set otherwise}.
 * </ul>
 *
 * <p>What goes on within the model is recorded on request, at the {@linkplain RecordingOptions#gradientFrequency frequencies}
 * that are set; at all other iterations nothing is read or computed for it:
 * <ul>
 *   <li>Gradients are read where the engine has them, between the backward pass and the update. Where batches add up before an
 *       update, they are the sums so far; of several devices, those of the model's device, for its part of the batch.
 *   <li>For the updates all parameters that are trained are copied to the host before the update, to memory that the next copy
 *       uses again; they are compared with the trainer's next callback. Of several devices each parameter is read once.
 *   <li>DJL shows to nobody what the layers put out while it trains. So the model is run once more on the batch, not for
 *       training, operation by operation: that takes the time of a forward pass, a few tens of microseconds for each
 *       operation, and the memory of all layers' outputs until it is over. It is the pass of a prediction: dropout lets
 *       everything through, and a batch normalization uses its running statistics, which stay as they are. No random number is
 *       drawn and the training stays the same, bit by bit, unless a layer of your own draws, counts or keeps arrays outside of
 *       training too. A layer is a block that has no blocks in it; a ReLU that is called in a block of your own is one too,
 *       {@code relu} and {@code <block>/relu}. A block of your own whose code can't be followed gives what it puts out as a whole,
 *       beside what its layers put out up to there. A model that can't be run so is left out, and that is logged.
 *   <li>What a layer takes, where an iteration is {@linkplain RecordingOptions#profileIteration profiled}, is measured in three
 *       forward passes of the model's own on the iteration's batch, not for training, of which the fastest counts. Layers are those
 *       that stand in sequential and parallel blocks; a block of another class is one layer. The engine goes backward in one call,
 *       whose parts nobody can time. Each layer is waited for, on a GPU as well.
 *   <li>A loop that calls {@link #batch} alone has no batch to run a model on; its gradients and updates are recorded from its
 *       second batch on, where the optimizer is one of DJL's.
 * </ul>
 *
 * <p>A {@linkplain RecordingOptions#validationReport validation report} is made of the labels and predictions of which
 * {@code onValidationBatch} tells, at the end of the epoch; the classes have numbers, unless it names them. Predictions have their
 * scores in the last dimension; labels are class numbers, or have one score for each class. A single output is the probability of
 * the second of two classes, or what becomes it by a sigmoid. For an embedding the model is run once more on the first batches, as for
 * activations: its layers are called as in the graph, {@code 02_linear}. On several devices there are neither pictures nor embeddings.
 *
 * <p>A {@linkplain RecordingOptions#guard guard} watches each batch's loss, once it is evaluated, which is before the update:
 * where DJL's {@code EvaluatorTrainingListener} stands behind this listener, when the optimizer asks for the learning rate. So
 * the batch, the parameters, the layers' outputs and the gradients are as they were when the loss was computed, and what the
 * guard throws ends the training from within {@code onTrainingBatch} or {@code step()}: {@code Guard.stop()} DJL's own
 * {@link ai.djl.TrainingDivergedException}, with the {@link TrainingDivergedException} that has the divergence as its cause.
 * An optimizer of your own, or MXNet's, asks too late for that: if this listener is the first there, the loss is known with the
 * next callback, after the update, and is all that is named. So it is in a loop that calls {@link #batch} alone. A guard that
 * watches tensors looks at them in {@code onTrainingBatch} nevertheless, and names what is bad there; in such a loop, it looks
 * at the parameters as the update has left them.
 *
 * <p>A loop of your own must call its listeners as {@code EasyTrain} does, through {@code trainer.notifyListeners}:
 * {@code onTrainingBatch} between backward pass and {@code step()}, {@code onValidationBatch}, and {@code onEpoch}. The batch
 * in a {@code BatchData} may be null, as it is in DJL's reinforcement learning: then the first dimension of the first array of
 * labels is the number of examples, summed over the devices. A loop that notifies nobody calls {@link #batch} and
 * {@link #epoch}. Figures of your own are recorded by {@link #scalar} and {@link #epochScalar}.
 *
 * <p>A listener in front of this one that throws, to stop the training, hides the call from it: {@link #addTo} puts this one
 * first. Where it stands behind, the hidden batch whose loss is not a number is recorded when the trainer is closed, and so is
 * a hidden epoch if an {@code EpochTrainingListener} has counted it.
 *
 * <p>The listener never throws out of a training, unless a guard is to: a fault of its own is logged once, and the training goes on. The trainer's
 * end hands everything to the operating system. A listener may serve one trainer after another, whose epochs go on counting;
 * trainers that train by turns need a listener each.
 *
 * <p>TensorBoard's HParams page shows how the training ended. Call {@link #end} where that is known:
 *
 * <pre>{@code
 * try (TensorBoardListener listener = new TensorBoardListener(Path.of("logs/adam"))) {
 *   ...
 *   EasyTrain.fit(trainer, 5, training, validation);
 *   listener.end(SessionStatus.SUCCESS);
 * }
 * }</pre>
 *
 * <p>Without it, {@link #close()} records a failure if the training was broken off in a later epoch than the first or its loss
 * was not finite at last, and no end in all other cases.
 */
public final class TensorBoardListener implements TrainingListener, AutoCloseable {

  private final TrainingRecorder recorder;
  private final Object lock = new Object();

  // guarded by lock
  private final Progress progress;
  private final TrainerRecordings recordings;
  private boolean ended;

  /**
   * Creates a listener with the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @throws IllegalArgumentException if the path, or {@code train} or {@code validation} in it, exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  public TensorBoardListener(Path run) {
    this(builder(run));
  }

  private TensorBoardListener(Builder builder) {
    this.recorder = builder.recorder();
    this.progress = new Progress(builder.epochs, builder.iterations);
    DjlOptions options = new DjlOptions(builder.graph, builder.learningRate, builder.config);
    this.recordings =
        new TrainerRecordings(this, recorder, options, progress, new LoopAdvice(builder.directory), this::beforeUpdate);
  }

  /**
   * Adds a listener with the defaults to those of a training, in front of them: a listener that ends the training by an
   * exception, as that of DJL does for a loss that is not a number, hides the call from all behind it. Those that are added
   * later stand behind.
   *
   * @param config the configuration of the training
   * @param run the run's directory; TensorBoard names the run after it
   * @return the listener
   * @throws IllegalArgumentException if the path, or {@code train} or {@code validation} in it, exists and is not a directory,
   *     or the configuration takes no listeners
   * @throws NullPointerException if an argument is null
   */
  public static TensorBoardListener addTo(TrainingConfig config, Path run) {
    return builder(run).addTo(config);
  }

  /**
   * Returns a builder of a listener, with the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @return the builder
   * @throws IllegalArgumentException if the path, or {@code train} or {@code validation} in it, exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  public static Builder builder(Path run) {
    return new Builder(run);
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    // before the first update, so that its rate is remembered whenever the loop tells of it
    recorder.attempt(() -> TrainerOptimizer.of(trainer).ifPresent(TrainerOptimizer::learningRate));
    synchronized (lock) {
      progress.idle();
    }
  }

  @Override
  public void onTrainingBatch(Trainer trainer, BatchData batchData) {
    long now = System.nanoTime();
    DivergenceSearch divergence;
    synchronized (lock) {
      if (ended) {
        return;
      }
      try {
        recordings.trainBatch(trainer, batchData, now);
      } catch (Throwable e) {
        recorder.contain(e);
      }
      divergence = progress.takeDivergence();
    }
    try {
      guard(divergence);
    } catch (Throwable e) {
      synchronized (lock) {
        recordings.hideBatch();
      }
      throw e;
    }
  }

  /** Looks at a batch whose loss is known only now, before its update. */
  private void beforeUpdate() {
    DivergenceSearch divergence;
    synchronized (lock) {
      if (ended) {
        return;
      }
      try {
        recordings.beforeUpdate();
      } catch (Throwable e) {
        recorder.contain(e);
      }
      divergence = progress.takeDivergence();
    }
    guard(divergence);
  }

  /** Does what the user's guard is there for, outside of the lock: what it throws ends the training. */
  private static void guard(@Nullable DivergenceSearch divergence) {
    if (divergence != null) {
      try {
        divergence.end();
      } catch (TrainingDivergedException e) {
        // what DJL's own listener throws
        throw new ai.djl.TrainingDivergedException(e.getMessage(), e);
      }
    }
  }

  /** Does the same where there is no training any more that could be ended. */
  private void guardLast() {
    DivergenceSearch divergence;
    synchronized (lock) {
      divergence = progress.takeDivergence();
    }
    try {
      guard(divergence);
    } catch (ai.djl.TrainingDivergedException e) {
      // it is logged and recorded
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  @Override
  public void onValidationBatch(Trainer trainer, BatchData batchData) {
    DivergenceSearch divergence;
    synchronized (lock) {
      if (ended) {
        return;
      }
      try {
        recordings.validateBatch(trainer, batchData);
      } catch (Throwable e) {
        recorder.contain(e);
      }
      divergence = progress.takeDivergence();
    }
    guard(divergence);
  }

  @Override
  public void onEpoch(Trainer trainer) {
    endEpoch(trainer, false);
  }

  /** Ends an epoch; {@code alone} if no other listener is told of that. */
  private void endEpoch(Trainer trainer, boolean alone) {
    DivergenceSearch divergence;
    synchronized (lock) {
      if (ended) {
        return;
      }
      try {
        recordings.endEpoch(trainer, alone);
      } catch (Throwable e) {
        recorder.contain(e);
      } finally {
        progress.idle();
      }
      divergence = progress.takeDivergence();
    }
    recordEpochs();
    guard(divergence);
  }

  @Override
  public void onTrainingEnd(Trainer trainer) {
    synchronized (lock) {
      try {
        recordings.end(trainer);
      } catch (Throwable e) {
        recorder.contain(e);
      }
    }
    recordEpochs();
    guardLast();
    recorder.flush();
  }

  /**
   * Records a batch for a loop of your own that tells its listeners nothing. Call it after {@code trainer.step()}: parameters
   * are recorded as they are then. Its first call begins the epoch, which {@link #epoch} ends. After the end of the recording it
   * does nothing.
   *
   * @param trainer the trainer
   * @param loss the mean loss of the batch's examples
   * @param size the number of the batch's examples
   * @throws IllegalArgumentException if the size is negative
   * @throws NullPointerException if the trainer is null
   * @throws ai.djl.TrainingDivergedException if a guard is to end a training that diverges
   */
  public void batch(Trainer trainer, double loss, int size) {
    long now = System.nanoTime();
    Objects.requireNonNull(trainer, "trainer");
    if (size < 0) {
      throw new IllegalArgumentException("A batch has 0 or more examples, not " + size);
    }
    DivergenceSearch divergence;
    synchronized (lock) {
      if (ended) {
        return;
      }
      try {
        recordings.trainBatch(trainer, loss, size, now);
      } catch (Throwable e) {
        recorder.contain(e);
      }
      divergence = progress.takeDivergence();
    }
    guard(divergence);
  }

  /**
   * Ends an epoch for a loop of your own that tells its listeners nothing, as {@link #onEpoch} does. Its loss is the mean over
   * the examples of its {@linkplain #batch batches}. What {@code EasyTrain.evaluateDataset} validated before is recorded with
   * it, and the trainer's evaluators start anew. After the end of the recording it does nothing.
   *
   * @param trainer the trainer
   * @throws NullPointerException if the trainer is null
   * @throws ai.djl.TrainingDivergedException if a guard is to end a training that diverges
   */
  public void epoch(Trainer trainer) {
    endEpoch(Objects.requireNonNull(trainer, "trainer"), true);
  }

  /**
   * Records a figure of your own in {@code <run>/train} at the current iteration: that of the last batch, 0 before the first.
   * After the end of the recording it does nothing.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the figure
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries of another kind, or is that of a figure
   *     that is recorded anyway, such as {@code epoch_loss}
   * @throws NullPointerException if the tag is null
   */
  public void scalar(String tag, double value) {
    long iteration;
    synchronized (lock) {
      iteration = progress.iterations();
    }
    recorder.recordScalar(tag, value, iteration);
  }

  /**
   * Records a figure of your own in {@code <run>/train} at the current epoch: the one that is under way, else the last one, 0
   * before the first. After the end of the recording it does nothing.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the figure
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries of another kind, or is that of a figure
   *     that is recorded anyway, such as {@code epoch_loss}
   * @throws NullPointerException if the tag is null
   */
  public void epochScalar(String tag, double value) {
    long epoch;
    synchronized (lock) {
      epoch = recordings.isInEpoch() ? progress.epochs() + 1 : progress.epochs();
    }
    recorder.recordScalar(tag, value, epoch);
  }

  /**
   * Returns the writer of {@code <run>/train}, for all that has no method here. The listener closes it.
   *
   * @return the writer
   * @throws IllegalStateException if the recording has ended
   */
  public SummaryWriter trainWriter() {
    return recorder.trainWriter();
  }

  /**
   * Returns the writer of {@code <run>/validation}, for all that has no method here. The listener closes it.
   *
   * @return the writer
   * @throws IllegalStateException if the recording has ended
   */
  public SummaryWriter validationWriter() {
    return recorder.validationWriter();
  }

  /** Waits until all that was recorded is handed to the operating system, or has met a fault of the disk. */
  public void flush() {
    recorder.flush();
  }

  /**
   * Ends the recording with the status that TensorBoard's HParams page shows. Callbacks that still come are ignored.
   *
   * @param status how the training ended
   * @throws NullPointerException if the status is null
   */
  public void end(SessionStatus status) {
    Objects.requireNonNull(status, "status");
    endRecordings();
    recorder.end(status);
  }

  /**
   * Ends the recording. TensorBoard's HParams page shows a failure if the last loss was not finite, or an epoch other than the
   * first was broken off; else it shows that the end is unknown, for an exception closes a listener just as success does. Call
   * {@link #end} before, once the training has come to its end. Callbacks that still come are ignored.
   */
  @Override
  public void close() {
    endRecordings();
    recorder.close();
  }

  /** Ends what is under way. */
  private void endRecordings() {
    synchronized (lock) {
      ended = true;
      try {
        recordings.endAll();
      } catch (Throwable e) {
        recorder.contain(e);
      }
    }
    recordEpochs();
    guardLast();
  }

  /** Records the epochs that are complete, outside of the lock: the user's consumer may wait for who calls this listener. */
  private void recordEpochs() {
    List<EpochSummary> summaries;
    synchronized (lock) {
      summaries = progress.takeSummaries();
    }
    for (EpochSummary summary : summaries) {
      recorder.recordEpoch(summary);
    }
  }

  /** Builds a {@link TensorBoardListener}. */
  public static final class Builder extends RecordingOptions<Builder> {

    private final Path directory;
    private boolean graph = true;
    private @Nullable ParameterTracker learningRate;
    private @Nullable TrainingConfig config;
    private long epochs;
    private long iterations;

    private Builder(Path run) {
      super(run);
      this.directory = run;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the tracker of the learning rate, in the place of the one that DJL's optimizers ask: for an optimizer of your own,
     * and where the listener is not allowed to look for it.
     *
     * <p>A {@link LearningRate} that the optimizer asks has it as it is. Any other tracker is asked once more after each batch,
     * for as many updates as there were, or batches if the updates can't be counted.
     *
     * @param tracker the tracker
     * @return this builder
     * @throws NullPointerException if the tracker is null
     */
    public Builder learningRate(ParameterTracker tracker) {
      this.learningRate = Objects.requireNonNull(tracker, "tracker");
      return this;
    }

    /**
     * Sets the configuration with which the trainer is made, for its optimizer, which becomes a hyper-parameter and a part of
     * the graph: where the listener is not allowed to look for it.
     *
     * @param config the configuration
     * @return this builder
     * @throws NullPointerException if the configuration is null
     */
    public Builder trainingConfig(TrainingConfig config) {
      this.config = Objects.requireNonNull(config, "config");
      return this;
    }

    /**
     * Leaves out the model's graph, for which the model is run once more than the training runs it: for a model that draws
     * random numbers or changes a state of its own in each forward pass, whose training is to be the same, bit by bit, as
     * without the listener.
     *
     * @return this builder
     */
    public Builder withoutGraph() {
      this.graph = false;
      return this;
    }

    /**
     * Sets how often what layers put out is recorded as pictures, {@code activation/<layer>}, for TensorBoard's Images page, as
     * {@link Diagnosis#activationImage} describes them: for the first example of the iteration's batch, or of the epoch's first. For
     * that the model is run once more on the batch, as for {@link #activationFrequency activations}.
     *
     * <p>TensorBoard keeps 10 steps of a series, unless started with {@code --samples_per_plugin images=100}.
     *
     * @param frequency the frequency, never if not set
     * @param layers the names of layers that put out channels of rows and columns, as in the graph, {@code 01_conv2d}; none for all
     *     two-dimensional convolutions. A warning tells of others
     * @return this builder
     * @throws IllegalArgumentException if a name is blank
     * @throws NullPointerException if the frequency or a name is null
     */
    public Builder activationImageFrequency(Frequency frequency, String... layers) {
      return activationImages(frequency, layers);
    }

    /**
     * Goes on with the numbers of an earlier training, whose model this one loaded.
     *
     * @param epochs how many epochs it had, 0 if not set
     * @param iterations how many iterations it had, 0 if not set
     * @return this builder
     * @throws IllegalArgumentException if a number is negative
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
     * Returns a listener with these options. Files appear with the first batch.
     *
     * @return the listener
     * @throws IllegalStateException if the directory has event files and
     *     {@link io.github.tensorboard4j.training.ExistingRun#REFUSE} was chosen
     * @throws UncheckedIOException if the directory can't be written to and {@link #failFast()} was called
     */
    public TensorBoardListener build() {
      return new TensorBoardListener(this);
    }

    /**
     * Adds a listener with these options to those of a training, in front of them, as
     * {@link TensorBoardListener#addTo(TrainingConfig, Path)} does.
     *
     * @param training the configuration of the training
     * @return the listener
     * @throws IllegalArgumentException if the configuration takes no listeners
     * @throws IllegalStateException if the directory has event files and
     *     {@link io.github.tensorboard4j.training.ExistingRun#REFUSE} was chosen
     * @throws NullPointerException if the configuration is null
     * @throws UncheckedIOException if the directory can't be written to and {@link #failFast()} was called
     */
    public TensorBoardListener addTo(TrainingConfig training) {
      List<TrainingListener> listeners = Objects.requireNonNull(training, "config").getTrainingListeners();
      TensorBoardListener listener = build();
      try {
        listeners.add(0, listener);
      } catch (UnsupportedOperationException e) {
        throw new IllegalArgumentException(
            "This configuration takes no more listeners: put the listener first where its list is made", e);
      }
      return listener;
    }

    private TrainingRecorder recorder() {
      return buildRecorder();
    }
  }
}
