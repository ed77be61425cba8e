package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.utilty.SingletonMultiDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A graph that is trained by several outputs: a policy and a value. */
class SeveralOutputsTest {

  @TempDir
  private Path logs;

  private final ComputationGraph network = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.1))
      .graphBuilder()
      .addInputs("in")
      .addLayer("hidden", new DenseLayer.Builder().nIn(6).nOut(8).activation(Activation.TANH).build(), "in")
      .addLayer("policy", new OutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(3).activation(Activation.SOFTMAX)
          .build(), "hidden")
      .addLayer("value", new OutputLayer.Builder(LossFunction.MSE).nIn(8).nOut(2).activation(Activation.IDENTITY)
          .build(), "hidden")
      .setOutputs("policy", "value")
      .build());

  @Test
  void shouldHaveLossAndAccuracyOfEachOutput() {
    List<Float> policies = new ArrayList<>();
    List<Float> values = new ArrayList<>();
    List<Float> accuracies = new ArrayList<>();
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      network.setListeners(listener);
      listener.epoch(network, () -> {
        for (int i = 1; i <= 4; i++) {
          MultiDataSet batch = batch(i);
          INDArray[] outputs = network.output(batch.getFeatures());
          Evaluation evaluation = new Evaluation();
          evaluation.eval(batch.getLabels(0), outputs[0]);
          accuracies.add((float) evaluation.accuracy());
          policies.add((float) -batch.getLabels(0).mul(org.nd4j.linalg.ops.transforms.Transforms.log(outputs[0]))
              .sumNumber().doubleValue() / 16);
          INDArray error = batch.getLabels(1).sub(outputs[1]);
          values.add((float) error.mul(error).sumNumber().doubleValue() / 2 / 16);
          network.fit(batch);
        }
      });
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    for (int i = 0; i < 4; i++) {
      assertThat(train.scalar("batch_loss/policy").get(i + 1L)).isCloseTo(policies.get(i), within(1e-5f));
      assertThat(train.scalar("batch_loss/value").get(i + 1L)).isCloseTo(values.get(i), within(1e-5f));
      assertThat(train.scalar("batch_loss").get(i + 1L)).isCloseTo(policies.get(i) + values.get(i), within(1e-5f));
    }
    assertThat(train.scalar("batch_accuracy/policy").values()).containsExactlyElementsOf(accuracies);
    assertThat(train.scalars()).doesNotContainKeys("batch_accuracy/value", "epoch_accuracy/value");
    assertThat(train.scalar("epoch_loss/policy").get(1L)).isCloseTo(mean(policies), within(1e-5f));
    assertThat(train.scalar("epoch_loss/value").get(1L)).isCloseTo(mean(values), within(1e-5f));
    assertThat(train.scalar("epoch_accuracy/policy").get(1L)).isCloseTo(mean(accuracies), within(1e-5f));
  }

  @Test
  void shouldHaveValidationOfEachOutput() {
    MultiDataSet unseen = batch(9);
    try (TensorBoardListener listener = listener().validationData(new SingletonMultiDataSetIterator(unseen)).build()) {
      network.setListeners(listener);
      network.fit(new SingletonMultiDataSetIterator(batch(1)), 2);
    }
    INDArray[] outputs = network.output(unseen.getFeatures());
    RegressionEvaluation regression = new RegressionEvaluation();
    regression.eval(unseen.getLabels(1), outputs[1]);
    Evaluation evaluation = new Evaluation();
    evaluation.eval(unseen.getLabels(0), outputs[0]);

    Map<String, Map<Long, Float>> figures = Recorded.in(logs.resolve("run/validation")).scalars();
    assertThat(figures).containsOnlyKeys("epoch_loss", "epoch_accuracy", "epoch_loss/policy", "epoch_loss/value",
        "epoch_accuracy/policy", "epoch_mae/value", "epoch_r2/value");
    assertThat(figures.get("epoch_loss/policy").get(2L) + figures.get("epoch_loss/value").get(2L))
        .isCloseTo((float) network.score(unseen), within(1e-5f));
    assertThat(figures.get("epoch_loss/value").get(2L))
        .isCloseTo((float) regression.averageMeanSquaredError(), within(1e-5f));
    assertThat(figures.get("epoch_mae/value").get(2L)).isEqualTo((float) regression.averageMeanAbsoluteError());
    assertThat(figures.get("epoch_accuracy/policy").get(2L)).isEqualTo((float) evaluation.accuracy());
  }

  private static float mean(List<Float> figures) {
    return (float) figures.stream().mapToDouble(Float::doubleValue).average().orElseThrow();
  }

  private static MultiDataSet batch(int seed) {
    DataSet policy = Nets.batches(seed).get(0);
    return new MultiDataSet(new INDArray[] {policy.getFeatures()},
        new INDArray[] {policy.getLabels(), policy.getFeatures().getColumns(0, 1).mul(2).add(Nd4j.ones(16, 2))});
  }

  private TensorBoardListener.Builder listener() {
    return TensorBoardListener.builder(logs.resolve("run"));
  }
}
