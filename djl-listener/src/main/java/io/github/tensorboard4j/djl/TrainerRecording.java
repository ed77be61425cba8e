package io.github.tensorboard4j.djl;

import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.optimizer.Optimizer;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.djl.EvaluatorFigures.Figure;
import io.github.tensorboard4j.djl.internal.BlockNames;
import io.github.tensorboard4j.djl.internal.NamedParameter;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.TrainingRecorder;
import io.github.tensorboard4j.training.WeightShape;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records what one trainer does: each batch and each epoch, once all of its figures are known. Not thread-safe.
 *
 * <p>DJL calls its listeners between a batch's backward pass and its update, perhaps before the batch is evaluated. So a batch
 * is pending until the next callback, whichever that is.
 */
final class TrainerRecording {

  private final Trainer trainer;
  private final TrainingRecorder recorder;
  private final DjlOptions options;
  private final Progress progress;
  private final PhaseTimes times;
  private final Evaluations evaluations;
  private final List<NamedParameter> parameters;
  private final @Nullable Optimizer optimizer;
  private final TrackedLearningRate learningRate;
  private final ParameterArrays arrays;
  private final ModelDiagnosis diagnosis;
  private final ReportedValidation reported;
  private final DivergenceGuard guard;
  private final UpdateHook hook;
  private final IterationFigures figures = new IterationFigures();
  private final int epochsBefore;
  private int epochs;
  private boolean begun;
  private boolean inEpoch;
  private boolean batchPending;
  private boolean batchGuarded;
  private @Nullable BatchData batchData;

  /** Kept while an iteration is still to be profiled, for the names of its operations. */
  private @Nullable ModelGraph graph;

  /**
   * Starts with a trainer whose model is initialized; {@code beforeUpdate} is run where {@link #beforeUpdate()} is to be called.
   */
  TrainerRecording(Trainer trainer, Evaluations evaluations, TrainingRecorder recorder, DjlOptions options,
      Progress progress, PhaseTimes times, Runnable beforeUpdate) {
    this.trainer = trainer;
    this.evaluations = evaluations;
    this.recorder = recorder;
    this.options = options;
    this.progress = progress;
    this.times = times;
    this.parameters = BlockNames.parameters(trainer.getModel().getBlock());
    Optional<TrainerOptimizer> found = TrainerOptimizer.of(trainer);
    this.optimizer =
        options.config() == null ? found.map(TrainerOptimizer::optimizer).orElse(null) : options.config().getOptimizer();
    this.learningRate = new TrackedLearningRate(
        options.learningRate(), found.flatMap(TrainerOptimizer::learningRate).orElse(null), parameters);
    this.arrays = new ParameterArrays(recorder, trainer, parameters);
    LayerActivations activations = new LayerActivations(trainer, recorder, arrays);
    this.diagnosis = new ModelDiagnosis(recorder, arrays, activations);
    this.reported = new ReportedValidation(recorder, trainer.getLoss(), activations);
    this.guard = new DivergenceGuard(trainer, recorder, arrays, activations, progress);
    this.hook = new UpdateHook(found.flatMap(TrainerOptimizer::rateAskedWithinStep).orElse(null), beforeUpdate);
    this.epochsBefore = trainer.getTrainingResult().getEpoch();
  }

  Trainer trainer() {
    return trainer;
  }

  boolean isOf(Trainer other) {
    return trainer == other;
  }

  boolean isInEpoch() {
    return inEpoch;
  }

  /**
   * Takes a batch that has gone backward just before, but has not led to an update yet. Returns whether it has labels and
   * predictions, so that it can be evaluated.
   */
  boolean trainBatch(@Nullable BatchData data, long nanoTime) {
    completeBatch();
    boolean first = !inEpoch;
    long iteration =
        startBatch(examples(data), data == null ? null : data.getBatch(), nanoTime, first ? epochStart(data, nanoTime) : 0);
    batchPending = true;
    batchGuarded = false;
    batchData = data;
    boolean evaluable = evaluations.readBatchNow(data);
    recordPasses(iteration);
    diagnosis.beforeUpdate(iteration, first ? progress.epochs() + 1 : 0, data == null ? null : data.getBatch());
    profile(iteration, data == null ? null : data.getBatch());
    guardNow(data);
    return evaluable;
  }

  /** Records what each layer takes, if this is the iteration for it. */
  private void profile(long iteration, @Nullable Batch batch) {
    if (recorder.takeProfile(iteration)) {
      recorder.attempt(() -> LayerCosts.record(recorder, trainer, arrays, graph, batch, iteration));
      graph = null;
    }
  }

  /** Guards a batch if its loss is there already; if not, as soon as the optimizer asks for the rate of its update. */
  private void guardNow(@Nullable BatchData data) {
    if (evaluations.isBatchRead() || data == null) {
      guardBeforeUpdate();
    } else if (!hook.set()) {
      batchGuarded = guard.beforeEvaluation(data, figures);
    }
  }

