package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.Markdown;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;

/** The listener in the hands of whatever trains a network. */
@Timeout(120)
class TrainersTest {

  @TempDir
  private Path logs;

  @Test
  void shouldRecordAnEarlyStoppingTraining() {
    MultiLayerNetwork network = Nets.classifier();
    EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
            .scoreCalculator(new DataSetLossCalculator(new ExistingDataSetIterator(Nets.batches(2)), true))
            .build();
    EarlyStoppingResult<MultiLayerNetwork> result;
    try (TensorBoardListener listener = listener().build()) {
      network.setListeners(listener);
      result = new EarlyStoppingTrainer(
          configuration, network, new ExistingDataSetIterator(Nets.batches(1)), listener.earlyStopping()).fit();
    }

    Recorded validation = Recorded.in(logs.resolve("run/validation"));
    result.getScoreVsEpoch().forEach((epoch, score) -> assertThat(validation.scalar("epoch_early_stopping_score"))
        .containsEntry(epoch + 1L, score.floatValue()));
    assertThat(validation.scalar("epoch_early_stopping_score")).hasSize(4);
    assertThat(validation.scalar("epoch_best_epoch").get(4L)).isEqualTo(result.getBestModelEpoch() + 1);
    assertThat(validation.texts()).singleElement().asString().contains("| ended in epoch | 4 |",
        "| because of | " + Markdown.text("EpochTerminationCondition: " + result.getTerminationDetails()) + " |",
        "| best epoch | " + (result.getBestModelEpoch() + 1) + " |",
        "| score | " + Markdown.text(String.valueOf(result.getScoreVsEpoch().get(result.getBestModelEpoch()))) + " |",
        "| saved by | " + Markdown.text("InMemoryModelSaver()") + " |");

    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(train().scalar("epoch_accuracy").keySet()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(train().histograms().get("layer_hidden/weight")).hasSize(4);
  }

  @Test
  void shouldRecordEveryIterationOfSeveralWorkers() throws Exception {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network).workers(2).averagingFrequency(2)
          .trainingMode(ParallelWrapper.TrainingMode.AVERAGING).build();
      wrapper.setListeners(listener);
      listener.onEpochStart(network);
      wrapper.fit(new ListDataSetIterator<>(Nets.batches(1).get(0).asList(), 4));
      listener.onEpochEnd(network);
      wrapper.close();
    }

