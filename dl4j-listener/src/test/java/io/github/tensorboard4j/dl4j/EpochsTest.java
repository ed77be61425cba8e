package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.dl4j.Nets.iterator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Trainings of whose epochs the framework doesn't tell, and those whose epochs the user declares. */
class EpochsTest {

  @TempDir
  private Path logs;

  private final List<DataSet> data = Nets.batches(1);
  private final List<DataSet> unseen = Nets.batches(2);
  private final MultiLayerNetwork network = Nets.classifier();

  @Test
  void shouldRecordHistogramsAndValidationByIterationWhereNobodyTellsOfEpochs() {
    List<String> log;
    try (Log kept = new Log(logs); TensorBoardListener listener = listener().validationData(iterator(unseen)).build()) {
      network.setListeners(listener);
      fit(21);
      log = kept.lines();
    }

    assertThat(train().histograms().get("layer_hidden/weight").keySet()).containsExactly(1L, 10L, 100L);
    assertThat(validation().scalar("batch_loss").keySet()).containsExactly(1L, 10L, 100L);
    assertThat(validation().scalar("batch_accuracy").keySet()).containsExactly(1L, 10L, 100L);
    assertThat(validation().scalars()).containsOnlyKeys("batch_loss", "batch_accuracy");
    assertThat(log).singleElement().asString().contains("INFO", "histograms after the iterations 1, 10 and every 100",
        "validation after the iterations 1, 10 and every 100", "epochEvery(iterations)", "listener.epoch(");
  }

  @Test
  void shouldMeasureValidationAsTheFrameworkDoesAtThatIteration() {
    try (TensorBoardListener listener = listener().validationData(iterator(unseen))
        .validationFrequency(Frequency.iterations(5)).histogramFrequency(Frequency.epochs(1)).build()) {
      network.setListeners(listener);
      fit(1);
    }
    double loss = 0;
    double examples = 0;
    for (DataSet batch : unseen) {
      loss += network.score(batch) * batch.numExamples();
      examples += batch.numExamples();
    }

    assertThat(validation().scalar("batch_loss")).containsExactly(Map.entry(5L, (float) (loss / examples)));
    assertThat(validation().scalar("batch_accuracy"))
        .containsExactly(Map.entry(5L, (float) network.evaluate(iterator(unseen)).accuracy()));
    assertThat(train().histograms()).as("what the user has set stays").isEmpty();
  }

  @Test
  void shouldTakeSoManyIterationsForAnEpoch() {
    List<String> log;
    try (Log kept = new Log(logs);
        TensorBoardListener listener = listener().epochEvery(5).validationData(iterator(unseen)).build()) {
      network.setListeners(listener);
      fit(3);
      network.fit(data.get(0));
      log = kept.lines();
    }

    assertThat(log).isEmpty();
    shouldHaveThreeEpochs();
    assertThat(train().scalar("epoch_seconds").keySet()).containsExactly(2L, 3L);
    assertThat(Recorded.in(logs.resolve("run")).tensorSteps()).doesNotContainKey("_hparams_/session_end_info");
  }

  @Test
  void shouldTakeABlockForAnEpoch() {
    List<String> log;
    try (Log kept = new Log(logs); TensorBoardListener listener = listener().validationData(iterator(unseen)).build()) {
      network.setListeners(listener);
      for (int i = 0; i < 3; i++) {
        listener.epoch(network, () -> data.forEach(network::fit));
      }
      log = kept.lines();
    }

    assertThat(log).isEmpty();
    shouldHaveThreeEpochs();
    assertThat(train().scalar("epoch_seconds").keySet()).containsExactly(1L, 2L, 3L);
  }

