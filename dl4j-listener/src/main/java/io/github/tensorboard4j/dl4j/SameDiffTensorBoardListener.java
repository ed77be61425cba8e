package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.training.RecordingOptions;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.ListenerResponse;
import org.nd4j.autodiff.listeners.ListenerVariables;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Records the training of a {@code SameDiff} model for TensorBoard.
 *
 * <pre>{@code
 * sd.setListeners(new SameDiffTensorBoardListener(Path.of("logs/run")));
 * sd.fit(train, 5);
 * }</pre>
 *
 * <p>Recorded are, under the tags of {@link TrainingRecorder}: each epoch's loss, learning rate, seconds and examples a second; the
 * same of iterations, as often as {@link RecordingOptions#batchFrequency batchFrequency} has it, with {@code time/etl_ms}, how long
 * the framework has waited for the batch; a histogram of every variable that is trained each epoch; the model's graph, its
 * configuration and its hyper-parameters; what the evaluations of the {@code TrainingConfig} find out; and where {@code fit} has
 * validation data, loss and evaluations on them.
 *
 * <p>What the figures mean:
 * <ul>
 *   <li>Loss is the sum of the model's loss variables, with what the framework adds for L1, L2 and weight decay. Where there is more
 *       than one of these, each has a curve of its own, {@code epoch_loss/<variable>} and the like. An epoch's loss is the mean over
 *       its examples, each with the weights that it met. The framework itself reports a loss of 0 unless something asks for the
 *       loss: this listener asks, so that the loss is computed, and the {@code History} that {@code fit} returns has it too.
 *   <li>Evaluations are those of {@code TrainingConfig.Builder}'s {@code trainEvaluation} and {@code validationEvaluation}:
 *       {@code epoch_accuracy}, {@code epoch_f1} and so on. The framework doesn't show what it evaluates for its {@code History}
 *       before {@code fit} returns. So each is made once more, of the outputs that are there anyway;
 *       {@link Builder#withoutEvaluations()} leaves that out. Accuracies of several variables count together, and each has its
 *       curve, {@code epoch_accuracy/<variable>}.
 *   <li>Learning rate is the updater's, at that iteration.
 *   <li>Epochs and iterations count from 1, and go on where the training configuration's counts are.
 *   <li>A variable is called by its scope and its name: that of {@code encoder/w} is {@code layer_encoder/w}; one without a scope is
 *       {@code layer_variables/w}.
 *   <li>Gradients, updates and activations, where the builder is asked for them, are those of the training's own passes: nothing is
 *       computed once more. A gradient is that of the loss as the model has it, before regularization; an update is what is
 *       subtracted from the variable. Activations are the results of activation functions, or the variables that
 *       {@link Builder#activationsOf} names. What no gradient needs is computed only in the iterations where it is recorded.
 * </ul>
 *
 * <p>{@code fit(DataSet)} tells listeners of no epochs: there, the batch curves are recorded, and histograms after the iterations 1,
 * 10 and every 100th, by iteration. To have what comes by epoch, say what an epoch is: a
 * {@linkplain Builder#epochEvery number of iterations}, or a {@linkplain #epoch block of code}.
 *
 * <p>A loss that is NaN, infinite or explodes is looked into at once, and where it begins is logged and recorded: in the batch, in a
 * variable that is trained, or in a result of an operation, as far as the framework still has it. {@link RecordingOptions#guard
 * guard} has more: to stop the training, say, by an exception out of {@code fit}. The loss is looked at as soon as it is computed,
 * before the gradients are. The framework updates a variable as soon as it has its gradient: so a guard that
 * {@linkplain io.github.tensorboard4j.training.Guard#watchingTensors() watches tensors} finds a bad gradient before it is an update,
 * but when variables nearer to the loss may be updated; and a loss that explodes though all values are finite is reported as such,
 * without the gradients.
 *
 * <p>Recording begins with the end of the first iteration, or within it if gradients and the like are recorded. One listener is for
 * one model; the iterations of several are one curve, and a warning says so. Inference and {@code sd.evaluate} are not recorded:
 * pass on what they find out by {@link #evaluation}.
 *
 * <p>A {@linkplain RecordingOptions#validationReport validation report} has more of {@code fit}'s validation, without a second pass: the
 * framework shows its listeners there what it evaluates. So it is that of the one variable that has an {@code Evaluation} among the
 * {@code validationEvaluation}s of the {@code TrainingConfig}, or an {@code EvaluationBinary} where an example may belong to several
 * classes. Its embedding is that of the variable with the given name.
 *
 * <p>{@linkplain RecordingOptions#weightImageFrequency Pictures of weights} are those of matrices, and of the kernels that
 * two-dimensional convolutions of the model take.
 *
 * <p>On a GPU nothing is copied to the host but the losses, which the framework copies anyway, what is due to be recorded, and what
 * the configuration's evaluations read, unless they are {@linkplain Builder#withoutEvaluations() left out}.
 *
 * <p>The listener never throws out of {@code fit}, unless a guard is to do so: a fault of its own is logged once, and the training
 * goes on. Nothing needs {@link #close()} to be kept. TensorBoard's HParams page shows how the training ended if the listener is
 * told by {@link #end}.
 */
public final class SameDiffTensorBoardListener extends BaseListener implements AutoCloseable {

  private final TrainingRecorder recorder;
  private final Progress progress;
  private final SameDiffSnapshots snapshots;
  private final OwnFigures ownFigures;
  private final Notices notices =
      new Notices(SameDiffTensorBoardListener.class, "model", "fit(DataSet) doesn't");
  private final SameDiffRecording recording;

  /**
   * Creates a listener with the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @throws IllegalArgumentException if the path, or {@code train} or {@code validation} in it, exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  public SameDiffTensorBoardListener(Path run) {
    this(builder(run));
  }

  private SameDiffTensorBoardListener(Builder builder) {
    this.recorder = builder.recorder();
    this.progress = new Progress(builder.epochLength);
    this.snapshots = new SameDiffSnapshots(recorder, progress);
    this.ownFigures = new OwnFigures(recorder, progress, true);
    this.recording = new SameDiffRecording(
        recorder, progress, snapshots, ownFigures, notices, builder.evaluations, builder.activations);
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

  /**
   * Trains an epoch of which the framework doesn't tell its listeners, such as one of many {@code fit(DataSet)}:
   *
   * <pre>{@code
   * for (int i = 0; i < epochs; i++) {
   *   listener.epoch(sd, () -> batches.forEach(sd::fit));
   * }
   * }</pre>
   *
   * <p>Its figures are recorded at its end, as are histograms. Epochs of which the framework tells within are parts of it. An epoch
   * whose code throws has no end.
   *
   * @param model what is trained
   * @param code trains it for an epoch
   * @throws IllegalStateException if this is called within such an epoch, or {@link Builder#epochEvery(int)} says what an epoch is
   * @throws NullPointerException if an argument is null
   */
  public void epoch(SameDiff model, Runnable code) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(code, "code");
    progress.startBlock(epochCount(model));
    try {
      recorder.startEpoch();
      SameDiffTraining trained = recording.training();
      if (trained != null) {
        recorder.attempt(() -> trained.evaluations().start());
      }
      code.run();
      recorder.attempt(() -> {
        endEpoch(epochCount(model));
        snapshots.recordWaiting();
      });
    } finally {
      progress.endBlock();
    }
  }

  private static int epochCount(SameDiff model) {
    return model.getTrainingConfig() == null ? 0 : model.getTrainingConfig().getEpochCount();
  }

  @Override
  public boolean isActive(Operation operation) {
    return operation.isTrainingPhase();
  }

  /** Returns the variable of which a validation report embeds the values, which the validation is to compute. */
  @Override
  public ListenerVariables requiredVariables(SameDiff sd) {
    SameDiffTraining trained = recording.training();
    SameDiffReport report = trained == null || trained.model() != sd ? null : trained.validation().report();
    return report == null
        ? ListenerVariables.empty()
        : report.embedded().map(name -> new ListenerVariables.Builder()
            .requireVariables(Operation.TRAINING_VALIDATION, name).build()).orElseGet(ListenerVariables::empty);
  }

  @Override
  public void operationStart(SameDiff sd, Operation operation) {
    SameDiffTraining trained = recording.training();
    if (operation == Operation.TRAINING) {
      recording.abandonIteration();
    } else if (operation == Operation.TRAINING_VALIDATION && trained != null) {
      recorder.attempt(() -> recording.startValidation(trained));
    }
  }

  @Override
  public void epochStart(SameDiff sd, At at) {
    if (recorder.hasEnded() || progress.declaresEpochs()) {
      return;
    }
    recorder.attempt(() -> {
      snapshots.recordWaiting();
      progress.startEpoch(at.epoch());
      recorder.startEpoch();
      SameDiffTraining trained = recording.training();
      if (trained != null) {
        trained.evaluations().start();
      }
    });
  }

  @Override
  public void iterationStart(SameDiff sd, At at, MultiDataSet batch, long etlMilliseconds) {
    if (at.operation() != Operation.TRAINING) {
      return;
    }
    if (recorder.hasEnded()) {
      recording.forget();
      notices.ended();
      return;
    }
    try {
      recording.startIteration(sd, at, batch, etlMilliseconds);
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  @Override
  public void preOpExecution(SameDiff sd, At at, SameDiffOp operation, OpContext context) {
    OperationClock clock = recording.clock();
    if (clock != null) {
      clock.start();
    }
  }

  @Override
  public void opExecution(SameDiff sd, At at, MultiDataSet batch, SameDiffOp operation, OpContext context,
      INDArray[] outputs) {
    OperationClock clock = recording.clock();
    if (clock != null && at.operation() == Operation.TRAINING) {
      recorder.attempt(() -> clock.stop(operation, outputs));
    }
  }

  @Override
  public void activationAvailable(SameDiff sd, At at, MultiDataSet batch, SameDiffOp operation, String name,
      INDArray array) {
    SameDiffTraining trained = recording.training();
    if (trained == null || array == null || recorder.hasEnded()) {
      return;
    }
    if (at.operation() == Operation.TRAINING) {
      if (trained.isTrainedBy(sd)) {
        recording.computed(trained, batch, operation, name, array);
      }
    } else if (trained.model() == sd) {
      try {
        recording.validated(trained, at.iteration(), batch, name, array);
      } catch (Throwable e) {
        recorder.contain(e);
      }
    }
  }

  @Override
  public void preUpdate(SameDiff sd, At at, Variable variable, INDArray update) {
    SameDiffTraining trained = recording.training();
    try {
      if (trained != null && trained.isTrainedBy(sd)) {
        recording.update(trained, variable, update);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  @Override
  public void iterationDone(SameDiff sd, At at, MultiDataSet batch, @Nullable Loss loss) {
    SameDiffTraining trained = recording.training();
    if (trained == null || recorder.hasEnded()) {
      return;
    }
    try {
      if (at.operation() != Operation.TRAINING) {
        recording.finishValidated(trained, at.iteration(), batch);
      } else if (trained.isTrainedBy(sd)) {
        recording.finishIteration(trained, loss);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  @Override
  public ListenerResponse epochEnd(SameDiff sd, At at, LossCurve lossCurve, long epochMilliseconds) {
    if (!recorder.hasEnded() && !progress.declaresEpochs()) {
      recorder.attempt(() -> endEpoch(at.epoch()));
    }
    return ListenerResponse.CONTINUE;
  }

  private void endEpoch(int endedBefore) {
    SameDiffTraining trained = recording.training();
    if (trained != null) {
      long epoch = progress.endEpoch(endedBefore);
      if (epoch > 0) {
        snapshots.endEpoch(trained, epoch);
      }
    }
  }

  @Override
  public ListenerResponse validationDone(SameDiff sd, At at, long validationMilliseconds) {
    SameDiffTraining trained = recording.training();
    if (trained != null && !recorder.hasEnded()) {
      recorder.attempt(() -> snapshots.recordValidation(trained.validation()));
    }
    return ListenerResponse.CONTINUE;
  }

  @Override
  public void operationEnd(SameDiff sd, Operation operation) {
    SameDiffTraining trained = recording.training();
    if (operation == Operation.TRAINING) {
      recorder.attempt(snapshots::recordWaiting);
      if (trained != null) {
        recorder.attempt(trained::withdrawRequests);
      }
    }
  }

  /**
   * Records a figure of your own in the training run, at the iteration that has ended last. Before the first it waits for it, and
   * is recorded as what was before; only the last figure of a tag waits. After the end nothing is recorded.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the figure
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries of another kind, or is that of a figure
   *     that is recorded anyway, such as {@code epoch_loss}
   * @throws NullPointerException if the tag is null
   */
  public void scalar(String tag, double value) {
    ownFigures.scalar(tag, value);
  }

  /**
   * Records a figure of your own in the training run, at the epoch that is under way, or at the last one between two. Before the
   * training has begun it waits, as with {@link #scalar}. In a training without epochs all figures have the step 0.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the figure
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries of another kind, or is that of a figure
   *     that is recorded anyway, such as {@code epoch_loss}
   * @throws NullPointerException if the tag is null
   */
  public void epochScalar(String tag, double value) {
    ownFigures.epochScalar(tag, value);
  }

  /**
   * Records what an evaluation has found out, in the validation run at the epoch that is under way, or at the last one between two,
   * as {@link TensorBoardListener#evaluation} does: for evaluations of your own, beside {@code fit}.
   *
   * <pre>{@code
   * Evaluation evaluation = new Evaluation();
   * sd.evaluate(test, "softmax", evaluation);
   * listener.evaluation(evaluation);
   * }</pre>
   *
   * @param evaluation the evaluation, read during the call
   * @throws NullPointerException if the evaluation is null
   */
  public void evaluation(IEvaluation<?> evaluation) {
    ownFigures.evaluation(Objects.requireNonNull(evaluation, "evaluation"));
  }

  /**
   * Returns the writer of the training run, for what has no method here: texts, histograms, images. The listener closes it.
   *
   * @return the writer
   * @throws IllegalStateException if the recording has ended, or has not begun in a run that has an earlier training, for only
   *     its first iteration shows whether it goes on with that
   */
  public SummaryWriter trainWriter() {
    return recorder.trainWriter();
  }

  /**
   * Returns the writer of the validation run, for what has no method here. The listener closes it.
   *
   * @return the writer
   * @throws IllegalStateException if the recording has ended, or has not begun in a run that has an earlier training, for only
   *     its first iteration shows whether it goes on with that
   */
  public SummaryWriter validationWriter() {
    return recorder.validationWriter();
  }

  /** Waits until all that was recorded is handed to the operating system, or has met a fault of the disk. */
  public void flush() {
    recorder.flush();
  }

  /**
   * Ends the recording with the status that TensorBoard's HParams page shows, and closes its files. Callbacks that still come are
   * ignored.
   *
   * @param status how the training ended
   * @throws NullPointerException if the status is null
   */
  public void end(SessionStatus status) {
    recorder.attempt(snapshots::recordWaiting);
    recording.forget();
    recorder.end(status);
    ownFigures.end();
  }

  /**
   * Ends the recording and closes its files, as {@link TrainingRecorder#close()} does: TensorBoard's HParams page shows a failure
   * if the last loss was not finite, a guard ended the training, or an epoch was broken off, as it is where {@code fit} throws;
   * else it shows that the end is unknown. Callbacks that still come are ignored.
   */
  @Override
  public void close() {
    recorder.attempt(snapshots::recordWaiting);
    recording.forget();
    recorder.close();
    ownFigures.end();
  }

  /** Builds a {@link SameDiffTensorBoardListener}. */
  public static final class Builder extends RecordingOptions<Builder> {

    private static final double MIB = 1 << 20;

    private int epochLength;
    private boolean evaluations = true;
    private List<String> activations = List.of();

    private Builder(Path run) {
      super(run);
      addSystemSampler(sampled -> sampled.accept("physical_mib", Pointer.physicalBytes() / MIB));
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Names the variables that are recorded as activations, {@code layer_<variable>/activation}, where
     * {@link #activationFrequency} or {@link #statisticsFrequency} has it. If this is not called, these are the results of
     * activation functions, such as {@code relu} and {@code tanh}.
     *
     * @param variables the names of variables that operations of the model compute; a warning tells of others
     * @return this builder
     * @throws IllegalArgumentException if there is no name, or one is blank
     * @throws NullPointerException if a name is null
     */
    public Builder activationsOf(String... variables) {
      List<String> names = List.of(variables);
      if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException("Activations are those of variables with names, unlike " + names
            + ": leave the call out to have those of activation functions");
      }
      this.activations = names;
      return this;
    }

    /**
     * Declares every so many iterations to be an epoch, for trainings that tell their listeners of none, such as those by
     * {@code fit(DataSet)}, or whose own are too long. Epochs of which the framework tells are then ignored, and {@code fit}'s
     * validation is recorded by iteration.
     *
     * @param iterations the number of iterations, at least 1
     * @return this builder
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Builder epochEvery(int iterations) {
      if (iterations < 1) {
        throw new IllegalArgumentException("An epoch is 1 or more iterations, not " + iterations);
      }
      this.epochLength = iterations;
      return this;
    }

    /**
     * Leaves out what the training configuration's evaluations find out, in training and in validation, which is evaluated a second
     * time for this: for trainings where every microsecond counts.
     *
     * @return this builder
     */
    public Builder withoutEvaluations() {
      this.evaluations = false;
      return this;
    }

    /**
     * Returns a listener. Files appear with what is recorded first.
     *
     * @return the listener
     * @throws IllegalStateException if the directory has event files and
     *     {@link io.github.tensorboard4j.training.ExistingRun#REFUSE} was chosen
     * @throws UncheckedIOException if the directory can't be written to and {@link #failFast()} was called
     */
    public SameDiffTensorBoardListener build() {
      return new SameDiffTensorBoardListener(this);
    }

    private TrainingRecorder recorder() {
      return buildRecorder();
    }
  }
}
