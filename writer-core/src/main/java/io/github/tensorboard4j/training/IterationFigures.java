package io.github.tensorboard4j.training;

/**
 * The figures of one iteration, filled in by a listener. What isn't set is not known, and not recorded; a loss of NaN is known
 * and recorded: the training has diverged.
 *
 * <p>Made once and used for one iteration after the other, so that nothing is allocated. Not thread-safe: listeners that are
 * called by several threads have one for each.
 */
public final class IterationFigures {

  private long iteration;
  private long examples;
  private boolean lossKnown;
  private double loss;
  private boolean accuracyKnown;
  private double correct;
  private long predictions;
  private boolean learningRateKnown;
  private double learningRate;
  private boolean endKnown;
  private long end;

  /** Creates figures of which nothing is known yet. */
  public IterationFigures() {}

  /**
   * Starts the figures of an iteration, and forgets those of the one before.
   *
   * @param iteration the iteration, from 1
   * @param examples the number of examples in its batch, 0 if it isn't known: the iteration then counts as one example
   * @return these figures
   * @throws IllegalArgumentException if the iteration is not positive or the number of examples negative
   */
  public IterationFigures start(long iteration, long examples) {
    if (iteration < 1 || examples < 0) {
      throw new IllegalArgumentException(
          "Iterations count from 1 and batches have 0 or more examples, unlike " + iteration + " and " + examples);
    }
    this.iteration = iteration;
    this.examples = examples;
    this.lossKnown = false;
    this.accuracyKnown = false;
    this.learningRateKnown = false;
    this.endKnown = false;
    return this;
  }

  /**
   * Sets the loss.
   *
   * @param loss the mean loss of the batch's examples; NaN or infinite if the training has diverged
   * @return these figures
   */
  public IterationFigures loss(double loss) {
    this.loss = loss;
    this.lossKnown = true;
    return this;
  }

  /**
   * Sets the accuracy as a fraction of the batch's examples.
   *
   * @param accuracy the fraction of examples that were classified right, between 0 and 1
   * @return these figures
   * @throws IllegalArgumentException if the accuracy is not between 0 and 1
   */
  public IterationFigures accuracy(double accuracy) {
    if (!(accuracy >= 0 && accuracy <= 1)) {
      throw new IllegalArgumentException("An accuracy lies between 0 and 1, unlike " + accuracy);
    }
    this.correct = accuracy * examples;
    this.predictions = examples;
    this.accuracyKnown = examples > 0;
    return this;
  }

  /**
   * Sets the accuracy as a number of predictions, of which there may be more or fewer than examples: one a time step or pixel,
   * none where it is masked. Without any prediction the accuracy is not known.
   *
   * @param correct the number of right predictions
   * @param predictions the number of predictions
   * @return these figures
   * @throws IllegalArgumentException if there are more right predictions than predictions, or fewer than none
   */
  public IterationFigures predictions(long correct, long predictions) {
    if (correct < 0 || correct > predictions) {
      throw new IllegalArgumentException(correct + " of " + predictions + " predictions can't be right");
    }
    this.correct = correct;
    this.predictions = predictions;
    this.accuracyKnown = predictions > 0;
    return this;
  }

  /**
   * Sets the learning rate.
   *
   * @param learningRate the learning rate of the iteration's update
   * @return these figures
   */
  public IterationFigures learningRate(double learningRate) {
    this.learningRate = learningRate;
    this.learningRateKnown = true;
    return this;
  }

  /**
   * Sets when the iteration ended, for a listener that records it later; without it, it ends when it is recorded.
   *
   * @param nanoTime the time, on the clock of {@link System#nanoTime()}
   * @return these figures
   */
  public IterationFigures endedAt(long nanoTime) {
    this.end = nanoTime;
    this.endKnown = true;
    return this;
  }

  long iteration() {
    return iteration;
  }

  long examples() {
    return examples;
  }

  boolean hasLoss() {
    return lossKnown;
  }

  double loss() {
    return loss;
  }

  boolean hasAccuracy() {
    return accuracyKnown;
  }

  /** Returns the number of right predictions, not always whole. */
  double correct() {
    return correct;
  }

  long predictions() {
    return predictions;
  }

  boolean hasLearningRate() {
    return learningRateKnown;
  }

  double learningRate() {
    return learningRate;
  }

  long endOr(long now) {
    return endKnown ? end : now;
  }
}
