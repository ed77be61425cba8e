package io.github.tensorboard4j.djl;

import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.BinaryAccuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The values of a trainer's evaluators, whichever listener comes first.
 *
 * <p>DJL's {@link EvaluatorTrainingListener} updates the evaluators in the same callbacks in which their values are wanted. If
 * it stands in front of the reader, a batch's values are there at once, and an epoch's are gone at its end: they are taken
 * after every batch. If it stands behind, a batch's values are there from the end of the callback until the next batch, and an
 * epoch's still at its end. So both are read in two attempts: {@link #readBatchNow} and {@link #readBatchLater}, which comes
 * before whatever callback is next; {@link #readValidationNow} and {@link #readEpochLater}. Without any such listener there is
 * one here, in front.
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
  private final double[] epoch;
  private final double[] validation;
  private boolean batchRead;

  private Evaluations(
      EvaluatorTrainingListener source, boolean owned, boolean inFront, List<Series> series) {
    this.source = source;
    this.owned = owned;
    this.inFront = inFront;
    this.series = series;
    this.batch = unknown(series.size());
    this.epoch = unknown(series.size());
    this.validation = unknown(series.size());
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
      read(EvaluatorTrainingListener.TRAIN_ALL, batch);
      read(EvaluatorTrainingListener.TRAIN_EPOCH, epoch);
    }
  }

  void readBatchLater() {
    if (!batchRead) {
      batchRead = true;
      read(EvaluatorTrainingListener.TRAIN_ALL, batch);
    }
  }

  void readValidationNow(Trainer trainer, BatchData data) {
    if (owned) {
      source.onValidationBatch(trainer, data);
    }
    if (inFront) {
      read(EvaluatorTrainingListener.VALIDATE_EPOCH, validation);
    }
  }

  void readEpochLater() {
    if (!inFront) {
      read(EvaluatorTrainingListener.TRAIN_EPOCH, epoch);
      read(EvaluatorTrainingListener.VALIDATE_EPOCH, validation);
    }
  }

  void startEpoch(Trainer trainer) {
    if (owned) {
      source.onEpoch(trainer);
    }
    Arrays.fill(epoch, Double.NaN);
    Arrays.fill(validation, Double.NaN);
  }

  /** Tells a series' value in the batch that was read. */
  double ofBatch(int index) {
    return batch[index];
  }

  /** Tells a series' mean over the epoch that was read. */
  double ofEpoch(int index) {
    return epoch[index];
  }

  /** Tells a series' mean over the validation data of the epoch that was read, NaN if there were none. */
  double ofValidation(int index) {
    return validation[index];
  }

  private void read(String key, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = value(series.get(i).evaluator(), key);
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

  private static double[] unknown(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
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
    UniqueNames unique = new UniqueNames(COMMON_NAMES);
    for (Evaluator evaluator : trainer.getEvaluators()) {
      if (evaluator != loss && evaluator != accuracy) {
        String name = NodeNames.legal(String.valueOf(evaluator.getName()).replace('/', '_'));
        series.add(new Series(evaluator, unique.claim(name)));
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
