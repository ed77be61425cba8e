package io.github.tensorboard4j.djl;

import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.BinaryAccuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import io.github.tensorboard4j.graph.NodeNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The values of a trainer's evaluators, whichever listener comes first.
 *
 * <p>DJL's {@link EvaluatorTrainingListener} updates the evaluators in the same callbacks in which their values are wanted. If
 * it stands before the reader, a batch's values are there at once, and an epoch's have been moved to its latest evaluations.
 * If it stands behind, a batch's values are there from the end of the callback until the next batch, and an epoch's are still
 * in the accumulators. So a batch is read in two attempts, {@link #readBatchNow} in its own callback and
 * {@link #readBatchLater} before whatever callback is next. Without any such listener there is one here, in front.
 */
final class Evaluations {

  /** A figure of a batch or an epoch: where it comes from, and the name that its tags end in. */
  record Series(Evaluator evaluator, String name) {}

  private static final Set<String> COMMON_NAMES =
      Set.of("loss", "accuracy", "learning_rate", "seconds", "examples_per_second");

  private final EvaluatorTrainingListener source;
  private final boolean owned;
  private final boolean inFront;
  private final List<Series> series;
  private final double[] batch;
  private boolean batchRead;

  private Evaluations(
      EvaluatorTrainingListener source, boolean owned, boolean inFront, List<Series> series) {
    this.source = source;
    this.owned = owned;
    this.inFront = inFront;
    this.series = series;
    this.batch = new double[series.size()];
  }

  /** Finds out how a trainer's evaluators are updated, as seen by one of its listeners. */
  static Evaluations of(Trainer trainer, TrainingListener reader) {
    List<TrainingListener> listeners = new ArrayList<>();
    trainer.notifyListeners(listeners::add);
    List<Series> series = series(trainer);
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i) instanceof EvaluatorTrainingListener source) {
        int own = listeners.indexOf(reader);
        boolean inFront = own < 0 ? hasBegun(trainer) : i < own;
        return new Evaluations(source, false, inFront, series);
      }
    }
    EvaluatorTrainingListener source = new EvaluatorTrainingListener();
    source.onTrainingBegin(trainer);
    return new Evaluations(source, true, true, series);
  }

  /** Lists the series: the loss, the accuracy if there is one, and all others. */
  List<Series> series() {
    return series;
  }

  /** Tells whether the series' second is the accuracy. */
  boolean hasAccuracy() {
    return series.size() > 1 && series.get(1).name().equals("accuracy");
  }

  void readBatchNow(Trainer trainer, BatchData data) {
    if (owned) {
      source.onTrainingBatch(trainer, data);
    }
    batchRead = inFront;
    if (inFront) {
      readBatch();
    }
  }

  void readBatchLater() {
    if (!batchRead) {
      batchRead = true;
      readBatch();
    }
  }

  /** Tells a series' value in the batch that was read. */
  double ofBatch(int index) {
    return batch[index];
  }

  void onValidationBatch(Trainer trainer, BatchData data) {
    if (owned) {
      source.onValidationBatch(trainer, data);
    }
  }

  void onEpoch(Trainer trainer) {
    if (owned) {
      source.onEpoch(trainer);
    }
  }

  /** Tells a series' mean over the epoch that ended. */
  double ofEpoch(int index) {
    return epoch(index, EvaluatorTrainingListener.TRAIN_EPOCH, "train_");
  }

  /** Tells a series' mean over the validation data of the epoch that ended, NaN if there were none. */
  double ofValidation(int index) {
    return epoch(index, EvaluatorTrainingListener.VALIDATE_EPOCH, "validate_");
  }

  private double epoch(int index, String key, String prefix) {
    Evaluator evaluator = series.get(index).evaluator();
    double accumulated = value(evaluator, key);
    if (!inFront || !Double.isNaN(accumulated)) {
      return accumulated;
    }
    Float latest = source.getLatestEvaluations().get(prefix + (index == 0 ? "loss" : evaluator.getName()));
    return latest == null ? Double.NaN : latest;
  }

  private void readBatch() {
    for (int i = 0; i < batch.length; i++) {
      batch[i] = value(series.get(i).evaluator(), EvaluatorTrainingListener.TRAIN_ALL);
    }
  }

  /** Reads an accumulator; evaluators differ in what they do without it. */
  private static double value(Evaluator evaluator, String key) {
    try {
      return evaluator.getAccumulator(key);
    } catch (IllegalArgumentException | NullPointerException e) {
      return Double.NaN;
    }
  }

  private static boolean hasBegun(Trainer trainer) {
    return !Double.isNaN(value(trainer.getLoss(), EvaluatorTrainingListener.TRAIN_EPOCH));
  }

  private static List<Series> series(Trainer trainer) {
    Evaluator loss = trainer.getLoss();
    Evaluator accuracy = accuracy(trainer.getEvaluators());
    List<Series> series = new ArrayList<>();
    series.add(new Series(loss, "loss"));
    if (accuracy != null) {
      series.add(new Series(accuracy, "accuracy"));
    }
    Set<String> taken = new HashSet<>(COMMON_NAMES);
    for (Evaluator evaluator : trainer.getEvaluators()) {
      if (evaluator != loss && evaluator != accuracy) {
        String name = NodeNames.legal(String.valueOf(evaluator.getName()).replace('/', '_'));
        int occurrence = 0;
        while (!taken.add(NodeNames.numbered(name, occurrence))) {
          occurrence++;
        }
        series.add(new Series(evaluator, NodeNames.numbered(name, occurrence)));
      }
    }
    return List.copyOf(series);
  }

  /** Finds the fraction of right predictions: by its class, or wrapped in another class by its name. */
  private static Evaluator accuracy(List<Evaluator> evaluators) {
    Evaluator found = null;
    for (Evaluator evaluator : evaluators) {
      if (evaluator instanceof Accuracy) {
        return evaluator;
      }
      boolean accurate = evaluator instanceof BinaryAccuracy || "accuracy".equalsIgnoreCase(evaluator.getName());
      found = found == null && accurate ? evaluator : found;
    }
    return found;
  }
}
