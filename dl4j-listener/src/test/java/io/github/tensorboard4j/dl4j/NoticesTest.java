package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.ExistingRun;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the log says of a training that isn't recorded as its user may expect. */
@Timeout(120)
class NoticesTest {

  @TempDir
  private Path logs;

  @Test
  void shouldWarnOnceOfAListenerOnTwoNetworks() {
    List<String> log;
    try (Log kept = new Log(logs); TensorBoardListener listener = listener().build()) {
      MultiLayerNetwork generator = Nets.classifier();
      MultiLayerNetwork discriminator = Nets.classifier();
      generator.setListeners(listener);
      discriminator.setListeners(listener);
      for (int i = 0; i < 3; i++) {
        generator.fit(data());
        discriminator.fit(data());
      }
      log = kept.lines();
    }

    assertThat(log).singleElement().asString().contains("WARN", "a second network");
  }

  @Test
  void shouldWarnOnceOfATrainingThatGoesOnAfterTheEndOfItsRecording() {
    List<String> log;
    try (Log kept = new Log(logs)) {
      MultiLayerNetwork network = Nets.classifier();
      try (TensorBoardListener listener = listener().build()) {
        network.setListeners(listener);
        network.fit(data(), 2);
      }
      assertThat(kept.lines()).isEmpty();
      network.fit(data(), 2);
      log = kept.lines();
    }

    assertThat(log).singleElement().asString().contains("WARN", "was ended or closed");
  }

  @Test
  void shouldWarnOnceOfATrainingThatGoesOnAfterAnotherHasReplacedItsRun() {
    List<String> log;
    try (Log kept = new Log(logs)) {
      MultiLayerNetwork first = Nets.classifier();
      MultiLayerNetwork second = Nets.classifier();
      first.setListeners(listener().build());
      first.fit(data(), 1);
      try (TensorBoardListener listener = listener().existingRun(ExistingRun.REPLACE).build()) {
        second.setListeners(listener);
        second.fit(data(), 1);
        assertThat(kept.lines()).isEmpty();
        first.fit(data(), 2);
      }
      log = kept.lines();
    }

    assertThat(log).singleElement().asString().contains("WARN", "was ended or closed");
  }

  @Test
  void shouldTakeTheCopiesOfAParallelWrapperForOneNetwork() throws Exception {
    List<String> log;
    MultiLayerNetwork network = Nets.classifier();
    try (Log kept = new Log(logs); TensorBoardListener listener = listener().build()) {
      ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network).workers(2).averagingFrequency(2)
          .trainingMode(ParallelWrapper.TrainingMode.AVERAGING).build();
      wrapper.setListeners(listener);
      for (int i = 0; i < 2; i++) {
        listener.epoch(network, () -> wrapper.fit(new ListDataSetIterator<>(Nets.batches(1).get(0).asList(), 4)));
      }
      wrapper.close();
      log = kept.lines();
    }

    assertThat(log).isEmpty();
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss").keySet()).containsExactly(1L, 2L);
  }

  @Test
  void shouldHearOfAParallelWrapperThatIsBuiltWithANetworkThatHasItAlready() throws Exception {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener = listener().epochEvery(2).build()) {
      network.setListeners(listener);
      ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network).workers(2).averagingFrequency(2)
          .trainingMode(ParallelWrapper.TrainingMode.AVERAGING).build();
      wrapper.fit(new ListDataSetIterator<>(Nets.batches(1).get(0).asList(), 4));
      wrapper.close();
    }

    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss").keySet()).containsExactly(1L, 2L);
  }

  @Test
  void shouldSayNothingOfATrainingThatReplacesOneWhoseListenerWasNotClosed() {
    List<String> log;
    try (Log kept = new Log(logs)) {
      for (int trial = 0; trial < 3; trial++) {
        MultiLayerNetwork network = Nets.classifier();
        TensorBoardListener listener = listener().existingRun(ExistingRun.REPLACE).build();
        network.setListeners(listener);
        network.fit(data(), 2);
        listener.flush();
      }
      log = kept.lines();
    }

    assertThat(log).isEmpty();
    assertThat(Recorded.files(logs.resolve("run/train"))).hasSize(1);
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss").keySet()).containsExactly(1L, 2L);
  }

  @Test
  void shouldSayThatATrainingHasADirectoryWithAnEarlierOneAndNoMore() {
    List<String> log;
    try (Log kept = new Log(logs)) {
      for (int trial = 0; trial < 2; trial++) {
        MultiLayerNetwork network = Nets.classifier();
        TensorBoardListener listener = listener().build();
        network.setListeners(listener);
        network.fit(data(), 2);
        listener.flush();
      }
      log = kept.lines();
    }

    assertThat(log).singleElement().asString().contains("WARN", "has an earlier training");
  }

  private TensorBoardListener.Builder listener() {
    return TensorBoardListener.builder(logs.resolve("run"));
  }

  private static ExistingDataSetIterator data() {
    return new ExistingDataSetIterator(Nets.batches(1));
  }
}
