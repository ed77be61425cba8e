package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** A sound training of a SameDiff model, and ways to break it, each of which what is recorded shows. */
@Timeout(300)
class BrokenSameDiffTest {

  private static final int EPOCHS = 20;
  private static final int NAN_BATCH = 3;

  @TempDir
  private Path logs;

  private final List<DataSet> batches = Nets.batches(1);

  @Test
  void shouldShowARateThatIsTooHighInTheRatioOfUpdates() {
    Map<Long, Float> sound = train(SameDiffNets.classifier(new Sgd(0.02))).scalar("update_ratio_log10/hidden/w");
    Map<Long, Float> tooHigh = train(SameDiffNets.classifier(new Sgd(30))).scalar("update_ratio_log10/hidden/w");

    assertThat(sound.values()).allSatisfy(ratio -> assertThat(ratio).isBetween(-4.5f, -2f));
    assertThat(tooHigh.get(1L)).isGreaterThan(-1);
  }

  @Test
  void shouldShowDeadRelus() {
    SameDiff dead = SameDiffNets.classifier(new Sgd(0.02));
    SameDiffNets.values(dead, "hidden/b").assign(-100);
    Recorded recorded = train(dead);

    assertThat(last(train(SameDiffNets.classifier(new Sgd(0.02))), "relu_dead/hidden/out")).isLessThan(0.5f);
    assertThat(last(recorded, "relu_dead/hidden/out")).isEqualTo(1);
    assertThat(last(recorded, "gradient_norm/hidden/w")).isZero();
  }

  @Test
  void shouldShowANumberThatIsNoneInTheInput() {
    batches.get(NAN_BATCH - 1).getFeatures().putScalar(0, 0, Double.NaN);
    Recorded recorded = train(SameDiffNets.classifier(new Sgd(0.02)));

    assertThat(recorded.texts())
        .anySatisfy(text -> assertThat(text).contains("NaN in the batch's input in at iteration " + NAN_BATCH));
    assertThat(recorded.scalar("batch_loss").get((long) NAN_BATCH)).isNaN();
    assertThat(recorded.scalar("gradient_norm/hidden/w").get((long) NAN_BATCH)).isNaN();
  }

  private Recorded train(SameDiff model) {
    Path run = logs.resolve("run" + System.nanoTime());
    try (SameDiffTensorBoardListener listener =
        SameDiffTensorBoardListener.builder(run).statisticsFrequency(Frequency.iterations(1)).build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(batches), EPOCHS);
    }
    return Recorded.in(run.resolve("train"));
  }

  private static float last(Recorded recorded, String tag) {
    return new TreeMap<>(recorded.scalar(tag)).lastEntry().getValue();
  }
}
