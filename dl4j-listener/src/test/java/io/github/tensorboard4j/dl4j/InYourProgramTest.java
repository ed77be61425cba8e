package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.ValidationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Sgd;

/** The code of {@code docs/in-your-program.md}, run as it stands there. */
@Timeout(120)
class InYourProgramTest {

  @TempDir
  private Path logs;

  private Path run;
  private final List<DataSet> batches = Nets.batches(1);
  private final DataSetIterator train = new ExistingDataSetIterator(batches);
  private final DataSetIterator unseen = new ExistingDataSetIterator(Nets.batches(2));
  private final MultiLayerNetwork network = Nets.classifier();

  @BeforeEach
  void nameRun() {
    run = logs.resolve("run");
  }

  @Test
  void shouldBeTheCodeOfThePage() throws IOException {
    ProgramPage page = new ProgramPage("Deeplearning4j");

    assertThat(page.blocks()).hasSizeGreaterThan(10);
    assertThat(page.strangeTo(InYourProgramTest.class)).isEmpty();
  }

  @Test
  void shouldRecordFitWithAnIterator() {
    network.setListeners(new TensorBoardListener(run));
    network.fit(train, 5);

    flush(network);
    assertThat(train().scalar("epoch_loss")).hasSize(5);
  }

  @Test
  void shouldRecordValidation() {
    TensorBoardListener listener = TensorBoardListener.builder(run).validationData(unseen).build();
    network.setListeners(listener);
    network.fit(train, 2);

    listener.flush();
    assertThat(validation().scalar("epoch_accuracy")).hasSize(2);
  }

  @Test
  void shouldReportOnValidation() {
    TensorBoardListener listener = TensorBoardListener.builder(run)
        .validationData(unseen)
        .validationReport(ValidationReport.standard())
        .build();
    network.setListeners(listener);
    network.fit(train, 2);

    listener.flush();
    assertThat(validation().scalar("epoch_f1")).hasSize(2);
    assertThat(validation().tensorSteps().get("confusion_matrix")).containsExactly(1L, 2L);
  }

  @Test
  void shouldReportAsToldOnValidation() {
    ValidationReport report = ValidationReport.builder()
        .classes("cat", "dog", "bird")
        .pictures(3, 2)
        .embedding("hidden")
        .frequency(Frequency.epochs(2))
        .build();
    TensorBoardListener listener =
        TensorBoardListener.builder(run).validationData(unseen).validationReport(report).build();
    network.setListeners(listener);
    network.fit(train, 2);

    listener.flush();
    assertThat(validation().tensorSteps()).containsEntry("pr_curve/bird", List.of(2L))
        .containsEntry("misclassified", List.of(2L));
    assertThat(run.resolve("validation/embeddings/hidden")).isDirectory();
  }

  @Test
  void shouldRecordFitWithADataSetByNumber() {
    TensorBoardListener listener = TensorBoardListener.builder(run).epochEvery(5).build();
    network.setListeners(listener);
    for (int epoch = 0; epoch < 3; epoch++) {
      batches.forEach(network::fit);
    }

    listener.flush();
    assertThat(train().scalar("epoch_loss")).hasSize(3);
  }

  @Test
  void shouldRecordFitWithADataSetByBlock() {
    TensorBoardListener listener = new TensorBoardListener(run);
    network.setListeners(listener);
    for (int epoch = 0; epoch < 3; epoch++) {
      listener.epoch(network, () -> batches.forEach(network::fit));
    }

    listener.flush();
    assertThat(train().scalar("epoch_loss")).hasSize(3);
  }

  @Test
  void shouldRecordEarlyStopping() {
    EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .epochTerminationConditions(new MaxEpochsTerminationCondition(3))
            .scoreCalculator(new DataSetLossCalculator(unseen, true))
            .build();
    TensorBoardListener listener = new TensorBoardListener(run);
    network.setListeners(listener);
    new EarlyStoppingTrainer(configuration, network, train, listener.earlyStopping()).fit();

    listener.flush();
    assertThat(train().scalar("epoch_loss")).hasSize(3);
    assertThat(validation().scalar("epoch_best_epoch")).hasSize(3);
  }

  @Test
  void shouldRecordAParallelWrapper() {
    DataSetIterator train = new ListDataSetIterator<>(batches.get(0).asList(), 4);
    ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network).workers(2).averagingFrequency(2)
        .trainingMode(ParallelWrapper.TrainingMode.AVERAGING).build();
    TensorBoardListener listener = new TensorBoardListener(run);
    wrapper.setListeners(listener);
    for (int epoch = 0; epoch < 2; epoch++) {
      listener.epoch(network, () -> wrapper.fit(train));
    }

