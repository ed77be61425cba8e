package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.Markdown;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.listener.EarlyStoppingListener;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;

/**
 * Follows the score by which an early stopping trainer decides, which epoch has the best, and why the training ends.
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
  private final BiConsumer<String, Long> outcomes;
  private final Runnable regularEnd;
  private @Nullable String saver;
  private double bestScore = Double.NaN;
  private long bestEpoch;

  /**
   * Creates a listener for one training.
   *
   * @param outcomes takes what is to be told of the end, in Markdown, and the epoch in which it is
   * @param regularEnd runs at the end of a training that met no error, which may be within an epoch
   */
  EarlyStopping(Progress progress, Scores scores, BiConsumer<String, Long> outcomes, Runnable regularEnd) {
    this.progress = progress;
    this.scores = scores;
    this.outcomes = outcomes;
    this.regularEnd = regularEnd;
  }

  @Override
  public void onStart(EarlyStoppingConfiguration<T> configuration, T network) {
    bestScore = Double.NaN;
    bestEpoch = 0;
    saver = configuration.getModelSaver() == null ? null : configuration.getModelSaver().toString();
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
    long epoch = Math.max(1, progress.currentEpoch());
    outcomes.accept(outcome(result, epoch), epoch);
    if (result.getTerminationReason() != EarlyStoppingResult.TerminationReason.Error) {
      regularEnd.run();
    }
  }

  /** Returns why the training has ended, and which epoch was the best, by this library's count. */
  private String outcome(EarlyStoppingResult<T> result, long epoch) {
    List<List<?>> rows = new ArrayList<>(List.of(
        List.of("ended in epoch", epoch),
        List.of("because of", result.getTerminationReason() + ": " + result.getTerminationDetails()),
        List.of("best epoch", bestEpoch == 0 ? "none" : bestEpoch),
        List.of("score", bestEpoch == 0 ? "none" : bestScore)));
    if (saver != null) {
      rows.add(List.of("saved by", saver));
    }
    return Markdown.table(List.of("", ""), rows);
  }
}
