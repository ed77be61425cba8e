package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import io.github.tensorboard4j.training.ValidationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;

/** The code of {@code docs/in-your-program.md} for SameDiff, run as it stands there. */
@Timeout(120)
class SameDiffInYourProgramTest {

  @TempDir
  private Path logs;

  private Path run;
  private final List<DataSet> batches = Nets.batches(1);
  private final DataSetIterator train = Nets.iterator(batches);
  private final DataSetIterator unseen = Nets.iterator(Nets.batches(2));
  private final SameDiff sd = SameDiffNets.classifier(new Adam(0.01));

  @BeforeEach
  void nameRun() {
    run = logs.resolve("run");
  }

  @Test
  void shouldBeTheCodeOfThePage() throws IOException {
    ProgramPage page = new ProgramPage("SameDiff");

    assertThat(page.blocks()).hasSizeGreaterThan(6);
    assertThat(page.strangeTo(SameDiffInYourProgramTest.class)).isEmpty();
  }

  @Test
  void shouldRecordFit() {
    sd.setListeners(new SameDiffTensorBoardListener(run));
    sd.fit(train, 5);

    ((SameDiffTensorBoardListener) sd.getListeners().get(0)).flush();
    assertThat(train().scalar("epoch_loss")).hasSize(5);
  }

  @Test
  void shouldRecordValidationAndEvaluations() {
    SameDiffTensorBoardListener listener = new SameDiffTensorBoardListener(run);
    sd.setListeners(listener);
    sd.setTrainingConfig(TrainingConfig.builder()
        .updater(new Adam(0.01))
        .dataSetFeatureMapping("in")
        .dataSetLabelMapping("label")
        .trainEvaluation("softmax", 0, new Evaluation())
        .validationEvaluation("softmax", 0, new Evaluation())
        .build());
    sd.fit(train, 5, unseen, 1);

    listener.flush();
    assertThat(train().scalar("epoch_accuracy")).hasSize(5);
    assertThat(Recorded.in(run.resolve("validation")).scalars()).containsKeys("epoch_accuracy", "epoch_loss", "epoch_f1");
  }

  @Test
  void shouldReportOnTheValidation() {
    SameDiffTensorBoardListener listener = SameDiffTensorBoardListener.builder(run)
        .validationReport(ValidationReport.builder()
            .classes("cat", "dog", "bird")
            .embedding("hidden/out")
            .build())
        .build();
    sd.setListeners(listener);
    sd.setTrainingConfig(
        SameDiffNets.config(new Adam(0.01)).validationEvaluation("softmax", 0, new Evaluation()).build());
    sd.fit(train, 2, unseen, 1);

    listener.flush();
    assertThat(Recorded.in(run.resolve("validation")).tensorSteps()).containsKeys("pr_curve/dog", "confusion_matrix");
  }

  @Test
  void shouldRecordFitWithADataSetByNumber() {
    SameDiffTensorBoardListener listener = SameDiffTensorBoardListener.builder(run).epochEvery(5).build();
    sd.setListeners(listener);
    for (int epoch = 0; epoch < 3; epoch++) {
      batches.forEach(sd::fit);
    }

    listener.flush();
    assertThat(train().scalar("epoch_loss")).hasSize(3);
  }

  @Test
  void shouldRecordFitWithADataSetByBlock() {
    SameDiffTensorBoardListener listener = new SameDiffTensorBoardListener(run);
    sd.setListeners(listener);
    for (int epoch = 0; epoch < 3; epoch++) {
      listener.epoch(sd, () -> batches.forEach(sd::fit));
    }

    listener.flush();
    assertThat(train().scalar("epoch_loss")).hasSize(3);
    assertThat(train().histograms().get("layer_hidden/w")).hasSize(3);
  }

  @Test
  void shouldRecordWhatGoesOnWithin() {
    SameDiffTensorBoardListener listener = SameDiffTensorBoardListener.builder(run)
        .statisticsFrequency(Frequency.iterations(10))
        .gradientFrequency(Frequency.epochs(1))
        .activationFrequency(Frequency.epochs(1))
        .activationsOf("hidden/out", "softmax")
        .guard(Guard.stop())
        .build();
    sd.setListeners(listener);
    sd.fit(train, 2);

    listener.flush();
    assertThat(train().histograms()).containsKeys("layer_softmax/activation", "gradient/hidden/w");
    assertThat(train().histograms().get("layer_softmax/activation").keySet()).containsExactly(1L, 2L);
  }

  @Test
  void shouldRecordFiguresOfTheUsersOwn() {
    try (SameDiffTensorBoardListener listener = new SameDiffTensorBoardListener(run)) {
      sd.setListeners(listener);
      sd.fit(train, 5);
      listener.scalar("own/reward", 0.7);
      Evaluation evaluation = new Evaluation();
      sd.evaluate(unseen, "softmax", evaluation);
      listener.evaluation(evaluation);
      listener.end(SessionStatus.SUCCESS);
    }

    assertThat(train().scalar("own/reward")).containsOnlyKeys(25L);
    assertThat(Recorded.in(run.resolve("validation")).scalar("epoch_accuracy")).hasSize(1);
  }

  private Recorded train() {
    return Recorded.in(run.resolve("train"));
  }
}