    Map<Long, Float> accuracy = train().scalar("batch_accuracy");
    assertThat(accuracy.keySet())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 4).boxed().toList());
    assertThat(accuracy.values()).allSatisfy(value -> assertThat(value).isBetween(0f, 1f));
    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L);
    assertThat(train().graphs()).isEqualTo(1);
  }

  @Test
  void shouldRecordFrozenLayersAndTheRateOfThoseThatTrain() {
    MultiLayerNetwork network = new TransferLearning.Builder(Nets.classifier()).setFeatureExtractor(0).build();
    try (TensorBoardListener listener = listener().build()) {
      network.setListeners(listener);
      network.fit(new ExistingDataSetIterator(Nets.batches(1)), 2);
    }

    assertThat(train().scalar("epoch_loss")).hasSize(2);
    assertThat(train().scalar("epoch_learning_rate").get(1L)).isEqualTo(0.01f);
    Map<Long, Recorded.Rows> frozen = train().histograms().get("layer_hidden/weight");
    assertThat(frozen.get(1L).min()).isEqualTo(frozen.get(2L).min());
  }

  @Test
  void shouldLeaveOutFrozenLayersWhereTheUserWantsNone() {
    MultiLayerNetwork network = new TransferLearning.Builder(Nets.classifier()).setFeatureExtractor(0).build();
    ComputationGraph graph = new TransferLearning.GraphBuilder(Nets.graph())
        .setFeatureExtractor("hidden").build();
    for (Model model : List.of(network, graph)) {
      Path run = logs.resolve(model.getClass().getSimpleName());
      try (TensorBoardListener listener = TensorBoardListener.builder(run).withoutFrozenLayers().build()) {
        model.setListeners(listener);
        listener.epoch(model, () -> {
          if (model == network) {
            network.fit(Nets.batches(1).get(0));
          } else {
            graph.fit(Nets.batches(1).get(0));
          }
        });
      }

      assertThat(Recorded.in(run.resolve("train")).histograms().keySet())
          .containsExactly("layer_output/bias", "layer_output/weight");
    }
  }

  /** A layer that the framework knows nothing of. */
  static final class Doubled extends SameDiffLambdaLayer {
    private static final long serialVersionUID = 1;

    @Override
    public SDVariable defineLayer(SameDiff sameDiff, SDVariable input) {
      return input.mul(2);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
      return inputType;
    }
  }

  @Test
  void shouldRecordANetworkWithACustomLayer() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.1)).list()
        .layer(Nets.hidden())
        .layer(new Doubled())
        .layer(Nets.output())
        .setInputType(InputType.feedForward(Nets.FEATURES))
        .build());
    try (TensorBoardListener listener = listener().build()) {
      network.setListeners(listener);
      network.fit(new ExistingDataSetIterator(Nets.batches(1)), 2);
    }

    assertThat(train().scalar("epoch_accuracy")).hasSize(2);
    assertThat(train().histograms()).containsKeys("layer_hidden/weight", "layer_output/weight");
    assertThat(train().graphs()).isEqualTo(1);
  }

  @Test
  void shouldRecordALossOfWhichNobodyKnowsTheBatch() {
    List<String> log;
    try (Log kept = new Log(logs);
        TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      MultiLayerNetwork network = Nets.classifier();
      listener.onEpochStart(network);
      for (int i = 0; i < 4; i++) {
        network.setScore(i);
        listener.iterationDone(network, i, 0);
      }
      listener.onEpochEnd(network);
      listener.onEpochEnd(network);
      log = kept.lines();
    }

    assertThat(log).isEmpty();
    assertThat(train().scalar("batch_loss")).hasSize(4);
    assertThat(train().scalar("epoch_loss")).containsExactly(Map.entry(1L, 1.5f));
    assertThat(train().graphs()).isEqualTo(1);
  }

  /** Notes the scores of layers that are trained alone. */
  private static final class LayerScores extends BaseTrainingListener {
    private final Map<String, Map<Long, Float>> scores = new TreeMap<>();

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      if (model instanceof Layer layer && !(model instanceof MultiLayerNetwork)) {
        scores.computeIfAbsent(layer.conf().getLayer().getLayerName(), name -> new TreeMap<>())
            .put(iteration + 1L, (float) layer.score());
      }
    }
  }

  @Test
  void shouldRecordTheLossOfAnAutoencoderThatIsTrainedAlone() {
    shouldRecordPretraining("0_auto_encoder", "layer0", new AutoEncoder.Builder().nIn(Nets.FEATURES).nOut(8).build());
  }

  @Test
  void shouldRecordTheLossOfAVariationalAutoencoderThatIsTrainedAlone() {
    shouldRecordPretraining("vae", "vae", new VariationalAutoencoder.Builder().name("vae").nIn(Nets.FEATURES).nOut(8)
        .encoderLayerSizes(8).decoderLayerSizes(8)
        .reconstructionDistribution(new GaussianReconstructionDistribution(Activation.IDENTITY)).build());
  }

  private void shouldRecordPretraining(String name, String itsName, org.deeplearning4j.nn.conf.layers.Layer encoder) {
    LayerScores scores = new LayerScores();
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.01)).list()
        .layer(encoder)
        .layer(Nets.output())
        .build());
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(1)).build()) {
      network.setListeners(listener, scores);
      network.pretrain(new ExistingDataSetIterator(Nets.batches(1)), 2);
      network.fit(new ExistingDataSetIterator(Nets.batches(1)), 1);
    }

    assertThat(train().scalar("pretrain_loss/" + name)).hasSize(10).isEqualTo(scores.scores.get(itsName));
    assertThat(train().scalar("epoch_accuracy")).hasSize(1);
    assertThat(train().scalar("batch_loss")).hasSize(5);
    assertThat(train().graphs()).isEqualTo(1);
    assertThat(train().histograms().keySet()).contains("layer_output/weight");
  }

  @Test
  void shouldRecordTheLossOfLayersOfAGraphThatAreTrainedAlone() {
    LayerScores scores = new LayerScores();
    ComputationGraph graph = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.1)).graphBuilder()
        .addInputs("in")
        .addLayer("encoder", new AutoEncoder.Builder().nIn(Nets.FEATURES).nOut(8).build(), "in")
        .addLayer("output", Nets.output(), "encoder")
        .setOutputs("output")
        .build());
    try (TensorBoardListener listener = listener().batchFrequency(Frequency.iterations(2)).build()) {
      graph.setListeners(listener, scores);
      graph.pretrain(new ExistingDataSetIterator(Nets.batches(1)));
    }

    assertThat(train().scalar("pretrain_loss/encoder").keySet()).containsExactly(2L, 4L);
    assertThat(scores.scores.get("encoder")).containsAllEntriesOf(train().scalar("pretrain_loss/encoder"));
  }

  private TensorBoardListener.Builder listener() {
    return TensorBoardListener.builder(logs.resolve("run"));
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }
}
