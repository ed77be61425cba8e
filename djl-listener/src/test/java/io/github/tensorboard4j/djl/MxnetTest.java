package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** An engine whose arrays have no direct view. */
@EnabledIf("hasMxnet")
class MxnetTest {

  @TempDir
  private Path logs;

  static boolean hasMxnet() {
    return Engine.hasEngine("MXNet");
  }

  @Test
  void shouldRecordATrainingOnMxnet() {
    Metrics metrics = new Metrics();
    Map<Long, float[]> weights = new TreeMap<>();
    Map<Long, float[]> gradients = new TreeMap<>();
    TrainingListener notes = new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData data) {
        try (NDArray gradient = trainer.getModel().getBlock().getParameters().valueAt(0).getArray().getGradient()) {
          gradients.put(gradients.size() + 1L, gradient.toFloatArray());
        }
      }

      @Override
      public void onEpoch(Trainer trainer) {
        weights.put(weights.size() + 1L, trainer.getModel().getBlock().getParameters().valueAt(0).getArray().toFloatArray());
      }
    };
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1))
        .gradientFrequency(Frequency.iterations(1))
        .build()) {
      Trainings.on("MXNet", Trainings.classifier(), Trainings.config(listener, notes), trainer -> {
        trainer.setMetrics(metrics);
        Trainings.fit(trainer, 2);
        int arrays = trainer.getModel().getNDManager().getManagedArrays().size();
        Trainings.fit(trainer, 2);
        assertThat(trainer.getModel().getNDManager().getManagedArrays()).hasSize(arrays);
      });
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    assertThat(train.scalar("batch_loss")).hasSize(20);
    metrics.getMetric("train_epoch_SoftmaxCrossEntropyLoss")
        .forEach(loss -> assertThat(train.scalar("epoch_loss")).containsValue(loss.getValue().floatValue()));
    assertThat(train.texts()).singleElement().asString().contains("| engine | MXNet 1.9.");
    train.histograms().get("layer_02_linear/weight").forEach((epoch, rows) -> assertExtremes(rows, weights.get(epoch)));
    train.histograms().get("gradient/02_linear/weight").forEach((step, rows) -> assertExtremes(rows, gradients.get(step)));
    assertThat(train.histograms().get("gradient/02_linear/weight")).hasSize(20);
  }

  private static void assertExtremes(Recorded.Rows rows, float[] values) {
    Arrays.sort(values);
    assertThat(rows.count()).isEqualTo(values.length);
    assertThat((float) rows.min()).isEqualTo(values[0]);
    assertThat((float) rows.max()).isEqualTo(values[values.length - 1]);
  }
}
