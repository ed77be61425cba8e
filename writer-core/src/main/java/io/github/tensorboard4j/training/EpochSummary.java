package io.github.tensorboard4j.training;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The figures of an epoch. A figure that is not known is empty; a loss of NaN is known: the training has diverged.
 * Immutable.
 */
public final class EpochSummary {

  private final long epoch;
  private final OptionalDouble loss;
  private final OptionalDouble accuracy;
  private final OptionalDouble learningRate;
  private final OptionalDouble seconds;
  private final OptionalDouble examplesPerSecond;
  private final OptionalDouble validationLoss;
  private final OptionalDouble validationAccuracy;

  private EpochSummary(Builder builder) {
    this.epoch = builder.epoch;
    this.loss = builder.loss;
    this.accuracy = builder.accuracy;
    this.learningRate = builder.learningRate;
    this.seconds = builder.seconds;
    this.examplesPerSecond = builder.examplesPerSecond;
    this.validationLoss = builder.validationLoss;
    this.validationAccuracy = builder.validationAccuracy;
  }

  /**
   * Returns a builder of a summary of which nothing is known yet. {@link TrainingRecorder#endEpoch(long)} returns one with what
   * the recorder knows.
   *
   * @param epoch the epoch, from 1
   * @return the builder
   * @throws IllegalArgumentException if the epoch is not positive
   */
  public static Builder builder(long epoch) {
    if (epoch < 1) {
      throw new IllegalArgumentException("Epochs count from 1, unlike " + epoch);
    }
    return new Builder(epoch);
  }

  /**
   * Returns the number of the epoch.
   *
   * @return the epoch, from 1
   */
  public long epoch() {
    return epoch;
  }

  /**
   * Returns the training loss.
   *
   * @return the mean loss of the training examples, each as the model was when it met them
   */
  public OptionalDouble loss() {
    return loss;
  }

  /**
   * Returns the training accuracy.
   *
   * @return the fraction of the training examples that were classified right, each as the model was when it met them
   */
  public OptionalDouble accuracy() {
    return accuracy;
  }

  /**
   * Returns the learning rate at the end of the epoch.
   *
   * @return the learning rate of the last update
   */
  public OptionalDouble learningRate() {
    return learningRate;
  }

  /**
   * Returns how long the training of the epoch took.
   *
   * @return the duration in seconds, without validation
   */
  public OptionalDouble seconds() {
    return seconds;
  }

  /**
   * Returns the speed of the training.
   *
   * @return the number of training examples by the {@linkplain #seconds() seconds}
   */
  public OptionalDouble examplesPerSecond() {
    return examplesPerSecond;
  }

  /**
   * Returns the validation loss.
   *
   * @return the mean loss of the validation data after the epoch
   */
  public OptionalDouble validationLoss() {
    return validationLoss;
  }

  /**
   * Returns the validation accuracy.
   *
   * @return the fraction of the validation data that were classified right after the epoch
   */
  public OptionalDouble validationAccuracy() {
    return validationAccuracy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EpochSummary summary
        && epoch == summary.epoch
        && loss.equals(summary.loss)
        && accuracy.equals(summary.accuracy)
        && learningRate.equals(summary.learningRate)
        && seconds.equals(summary.seconds)
        && examplesPerSecond.equals(summary.examplesPerSecond)
        && validationLoss.equals(summary.validationLoss)
        && validationAccuracy.equals(summary.validationAccuracy);
  }

  @Override
  public int hashCode() {
    return Objects.hash(epoch, loss, accuracy, validationLoss, validationAccuracy);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("epoch ").append(epoch);
    append(text, "loss", loss);
    append(text, "accuracy", accuracy);
    append(text, "learning rate", learningRate);
    append(text, "seconds", seconds);
    append(text, "examples/s", examplesPerSecond);
    append(text, "validation loss", validationLoss);
    append(text, "validation accuracy", validationAccuracy);
    return text.toString();
  }

  private static void append(StringBuilder text, String name, OptionalDouble figure) {
    if (figure.isPresent()) {
      text.append(", ").append(name).append(' ').append((float) figure.getAsDouble());
    }
  }

  /** Builds an {@link EpochSummary}. */
  public static final class Builder {

    private final long epoch;
    private OptionalDouble loss = OptionalDouble.empty();
    private OptionalDouble accuracy = OptionalDouble.empty();
    private OptionalDouble learningRate = OptionalDouble.empty();
    private OptionalDouble seconds = OptionalDouble.empty();
    private OptionalDouble examplesPerSecond = OptionalDouble.empty();
    private OptionalDouble validationLoss = OptionalDouble.empty();
    private OptionalDouble validationAccuracy = OptionalDouble.empty();

    private Builder(long epoch) {
      this.epoch = epoch;
    }

    /**
     * Sets the training loss.
     *
     * @param loss the mean loss of the training examples; NaN or infinite if the training has diverged
     * @return this builder
     */
    public Builder loss(double loss) {
      this.loss = OptionalDouble.of(loss);
      return this;
    }

    /**
     * Sets the training accuracy.
     *
     * @param accuracy the fraction of the training examples that were classified right
     * @return this builder
     */
    public Builder accuracy(double accuracy) {
      this.accuracy = OptionalDouble.of(accuracy);
      return this;
    }

    /**
     * Sets the learning rate at the end of the epoch.
     *
     * @param learningRate the learning rate of the last update
     * @return this builder
     */
    public Builder learningRate(double learningRate) {
      this.learningRate = OptionalDouble.of(learningRate);
      return this;
    }

    /**
     * Sets how long the training of the epoch took.
     *
     * @param seconds the duration in seconds, without validation
     * @return this builder
     */
    public Builder seconds(double seconds) {
      this.seconds = OptionalDouble.of(seconds);
      return this;
    }

    /**
     * Sets the speed of the training.
     *
     * @param examplesPerSecond the number of training examples a second
     * @return this builder
     */
    public Builder examplesPerSecond(double examplesPerSecond) {
      this.examplesPerSecond = OptionalDouble.of(examplesPerSecond);
      return this;
    }

    /**
     * Sets the validation loss.
     *
     * @param loss the mean loss of the validation data
     * @return this builder
     */
    public Builder validationLoss(double loss) {
      this.validationLoss = OptionalDouble.of(loss);
      return this;
    }

    /**
     * Sets the validation accuracy.
     *
     * @param accuracy the fraction of the validation data that were classified right
     * @return this builder
     */
    public Builder validationAccuracy(double accuracy) {
      this.validationAccuracy = OptionalDouble.of(accuracy);
      return this;
    }

    /**
     * Returns the summary.
     *
     * @return a summary of the figures set so far
     */
    public EpochSummary build() {
      return new EpochSummary(this);
    }
  }
}
