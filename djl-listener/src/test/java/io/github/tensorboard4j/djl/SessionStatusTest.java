package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.TrainingDivergedException;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener;
import ai.djl.training.listener.EpochTrainingListener;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.djl.TensorBoardListenerTest.Place;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a training ended, as TensorBoard's HParams page shows it. */
class SessionStatusTest {

  private static final long SUCCESS = 1;
  private static final long FAILURE = 2;

  @TempDir
  private Path logs;

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldLetAnotherThreadEndTheRecordingThatTheConsumerOfEpochsWaitsFor() {
    AtomicReference<TensorBoardListener> listener = new AtomicReference<>();
    listener.set(TensorBoardListener.builder(logs.resolve("run"))
        .onEpoch(epoch -> CompletableFuture.runAsync(() -> listener.get().end(SessionStatus.SUCCESS)).join())
        .build());
    Trainings.train(Trainings.config(listener.get()), 1);

    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss")).containsOnlyKeys(1L);
  }

  @ParameterizedTest
  @EnumSource
  void shouldFailWithATrainingThatThrowsInItsSecondEpoch(Place place) {
    TrainingListener fault = new TrainingListenerAdapter() {
      private int batches;

      @Override
      public void onTrainingBatch(Trainer trainer, BatchData data) {
        if (++batches == Trainings.BATCHES + 2) {
          throw new IllegalStateException("out of luck");
        }
      }
    };

    assertThatThrownBy(() -> {
      try (TensorBoardListener listener = listener()) {
        Trainings.train(Trainings.config(place.among(listener)).addTrainingListeners(fault), 3);
      }
    }).isInstanceOf(IllegalStateException.class);

    assertThat(endings()).containsExactly(FAILURE);
  }

  @ParameterizedTest
  @EnumSource
  void shouldFailWithALossThatIsNotANumber(Place place) {
    assertThatThrownBy(() -> {
      try (TensorBoardListener listener = listener()) {
        Trainings.train(diverging(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()), place.among(listener)), 3);
      }
    }).isInstanceOf(TrainingDivergedException.class);

    assertThat(endings()).containsExactly(FAILURE);
  }

  @Test
  void shouldFailWithALossThatIsNotANumberWhereNobodyStopsTheTraining() {
    try (TensorBoardListener listener = listener()) {
      Trainings.train(diverging(Trainings.config(), listener), 2);
    }

    assertThat(endings()).containsExactly(FAILURE);
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss").get(2L)).isNaN();
  }

  @Test
  void shouldForgetATrainerThatDivergedWhenTheNextOneTrains() {
    try (TensorBoardListener listener = listener()) {
      assertThatThrownBy(() -> Trainings.train(diverging(Trainings.config(), Place.LAST.among(listener)), 1))
          .isInstanceOf(TrainingDivergedException.class);
      Trainings.train(Trainings.config(Place.LAST.among(listener)), 1);
    }

    assertThat(endings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void shouldEndAsItIsSaidTo(SessionStatus status) {
    try (TensorBoardListener listener = listener()) {
      Trainings.train(Trainings.config(listener), 1);
      listener.end(status);
    }

    assertThat(endings()).containsExactly(status == SessionStatus.SUCCESS ? SUCCESS : FAILURE);
  }

  @Test
  void shouldRecordWhatIsPendingBeforeItEnds() {
    TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1)).build();
    Trainings.onPyTorch(Trainings.config(listener), trainer -> {
      Trainings.fitWithoutValidation(trainer, 1);
      listener.end(SessionStatus.SUCCESS);
      Trainings.fitWithoutValidation(trainer, 1);
    });

    assertThat(endings()).containsExactly(SUCCESS);
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("batch_loss")).hasSize(Trainings.BATCHES);
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotKnowTheEndOfATrainingThatIsMerelyClosed(Place place) {
    try (TensorBoardListener listener = listener()) {
      Trainings.train(Trainings.config(place.among(listener)), 2);
    }

    assertThat(endings()).isEmpty();
  }

  @Test
  void shouldNotCallItAFailureToStopEarly() {
    TensorBoardListener afterTrainer = listener();
    assertThatThrownBy(() -> Trainings.train(stoppingEarly(afterTrainer), 5))
        .isInstanceOf(EarlyStoppingListener.EarlyStoppedException.class);
    afterTrainer.close();
    assertThat(endings()).isEmpty();
  }

  @Test
  void shouldRecordAHiddenEpochWhenClosedBeforeTheTrainer() {
    TensorBoardListener listener = listener();
    Trainings.onPyTorch(stoppingEarly(listener), trainer -> {
      assertThatThrownBy(() -> Trainings.fit(trainer, 5))
          .isInstanceOf(EarlyStoppingListener.EarlyStoppedException.class);
      listener.close();
    });

    assertThat(endings()).isEmpty();
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss")).containsOnlyKeys(1L, 2L);
  }

  @Test
  void shouldRefuseToEndWithoutAStatus() {
    try (TensorBoardListener listener = listener()) {
      assertThatThrownBy(() -> listener.end(null)).isInstanceOf(NullPointerException.class).hasMessageContaining("status");
    }
  }

  private TensorBoardListener listener() {
    return new TensorBoardListener(logs.resolve("run"));
  }

  private static DefaultTrainingConfig diverging(DefaultTrainingConfig config, TrainingListener... listeners) {
    return config.addTrainingListeners(listeners)
        .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(Float.MAX_VALUE)).build());
  }

  private static DefaultTrainingConfig stoppingEarly(TensorBoardListener listener) {
    return Trainings.config(new EpochTrainingListener(), new EvaluatorTrainingListener(),
        EarlyStoppingListener.builder().optMinEpochs(2).optMaxMillis(0).build(), listener);
  }

  private List<Long> endings() {
    return RecordedSession.endings(logs.resolve("run"));
  }
}
