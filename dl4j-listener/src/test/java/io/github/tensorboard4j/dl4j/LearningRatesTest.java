package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The learning rates of parameters, as their updaters have them. */
class LearningRatesTest {

  @TempDir
  private Path logs;

  @Test
  void shouldRecordTheRateOfEachParameterWhereTheyDiffer() {
    fit(network(new Sgd(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.5))));

    Recorded train = Recorded.in(logs.resolve("run/train"));
    assertThat(rates(train)).containsExactlyInAnyOrder("learning_rate/norm/gamma", "learning_rate/norm/beta",
        "learning_rate/hidden/weight", "learning_rate/hidden/bias", "learning_rate/output/weight",
        "learning_rate/output/bias");
    assertThat(train.scalar("learning_rate/hidden/weight"))
        .isEqualTo(Map.of(1L, 0.1f, 2L, 0.05f, 3L, 0.025f, 4L, 0.0125f, 5L, 0.00625f));
    assertThat(train.scalar("learning_rate/hidden/bias").values()).containsOnly(0.2f);
    assertThat(train.scalar("learning_rate/output/weight").values()).containsOnly(0.01f);
    assertThat(train.scalar("batch_learning_rate").values()).containsOnly(0.01f);
  }

  @Test
  void shouldRecordTheSameInAGraph() {
    MultiLayerNetwork network = network(new Sgd(0.3));
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).batchFrequency(Frequency.iterations(2)).build()) {
      var graph = network.toComputationGraph();
      graph.setListeners(listener);
      graph.fit(Nets.iterator(Nets.batches(1)));
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    assertThat(rates(train)).hasSize(6);
    assertThat(train.scalars().entrySet().stream().filter(series -> series.getKey().startsWith("learning_rate/"))
        .filter(series -> series.getValue().equals(Map.of(2L, 0.3f, 4L, 0.3f)))).singleElement();
  }

  @Test
  void shouldRecordNoRateOfAParameterWhereAllAreTheSame() {
    MultiLayerNetwork network = Nets.classifier();
    fit(network);

    assertThat(rates(Recorded.in(logs.resolve("run/train")))).isEmpty();
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("batch_learning_rate")).hasSize(5);
  }

  private void fit(MultiLayerNetwork network) {
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).batchFrequency(Frequency.iterations(1)).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(Nets.batches(1)));
    }
  }

  private static MultiLayerNetwork network(IUpdater ofWeights) {
    return Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(0.01)).list()
        .layer(
            new FrozenLayer(new DenseLayer.Builder().name("frozen").nIn(Nets.FEATURES).nOut(4).updater(new Sgd(7)).build()))
        .layer(new BatchNormalization.Builder().name("norm").nIn(4).nOut(4).build())
        .layer(new DenseLayer.Builder().name("hidden").nIn(4).nOut(8).updater(ofWeights).biasUpdater(new Sgd(0.2)).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nIn(8).nOut(Nets.CLASSES)
            .activation(Activation.SOFTMAX).build())
        .build());
  }

  private static Set<String> rates(Recorded train) {
    return train.scalars().keySet().stream().filter(tag -> tag.startsWith("learning_rate/")).collect(Collectors.toSet());
  }
}