  private void guardBeforeUpdate() {
    BatchData data = batchData;
    batchGuarded = true;
    batchData = null;
    guard.beforeUpdate(evaluations.batchLoss(), data);
  }

  /** Looks at what there is between a batch and its update, if the batch's callback came too early for it. */
  void beforeUpdate() {
    if (!batchPending) {
      diagnosis.beforeUpdate(progress.iterations() + 1, inEpoch ? 0 : progress.epochs() + 1, null);
    } else if (!batchGuarded) {
      evaluations.readBatchLater();
      guardBeforeUpdate();
    }
  }

  /** Guards the last batch, now that its evaluation is known, if that was not done before its update. */
  private void guardLater() {
    if (batchGuarded) {
      return;
    }
    evaluations.readBatchLater();
    Figure loss = evaluations.batchLoss();
    if (hook.clear()) {
      guardBeforeUpdate();
    } else if (loss.isRead()) {
      guard.lookAtLoss(loss.value());
    }
    batchData = null;
  }

  /**
   * Takes note that the last batch's callback is hidden from the listeners behind this one: the one that would have evaluated
   * the batch has the evaluation of the batch before.
   */
  void hideBatch() {
    if (batchPending && !evaluations.isBatchRead()) {
      evaluations.forgetBatch();
    }
  }

  /** Takes a batch of which nobody was notified, after its update. */
  void trainBatch(double loss, long batchSize, long nanoTime) {
    completeBatch();
    long iteration = startBatch(batchSize, null, nanoTime, progress.idleSince());
    figures.loss(loss);
    recordPasses(iteration);
    try {
      completeLearningRate();
    } catch (Throwable e) {
      // of a user's tracker: what else is known of the batch is recorded
      recorder.contain(e);
    }
    recordBatch(iteration);
    profile(iteration, null);
    if (recorder.diagnoses()) {
      hook.set();
    }
    guard.afterUpdate(loss);
  }

  /** Counts a batch, and returns the number of its iteration; if it is an epoch's first, starts the epoch. */
  private long startBatch(long batchSize, @Nullable Batch batch, long nanoTime, long epochStart) {
    progress.startIteration(nanoTime);
    long iteration = progress.iterations();
    figures.start(iteration, batchSize).endedAt(nanoTime);
    begin(iteration, batchSize, batch);
    if (!inEpoch) {
      inEpoch = true;
      recorder.startEpochAt(epochStart);
    }
    return iteration;
  }

  void validateBatch(@Nullable BatchData data) {
    completeBatch();
    progress.validate();
    evaluations.readValidationNow(data);
    reported.add(data, progress.epochs() + 1);
  }

  void endEpoch(boolean alone) {
    completeBatch();
    recorder.attempt(this::completeEpoch);
    evaluations.startEpoch(alone);
  }

  /** Records what is pending, as the trainer has ended. */
  void end() {
    completeBatch();
    hook.clear();
    if (inEpoch && hasHiddenEpoch()) {
      completeEpoch();
    } else if (begun && evaluations.readHiddenDivergence()) {
      recordHiddenBatch();
    }
  }

  /** Records the batch for which a listener in front ended the training. How many examples it had is not known. */
  private void recordHiddenBatch() {
    long now = System.nanoTime();
    progress.startIteration(now);
    figures.start(progress.iterations(), 0).endedAt(now);
    evaluations.complete(figures);
    recorder.recordIteration(figures);
    guard.beforeUpdate(evaluations.batchLoss(), null);
  }

  /** Releases the arrays: none is read any more, for the trainer may be closed already. */
  void releaseArrays() {
    arrays.releaseArrays();
  }

  /** Records the last batch, now that its evaluation and its update are known, if it is pending. */
  private void completeBatch() {
    if (!batchPending) {
      return;
    }
    batchPending = false;
    try {
      completeFigures();
    } catch (Throwable e) {
      // of a user's evaluator or tracker: what else is known of the batch is recorded
      recorder.contain(e);
    }
    try {
      guardLater();
    } catch (Throwable e) {
      recorder.contain(e);
    }
    recordBatch(progress.iterations());
  }

