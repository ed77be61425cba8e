package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.sun.management.ThreadMXBean;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The accuracy of real trainings against the framework's own evaluation of the outputs before each update. */
class CorrectPredictionsTest {

  @TempDir
  private Path logs;

  @Test
  void shouldAgreeWithEvaluationForEveryKindOfClassifier() {
    shouldAgree(output(LossFunction.MCXENT, Activation.SOFTMAX), DataType.FLOAT);
    shouldAgree(output(LossFunction.NEGATIVELOGLIKELIHOOD, Activation.SOFTMAX), DataType.FLOAT);
    shouldAgree(output(LossFunction.MSE, Activation.SOFTMAX), DataType.FLOAT);
    shouldAgree(output(LossFunction.MCXENT, Activation.SOFTMAX), DataType.DOUBLE);
    shouldAgree(new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(), DataType.FLOAT);
  }

  @Test
  void shouldReadLabelsThatAreViewsOfAnotherArray() {
    MultiLayerNetwork network = network(output(LossFunction.MCXENT, Activation.SOFTMAX), DataType.FLOAT);
    INDArray all = Nd4j.rand(40, 6);
    INDArray labels = Nd4j.zeros(3, 40);
    for (int i = 0; i < 40; i++) {
      labels.putScalar(i % 3, i, 1);
    }
    INDArray view = labels.transpose().get(
        org.nd4j.linalg.indexing.NDArrayIndex.interval(5, 37), org.nd4j.linalg.indexing.NDArrayIndex.all());
    DataSet batch = new DataSet(all.get(
        org.nd4j.linalg.indexing.NDArrayIndex.interval(5, 37), org.nd4j.linalg.indexing.NDArrayIndex.all()), view);
    Evaluation evaluation = new Evaluation();
    evaluation.eval(view.dup(), network.output(batch.getFeatures()));

    assertThat(accuracy(network, List.of(batch))).isEqualTo((float) evaluation.accuracy());
  }

  @Test
  void shouldCountSingleOutputsOfABinaryClassifier() {
    for (int outputs : new int[] {1, 4}) {
      MultiLayerNetwork network = network(new OutputLayer.Builder(LossFunction.XENT).nIn(8).nOut(outputs)
          .activation(Activation.SIGMOID).build(), DataType.FLOAT);
      DataSet batch = new DataSet(Nd4j.rand(20, 6), Nd4j.rand(20, outputs).gt(0.5).castTo(DataType.FLOAT));
      EvaluationBinary evaluation = new EvaluationBinary();
      evaluation.eval(batch.getLabels(), network.output(batch.getFeatures()));

      assertThat(accuracy(network, List.of(batch))).isEqualTo((float) evaluation.averageAccuracy());
    }
  }

  @Test
  void shouldTakeSparseLabels() {
    MultiLayerNetwork network = network(output(LossFunction.SPARSE_MCXENT, Activation.SOFTMAX), DataType.FLOAT);
    INDArray features = Nd4j.rand(20, 6);
    INDArray labels = Nd4j.zeros(20, 1);
    INDArray output = network.output(features);
    int right = 0;
    for (int i = 0; i < 20; i++) {
      labels.putScalar(i, 0, i % 3);
      right += output.getRow(i).argMax().getInt(0) == i % 3 ? 1 : 0;
    }

    assertThat(accuracy(network, List.of(new DataSet(features, labels)))).isEqualTo(right / 20f);
  }

