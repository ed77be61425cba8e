package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.SingletonMultiDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Outputs that the framework's own evaluation refuses or gets wrong, against counting by hand. */
class EvaluatedOutputsTest {

  @TempDir
  private Path logs;

  @Test
  void shouldLeaveMaskedTimeStepsOutWhereClassesAreLast() {
    for (int steps : new int[] {2, 3, 9}) {
      MultiLayerNetwork network = recurrent(LossFunction.MCXENT, Activation.SOFTMAX);
      DataSet batch = sequences(steps);
      INDArray output =
          network.output(batch.getFeatures(), false, batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
      long correct = 0;
      long count = 0;
      for (int example = 0; example < 5; example++) {
        for (int step = 0; step < steps; step++) {
          if (batch.getLabelsMaskArray().getDouble(example, step) > 0) {
            INDArrayIndex[] row = {NDArrayIndex.point(example), NDArrayIndex.point(step), NDArrayIndex.all()};
            count++;
            correct += output.get(row).argMax().getInt(0) == batch.getLabels().get(row).argMax().getInt(0) ? 1 : 0;
          }
        }
      }

      shouldHaveAccuracy(network, batch, (float) ((double) correct / count));
    }
  }

  @Test
  void shouldLeaveMaskedTimeStepsOutOfTheErrorsOfARegressionWhereValuesAreLast() {
    MultiLayerNetwork network = recurrent(LossFunction.MSE, Activation.IDENTITY);
    network.setLearningRate(0);
    DataSet batch = sequences(9);
    INDArray output =
        network.output(batch.getFeatures(), false, batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
    double sum = 0;
    long count = 0;
    for (int example = 0; example < 5; example++) {
      for (int step = 0; step < 9; step++) {
        for (int i = 0; batch.getLabelsMaskArray().getDouble(example, step) > 0 && i < 3; i++, count++) {
          sum += Math.abs(output.getDouble(example, step, i) - batch.getLabels().getDouble(example, step, i));
        }
      }
    }

    Path run = train(network, batch);
    assertThat(Recorded.in(run.resolve("validation")).scalar("epoch_mae").get(1L))
        .isCloseTo((float) (sum / count), within(1e-5f));
  }

  @Test
  void shouldLeaveMaskedPixelsOut() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0)).list()
        .layer(new ConvolutionLayer.Builder(1, 1).nOut(3).activation(Activation.TANH).build())
        .layer(new CnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(5, 6, 2)).build());
    INDArray labels = Nd4j.zeros(4, 3, 5, 6);
    INDArray mask = Nd4j.ones(4, 1, 5, 6);
    INDArray features = Nd4j.rand(4, 2, 5, 6);
    INDArray output = network.output(features);
    long correct = 0;
    long count = 0;
    for (int i = 0; i < 4 * 30; i++) {
      int[] at = {i / 30, i * 7 % 3, i % 30 / 6, i % 6};
      labels.putScalar(at, 1);
      if (i % 4 == 1) {
        mask.putScalar(new int[] {at[0], 0, at[2], at[3]}, 0);
      } else {
        INDArray scores = output.get(
            NDArrayIndex.point(at[0]), NDArrayIndex.all(), NDArrayIndex.point(at[2]), NDArrayIndex.point(at[3]));
        count++;
        correct += scores.argMax().getInt(0) == at[1] ? 1 : 0;
      }
    }

    shouldHaveAccuracy(network, new DataSet(features, labels, null, mask), (float) ((double) correct / count));
  }

  @Test
  void shouldKeepTheLossOfAClassifierThatHasDiverged() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE)
        .updater(new Sgd(0.1)).list().layer(Nets.hidden()).layer(Nets.output()).build());
    network.params().assign(Double.NaN);
    List<String> log;
    Path run;
    try (Log kept = new Log(logs)) {
      run = train(network, Nets.batches(1).get(0));
      log = kept.lines();
    }

    assertThat(log).noneMatch(line -> line.contains("ERROR"));
    assertThat(Recorded.in(run.resolve("validation")).scalar("epoch_loss")).containsExactly(Map.entry(1L, Float.NaN));
    assertThat(Recorded.in(run.resolve("validation")).scalar("epoch_accuracy")).containsExactly(Map.entry(1L, 0f));
    assertThat(Recorded.in(run.resolve("train")).scalar("batch_accuracy")).containsExactly(Map.entry(1L, 0f));
  }

  @Test
  void shouldCountWhatOneOutputPredictsWhereAnotherCanNotBeEvaluated() {
    ComputationGraph network = Nets.init(new NeuralNetConfiguration.Builder().seed(5).updater(new Sgd(0.5)).graphBuilder()
        .addInputs("in")
        .addLayer("hidden", Nets.hidden(), "in")
        .addLayer("masked", new OutputLayer.Builder(LossFunction.MSE).nIn(8).nOut(3).activation(Activation.SOFTMAX).build(),
            "hidden")
        .addLayer("other", new OutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(3).activation(Activation.SOFTMAX)
            .build(), "hidden")
        .setOutputs("masked", "other").build());
    Evaluation evaluation = new Evaluation();
    Path run = logs.resolve("run");
    MultiDataSet unseen = twice(Nets.batches(9).get(0), Nd4j.rand(16, 3).gt(0.5).castTo(DataType.FLOAT));
    try (TensorBoardListener listener = TensorBoardListener.builder(run).batchFrequency(Frequency.iterations(1))
        .validationData(new SingletonMultiDataSetIterator(unseen))
        .validationFrequency(Frequency.iterations(2)).build()) {
      network.setListeners(listener);
      network.fit(twice(Nets.batches(1).get(0), null));
      DataSet second = Nets.batches(1).get(4);
      evaluation.eval(second.getLabels(), network.output(second.getFeatures())[1]);
      network.fit(twice(second, Nd4j.rand(5, 3).gt(0.5).castTo(DataType.FLOAT)));
    }

    assertThat(Recorded.in(run.resolve("train")).scalar("batch_accuracy").get(2L))
        .isEqualTo((float) evaluation.accuracy());
    Evaluation ofUnseen = new Evaluation();
    ofUnseen.eval(unseen.getLabels(1), network.output(unseen.getFeatures())[1]);
    assertThat(Recorded.in(run.resolve("validation")).scalar("batch_accuracy"))
        .containsExactly(Map.entry(2L, (float) ofUnseen.accuracy()));
    assertThat(Recorded.in(run.resolve("validation")).scalar("batch_loss")).hasSize(1);
  }

  private static MultiDataSet twice(DataSet batch, INDArray mask) {
    return new MultiDataSet(new INDArray[] {batch.getFeatures()},
        new INDArray[] {batch.getLabels(), batch.getLabels()}, null, mask == null ? null : new INDArray[] {mask, null});
  }

  private void shouldHaveAccuracy(MultiLayerNetwork network, DataSet batch, float accuracy) {
    network.setLearningRate(0);
    Path run = train(network, batch);
    assertThat(Recorded.in(run.resolve("train")).scalar("epoch_accuracy")).containsExactly(Map.entry(1L, accuracy));
    assertThat(Recorded.in(run.resolve("validation")).scalar("epoch_accuracy"))
        .containsExactly(Map.entry(1L, accuracy));
  }

  private Path train(MultiLayerNetwork network, DataSet batch) {
    Path run = logs.resolve("run" + System.nanoTime());
    try (TensorBoardListener listener = TensorBoardListener.builder(run).batchFrequency(Frequency.iterations(1))
        .validationData(new ExistingDataSetIterator(List.of(batch))).build()) {
      network.setListeners(listener);
      network.fit(new ExistingDataSetIterator(List.of(batch)), 1);
    }
    return run;
  }

  private static MultiLayerNetwork recurrent(LossFunction loss, Activation activation) {
    return Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0)).list()
        .layer(new LSTM.Builder().nIn(4).nOut(8).dataFormat(RNNFormat.NWC).activation(Activation.TANH).build())
        .layer(new RnnOutputLayer.Builder(loss).nIn(8).nOut(3).dataFormat(RNNFormat.NWC).activation(activation).build())
        .build());
  }

  /** Five sequences, of which each is longer than the one before. */
  private static DataSet sequences(int steps) {
    INDArray labels = Nd4j.zeros(5, steps, 3);
    INDArray mask = Nd4j.zeros(5, steps);
    for (int example = 0; example < 5; example++) {
      for (int step = 0; step < steps; step++) {
        labels.putScalar(example, step, (example + step) % 3, 1);
        mask.putScalar(example, step, step <= example ? 1 : 0);
      }
    }
    return new DataSet(Nd4j.rand(5, steps, 4), labels, mask, mask.dup());
  }
}
