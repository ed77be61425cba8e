package io.github.tensorboard4j.dl4j;

import static net.bytebuddy.matcher.ElementMatchers.nameMatches;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.CountedCalls;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.ExistingRun;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * How often the listener reads in host memory what a GPU has computed, which waits for the device each time. Counted on the CPU,
 * which is told that it is none: the framework's own reads of buffers are the same on both. Those of integers are left out, for
 * that is how it reads its shapes, which are in host memory anyway.
 */
class DeviceReadsTest {

  private static final int ITERATIONS = 40;

  private static AutoCloseable notOnCpu;
  private static CountedCalls calls;

  @TempDir
  private Path logs;

  @BeforeAll
  static void pretendAndCount() {
    notOnCpu = CountedCalls.returningFalse(Nd4j.getEnvironment().getClass(), "isCPU");
    calls = CountedCalls.of(
        namedOneOf("org.nd4j.linalg.api.buffer.BaseDataBuffer", "org.nd4j.linalg.api.concurrency.BasicAffinityManager",
            "org.nd4j.linalg.api.ops.executioner.DefaultOpExecutioner"),
        nameMatches("get(Double|Float|Number)|get(Doubles|Floats)At|as(Bytes|Double|Float)|asNio.*|toString|write"
            + "|ensureLocation|commit"));
  }

  @AfterAll
  static void stop() throws Exception {
    calls.close();
    notOnCpu.close();
  }

  @Test
  void shouldPretendThatThisIsNoCpuAndSeeReads() {
    assertThat(Nd4j.getEnvironment().isCPU()).isFalse();
    calls.clear();
    Nd4j.scalar(2.5f).getDouble(0);
    Nd4j.ones(3).sumNumber();

    assertThat(calls.all("getDouble")).hasSize(2);
  }

  @Test
  void shouldReadNothingForLossLearningRateAndDescription() {
    UnaryOperator<TensorBoardListener.Builder> options = builder -> builder.withoutAccuracy()
        .histogramFrequency(Frequency.never()).batchFrequency(Frequency.iterations(1));

    assertThat(readsFor(Nets::classifier, classes(), options)).isEmpty();
    assertThat(readsFor(Nets::graph, classes(), options)).isEmpty();
  }

