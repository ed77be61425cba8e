package io.github.tensorboard4j.djl;

import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;

/** The figures of one of a trainer's evaluators, as they were when they were read last. Not thread-safe. */
final class EvaluatorFigures {

  /** The figures that an evaluator has accumulated under a key. */
  static final class Figure {

    private final Evaluator evaluator;
    private final String key;
    private boolean read;
    private double value = Double.NaN;

    Figure(Evaluator evaluator, String key) {
      this.evaluator = evaluator;
      this.key = key;
    }

    /** Reads the accumulator; evaluators differ in what they do without it. */
    void read() {
      try {
        value = evaluator.getAccumulator(key);
        read = true;
      } catch (IllegalArgumentException | NullPointerException e) {
        forget();
      }
    }

    void forget() {
      read = false;
      value = Double.NaN;
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

  private final String name;
  private final Figure batch;
  private final Figure epoch;
  private final Figure validation;

  EvaluatorFigures(Evaluator evaluator, String name) {
    this.name = name;
    this.batch = new Figure(evaluator, EvaluatorTrainingListener.TRAIN_ALL);
    this.epoch = new Figure(evaluator, EvaluatorTrainingListener.TRAIN_EPOCH);
    this.validation = new Figure(evaluator, EvaluatorTrainingListener.VALIDATE_EPOCH);
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
