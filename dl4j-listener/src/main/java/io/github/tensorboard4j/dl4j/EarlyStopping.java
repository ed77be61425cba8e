package io.github.tensorboard4j.dl4j;

import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.listener.EarlyStoppingListener;
import org.deeplearning4j.nn.api.Model;

/**
 * Follows the score by which an early stopping trainer decides, and which epoch has the best.
 *
 * @param <T> the kind of network
 */
final class EarlyStopping<T extends Model> implements EarlyStoppingListener<T> {

  /** Records the score of an epoch, and the best epoch so far. */
  @FunctionalInterface
  interface Scores {
    void record(double score, long epoch, long best);
  }

  private final Progress progress;
  private final Scores scores;
  private final Runnable regularEnd;
  private double bestScore = Double.NaN;
  private long bestEpoch;

  /**
   * Creates a listener for one training.
   *
   * @param regularEnd runs at the end of a training that met no error, which may be within an epoch
   */
  EarlyStopping(Progress progress, Scores scores, Runnable regularEnd) {
    this.progress = progress;
    this.scores = scores;
    this.regularEnd = regularEnd;
  }

  @Override
  public void onStart(EarlyStoppingConfiguration<T> configuration, T network) {
    bestScore = Double.NaN;
    bestEpoch = 0;
  }

  @Override
  public void onEpoch(int epoch, double score, EarlyStoppingConfiguration<T> configuration, T network) {
    long number = progress.currentEpoch();
    if (bestEpoch == 0 || isBetter(score, configuration.getScoreCalculator().minimizeScore())) {
      bestScore = score;
      bestEpoch = number;
    }
    scores.record(score, number, bestEpoch);
  }

  /** A score that is no number is never better, and any is better than that. */
  private boolean isBetter(double score, boolean minimize) {
    if (Double.isNaN(bestScore)) {
      return !Double.isNaN(score);
    }
    return minimize ? score < bestScore : score > bestScore;
  }

  @Override
  public void onCompletion(EarlyStoppingResult<T> result) {
    if (result.getTerminationReason() != EarlyStoppingResult.TerminationReason.Error) {
      regularEnd.run();
    }
  }
}