  @Test
  void shouldReadOneNumberOfABatchsAccuracyAndOnlyWhereAPointIsDue() {
    UnaryOperator<TensorBoardListener.Builder> options =
        builder -> builder.histogramFrequency(Frequency.never()).batchFrequency(Frequency.iterations(10));

    // the first of the epoch, and four points
    for (List<DataBuffer> read : List.of(
        readsFor(Nets::classifier, classes(), options), readsFor(Nets::graph, classes(), options))) {
      assertThat(read).hasSize(5).allSatisfy(buffer -> assertThat(buffer.length()).isEqualTo(1));
    }
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("batch_accuracy").keySet()).containsExactly(10L, 20L, 30L, 40L);
  }

  @Test
  void shouldReadTwoNumbersOfTheAccuracyOfMaskedTimeSteps() {
    List<DataBuffer> read = readsFor(DeviceReadsTest::recurrent, sequences(),
        builder -> builder.histogramFrequency(Frequency.never()).batchFrequency(Frequency.iterations(10)));

    assertThat(read).hasSize(10).allSatisfy(buffer -> assertThat(buffer.length()).isEqualTo(1));
  }

  @Test
  void shouldCopyAllParametersTogetherOnceALoggingStepForHistogramsAndPictures() {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run")).withoutAccuracy()
        .histogramFrequency(Frequency.iterations(8)).weightImageFrequency(Frequency.iterations(16)).build()) {
      network.setListeners(listener);
      calls.clear();
      network.fit(repeated(classes()));
    }

    assertThat(calls.all("ensureLocation")).hasSize(5).allSatisfy(call -> {
      assertThat(((INDArray) call.arguments().get(0)).data()).isSameAs(network.params().data());
      assertThat(call.arguments().get(1)).isEqualTo(AffinityManager.Location.HOST);
    });
    assertThat(Recorded.in(logs.resolve("run/train")).histograms()).hasSize(4)
        .allSatisfy((tag, steps) -> assertThat(steps.keySet()).containsExactly(8L, 16L, 24L, 32L, 40L));
    assertThat(Recorded.in(logs.resolve("run/train")).pictures()).hasSize(2)
        .allSatisfy((tag, steps) -> assertThat(steps.keySet()).containsExactly(16L, 32L));
  }

  @Test
  void shouldReadNothingMoreForHistograms() {
    assertThat(readsFor(Nets::classifier, classes(),
        builder -> builder.withoutAccuracy().histogramFrequency(Frequency.iterations(8)))).isEmpty();
  }

  @Test
  void shouldCopyWhatIsWithinANetworkOnceADiagnosedIteration() {
    Frequency eighth = Frequency.iterations(8);
    UnaryOperator<TensorBoardListener.Builder> options = builder -> builder.activationFrequency(eighth)
        .gradientFrequency(eighth).updateFrequency(eighth).statisticsFrequency(eighth);
    MultiLayerNetwork chain = Nets.classifier();
    ComputationGraph graph = Nets.graph();

    List<INDArray> ofChain = copiesFor(chain, classes(), options);
    assertThat(ofChain).hasSize(5 * 4);
    for (int i = 0; i < ofChain.size(); i += 4) {
      assertDiagnosed(chain, chain.getFlattenedGradients(), ofChain.subList(i, i + 4));
    }
    List<INDArray> ofGraph = copiesFor(graph, classes(), options);
    assertThat(ofGraph).hasSize(5 * 4);
    for (int i = 0; i < ofGraph.size(); i += 4) {
      assertDiagnosed(graph, graph.getFlattenedGradients(), ofGraph.subList(i, i + 4));
    }
    assertThat(Recorded.in(logs.resolve("run/train")).tensorSteps().get("update/hidden/weight"))
        .containsExactly(8L, 16L, 24L, 32L, 40L);
  }

  private static void assertDiagnosed(Model network, INDArray gradients, List<INDArray> copied) {
    assertThat(copied.get(0).shape()).as("what the hidden layer puts out").containsExactly(16, 8);
    assertSameMemory(copied.get(1), gradients);
    assertSameMemory(copied.get(2), gradients);
    assertSameMemory(copied.get(3), network.params());
  }

  @Test
  void shouldCopyGradientsAndParametersOnceAnIterationThatAGuardWatches() {
    MultiLayerNetwork network = Nets.classifier();
    List<INDArray> copied =
        copiesFor(network, classes(), builder -> builder.guard(Guard.report().watchingTensors()));

    assertThat(copied).hasSize(2 * ITERATIONS);
    for (int i = 0; i < copied.size(); i += 2) {
      assertSameMemory(copied.get(i), network.getFlattenedGradients());
      assertSameMemory(copied.get(i + 1), network.params());
    }
  }

  @Test
  void shouldCopyOnceATrainingWhatIsSearchedForADivergence() {
    MultiLayerNetwork network = Nets.classifier();
    DataSet batch = classes();
    batch.getFeatures().putScalar(3, 2, Double.NaN);
    List<INDArray> copied = copiesFor(network, batch, UnaryOperator.identity());

    assertThat(copied).hasSize(5);
    assertSameMemory(copied.get(0), batch.getFeatures());
    assertSameMemory(copied.get(1), batch.getLabels());
    assertSameMemory(copied.get(2), network.params());
    assertThat(copied.get(3).shape()).as("what the output layer is fed with").containsExactly(16, 8);
    assertSameMemory(copied.get(4), network.getFlattenedGradients());
  }

  /** Trains a network, and returns the arrays that are brought to the host. */
  private List<INDArray> copiesFor(Model network, DataSet batch, UnaryOperator<TensorBoardListener.Builder> options) {
    try (TensorBoardListener listener = options.apply(TensorBoardListener.builder(logs.resolve("run"))
        .existingRun(ExistingRun.REPLACE).withoutAccuracy().histogramFrequency(Frequency.never())).build()) {
      network.setListeners(listener);
      calls.clear();
      fit(network, batch);
    }
    return copies();
  }

  private static List<INDArray> copies() {
    return calls.all("ensureLocation").stream().map(call -> (INDArray) call.arguments().get(0)).toList();
  }

  private static void assertSameMemory(INDArray array, INDArray expected) {
    assertThat(array.length()).isEqualTo(expected.length());
    assertThat(array.data().platformAddress()).isEqualTo(expected.data().platformAddress());
  }

  @Test
  void shouldBringAnArrayWithGapsToTheHostOnce() {
    INDArray column = Nd4j.arange(100).castTo(DataType.FLOAT).reshape(10, 10).getColumn(3);
    for (Runnable view : List.<Runnable>of(() -> ParameterViews.of(column), () -> ParameterViews.current(column))) {
      calls.clear();
      view.run();

      assertThat(copies()).singleElement().satisfies(copied -> assertThat(copied.length()).isEqualTo(10));
    }
  }

  /** Returns the buffers that a training reads for its listener; without one, it reads as much for itself. */
  private List<DataBuffer> readsFor(Supplier<? extends Model> network, DataSet batch,
      UnaryOperator<TensorBoardListener.Builder> options) {
    calls.clear();
    fit(network.get(), batch);
    Map<String, Long> alone = calls.counts();

    calls.clear();
    Model listened = network.get();
    try (TensorBoardListener listener = options.apply(
        TensorBoardListener.builder(logs.resolve("run")).existingRun(ExistingRun.REPLACE)).build()) {
      listened.setListeners(listener);
      fit(listened, batch);
    }
    List<CountedCalls.Call> own =
        calls.all().stream().filter(call -> call.isFor(TensorBoardListener.class)).toList();
    Map<String, Long> with = calls.counts();
    own.forEach(call -> with.merge(call.method(), -1L, Long::sum));
    with.values().removeIf(count -> count == 0);
    assertThat(with).as("what the framework reads for itself").isEqualTo(alone);
    return own.stream().filter(call -> call.target() instanceof DataBuffer)
        .map(call -> (DataBuffer) call.target()).toList();
  }

  private static void fit(Model network, DataSet batch) {
    if (network instanceof MultiLayerNetwork layers) {
      layers.fit(repeated(batch));
    } else {
      ((ComputationGraph) network).fit(repeated(batch));
    }
  }

  private static DataSetIterator repeated(DataSet batch) {
    return new ExistingDataSetIterator(Collections.nCopies(ITERATIONS, batch));
  }

  private static DataSet classes() {
    return Nets.batches(1).get(0);
  }

  private static MultiLayerNetwork recurrent() {
    return Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
        .layer(new LSTM.Builder().nIn(5).nOut(8).activation(Activation.TANH).build())
        .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(3).activation(Activation.SOFTMAX).build())
        .build());
  }

  private static DataSet sequences() {
    INDArray labels = Nd4j.zeros(4, 3, 7);
    INDArray mask = Nd4j.ones(4, 7);
    for (int i = 0; i < 28; i++) {
      labels.putScalar(i / 7, i % 3, i % 7, 1);
    }
    mask.putScalar(1, 6, 0);
    return new DataSet(Nd4j.rand(4, 5, 7), labels, mask, mask.dup());
  }
}