    listener.flush();
    assertThat(train().scalar("epoch_loss")).hasSize(2);
  }

  @Test
  void shouldRecordPretraining() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.01)).list()
        .layer(new AutoEncoder.Builder().nIn(Nets.FEATURES).nOut(8).build())
        .layer(Nets.output())
        .build());
    TensorBoardListener listener = new TensorBoardListener(run);
    network.setListeners(listener);
    network.pretrain(train, 2);
    network.fit(train, 1);

    listener.flush();
    assertThat(train().scalar("pretrain_loss/0_auto_encoder")).isNotEmpty();
    assertThat(train().scalar("epoch_loss")).hasSize(1);
  }

  @Test
  void shouldRecordALoopOfYourOwnLikeFit() {
    TensorBoardListener listener = TensorBoardListener.builder(run).batchFrequency(Frequency.iterations(1)).build();
    network.setListeners(listener);
    for (int epoch = 0; epoch < 2; epoch++) {
      listener.epoch(network, () -> {
        for (DataSet batch : batches) {
          int iteration = network.getIterationCount();
          network.setInput(batch.getFeatures());
          network.setLabels(batch.getLabels());
          network.computeGradientAndScore();
          network.getUpdater().update(
              network, network.gradient(), iteration, 0, batch.numExamples(), LayerWorkspaceMgr.noWorkspaces());
          network.params().subi(network.gradient().gradient());
          listener.iterationDone(network, iteration, 0);
          network.getLayerWiseConfigurations().setIterationCount(iteration + 1);
        }
      });
    }
    listener.flush();
    MultiLayerNetwork alike = Nets.classifier();
    try (TensorBoardListener fitted = new TensorBoardListener(logs.resolve("alike"))) {
      alike.setListeners(fitted);
      alike.fit(train, 2);
    }

    Recorded expected = Recorded.in(logs.resolve("alike/train"));
    assertThat(train().scalar("batch_loss")).hasSize(10);
    assertThat(train().scalar("epoch_loss")).hasSize(2).isEqualTo(expected.scalar("epoch_loss"));
    assertThat(train().scalar("epoch_accuracy")).hasSize(2).isEqualTo(expected.scalar("epoch_accuracy"));
    assertThat(train().histograms().keySet()).isEqualTo(expected.histograms().keySet());
  }

  @Test
  void shouldRecordWhatTheDriverKnows() {
    double loss = 0.5;
    TensorBoardListener listener = new TensorBoardListener(run);
    for (int round = 0; round < 3; round++) {
      listener.onEpochStart(network);
      network.setScore(loss);
      listener.iterationDone(network, round, 0);
      listener.onEpochEnd(network);
    }

    listener.flush();
    assertThat(train().scalar("epoch_loss").values()).containsExactly(0.5f, 0.5f, 0.5f);
  }

  @Test
  void shouldRecordFiguresOfYourOwn() {
    TensorBoardListener listener = new TensorBoardListener(run);
    EvaluativeListener evaluative = new EvaluativeListener(unseen, 1, InvocationType.EPOCH_END, new Evaluation());
    evaluative.setCallback(
        (source, model, count, evaluations) -> Arrays.stream(evaluations).forEach(listener::evaluation));
    network.setListeners(listener, evaluative);
    network.fit(train, 2);
    listener.scalar("own/reward", 0.7);
    listener.epochScalar("own/temperature", 0.9);
    listener.evaluation(network.evaluate(unseen));
    listener.trainWriter().addText("note", "a *note*", 1);

    listener.flush();
    assertThat(train().scalar("own/reward")).containsOnlyKeys(10L);
    assertThat(train().scalar("own/temperature")).containsOnlyKeys(2L);
    assertThat(validation().scalar("epoch_f1")).containsOnlyKeys(1L, 2L);
    assertThat(train().texts()).contains("a *note*");
  }

  @Test
  void shouldRecordSeveralNetworks() {
    MultiLayerNetwork generator = Nets.classifier();
    MultiLayerNetwork discriminator = Nets.classifier();
    generator.setListeners(new TensorBoardListener(run.resolve("generator")));
    discriminator.setListeners(new TensorBoardListener(run.resolve("discriminator")));
    generator.fit(train, 1);
    discriminator.fit(train, 1);
    flush(generator);
    flush(discriminator);

    for (String name : List.of("generator", "discriminator")) {
      assertThat(Recorded.in(run.resolve(name).resolve("train")).scalar("epoch_loss")).hasSize(1);
    }
  }

  private static void flush(MultiLayerNetwork network) {
    network.getListeners().forEach(listener -> ((TensorBoardListener) listener).flush());
  }

  private Recorded train() {
    return Recorded.in(run.resolve("train"));
  }

  private Recorded validation() {
    return Recorded.in(run.resolve("validation"));
  }
}
