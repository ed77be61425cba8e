package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import io.github.tensorboard4j.djl.EvaluatorFigures.Figure;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.IterationFigures;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The values of a trainer's evaluators, whichever listener comes first. Not thread-safe.
 *
 * <p>DJL's {@link EvaluatorTrainingListener} updates the evaluators in the same callbacks in which their values are wanted. If
 * it stands in front of the reader, a batch's values are there at once, and an epoch's are gone at its end: they are taken
 * after every batch. If it stands behind, a batch's values are there from the end of the callback until the next batch, and an
 * epoch's still at its end. So both are read in two attempts: {@link #readBatchNow} and {@link #readBatchLater}, which comes
 * before whatever callback is next; {@link #readValidationNow} and {@link #readEpochLater}. Without any such listener the
 * evaluators are updated here, each for itself: one that throws leaves the others.
 *
 * <p>A figure is known once its batch, epoch or validation has been evaluated. Then a loss of NaN has diverged; NaN from any
 * other evaluator means that it has no value.
 */
final class Evaluations {

  private final boolean owned;
  private final boolean inFront;
  private final TrainerEvaluators evaluators;
  private boolean batchRead;
  private boolean trained;
  private boolean validated;

  private Evaluations(TrainerEvaluators evaluators, boolean owned, boolean inFront) {
    this.evaluators = evaluators;
    this.owned = owned;
    this.inFront = inFront;
  }

  /**
   * Finds out how a trainer's evaluators are updated, as seen by one of its listeners. Of several listeners that update them
   * themselves, each has accumulators of its own.
   */
  static Evaluations of(Trainer trainer, TrainingListener reader, Consumer<Throwable> faults) {
    List<TrainingListener> listeners = new ArrayList<>();
    trainer.notifyListeners(listeners::add);
    int own = listeners.indexOf(reader);
    Set<TrainingListener> alike = new HashSet<>();
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i) instanceof EvaluatorTrainingListener) {
        return new Evaluations(
            new TrainerEvaluators(trainer, "", faults), false, own < 0 ? hasBegun(trainer) : i < own);
      }
      if (listeners.get(i) instanceof TensorBoardListener && i < own) {
        alike.add(listeners.get(i));
      }
    }
    TrainerEvaluators evaluators = new TrainerEvaluators(trainer, alike.isEmpty() ? "" : "/" + alike.size(), faults);
    for (EvaluatorFigures figures : evaluators.all()) {
      figures.addAccumulators();
    }
    return new Evaluations(evaluators, true, true);
  }

  /** Returns whether a trainer's last batch was evaluated to a loss that is not finite, whoever has seen it. */
  static boolean haveDiverged(Trainer trainer) {
    TrainerEvaluators evaluators = new TrainerEvaluators(trainer, "", fault -> {});
    Figure loss = evaluators.loss().batch();
    loss.read();
    return loss.isRead() && !Double.isFinite(loss.value()) && isOfData(evaluators);
  }

  private static boolean hasBegun(Trainer trainer) {
    Figure epoch = new EvaluatorFigures(trainer.getLoss(), "loss", "", fault -> {}).epoch();
    epoch.read();
    return epoch.isNumber();
  }

  /** Returns the figures of the evaluators that are neither the loss nor the accuracy, in an array that is not to be changed. */
  EvaluatorFigures[] others() {
    return evaluators.others();
  }

  /** Reads a batch, if it can be evaluated, or returns false. */
  boolean readBatchNow(@Nullable BatchData data) {
    if (data == null || !isEvaluable(data)) {
      forgetBatch();
      return false;
    }
    if (owned) {
      for (EvaluatorFigures figures : evaluators.all()) {
        figures.evaluateTraining(data);
      }
    }
    trained = true;
    batchRead = inFront;
    if (inFront) {
      readBatch();
      readEpoch();
    }
    return true;
  }

  /** Returns whether the last batch was read already, or has nothing to be read. */
  boolean isBatchRead() {
    return batchRead;
  }

  /** Returns the loss of the last batch that was read. */
  Figure batchLoss() {
    return evaluators.loss().batch();
  }

  void readBatchLater() {
    if (!batchRead) {
      batchRead = true;
      readBatch();
    }
  }

  /** Leaves out the last batch, which may never be evaluated. */
  void forgetBatch() {
    batchRead = true;
    for (EvaluatorFigures figures : evaluators.all()) {
      figures.batch().forget();
    }
  }

  /** Reads a validation batch, if it can be evaluated. */
  void readValidationNow(@Nullable BatchData data) {
    if (data == null || !isEvaluable(data)) {
      return;
    }
    if (owned) {
      for (EvaluatorFigures figures : evaluators.all()) {
        figures.evaluateValidation(data);
      }
    }
    validated = true;
    if (inFront) {
      readValidation();
    }
  }

  /** Returns whether a batch has labels and predictions: without them, all figures are NaN. */
  private boolean isEvaluable(BatchData data) {
    Map<Device, NDList> labels = data.getLabels();
    Map<Device, NDList> predictions = data.getPredictions();
    // who evaluates it else has met what is missing; the keys of a map can't be compared without allocating
    return labels != null && predictions != null && !labels.isEmpty() && !predictions.isEmpty()
        && (!owned || predictions.keySet().containsAll(labels.keySet()));
  }

  void readEpochLater() {
    if (!inFront && trained) {
      readEpoch();
    }
    if (!inFront && validated) {
      readValidation();
    }
  }

  /** Starts an epoch; {@code alone} if none but the reader is told of that. */
  void startEpoch(boolean alone) {
    boolean reset = alone || owned && (trained || validated);
    trained = false;
    validated = false;
    for (EvaluatorFigures figures : evaluators.all()) {
      if (reset) {
        figures.epoch().reset();
        figures.validation().reset();
      }
      figures.epoch().forget();
      figures.validation().forget();
    }
  }

  /** Sets what is known of the batch that was read. */
  void complete(IterationFigures iteration) {
    Figure loss = evaluators.loss().batch();
    if (loss.isRead()) {
      iteration.loss(loss.value());
    }
    EvaluatorFigures accuracy = evaluators.accuracy().orElse(null);
    if (accuracy != null && accuracy.batch().isNumber()) {
      iteration.accuracy(accuracy.batch().value());
    }
  }

  /** Sets what is known of the epoch that was read, in the place of what others know of it. */
  void complete(EpochSummary.Builder summary) {
    EvaluatorFigures loss = evaluators.loss();
    if (loss.epoch().isRead()) {
      summary.loss(loss.epoch().value());
    }
    if (loss.validation().isRead()) {
      summary.validationLoss(loss.validation().value());
    }
    evaluators.accuracy().map(EvaluatorFigures::epoch).filter(Figure::isNumber)
        .ifPresent(figure -> summary.accuracy(figure.value()));
    evaluators.accuracy().map(EvaluatorFigures::validation).filter(Figure::isNumber)
        .ifPresent(figure -> summary.validationAccuracy(figure.value()));
  }

  /**
   * Reads the last batch if it is one that the reader never saw, since a listener between it and the evaluation ended the
   * training for a loss that is not finite. Returns whether it is.
   */
  boolean readHiddenDivergence() {
    Figure loss = evaluators.loss().batch();
    if (owned || !inFront || loss.isRead() && !Double.isFinite(loss.value())) {
      return false;
    }
    readBatch();
    return loss.isRead() && !Double.isFinite(loss.value()) && (trained || isOfData(evaluators));
  }

  /** Returns whether there is a batch that was evaluated: a loss of NaN doesn't show it, for that is a loss of nothing too. */
  private static boolean isOfData(TrainerEvaluators evaluators) {
    for (EvaluatorFigures figures : evaluators.all()) {
      figures.batch().read();
      if (figures.batch().isOfData()) {
        return true;
      }
    }
    return false;
  }

  private void readBatch() {
    for (EvaluatorFigures figures : evaluators.all()) {
      figures.batch().read();
    }
  }

  private void readEpoch() {
    for (EvaluatorFigures figures : evaluators.all()) {
      figures.epoch().read();
    }
  }

  private void readValidation() {
    for (EvaluatorFigures figures : evaluators.all()) {
      figures.validation().read();
    }
  }
}