  /** Records all that is known of a batch; a fault, be it of a user's metrics, keeps nobody from looking at its loss. */
  private void recordBatch(long iteration) {
    try {
      recorder.recordIteration(figures);
      recordOthers(iteration);
      recordParameters(recorder.histogramFrequency().isDueAtIteration(iteration) ? iteration : 0,
          recorder.weightImageFrequency().isDueAtIteration(iteration) ? iteration : 0);
      diagnosis.afterUpdate();
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  /** Records what forward and backward pass have taken, if that is due and known, with the same care. */
  private void recordPasses(long iteration) {
    try {
      Metrics metrics = trainer.getMetrics();
      if (metrics != null && recorder.isBatchDue(iteration)) {
        times.recordPasses(metrics, iteration);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  /** Records the parameters at the steps of their histograms and of their pictures, of which 0 says that none are due. */
  private void recordParameters(long histogramStep, long imageStep) {
    if (histogramStep + imageStep > 0) {
      arrays.read((parameter, values) -> record(parameter, values, histogramStep, imageStep));
    }
  }

  private void record(NamedParameter parameter, TensorValues values, long histogramStep, long imageStep) {
    if (histogramStep > 0) {
      recorder.recordParameter(parameter.layer(), parameter.name(), values, histogramStep);
    }
    if (imageStep > 0) {
      // of kernels: output, input, row and column; PyTorch's own transposed convolutions have the input first
      long[] sizes = parameter.parameter().getArray().getShape().getShape();
      recorder.recordWeightImage(
          parameter.layer(), parameter.name(), values, WeightShape.rowMajor(sizes), imageStep);
    }
  }

  private void completeFigures() {
    evaluations.readBatchLater();
    evaluations.complete(figures);
    completeLearningRate();
  }

  private void completeLearningRate() {
    double rate = learningRate.last(progress.updates());
    if (!Double.isNaN(rate)) {
      figures.learningRate(rate);
    }
  }

  private void recordOthers(long iteration) {
    if (recorder.isBatchDue(iteration)) {
      for (EvaluatorFigures other : evaluations.others()) {
        if (other.batch().isNumber()) {
          recorder.recordBatchMetric(other.name(), other.batch().value(), iteration);
        }
      }
      times.recordStep(trainer.getMetrics(), iteration);
      if (learningRate.differs()) {
        recordLearningRates(iteration);
      }
    }
  }

  private void recordLearningRates(long iteration) {
    for (NamedParameter parameter : parameters) {
      double rate = learningRate.last(parameter);
      if (!Double.isNaN(rate)) {
        recorder.recordLearningRate(parameter.layer(), parameter.name(), rate, iteration);
      }
    }
  }

  /** Before a trainer's first batch is recorded, describes the training. */
  private void begin(long iteration, long batchSize, @Nullable Batch batch) {
    if (!begun) {
      begun = true;
      TrainerDescription description = new TrainerDescription(
          trainer, parameters, optimizer, learningRate, batchSize, batch == null ? null : batch.getData(), options.graph());
      recorder.begin(iteration, description);
      if (recorder.awaitsProfile()) {
        recorder.attempt(() -> graph = description.drawnGraph());
      }
    }
  }

  private void completeEpoch() {
    long end = progress.lastBatchEnd();
    if (!inEpoch) {
      end = progress.silentTrainingEnd();
      begin(progress.iterations() + 1, 0, null);
      recorder.startEpochAt(progress.idleSince());
    }
    inEpoch = false;
    epochs++;
    long epoch = progress.completeEpoch();
    evaluations.readEpochLater();
    EpochSummary.Builder summary = recorder.endEpochAt(epoch, end);
    evaluations.complete(summary);
    for (EvaluatorFigures other : evaluations.others()) {
      Figure training = other.epoch();
      if (training.isNumber()) {
        recorder.recordEpochMetric(other.name(), training.value(), epoch);
      }
      Figure validation = other.validation();
      if (validation.isNumber()) {
        recorder.recordValidationMetric(other.name(), validation.value(), epoch);
      }
    }
    reported.record();
    recordParameters(recorder.histogramFrequency().isDueAtEpoch(epoch) ? epoch : 0,
        recorder.weightImageFrequency().isDueAtEpoch(epoch) ? epoch : 0);
    progress.summarize(summary.build());
  }

  /** Returns whether DJL has counted an epoch whose end was not seen, since a listener in front threw. */
  private boolean hasHiddenEpoch() {
    return trainer.getTrainingResult().getEpoch() - epochsBefore > epochs;
  }

  /** Returns the size of the batch; where a loop passes none, each device's first array of labels has one row an example. */
  private static long examples(@Nullable BatchData data) {
    if (data == null) {
      return 0;
    }
    Batch batch = data.getBatch();
    if (batch != null) {
      return batch.getSize();
    }
    if (data.getLabels() == null) {
      return 0;
    }
    long examples = 0;
    for (NDList labels : data.getLabels().values()) {
      if (!labels.isEmpty()) {
        Shape shape = labels.get(0).getShape();
        examples += shape.dimension() == 0 ? 1 : shape.get(0);
      }
    }
    return examples;
  }

  /** Returns when the epoch's first batch went forward, or at least a time before which it didn't. */
  private long epochStart(@Nullable BatchData data, long end) {
    int passes = data == null || data.getLabels() == null ? 1 : data.getLabels().size();
    long nanos = times.lastPasses(trainer.getMetrics(), passes);
    return nanos == 0 ? progress.idleSince() : Math.max(progress.idleSince(), end - nanos);
  }
}
