package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.metric.Metric;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training whose batches are split between two devices. DJL knows one CPU only: the second device is a GPU by name, and what it
 * would compute is computed on the CPU.
 */
class SeveralDevicesTest {

  private static final Device[] DEVICES = {Device.cpu(), Device.gpu(1)};

  @TempDir
  private Path logs;

  @Test
  void shouldRecordEachValueOnce() {
    Metrics metrics = new Metrics();
    float[] weights;
    DefaultTrainingConfig config = Trainings.config(new EvaluatorTrainingListener())
        .optDevices(new Device[] {Device.cpu()});
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1)).addTo(config);
        Model model = Model.newInstance("model", Device.cpu(), "PyTorch")) {
      model.setBlock(Trainings.classifier());
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.setMetrics(metrics);
        trainer.initialize(new Shape(1, 6));
        for (int epoch = 0; epoch < 3; epoch++) {
          Trainings.eachBatch(trainer, batch -> train(trainer, batch));
          trainer.notifyListeners(each -> each.onEpoch(trainer));
        }
        weights = model.getBlock().getParameters().valueAt(0).getArray().toFloatArray();
      }
      listener.flush();
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    assertThat(train.scalar("batch_loss")).hasSize(3 * Trainings.BATCHES);
    assertThat(train.scalar("epoch_loss").values())
        .containsExactlyElementsOf(floats(metrics, "train_epoch_SoftmaxCrossEntropyLoss"));
    assertThat(train.scalar("epoch_accuracy").values()).containsExactlyElementsOf(floats(metrics, "train_epoch_Accuracy"));
    Map<Long, Recorded.Rows> histograms = train.histograms().get("layer_02_linear/weight");
    assertThat(histograms.keySet()).containsExactly(1L, 2L, 3L);
    Arrays.sort(weights);
    assertThat(histograms.get(3L).count()).isEqualTo(weights.length);
    assertThat((float) histograms.get(3L).min()).isEqualTo(weights[0]);
    assertThat((float) histograms.get(3L).max()).isEqualTo(weights[weights.length - 1]);
  }

  @Test
  void shouldNameTheDevices() {
    try (Model model = Model.newInstance("model", Device.cpu(), "PyTorch")) {
      model.setBlock(Trainings.classifier());
      try (Trainer trainer = model.newTrainer(Trainings.config().optDevices(DEVICES))) {
        assertThat(new TrainerDescription(trainer, List.of(), null, null, 0, null, false).configuration())
            .hasValueSatisfying(text -> assertThat(text).contains("| devices | cpu(), gpu(1) |"));
      }
    }
  }

  /** Trains on both halves of a batch and tells of them as of two devices, as DJL's own loop does. */
  private static void train(Trainer trainer, Batch batch) {
    NDArray data = batch.getData().singletonOrThrow();
    NDArray labels = batch.getLabels().singletonOrThrow();
    long half = data.size(0) / 2;
    BatchData told = new BatchData(batch, new LinkedHashMap<>(), new LinkedHashMap<>());
    try (GradientCollector collector = trainer.newGradientCollector()) {
      for (int i = 0; i < DEVICES.length; i++) {
        String rows = i == 0 ? ":" + half : half + ":";
        NDList label = new NDList(labels.get(rows));
        NDList prediction = trainer.forward(new NDList(data.get(rows)));
        collector.backward(trainer.getLoss().evaluate(label, prediction));
        told.getLabels().put(DEVICES[i], label);
        told.getPredictions().put(DEVICES[i], prediction);
      }
    }
    trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, told));
    trainer.step();
  }

  private static List<Float> floats(Metrics metrics, String name) {
    return metrics.getMetric(name).stream().map(Metric::getValue).map(Double::floatValue).toList();
  }
}
