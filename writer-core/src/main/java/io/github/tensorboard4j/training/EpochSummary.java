package io.github.tensorboard4j.training;

/**
 * What is recorded of an epoch. A figure that is not known is NaN.
 *
 * @param epoch the epoch, from 1
 * @param loss the mean loss of its training examples, each as the model was when it met them
 * @param accuracy the fraction of its training examples that were classified right, likewise
 * @param learningRate the learning rate at its end
 * @param seconds how long its training took, without validation
 * @param examplesPerSecond its training examples by these seconds
 * @param validationLoss the mean loss of the validation data after it
 * @param validationAccuracy the fraction of the validation data that were classified right after it
 */
public record EpochSummary(
    long epoch,
    double loss,
    double accuracy,
    double learningRate,
    double seconds,
    double examplesPerSecond,
    double validationLoss,
    double validationAccuracy) {

  /**
   * Completes the summary with other training figures.
   *
   * @param loss the mean loss of the training examples, or NaN
   * @param accuracy the fraction of the training examples that were classified right, or NaN
   * @return the completed summary
   */
  public EpochSummary withTraining(double loss, double accuracy) {
    return new EpochSummary(
        epoch, loss, accuracy, learningRate, seconds, examplesPerSecond, validationLoss, validationAccuracy);
  }

  /**
   * Completes the summary with validation figures.
   *
   * @param loss the mean loss of the validation data, or NaN
   * @param accuracy the fraction of the validation data that were classified right, or NaN
   * @return the completed summary
   */
  public EpochSummary withValidation(double loss, double accuracy) {
    return new EpochSummary(
        epoch, this.loss, this.accuracy, learningRate, seconds, examplesPerSecond, loss, accuracy);
  }
}
