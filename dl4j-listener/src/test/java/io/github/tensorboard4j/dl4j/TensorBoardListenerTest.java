package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.offset;

import com.sun.management.ThreadMXBean;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.ExistingRun;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class TensorBoardListenerTest {

  @TempDir
  private Path logs;

  private final List<DataSet> data = Nets.batches(1);
  private final List<DataSet> unseen = Nets.batches(2);

  /** Notes every score, as the framework tells it. */
  private static final class Scores extends BaseTrainingListener {
    private final List<Double> scores = new ArrayList<>();

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      scores.add(model.score());
    }
  }

  @Test
  void shouldRecordTheMeanOfTheScoresWeighedByExamples() {
    MultiLayerNetwork network = Nets.classifier();
    Scores scores = new Scores();
    train(network, listener().batchFrequency(Frequency.iterations(1)).build(), scores);

    Recorded train = train();
    for (int epoch = 1; epoch <= 3; epoch++) {
      double sum = 0;
      double examples = 0;
      for (int batch = 0; batch < data.size(); batch++) {
        sum += scores.scores.get((epoch - 1) * data.size() + batch) * data.get(batch).numExamples();
        examples += data.get(batch).numExamples();
      }
      assertThat(train.scalar("epoch_loss").get((long) epoch)).isEqualTo((float) (sum / examples));
    }
    assertThat(train.scalar("epoch_loss")).hasSize(3);
    for (int i = 0; i < scores.scores.size(); i++) {
      assertThat(train.scalar("batch_loss").get(i + 1L)).isEqualTo(scores.scores.get(i).floatValue());
    }
    assertThat(train.scalar("batch_loss")).hasSize(15);
  }

  @Test
  void shouldRecordTheAccuracyOfTheOutputsThatTrainingMet() {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      network.setListeners(listener);
      Evaluation evaluation = new Evaluation();
      List<Float> batches = new ArrayList<>();
      listener.onEpochStart(network);
      for (DataSet batch : data) {
        INDArray output = network.output(batch.getFeatures());
        evaluation.eval(batch.getLabels(), output);
        Evaluation own = new Evaluation();
        own.eval(batch.getLabels(), output);
        batches.add((float) own.accuracy());
        network.fit(batch);
      }
      listener.onEpochEnd(network);
      listener.flush();

      assertThat(train().scalar("batch_accuracy").values()).containsExactlyElementsOf(batches);
      assertThat(train().scalar("epoch_accuracy")).containsExactly(Map.entry(1L, (float) evaluation.accuracy()));
    }
  }

  @Test
  void shouldRecordValidationAsTheFrameworkMeasuresIt() {
    MultiLayerNetwork network = Nets.classifier();
    List<EpochSummary> summaries = new ArrayList<>();
    train(network, listener().validationData(iterator(unseen)).onEpoch(summaries::add).build());

    double loss = 0;
    double examples = 0;
    for (DataSet batch : unseen) {
      loss += network.score(batch) * batch.numExamples();
      examples += batch.numExamples();
    }
    Recorded validation = Recorded.in(logs.resolve("run/validation"));
    assertThat(validation.scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(validation.scalar("epoch_loss").get(3L)).isEqualTo((float) (loss / examples));
    assertThat(validation.scalar("epoch_accuracy").get(3L))
        .isEqualTo((float) network.evaluate(iterator(unseen)).accuracy());
    assertThat(summaries).extracting(EpochSummary::epoch).containsExactly(1L, 2L, 3L);
    assertThat((float) summaries.get(2).validationLoss().orElseThrow()).isEqualTo(validation.scalar("epoch_loss").get(3L));
    assertThat((float) summaries.get(1).loss().orElseThrow()).isEqualTo(train().scalar("epoch_loss").get(2L));
  }

  @Test
  void shouldRecordEveryParameterAfterTheEpochsUpdates() {
    MultiLayerNetwork network = Nets.classifier();
    train(network, listener().build());

    Map<String, Map<Long, Recorded.Rows>> histograms = train().histograms();
    assertThat(histograms).containsOnlyKeys("layer_hidden/weight", "layer_hidden/bias", "layer_output/weight",
        "layer_output/bias");
    String[] names =
        {"layer_hidden/weight", "layer_hidden/bias", "layer_output/weight", "layer_output/bias"};
    String[] keys = {"0_W", "0_b", "1_W", "1_b"};
    for (int i = 0; i < names.length; i++) {
      assertThat(histograms.get(names[i]).keySet()).containsExactly(1L, 2L, 3L);
      Recorded.Rows last = histograms.get(names[i]).get(3L);
      INDArray parameter = network.getParam(keys[i]);
      assertThat(last.count()).isEqualTo(parameter.length());
      assertThat((float) last.min()).isEqualTo(parameter.minNumber().floatValue());
      assertThat((float) last.max()).isEqualTo(parameter.maxNumber().floatValue());
    }
  }

  @Test
  void shouldRecordHistogramsByIterationWhenAsked() {
    train(Nets.classifier(), listener().histogramFrequency(Frequency.iterations(5)).build());

    assertThat(train().histograms().get("layer_hidden/weight").keySet()).containsExactly(5L, 10L, 15L);
  }

  @Test
  void shouldRecordNoHistogramsWhenNoneAreAskedFor() {
    train(Nets.classifier(), listener().histogramFrequency(Frequency.never()).build());

    assertThat(train().histograms()).isEmpty();
  }

  @Test
  void shouldFollowALearningRateSchedule() {
    MapSchedule schedule = new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.1, 5, 0.01, 10, 0.001));
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().updater(new Sgd(schedule)).list()
        .layer(Nets.hidden()).layer(Nets.output()).build());
    train(network, listener().batchFrequency(Frequency.iterations(5)).build());

    assertThat(train().scalar("batch_learning_rate"))
        .containsExactly(Map.entry(5L, 0.1f), Map.entry(10L, 0.01f), Map.entry(15L, 0.001f));
    assertThat(train().scalar("epoch_learning_rate"))
        .containsExactly(Map.entry(1L, 0.1f), Map.entry(2L, 0.01f), Map.entry(3L, 0.001f));
  }

  @Test
  void shouldTrainToTheSameWeightsAsWithoutAListener() {
    MultiLayerNetwork with = Nets.classifier();
    MultiLayerNetwork without = Nets.classifier();
    train(with, listener().validationData(iterator(unseen)).histogramFrequency(Frequency.iterations(1)).build());
    without.fit(iterator(data), 3);

    assertThat(with.params().toFloatVector()).isEqualTo(without.params().toFloatVector());
  }

  @Test
  void shouldRecordGraphConfigurationAndHyperParametersOnce() {
    train(Nets.classifier(), listener().hyperParameter("dropout", 0.1).build());

    assertThat(train().graphs()).isEqualTo(1);
    assertThat(train().texts()).singleElement()
        .satisfies(text -> assertThat(text).contains("Total Parameters").contains("\"nout\" : 8"));
    Recorded session = Recorded.in(logs.resolve("run"));
    assertThat(session.events()).flatExtracting(event -> event.values()).extracting(value -> value.tag())
        .containsOnlyOnce("_hparams_/session_start_info");
  }

  @Test
  void shouldRecordSpeed() {
    train(Nets.classifier(), listener().batchFrequency(Frequency.iterations(1)).build());

    Map<Long, Float> seconds = train().scalar("epoch_seconds");
    assertThat(seconds).hasSize(3).allSatisfy((epoch, value) -> assertThat(value).isPositive());
    assertThat(train().scalar("epoch_examples_per_second").get(2L)).isCloseTo(69 / seconds.get(2L),
        offset(69 / seconds.get(2L) / 1000));
    assertThat(train().scalar("batch_seconds")).hasSize(15);
    assertThat(train().scalar("batch_examples_per_second")).hasSize(15);
  }

  @Test
  void shouldGoOnCountingWhereASavedNetworkIs() {
    MultiLayerNetwork network = Nets.classifier();
    train(network, listener().build());
    train(network, TensorBoardListener.builder(logs.resolve("resumed")).batchFrequency(Frequency.iterations(1)).build());

    Recorded resumed = Recorded.in(logs.resolve("resumed/train"));
    assertThat(resumed.scalar("epoch_loss").keySet()).containsExactly(4L, 5L, 6L);
    assertThat(resumed.scalar("batch_loss").keySet()).first().isEqualTo(16L);
    assertThat(resumed.events()).filteredOn(event -> event.isSessionStart()).last()
        .satisfies(start -> assertThat(start.step()).isEqualTo(16));
  }

  @Test
  void shouldRecordOnlyBatchCurvesWhereFitTellsOfNoEpochs() {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      network.setListeners(listener);
      data.forEach(network::fit);
    }

    assertThat(train().scalar("batch_loss")).hasSize(5);
    assertThat(train().scalar("epoch_loss")).isEmpty();
  }

  @Test
  void shouldRecordAGraphLikeTheSameChainOfLayers() {
    MultiLayerNetwork chain = Nets.classifier();
    ComputationGraph graph = Nets.init(new NeuralNetConfiguration.Builder().seed(5).l2(1e-3)
        .updater(new org.nd4j.linalg.learning.config.Adam(0.01)).graphBuilder()
        .addInputs("in")
        .addLayer("hidden", Nets.hidden(), "in")
        .addLayer("output", Nets.output(), "hidden")
        .setOutputs("output")
        .build());
    graph.setParams(chain.params());
    train(chain, listener().batchFrequency(Frequency.iterations(1)).validationData(iterator(unseen)).build());
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("graph")).batchFrequency(Frequency.iterations(1))
            .validationData(iterator(unseen)).build()) {
      graph.setListeners(listener);
      graph.fit(iterator(data), 3);
    }

    Recorded of = Recorded.in(logs.resolve("graph/train"));
    for (String tag : List.of("epoch_loss", "epoch_accuracy", "batch_loss", "batch_accuracy", "epoch_learning_rate")) {
      assertThat(of.scalar(tag)).isNotEmpty().isEqualTo(train().scalar(tag));
    }
    assertThat(of.histograms().keySet()).isEqualTo(train().histograms().keySet());
    assertThat(of.graphs()).isEqualTo(1);
    assertThat(Recorded.in(logs.resolve("graph/validation")).scalars())
        .isEqualTo(Recorded.in(logs.resolve("run/validation")).scalars());
  }

  @Test
  void shouldNotBreakATrainingThatItCannotRecord() throws IOException {
    MultiLayerNetwork network = Nets.classifier();
    TensorBoardListener listener = listener().build();
    Files.createFile(logs.resolve("run"));

    assertThatCode(() -> train(network, listener)).doesNotThrowAnyException();
    assertThat(network.getIterationCount()).isEqualTo(15);
  }

  @Test
  void shouldNotBreakATrainingWhoseValidationFails() {
    MultiLayerNetwork network = Nets.classifier();
    DataSet misfit = new DataSet(org.nd4j.linalg.factory.Nd4j.zeros(4, 99), org.nd4j.linalg.factory.Nd4j.zeros(4, 3));
    TensorBoardListener listener = listener().validationData(iterator(List.of(misfit))).build();

    assertThatCode(() -> train(network, listener)).doesNotThrowAnyException();
    assertThat(network.getEpochCount()).isEqualTo(3);
    assertThat(train().scalar("epoch_loss")).hasSize(3);
  }

  @Test
  void shouldAllocateNothingInAnIterationOfItsOwn() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.1)).list()
        .layer(Nets.hidden())
        .layer(new OutputLayer.Builder(LossFunction.MSE).name("output").nIn(8).nOut(Nets.CLASSES).build())
        .build());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TensorBoardListener listener = listener().build()) {
      network.setListeners(listener);
      listener.onEpochStart(network);
      network.fit(data.get(0));
      int iterations = 100_000;
      for (int i = 1; i <= 2 * iterations; i++) {
        listener.onBackwardPass(network);
        listener.iterationDone(network, i, 0);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 2 * iterations + 1; i <= 3 * iterations; i++) {
        listener.onBackwardPass(network);
        listener.iterationDone(network, i, 0);
      }

      assertThat((threads.getCurrentThreadAllocatedBytes() - before) / iterations).isZero();
    }
  }

  @Test
  void shouldGoOnWhereTheUsersConsumerOfEpochsThrows() {
    MultiLayerNetwork network = Nets.classifier();
    TensorBoardListener listener = listener().validationData(iterator(unseen)).onEpoch(summary -> {
      throw new IllegalStateException("a fault of the user's");
    }).build();

    assertThatCode(() -> train(network, listener)).doesNotThrowAnyException();
    assertThat(network.getEpochCount()).isEqualTo(3);
    assertThat(train().scalar("epoch_loss")).hasSize(3);
    assertThat(Recorded.in(logs.resolve("run/validation")).scalar("epoch_loss")).hasSize(3);
  }

  @Test
  void shouldLeaveOutTheLearningRateOfAnUpdaterThatHasNone() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new NoOp()).list()
        .layer(Nets.hidden()).layer(Nets.output()).build());
    train(network, listener().batchFrequency(Frequency.iterations(1)).build());

    assertThat(train().scalars()).containsKeys("epoch_loss", "batch_loss")
        .doesNotContainKeys("epoch_learning_rate", "batch_learning_rate");
  }

  @Test
  void shouldRecordNoFiguresOfEmptyValidationData() {
    train(Nets.classifier(), listener().validationData(iterator(List.of())).build());

    assertThat(train().scalar("epoch_loss")).hasSize(3);
    assertThat(logs.resolve("run/validation")).doesNotExist();
  }

  @Test
  void shouldRefuseADirectoryThatIsInUseWhereAsked() {
    train(Nets.classifier(), listener().build());

    assertThatIllegalStateException().isThrownBy(() -> listener().existingRun(ExistingRun.REFUSE).build());
  }

  @Test
  void shouldLeaveOutWhatComesAfterClose() {
    MultiLayerNetwork network = Nets.classifier();
    DataSetIterator validation = iterator(unseen);
    TensorBoardListener listener =
        listener().batchFrequency(Frequency.iterations(1)).validationData(validation).build();
    train(network, listener);
    validation.reset();
    validation.next();
    network.fit(iterator(data), 1);

    assertThat(train().scalar("batch_loss")).hasSize(15);
    assertThat(validation).toIterable().as("the validation data is left where it was").hasSize(unseen.size() - 1);
  }

  @Test
  void shouldNotKeepANetworkThatNobodyUsesAnyMore() throws InterruptedException {
    WeakReference<MultiLayerNetwork> trained = new WeakReference<>(trained(listener().build()));
    for (int i = 0; i < 500 && trained.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }

    assertThat(trained.get()).isNull();
  }

  @Test
  void shouldNotKeepANetworkOnceTheRecordingHasEnded() throws InterruptedException {
    TensorBoardListener listener = listener().build();
    WeakReference<MultiLayerNetwork> trained = new WeakReference<>(trained(listener));
    listener.close();
    for (int i = 0; i < 500 && trained.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }

    assertThat(trained.get()).isNull();
    Reference.reachabilityFence(listener);
  }

  private MultiLayerNetwork trained(TensorBoardListener listener) {
    MultiLayerNetwork network = Nets.classifier();
    network.setListeners(listener);
    network.fit(iterator(data), 1);
    return network;
  }

  private void train(MultiLayerNetwork network, TensorBoardListener listener, BaseTrainingListener... others) {
    try (listener) {
      network.setListeners(listener);
      network.addListeners(others);
      network.fit(iterator(data), 3);
    }
  }

  private TensorBoardListener.Builder listener() {
    return TensorBoardListener.builder(logs.resolve("run"));
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private static DataSetIterator iterator(List<DataSet> batches) {
    return new ExistingDataSetIterator(batches);
  }

  @Test
  void shouldRecordHowLongIterationsWaitForTheirDataWhereSystemMetricsAreAskedFor() {
    for (Model model : List.of(Nets.classifier(), Nets.graph())) {
      Map<Long, Float> waited = new HashMap<>();
      TrainingListener noting = new BaseTrainingListener() {
        @Override
        public void iterationDone(Model trained, int iteration, int epoch) {
          waited.put(iteration + 1L, (float) (trained instanceof MultiLayerNetwork network
              ? network.getLastEtlTime() : ((ComputationGraph) trained).getLastEtlTime()));
        }
      };
      Path run = logs.resolve(model.getClass().getSimpleName());
      try (TensorBoardListener listener = TensorBoardListener.builder(run).systemMetrics().build()) {
        if (model instanceof MultiLayerNetwork network) {
          network.setListeners(listener, noting);
          network.fit(new Unhurried(Nets.batches(1)));
        } else {
          ((ComputationGraph) model).setListeners(listener, noting);
          ((ComputationGraph) model).fit(new Unhurried(Nets.batches(1)));
        }
      }

      assertThat(Recorded.in(run.resolve("train")).scalar("time/etl_ms")).hasSize(5).isEqualTo(waited)
          .allSatisfy((step, milliseconds) -> assertThat(milliseconds).isGreaterThan(Unhurried.MILLISECONDS / 2f));
    }
  }

  /** Data that take their time. */
  private static final class Unhurried extends ExistingDataSetIterator {
    private static final long serialVersionUID = 1;
    private static final int MILLISECONDS = 30;

    Unhurried(List<DataSet> batches) {
      super(batches);
    }

    @Override
    public DataSet next() {
      try {
        Thread.sleep(MILLISECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return super.next();
    }

    @Override
    public boolean asyncSupported() {
      return false;
    }
  }
}
