package io.github.tensorboard4j.logistic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener for a framework that this library doesn't know needs nothing but its public classes, and few lines. */
class LogisticRegressionListenerTest {

  private static final float[][] FEATURES = LogisticRegression.features(100, 4, 1);
  private static final int[] CLASSES = LogisticRegression.classes(FEATURES);

  @TempDir
  private Path directory;

  @Test
  void shouldRecordTheTrainingOfAnUnknownFrameworkByTheCommonNames() {
    Path run = directory.resolve("run");
    List<EpochSummary> epochs = new ArrayList<>();
    LogisticRegression model = new LogisticRegression(4, 0.5f, 32);
    try (LogisticRegressionListener listener = LogisticRegressionListener.builder(run)
        .batchFrequency(Frequency.iterations(2)).onEpoch(epochs::add).build()) {
      model.fit(FEATURES, CLASSES, 5, listener);
      listener.end(SessionStatus.SUCCESS);
    }

    Recorded train = Recorded.in(run.resolve("train"));
    assertThat(train.scalars()).containsOnlyKeys(
        "batch_loss", "batch_accuracy", "batch_learning_rate", "batch_seconds", "batch_examples_per_second",
        "epoch_loss", "epoch_accuracy", "epoch_learning_rate", "epoch_seconds", "epoch_examples_per_second");
    assertThat(train.scalar("batch_loss")).containsOnlyKeys(2L, 4L, 6L, 8L, 10L, 12L, 14L, 16L, 18L, 20L);
    assertThat(train.scalar("epoch_accuracy").get(5L)).isGreaterThan(0.9f);
    assertThat(train.scalar("epoch_loss").values())
        .containsExactlyElementsOf(epochs.stream().map(epoch -> (float) epoch.loss().orElseThrow()).toList());
    Map<String, Map<Long, Recorded.Rows>> histograms = train.histograms();
    assertThat(histograms).containsOnlyKeys("layer_logistic/weight", "layer_logistic/bias");
    assertThat(histograms.get("layer_logistic/bias").get(5L).max()).isEqualTo(model.bias().get(0));
    assertThat(Recorded.in(run).tensorSteps())
        .containsOnlyKeys("_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info");
  }

  @Test
  void shouldStandInTheDocumentationAsItIsHere() throws IOException {
    String source = Files.readString(
        Path.of("src/test/java/io/github/tensorboard4j/logistic/LogisticRegressionListener.java"));
    String page = Files.readString(Path.of("../docs/your-own-framework.md"));

    assertThat(source.lines().count()).isLessThan(250);
    assertThat(page).contains(source.substring(source.indexOf("/**")).stripTrailing());
  }
}
