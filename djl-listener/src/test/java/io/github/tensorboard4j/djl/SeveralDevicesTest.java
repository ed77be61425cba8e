package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.metric.Metric;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EvaluatorTrainingListener;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A training whose batches are split between two devices, which MXNet makes of one CPU. */
@EnabledIf("hasMxnet")
class SeveralDevicesTest {

  private static final Device[] DEVICES = {Device.of("cpu", 0), Device.of("cpu", 1)};

  @TempDir
  private Path logs;

  static boolean hasMxnet() {
    return Engine.hasEngine("MXNet");
  }

  @Test
  void shouldRecordEachValueOnceAndNameTheDevices() {
    Metrics metrics = new Metrics();
    float[][] weights = new float[1][];
    DefaultTrainingConfig config = Trainings.config(new EvaluatorTrainingListener()).optDevices(DEVICES);
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1)).gradientFrequency(Frequency.epochs(1)).addTo(config);
        Model model = Model.newInstance("model", DEVICES[0], "MXNet")) {
      model.setBlock(Trainings.classifier());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.setMetrics(metrics);
        trainer.initialize(new Shape(1, 6));
        Trainings.fit(trainer, 3);
        NDArray weight = model.getBlock().getParameters().valueAt(0).getArray();
        weights[0] = weight.toFloatArray();
      }
      listener.flush();
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    assertThat(train.scalar("batch_loss")).hasSize(3 * Trainings.BATCHES);
    assertThat(train.scalar("epoch_loss").values())
        .containsExactlyElementsOf(floats(metrics, "train_epoch_SoftmaxCrossEntropyLoss"));
    assertThat(train.scalar("epoch_accuracy").values()).containsExactlyElementsOf(floats(metrics, "train_epoch_Accuracy"));
    assertThat(Recorded.in(logs.resolve("run/validation")).scalar("epoch_loss").values())
        .containsExactlyElementsOf(floats(metrics, "validate_epoch_SoftmaxCrossEntropyLoss"));
    assertThat(train.texts()).singleElement().asString().contains("| devices | cpu(0), cpu(1) |");
    Map<Long, Recorded.Rows> histograms = train.histograms().get("layer_02_linear/weight");
    assertThat(histograms.keySet()).containsExactly(1L, 2L, 3L);
    Arrays.sort(weights[0]);
    assertThat(histograms.get(3L).count()).isEqualTo(weights[0].length);
    assertThat((float) histograms.get(3L).min()).isEqualTo(weights[0][0]);
    assertThat((float) histograms.get(3L).max()).isEqualTo(weights[0][weights[0].length - 1]);
    assertThat(train.histograms().get("gradient/02_linear/weight").keySet()).containsExactly(1L, 2L, 3L);
  }

  private static List<Float> floats(Metrics metrics, String name) {
    return metrics.getMetric(name).stream().map(Metric::getValue).map(Double::floatValue).toList();
  }
}
