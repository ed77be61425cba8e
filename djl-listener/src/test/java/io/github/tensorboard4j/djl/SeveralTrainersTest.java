package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import io.github.tensorboard4j.djl.TensorBoardListenerTest.Place;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainers that train by turns, as those of generative adversarial networks do. */
class SeveralTrainersTest {

  @TempDir
  private Path logs;

  @Test
  void shouldRecordTrainersThatTakeTurnsEachInItsOwnRun() {
    DefaultTrainingConfig discriminators = Trainings.config();
    DefaultTrainingConfig generators = Trainings.config();
    everything(logs.resolve("gan/discriminator")).addTo(discriminators);
    everything(logs.resolve("gan/generator")).addTo(generators);

    String logged = Logged.during(() -> onTwo(discriminators, generators, (discriminator, generator) -> {
      for (int epoch = 0; epoch < 2; epoch++) {
        takeTurns(discriminator, generator);
      }
    }));

    for (String run : new String[] {"discriminator", "generator"}) {
      Recorded train = Recorded.in(logs.resolve("gan").resolve(run).resolve("train"));
      assertThat(train.scalar("batch_loss")).hasSize(10).doesNotContainValue(Float.NaN);
      assertThat(train.scalar("epoch_loss")).hasSize(2).doesNotContainValue(Float.NaN);
      assertThat(train.scalar("update_norm/02_linear/weight")).hasSize(10)
          .allSatisfy((iteration, norm) -> assertThat(norm).isPositive());
      assertThat(train.scalar("relu_dead/03_relu")).hasSize(10);
    }
    assertThat(logged).doesNotContain("WARN");
  }

  private static TensorBoardListener.Builder everything(Path run) {
    Frequency always = Frequency.iterations(1);
    return TensorBoardListener.builder(run).batchFrequency(always).gradientFrequency(always).updateFrequency(always)
        .activationFrequency(always).statisticsFrequency(always);
  }

  @ParameterizedTest
  @EnumSource
  void shouldGoOnWithOneOfTheTrainersThatShareAListenerAndSaySo(Place place) {
    TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1)).build();
    DefaultTrainingConfig first = Trainings.config(place.among(listener));
    DefaultTrainingConfig second = Trainings.config(place.among(listener));
    Map<Long, Float> losses = new TreeMap<>();

    String logged = Logged.during(() -> onTwo(first, second, (discriminator, generator) -> {
      for (int epoch = 0; epoch < 2; epoch++) {
        takeTurns(discriminator, generator);
        losses.put(losses.size() + 1L, discriminator.getTrainingResult().getTrainLoss());
      }
    }));
    listener.close();

    Recorded train = Recorded.in(logs.resolve("run/train"));
    assertThat(train.scalar("epoch_loss")).isEqualTo(losses).hasSize(2);
    assertThat(train.scalar("batch_loss")).as("all of the first trainer, and one of the second").hasSize(11);
    assertThat(logged.lines().filter(line -> line.contains("WARN"))).singleElement().asString()
        .contains("listener of its own", logs.resolve("run").toString());
  }

  @Test
  void shouldGoOnCountingWhereTrainersTrainOneEpochAfterTheOther() {
    TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1)).build();
    DefaultTrainingConfig first = Trainings.config(listener);
    DefaultTrainingConfig second = Trainings.config(listener);

    String logged = Logged.during(() -> onTwo(first, second, (one, other) -> {
      Trainings.fit(one, 1);
      Trainings.fit(other, 1);
      Trainings.fit(one, 1);
    }));
    listener.close();

    Recorded train = Recorded.in(logs.resolve("run/train"));
    assertThat(train.scalar("epoch_loss")).containsOnlyKeys(1L, 2L, 3L).doesNotContainValue(Float.NaN);
    assertThat(train.scalar("batch_loss")).hasSize(15);
    assertThat(logged).doesNotContain("WARN");
  }

  /** Trains an epoch of both, batch by batch. */
  private static void takeTurns(Trainer first, Trainer second) {
    Trainings.eachBatch(first, batch -> {
      for (Trainer trainer : new Trainer[] {first, second}) {
        EasyTrain.trainBatch(trainer, batch);
        trainer.step();
      }
    });
    first.notifyListeners(told -> told.onEpoch(first));
    second.notifyListeners(told -> told.onEpoch(second));
  }

  private static void onTwo(
      DefaultTrainingConfig first, DefaultTrainingConfig second, BiConsumer<Trainer, Trainer> training) {
    Trainings.onPyTorch(first,
        discriminator -> Trainings.onPyTorch(second, generator -> training.accept(discriminator, generator)));
  }
}