  @Test
  void shouldTakeSparseLabelsOfTimeStepsOfWhichSomeAreMasked() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
        .layer(new LSTM.Builder().nIn(5).nOut(8).activation(Activation.TANH).build())
        .layer(new RnnOutputLayer.Builder(LossFunction.SPARSE_MCXENT).nIn(8).nOut(3).activation(Activation.SOFTMAX)
            .build())
        .build());
    DataSet dense = sequences();
    INDArray mask = dense.getLabelsMaskArray();
    INDArray sparse = dense.getLabels().argMax(1).castTo(DataType.FLOAT);
    INDArray padded = sparse.mul(mask).sub(mask.rsub(1)).reshape(4, 1, 7);
    Evaluation evaluation = new Evaluation();
    evaluation.evalTimeSeries(dense.getLabels(), network.output(dense.getFeatures(), false, mask, mask), mask);

    assertThat(accuracy(network, List.of(new DataSet(dense.getFeatures(), padded, mask, mask.dup()))))
        .isEqualTo((float) evaluation.accuracy());
  }

  @Test
  void shouldLeaveTheTrainingOfEveryKindOfOutputAsItIs() {
    shouldTrainAlike(new OutputLayer.Builder(LossFunction.XENT).nIn(8).nOut(3).activation(Activation.SIGMOID)
        .dropOut(0.5).build(), InputType.feedForward(6),
        new DataSet(Nd4j.rand(20, 6), Nd4j.rand(20, 3).gt(0.5).castTo(DataType.FLOAT)));
    shouldTrainAlike(new CenterLossOutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(3)
        .activation(Activation.SOFTMAX).build(), InputType.feedForward(6), Nets.batches(1).get(0));
    shouldTrainAlike(new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
        InputType.feedForward(6), new DataSet(Nd4j.rand(20, 6), Nd4j.eye(20).get(
            org.nd4j.linalg.indexing.NDArrayIndex.all(), org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 8)).dup()));
    shouldTrainAlike(new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(3).activation(Activation.SOFTMAX)
        .dropOut(0.5).build(), InputType.recurrent(5), sequences());
    shouldTrainAlike(new RnnLossLayer.Builder(LossFunction.XENT).activation(Activation.SIGMOID).build(),
        InputType.recurrent(5), new DataSet(Nd4j.rand(4, 5, 7), Nd4j.rand(4, 8, 7).gt(0.5).castTo(DataType.FLOAT)));
    shouldTrainAlike(new CnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
        InputType.convolutional(5, 6, 2), new DataSet(Nd4j.rand(4, 2, 5, 6), pixels()));
  }

  private static INDArray pixels() {
    INDArray labels = Nd4j.zeros(4, 8, 5, 6);
    for (int i = 0; i < 4 * 30; i++) {
      labels.putScalar(new int[] {i / 30, i % 8, i % 30 / 6, i % 6}, 1);
    }
    return labels;
  }

  private void shouldTrainAlike(org.deeplearning4j.nn.conf.layers.Layer output, InputType input, DataSet batch) {
    MultiLayerNetwork with = alike(output, input);
    MultiLayerNetwork without = alike(output, input);
    Nd4j.getRandom().setSeed(1);
    assertThat(accuracy(with, List.of(batch, batch))).as(output.toString()).isBetween(0f, 1f);
    Nd4j.getRandom().setSeed(1);
    without.fit(new ExistingDataSetIterator(List.of(batch, batch)), 1);

    assertThat(with.params().toFloatVector()).as(output.toString()).isEqualTo(without.params().toFloatVector());
  }

  private static MultiLayerNetwork alike(org.deeplearning4j.nn.conf.layers.Layer output, InputType input) {
    org.deeplearning4j.nn.conf.layers.Layer first = switch (input.getType()) {
      case RNN -> new LSTM.Builder().nOut(8).activation(Activation.TANH).build();
      case CNN -> new ConvolutionLayer.Builder(1, 1).nOut(8).activation(Activation.TANH).build();
      default -> new DenseLayer.Builder().nOut(8).activation(Activation.TANH).build();
    };
    return Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
        .layer(first).layer(output.clone()).setInputType(input).build());
  }

  @Test
  void shouldLeaveMaskedTimeStepsOut() {
    MultiLayerNetwork network = recurrent(BackpropType.Standard);
    DataSet batch = sequences();
    Evaluation evaluation = new Evaluation();
    evaluation.evalTimeSeries(batch.getLabels(), network.output(batch.getFeatures(), false,
        batch.getFeaturesMaskArray(), batch.getLabelsMaskArray()), batch.getLabelsMaskArray());

    assertThat(evaluation.getNumRowCounter()).isLessThan(4 * 7);
    assertThat(accuracy(network, List.of(batch))).isEqualTo((float) evaluation.accuracy());
  }

  @Test
  void shouldLeaveMaskedTimeStepsOutOfValidation() {
    MultiLayerNetwork network = recurrent(BackpropType.Standard);
    DataSet batch = sequences();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .validationData(new ExistingDataSetIterator(List.of(batch))).build()) {
      network.setListeners(listener);
      network.fit(new ExistingDataSetIterator(List.of(batch)), 1);
    }
    Evaluation evaluation = network.evaluate(new ExistingDataSetIterator(List.of(batch)));

    assertThat(evaluation.getNumRowCounter()).isLessThan(4 * 7);
    assertThat(Recorded.in(logs.resolve("run/validation")).scalar("epoch_accuracy"))
        .containsExactly(Map.entry(1L, (float) evaluation.accuracy()));
  }

  @Test
  void shouldCountEachSegmentOfTruncatedBackpropagationOnce() {
    MultiLayerNetwork network = recurrent(BackpropType.TruncatedBPTT);
    network.getLayerWiseConfigurations().setTbpttFwdLength(3);
    network.getLayerWiseConfigurations().setTbpttBackLength(3);

    assertThat(accuracy(network, List.of(sequences()))).isBetween(0f, 1f);
    assertThat(network.getIterationCount()).isGreaterThan(1);
  }

  @Test
  void shouldHaveNoAccuracyForARegression() {
    MultiLayerNetwork network = network(output(LossFunction.MSE, Activation.IDENTITY), DataType.FLOAT);
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).batchFrequency(Frequency.iterations(1))
            .validationData(new ExistingDataSetIterator(Nets.batches(2))).build()) {
      network.setListeners(listener);
      network.fit(new ExistingDataSetIterator(Nets.batches(1)), 1);
    }

    assertThat(Recorded.in(logs.resolve("run/train")).scalars()).containsKeys("epoch_loss", "batch_loss")
        .doesNotContainKeys("epoch_accuracy", "batch_accuracy");
    RegressionEvaluation regression = network.evaluateRegression(new ExistingDataSetIterator(Nets.batches(2)));
    Recorded validation = Recorded.in(logs.resolve("run/validation"));
    assertThat(validation.scalars()).containsOnlyKeys("epoch_loss", "epoch_mae", "epoch_r2");
    assertThat(validation.scalar("epoch_mae"))
        .containsExactly(Map.entry(1L, (float) regression.averageMeanAbsoluteError()));
    assertThat(validation.scalar("epoch_r2")).containsExactly(Map.entry(1L, (float) regression.averageRSquared()));
  }

  @Test
  void shouldCountAllClassifyingOutputsOfAGraphTogether() {
    ComputationGraph network = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.1)).graphBuilder()
        .addInputs("left", "right")
        .addLayer("a", new DenseLayer.Builder().nIn(6).nOut(8).activation(Activation.TANH).build(), "left")
        .addLayer("b", new DenseLayer.Builder().nIn(4).nOut(8).activation(Activation.TANH).build(), "right")
        .addLayer("class", output(LossFunction.MCXENT, Activation.SOFTMAX), "a")
        .addLayer("other", output(LossFunction.MCXENT, Activation.SOFTMAX), "b")
        .addLayer("value", new OutputLayer.Builder(LossFunction.MSE).nIn(8).nOut(2).activation(Activation.IDENTITY)
            .build(), "b")
        .setOutputs("class", "value", "other")
        .build());
    DataSet one = Nets.batches(1).get(0);
    DataSet two = Nets.batches(2).get(0);
    MultiDataSet batch = new MultiDataSet(
        new INDArray[] {one.getFeatures(), Nd4j.rand(16, 4)},
        new INDArray[] {one.getLabels(), Nd4j.rand(16, 2), two.getLabels()});
    INDArray[] outputs = network.output(batch.getFeatures());
    Evaluation evaluation = new Evaluation();
    evaluation.eval(one.getLabels(), outputs[0]);
    evaluation.eval(two.getLabels(), outputs[2]);
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).batchFrequency(Frequency.iterations(1)).build()) {
      network.setListeners(listener);
      network.fit(batch);
    }

    assertThat(Recorded.in(logs.resolve("run/train")).scalar("batch_accuracy"))
        .containsExactly(Map.entry(1L, (float) evaluation.accuracy()));
    assertThat(Recorded.in(logs.resolve("run/train")).graphs()).isEqualTo(1);
  }

  @Test
  void shouldLookAtDearOutputsWhereAPointIsDueAndAtTheFirstOfAnEpoch() {
    MultiLayerNetwork network = recurrent(BackpropType.Standard);
    Evaluation evaluation = new Evaluation();
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).batchFrequency(Frequency.iterations(3)).build()) {
      network.setListeners(listener);
      network.fit(sequences());
      listener.epoch(network, () -> {
        for (int i = 2; i <= 8; i++) {
          DataSet batch = sequences();
          if (i == 2 || i % 3 == 0) {
            evaluation.evalTimeSeries(batch.getLabels(), network.output(batch.getFeatures(), false,
                batch.getFeaturesMaskArray(), batch.getLabelsMaskArray()), batch.getLabelsMaskArray());
          }
          network.fit(batch);
        }
      });
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    assertThat(train.scalar("batch_accuracy").keySet()).containsExactly(3L, 6L);
    assertThat(train.scalar("epoch_accuracy")).containsExactly(Map.entry(1L, (float) evaluation.accuracy()));
  }

  @Test
  void shouldLeaveOutAccuracyWhereTheUserWantsNone() {
    MultiLayerNetwork network = network(output(LossFunction.MCXENT, Activation.SOFTMAX), DataType.FLOAT);
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run")).withoutAccuracy()
        .batchFrequency(Frequency.iterations(1))
        .validationData(new ExistingDataSetIterator(Nets.batches(2))).build()) {
      network.setListeners(listener);
      network.fit(new ExistingDataSetIterator(Nets.batches(1)), 1);
    }

    assertThat(Recorded.in(logs.resolve("run/train")).scalars()).containsKeys("epoch_loss", "batch_loss")
        .doesNotContainKeys("epoch_accuracy", "batch_accuracy");
    assertThat(Recorded.in(logs.resolve("run/validation")).scalars()).containsOnlyKeys("epoch_loss");
  }

  @Test
  void shouldAllocateNothingForASmallClassifier() {
    MultiLayerNetwork network = network(output(LossFunction.MCXENT, Activation.SOFTMAX), DataType.FLOAT);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    DataSet batch = Nets.batches(1).get(0);
    try (TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      network.setListeners(listener);
      listener.onEpochStart(network);
      network.fit(batch);
      OutputOf output = new OutputOf(network, batch);
      long allocated = Long.MAX_VALUE;
      for (int round = 0, iteration = 0; round < 20 && allocated > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
          listener.onBackwardPass(network);
          listener.iterationDone(network, ++iteration, 0);
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).isZero();
      listener.onEpochEnd(network);
      listener.flush();
      assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_accuracy").get(1L))
          .isCloseTo(output.accuracy(), offset(1e-3f));
    }
  }

  /** Gives an output layer the input and the labels of a batch, as they are during the backward pass. */
  private static final class OutputOf {
    private final Evaluation evaluation = new Evaluation();

    OutputOf(MultiLayerNetwork network, DataSet batch) {
      INDArray hidden = network.feedForward(batch.getFeatures(), false).get(1).dup();
      evaluation.eval(batch.getLabels(), network.output(batch.getFeatures()));
      network.setInput(batch.getFeatures());
      network.setLabels(batch.getLabels());
      IOutputLayer output = (IOutputLayer) network.getOutputLayer();
      output.setInput(hidden, LayerWorkspaceMgr.noWorkspaces());
      output.setLabels(batch.getLabels());
    }

    float accuracy() {
      return (float) evaluation.accuracy();
    }
  }

  private void shouldAgree(org.deeplearning4j.nn.conf.layers.Layer output, DataType type) {
    MultiLayerNetwork network = network(output, type);
    Evaluation evaluation = new Evaluation();
    DataSet batch = Nets.batches(3).get(0);
    evaluation.eval(batch.getLabels(), network.output(batch.getFeatures().castTo(type)));

    assertThat(accuracy(network, List.of(batch))).as(output.toString()).isEqualTo((float) evaluation.accuracy());
  }

  private float accuracy(MultiLayerNetwork network, List<DataSet> batches) {
    Path run = logs.resolve("run" + System.nanoTime());
    try (TensorBoardListener listener = TensorBoardListener.builder(run).build()) {
      network.setListeners(listener);
      network.fit(new ExistingDataSetIterator(batches), 1);
    }
    return Recorded.in(run.resolve("train")).scalar("epoch_accuracy").get(1L);
  }

  private static MultiLayerNetwork network(org.deeplearning4j.nn.conf.layers.Layer output, DataType type) {
    int last = output instanceof BaseOutputLayer ? 8 : Nets.CLASSES;
    return Nets.init(new NeuralNetConfiguration.Builder().seed(3).dataType(type).updater(new Sgd(0.1)).list()
        .layer(new DenseLayer.Builder().nIn(Nets.FEATURES).nOut(last).activation(Activation.TANH).build())
        .layer(output)
        .build());
  }

  private static OutputLayer output(LossFunction loss, Activation activation) {
    return new OutputLayer.Builder(loss).nIn(8).nOut(Nets.CLASSES).activation(activation).build();
  }

  private static MultiLayerNetwork recurrent(BackpropType type) {
    return Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
        .layer(new LSTM.Builder().nIn(5).nOut(8).activation(Activation.TANH).build())
        .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(3).activation(Activation.SOFTMAX).build())
        .backpropType(type)
        .build());
  }

  private static DataSet sequences() {
    INDArray labels = Nd4j.zeros(4, 3, 7);
    INDArray mask = Nd4j.ones(4, 7);
    for (int example = 0; example < 4; example++) {
      for (int step = 0; step < 7; step++) {
        labels.putScalar(example, (example + step) % 3, step, 1);
        if (step > 3 + example) {
          mask.putScalar(example, step, 0);
        }
      }
    }
    return new DataSet(Nd4j.rand(4, 5, 7), labels, mask, mask.dup());
  }
}
