package io.github.tensorboard4j.djl;

import ai.djl.training.Trainer;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import io.github.tensorboard4j.djl.EvaluatorFigures.Figure;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.IterationFigures;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of a trainer's evaluators, whichever listener comes first. Not thread-safe.
 *
 * <p>DJL's {@link EvaluatorTrainingListener} updates the evaluators in the same callbacks in which their values are wanted. If
 * it stands in front of the reader, a batch's values are there at once, and an epoch's are gone at its end: they are taken
 * after every batch. If it stands behind, a batch's values are there from the end of the callback until the next batch, and an
 * epoch's still at its end. So both are read in two attempts: {@link #readBatchNow} and {@link #readBatchLater}, which comes
 * before whatever callback is next; {@link #readValidationNow} and {@link #readEpochLater}. Without any such listener there is
 * one here, in front.
 *
 * <p>A figure is known once its batch, epoch or validation has been evaluated. Then a loss of NaN has diverged; NaN from any
 * other evaluator means that it has no value.
 */
final class Evaluations {

  private final Trainer trainer;
  private final EvaluatorTrainingListener source;
  private final boolean owned;
  private final boolean inFront;
  private final TrainerEvaluators evaluators;
  private boolean batchRead;
  private boolean trained;
  private boolean validated;

  private Evaluations(Trainer trainer, EvaluatorTrainingListener source, boolean owned, boolean inFront) {
    this.trainer = trainer;
    this.source = source;
    this.owned = owned;
    this.inFront = inFront;
    this.evaluators = new TrainerEvaluators(trainer);
  }

  /** Finds out how a trainer's evaluators are updated, as seen by one of its listeners. */
  static Evaluations of(Trainer trainer, TrainingListener reader) {
    List<TrainingListener> listeners = new ArrayList<>();
    trainer.notifyListeners(listeners::add);
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i) instanceof EvaluatorTrainingListener source) {
        int own = listeners.indexOf(reader);
        return new Evaluations(trainer, source, false, own < 0 ? hasBegun(trainer) : i < own);
      }
    }
    EvaluatorTrainingListener source = new EvaluatorTrainingListener();
    source.onTrainingBegin(trainer);
    return new Evaluations(trainer, source, true, true);
  }

  /** Returns whether a trainer's last batch was evaluated to a loss that is not finite, whoever has seen it. */
  static boolean haveDiverged(Trainer trainer) {
    TrainerEvaluators evaluators = new TrainerEvaluators(trainer);
    boolean evaluated = false;
    for (EvaluatorFigures figures : evaluators.all()) {
      figures.batch().read();
      evaluated |= figures.batch().isNumber();
    }
    Figure loss = evaluators.loss().batch();
    return evaluated && loss.isRead() && !Double.isFinite(loss.value());
  }

  private static boolean hasBegun(Trainer trainer) {
    Figure epoch = new EvaluatorFigures(trainer.getLoss(), "loss").epoch();
    epoch.read();
    return epoch.isNumber();
  }

  /** Returns the figures of the evaluators that are neither the loss nor the accuracy. */
  List<EvaluatorFigures> others() {
    return evaluators.others();
  }

  void readBatchNow(BatchData data) {
    if (owned) {
      source.onTrainingBatch(trainer, data);
    }
    trained = true;
    batchRead = inFront;
    if (inFront) {
      readBatch();
      readEpoch();
    }
  }

  void readBatchLater() {
    if (!batchRead) {
      batchRead = true;
      readBatch();
    }
  }

  void readValidationNow(BatchData data) {
    if (owned) {
      source.onValidationBatch(trainer, data);
    }
    validated = true;
    if (inFront) {
      readValidation();
    }
  }

  void readEpochLater() {
    if (!inFront && trained) {
      readEpoch();
    }
    if (!inFront && validated) {
      readValidation();
    }
  }

  void startEpoch() {
    if (owned && (trained || validated)) {
      source.onEpoch(trainer);
    }
    trained = false;
    validated = false;
    for (EvaluatorFigures figures : evaluators.all()) {
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
    if (!inFront || loss.isRead() && !Double.isFinite(loss.value())) {
      return false;
    }
    readBatch();
    return isEvaluated() && loss.isRead() && !Double.isFinite(loss.value());
  }

  /** Returns whether a batch was evaluated in this epoch: without one, all figures are NaN too. */
  private boolean isEvaluated() {
    boolean evaluated = trained;
    for (EvaluatorFigures figures : evaluators.all()) {
      evaluated |= figures.batch().isNumber();
    }
    return evaluated;
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