  /** The same as {@code fit(iterator, 3)}. */
  private void shouldHaveThreeEpochs() {
    MultiLayerNetwork alike = Nets.classifier();
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("alike")).validationData(iterator(unseen)).build()) {
      alike.setListeners(listener);
      alike.fit(iterator(data), 3);
    }
    Recorded expected = Recorded.in(logs.resolve("alike/train"));

    for (String tag : List.of("epoch_loss", "epoch_accuracy", "epoch_learning_rate")) {
      assertThat(train().scalar(tag)).as(tag).hasSize(3).isEqualTo(expected.scalar(tag));
    }
    assertThat(train().histograms().get("layer_hidden/weight").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(validation().scalars()).isEqualTo(Recorded.in(logs.resolve("alike/validation")).scalars());
  }

  @Test
  void shouldTakeEpochsOfTheFrameworkWithinABlockForPartsOfIt() {
    try (TensorBoardListener listener = listener().build()) {
      network.setListeners(listener);
      listener.epoch(network, () -> network.fit(iterator(data), 2));
      listener.epoch(network, () -> network.fit(iterator(data), 2));
      network.fit(iterator(data), 1);
    }

    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 3L, 5L);
  }

  @Test
  void shouldIgnoreEpochsOfTheFrameworkWhereTheUserDeclaresTheirLength() {
    try (TensorBoardListener listener = listener().epochEvery(3).build()) {
      network.setListeners(listener);
      network.fit(iterator(data), 3);
    }

    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void shouldGoOnCountingDeclaredEpochsWhereASavedNetworkIs() {
    network.setListeners();
    fit(2);
    try (TensorBoardListener listener = listener().epochEvery(5).build()) {
      network.setListeners(listener);
      fit(2);
    }

    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(3L, 4L);
  }

  @Test
  void shouldLookIntoTheFirstIterationOfDeclaredEpochsWhereASavedNetworkIs() {
    network.setListeners();
    fit(1);
    data.subList(0, 2).forEach(network::fit);
    try (TensorBoardListener listener = listener().epochEvery(5).gradientFrequency(Frequency.epochs(1))
        .activationFrequency(Frequency.iterations(11)).build()) {
      network.setListeners(listener);
      fit(2);
    }

    // the iterations are 8 to 17, and 11 and 16 are the first of an epoch
    assertThat(train().tensorSteps().get("gradient/hidden/weight")).containsExactly(3L, 4L);
    assertThat(train().tensorSteps().get("layer_hidden/activation")).containsExactly(11L);
  }

  @Test
  void shouldRecordAnEpochOnceOfWhichBothTheUserAndTheFrameworkTell() {
    try (TensorBoardListener listener = listener().build()) {
      network.setListeners(listener);
      for (int i = 0; i < 2; i++) {
        listener.onEpochStart(network);
        network.fit(iterator(data), 1);
        listener.onEpochEnd(network);
      }
    }

    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L);
    assertThat(train().scalar("epoch_loss").values()).doesNotContain(Float.NaN);
    assertThat(train().scalar("epoch_learning_rate").keySet()).containsExactly(1L, 2L);
    assertThat(train().histograms().get("layer_hidden/weight").keySet()).containsExactly(1L, 2L);
  }

  @Test
  void shouldSayThatAnEpochIsNotComplete() {
    List<String> log;
    try (Log kept = new Log(logs);
        TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      network.setListeners(new BaseTrainingListener() {
        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
          if (iteration == 7) {
            network.addListeners(listener);
          }
        }
      });
      network.fit(iterator(data), 3);
      log = kept.lines();
    }

    assertThat(log).singleElement().asString().contains("WARN", "within an epoch");
    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(2L, 3L);
    assertThat(train().histograms().get("layer_hidden/weight").keySet()).containsExactly(2L, 3L);
  }

  @Test
  void shouldRefuseAnEpochWithinAnEpoch() {
    try (TensorBoardListener listener = listener().build()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> listener.epoch(network, () -> listener.epoch(network, () -> {})))
          .withMessageContaining("one is part of no other");
    }
    try (TensorBoardListener listener = listener().epochEvery(5).build()) {
      assertThatIllegalStateException().isThrownBy(() -> listener.epoch(network, () -> {}))
          .withMessageContaining("epochEvery");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> listener().epochEvery(0));
  }

  @Test
  void shouldLetWhatABlockThrowsPass() {
    try (TensorBoardListener listener = listener().build()) {
      network.setListeners(listener);
      assertThatThrownBy(() -> listener.epoch(network, () -> {
        network.fit(data.get(0));
        throw new IllegalStateException("no more data");
      })).hasMessage("no more data");
      listener.epoch(network, () -> network.fit(data.get(1)));
    }

    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L);
  }

  /** Asks for what a listener may ask for, after another has measured validation. */
  private static final class Curious extends BaseTrainingListener {
    private double scores;
    private long sizes;

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      scores += model.score();
      sizes += model.batchSize();
    }
  }

  @Test
  void shouldTrainToTheSameWeightsWithValidationWithinEpochs() {
    DataSet sequences = sequences();
    shouldTrainAlike(recurrent(), recurrent(), sequences);
    shouldTrainAlike(graph(), graph(), sequences);
  }

  private void shouldTrainAlike(Model with, Model without, DataSet batch) {
    List<DataSet> others = List.of(sequences().splitTestAndTrain(2).getTrain());
    Curious behind = new Curious();
    Curious alone = new Curious();
    Path run = logs.resolve(with.getClass().getSimpleName());
    try (TensorBoardListener listener = TensorBoardListener.builder(run)
        .validationData(iterator(others)).validationFrequency(Frequency.iterations(1)).build()) {
      with.setListeners(listener, behind);
      without.setListeners(alone);
      for (Model model : List.of(with, without)) {
        Nd4j.getRandom().setSeed(1);
        if (model instanceof MultiLayerNetwork chain) {
          chain.fit(iterator(List.of(batch, batch)), 2);
        } else {
          ((ComputationGraph) model).fit(iterator(List.of(batch, batch)), 2);
        }
      }
    }

    assertThat(with.params().toFloatVector()).isEqualTo(without.params().toFloatVector());
    assertThat(behind.scores).isEqualTo(alone.scores);
    assertThat(behind.sizes).isEqualTo(alone.sizes);
    assertThat(Recorded.in(run.resolve("validation")).scalar("batch_loss").keySet())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 12).boxed().toList());
  }

  private static MultiLayerNetwork recurrent() {
    return Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
        .layer(new LSTM.Builder().nIn(5).nOut(8).activation(Activation.TANH).dropOut(0.5).build())
        .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(8).nOut(3).activation(Activation.SOFTMAX).build())
        .backpropType(BackpropType.TruncatedBPTT).tBPTTLength(3)
        .build());
  }

  private static ComputationGraph graph() {
    ComputationGraph graph = recurrent().toComputationGraph();
    graph.getConfiguration().setBackpropType(BackpropType.TruncatedBPTT);
    graph.getConfiguration().setTbpttFwdLength(3);
    graph.getConfiguration().setTbpttBackLength(3);
    return graph;
  }

  private static DataSet sequences() {
    Nd4j.getRandom().setSeed(7);
    INDArray labels = Nd4j.zeros(4, 3, 9);
    INDArray mask = Nd4j.ones(4, 9);
    for (int example = 0; example < 4; example++) {
      for (int step = 0; step < 9; step++) {
        labels.putScalar(example, (example + step) % 3, step, 1);
        if (step > 3 + example) {
          mask.putScalar(example, step, 0);
        }
      }
    }
    return new DataSet(Nd4j.rand(4, 5, 9), labels, mask, mask.dup());
  }

  private void fit(int times) {
    for (int i = 0; i < times; i++) {
      data.forEach(network::fit);
    }
  }

  private TensorBoardListener.Builder listener() {
    return TensorBoardListener.builder(logs.resolve("run"));
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private Recorded validation() {
    return Recorded.in(logs.resolve("run/validation"));
  }
}
