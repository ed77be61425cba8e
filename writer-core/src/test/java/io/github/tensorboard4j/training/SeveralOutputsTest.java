package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.sun.management.ThreadMXBean;
import io.github.tensorboard4j.testing.Recorded;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of a model that has several outputs, and of layers that are trained alone. */
class SeveralOutputsTest {

  @TempDir
  private Path directory;

  private final IterationFigures figures = new IterationFigures();

  @Test
  void shouldHaveBatchesAndEpochsOfEachOutput() {
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(2)).build()) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        recorder.startEpoch();
        for (int i = 2 * epoch - 1; i <= 2 * epoch; i++) {
          recorder.recordOutput("policy", figures.start(i, 10 * i).loss(i).predictions(i, 10));
          recorder.recordOutput("value", figures.start(i, 10 * i).loss(0.5));
          recorder.recordIteration(figures.start(i, 10 * i).loss(i + 0.5));
        }
        recorder.recordEpoch(recorder.endEpoch(epoch).build());
        recorder.recordOutputValidation("policy",
            EpochSummary.builder(epoch).validationLoss(epoch).validationAccuracy(0.5).build());
      }
    }

    Map<String, Map<Long, Float>> train = Recorded.in(directory.resolve("run/train")).scalars();
    assertThat(train.get("batch_loss/policy")).containsExactly(Map.entry(2L, 2f), Map.entry(4L, 4f));
    assertThat(train.get("batch_accuracy/policy")).containsExactly(Map.entry(2L, 0.2f), Map.entry(4L, 0.4f));
    assertThat(train.get("batch_loss/value")).containsExactly(Map.entry(2L, 0.5f), Map.entry(4L, 0.5f));
    assertThat(train.get("epoch_loss/policy"))
        .containsExactly(Map.entry(1L, (float) (50 / 30.0)), Map.entry(2L, (float) (250 / 70.0)));
    assertThat(train.get("epoch_accuracy/policy")).containsExactly(Map.entry(1L, 0.15f), Map.entry(2L, 0.35f));
    assertThat(train).doesNotContainKeys("batch_accuracy/value", "epoch_accuracy/value");
    Map<String, Map<Long, Float>> validation = Recorded.in(directory.resolve("run/validation")).scalars();
    assertThat(validation).containsOnlyKeys("epoch_loss/policy", "epoch_accuracy/policy");
    assertThat(validation.get("epoch_loss/policy")).containsExactly(Map.entry(1L, 1f), Map.entry(2L, 2f));
  }

  @Test
  void shouldAllocateNothingForAnOutput() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TrainingRecorder recorder = recorder().batchFrequency(Frequency.iterations(1)).build()) {
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20 && allocated > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= 10_000; i++) {
          recorder.recordOutput("policy", figures.start(i, 8).loss(1).predictions(4, 8));
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }

      assertThat(allocated).isZero();
    }
  }

  @Test
  void shouldHaveTheLossOfALayerThatIsTrainedAlone() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.recordPretraining("encoder", 0.5, 10);
    }

    assertThat(Recorded.in(directory.resolve("run/train")).scalar("pretrain_loss/encoder"))
        .containsExactly(Map.entry(10L, 0.5f));
  }

  @Test
  void shouldCountAnIterationOfWhichNobodyKnowsTheExamplesAsOne() {
    try (TrainingRecorder recorder = recorder().build()) {
      recorder.recordIteration(figures.start(1, 0).loss(1));
      recorder.recordIteration(figures.start(2, 0).loss(2));
      recorder.recordEpoch(recorder.endEpoch(1).build());
    }

    assertThat(Recorded.in(directory.resolve("run/train")).scalar("epoch_loss")).containsExactly(Map.entry(1L, 1.5f));
  }

  @Test
  void shouldRefuseWrongUse() {
    try (TrainingRecorder recorder = recorder().build()) {
      assertThatIllegalArgumentException().isThrownBy(() -> recorder.recordOutput(" ", figures.start(1, 8)));
      assertThatIllegalArgumentException().isThrownBy(() -> recorder.recordOutput("policy", new IterationFigures()));
      assertThatIllegalArgumentException().isThrownBy(() -> recorder.recordPretraining("", 1, 1));
      assertThatNullPointerException().isThrownBy(() -> recorder.recordOutput(null, figures.start(1, 8)));
      assertThatNullPointerException()
          .isThrownBy(() -> recorder.recordOutputValidation(null, EpochSummary.builder(1).build()));
    }
  }

  private TrainingRecorder.Builder recorder() {
    return TrainingRecorder.builder(directory.resolve("run"));
  }
}
