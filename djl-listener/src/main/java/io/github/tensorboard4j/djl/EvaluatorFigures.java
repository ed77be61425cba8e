package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The figures of one of a trainer's evaluators, as they were when they were read last. A fault of the evaluator leaves a gap.
 * Not thread-safe.
 */
final class EvaluatorFigures {

  /** An accumulator that gets no data, to show what the evaluator returns then. */
  private static final String NOTHING = "nothing";

  /** The figures that an evaluator has accumulated under a key. */
  static final class Figure {

    private final Evaluator evaluator;
    private final String key;
    private final Consumer<Throwable> faults;
    private boolean read;
    private boolean faulty;
    private double value = Double.NaN;

    Figure(Evaluator evaluator, String key, Consumer<Throwable> faults) {
      this.evaluator = evaluator;
      this.key = key;
      this.faults = faults;
    }

    /** Reads the accumulator, if what it has is right; evaluators differ in what they do without it. */
    void read() {
      forget();
      if (faulty) {
        return;
      }
      try {
        value = evaluator.getAccumulator(key);
        read = true;
      } catch (IllegalArgumentException | NullPointerException e) {
        forget();
      } catch (Throwable e) {
        faults.accept(e);
      }
    }

    void forget() {
      read = false;
      value = Double.NaN;
    }

    /** Empties the accumulator. As long as that fails it stays faulty, for it has old data. */
    void reset() {
      try {
        evaluator.resetAccumulator(key);
        faulty = false;
      } catch (Throwable e) {
        fail(e);
      }
    }

    private void add() {
      try {
        evaluator.addAccumulator(key);
      } catch (Throwable e) {
        fail(e);
      }
    }

    private void fail(Throwable fault) {
      faulty = true;
      faults.accept(fault);
    }

    /**
     * Returns whether the value that was read is of data: one that an evaluator returns without any proves nothing, be it NaN
     * or 0.
     */
    boolean isOfData() {
      if (!read) {
        return false;
      }
      try {
        evaluator.addAccumulator(NOTHING);
        double nothing = evaluator.getAccumulator(NOTHING);
        return Double.compare(value, nothing) != 0;
      } catch (Throwable e) {
        faults.accept(e);
        return false;
      }
    }

    /** Returns whether there is an accumulator, be it one that has diverged. */
    boolean isRead() {
      return read;
    }

    /** Returns whether there is a number: NaN stands for none in DJL, if it isn't a loss that has diverged. */
    boolean isNumber() {
      return !Double.isNaN(value);
    }

    double value() {
      return value;
    }
  }

  private final Evaluator evaluator;
  private final String name;
  private final Figure batch;
  private final Figure epoch;
  private final Figure validation;
  private final String[] trainingKeys;
  private final String[] validationKeys;

  /**
   * The figures of an evaluator.
   *
   * @param evaluator the evaluator
   * @param name the name of the figures in TensorBoard
   * @param suffix what stands behind DJL's keys in those of the accumulators, empty for DJL's own
   * @param faults takes what the evaluator throws
   */
  EvaluatorFigures(Evaluator evaluator, String name, String suffix, Consumer<Throwable> faults) {
    this.evaluator = evaluator;
    this.name = name;
    this.batch = new Figure(evaluator, EvaluatorTrainingListener.TRAIN_ALL + suffix, faults);
    this.epoch = new Figure(evaluator, EvaluatorTrainingListener.TRAIN_EPOCH + suffix, faults);
    this.validation = new Figure(evaluator, EvaluatorTrainingListener.VALIDATE_EPOCH + suffix, faults);
    this.trainingKeys = new String[] {epoch.key, batch.key};
    this.validationKeys = new String[] {validation.key};
  }

  /** Adds the accumulators, which DJL's listener does otherwise. */
  void addAccumulators() {
    batch.add();
    epoch.add();
    validation.add();
  }

  /** Evaluates a training batch, which DJL's listener does otherwise. */
  void evaluateTraining(BatchData data) {
    batch.reset();
    try {
      update(trainingKeys, data);
    } catch (Throwable e) {
      batch.faulty = true;
      epoch.fail(e);
    }
  }

  /** Evaluates a validation batch, which DJL's listener does otherwise. */
  void evaluateValidation(BatchData data) {
    try {
      update(validationKeys, data);
    } catch (Throwable e) {
      validation.fail(e);
    }
  }

  private void update(String[] keys, BatchData data) {
    for (Map.Entry<Device, NDList> labels : data.getLabels().entrySet()) {
      NDList predictions = data.getPredictions().get(labels.getKey());
      if (predictions != null) {
        evaluator.updateAccumulators(keys, labels.getValue(), predictions);
      }
    }
  }

  /** Returns the name of the figures in TensorBoard. */
  String name() {
    return name;
  }

  /** Returns the figure of the last batch. */
  Figure batch() {
    return batch;
  }

  /** Returns the mean over the epoch's batches. */
  Figure epoch() {
    return epoch;
  }

  /** Returns the mean over the validation data of the epoch. */
  Figure validation() {
    return validation;
  }
}
