package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.evaluation.classification.ROCMultiClass;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** The report on a SameDiff model's validation, against what the framework's evaluations find out by passes of their own. */
@Timeout(300)
class SameDiffReportTest {

  private static final ValidationReport REPORT = ValidationReport.builder().classes("cat", "dog", "bird").pictures(3, 2)
      .embedding("extra").topAccuracy(2).build();

  @TempDir
  private Path logs;

  private final List<DataSet> batches = Nets.batches(1);
  private final List<DataSet> unseen = Nets.batches(2);

  @Test
  void shouldRecordTheFrameworksOwnFiguresCurvesAndPictures() {
    SameDiff model = model(new Evaluation());
    fit(model, REPORT);

    Evaluation evaluation = new Evaluation(List.of("cat", "dog", "bird"), 2);
    ROCMultiClass roc = new ROCMultiClass();
    model.evaluate(Nets.iterator(unseen), "softmax", evaluation, roc);
    Map<String, Map<Long, Float>> figures = validation().scalars();
    assertThat(figures.get("epoch_accuracy").get(3L)).isEqualTo((float) evaluation.accuracy());
    assertThat(figures.get("epoch_precision").get(3L)).isEqualTo((float) evaluation.precision());
    assertThat(figures.get("epoch_recall").get(3L)).isEqualTo((float) evaluation.recall());
    assertThat(figures.get("epoch_f1").get(3L)).isEqualTo((float) evaluation.f1());
    assertThat(figures.get("epoch_top_2_accuracy").get(3L)).isEqualTo((float) evaluation.topNAccuracy());
    assertThat((double) figures.get("epoch_auc").get(3L)).isCloseTo(roc.calculateAverageAUC(), within(5e-3));
    assertThat(validation().tensorSteps()).isEqualTo(Map.of(
        "confusion_matrix", List.of(1L, 2L, 3L), "misclassified", List.of(1L, 2L, 3L), "pr_curve/bird",
        List.of(1L, 2L, 3L), "pr_curve/cat", List.of(1L, 2L, 3L), "pr_curve/dog", List.of(1L, 2L, 3L)));
    assertThat(validation().events().stream().flatMap(event -> event.values().stream())
        .filter(value -> value.tag().equals("epoch_f1"))).as("once, though the evaluation has it too").hasSize(3);
  }

  @Test
  void shouldEmbedAVariableThatNothingElseNeeds() throws IOException {
    SameDiff model = model(new Evaluation());
    fit(model, REPORT);

    List<String> expected = new ArrayList<>();
    for (DataSet batch : unseen) {
      INDArray extra = model.output(Map.of("in", batch.getFeatures()), "extra").get("extra");
      for (int row = 0; row < batch.numExamples(); row++) {
        expected.add(row(extra.getRow(row)));
      }
    }
    List<String> shown = new ArrayList<>();
    for (String line : Files.readAllLines(last("tensors"))) {
      shown.add(row(Nd4j.createFromArray(Stream.of(line.split("\t")).map(Float::valueOf).toArray(Float[]::new))));
    }
    assertThat(shown).isEqualTo(expected);
    assertThat(Files.readAllLines(last("metadata")).get(1)).containsAnyOf("cat", "dog", "bird");
  }

  private static String row(INDArray vector) {
    StringBuilder row = new StringBuilder();
    for (float value : vector.toFloatVector()) {
      row.append(String.format("%.4f ", value));
    }
    return row.toString();
  }

  private Path last(String name) throws IOException {
    try (Stream<Path> files = Files.walk(logs)) {
      return files.filter(file -> file.getFileName().toString().startsWith(name)).sorted().reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  @Test
  void shouldComputeNothingTwice() {
    List<String> plain = computed(SameDiffTensorBoardListener.builder(logs.resolve("plain")).build());
    List<String> reported = computed(SameDiffTensorBoardListener.builder(logs.resolve("reported"))
        .validationReport(ValidationReport.standard()).build());

    assertThat(reported).isEqualTo(plain).contains("softmax");
  }

  /** Returns the results of operations in a validation. */
  private List<String> computed(SameDiffTensorBoardListener recording) {
    SameDiff model = model(new Evaluation());
    List<String> computed = new ArrayList<>();
    try (recording) {
      model.setListeners(recording, new BaseListener() {
        @Override
        public boolean isActive(Operation operation) {
          return operation.isTrainingPhase();
        }

        @Override
        public void activationAvailable(SameDiff sd, At at, MultiDataSet batch, SameDiffOp op, String name, INDArray array) {
          if (at.operation() == Operation.TRAINING_VALIDATION) {
            computed.add(name);
          }
        }
      });
      model.fit(Nets.iterator(batches), 1, Nets.iterator(unseen), 1);
    }
    return computed;
  }

  @Test
  void shouldCountEachClassAloneWhereAnExampleMayBelongToSeveral() {
    SameDiff model = model(new EvaluationBinary());
    fit(model, ValidationReport.standard());

    EvaluationBinary evaluation = new EvaluationBinary();
    model.evaluate(Nets.iterator(unseen), "softmax", evaluation);
    assertThat(validation().scalar("epoch_recall").get(3L)).isEqualTo((float) evaluation.averageRecall(), within(1e-6f));
    assertThat(validation().tensorSteps()).containsKeys("pr_curve/0", "pr_curve/2").doesNotContainKey("confusion_matrix");
  }

  @Test
  void shouldTakeTimeStepsForExamplesAndLeaveOutWhatIsMasked() {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, 4, Nets.FEATURES);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, Nets.CLASSES, 4);
    Nd4j.getRandom().setSeed(3);
    SDVariable w = model.var("w", Nd4j.randn(DataType.FLOAT, 1, Nets.FEATURES, Nets.CLASSES));
    SDVariable softmax =
        model.nn().softmax("softmax", in.mmul("logits", model.tile(w, 5, 1, 1)).permute(0, 2, 1), 1);
    model.loss().meanSquaredError("loss", label, softmax, null);
    model.setLossVariables("loss");
    model.setTrainingConfig(
        SameDiffNets.config(new Sgd(0)).validationEvaluation("softmax", 0, new Evaluation()).build());
    INDArray features = Nd4j.randn(DataType.FLOAT, 5, 4, Nets.FEATURES);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 5, Nets.CLASSES, 4);
    INDArray mask = Nd4j.ones(DataType.FLOAT, 5, 4);
    for (int example = 0; example < 5; example++) {
      for (int step = 0; step < 4; step++) {
        labels.putScalar(example, (example + step) % Nets.CLASSES, step, 1);
      }
      mask.putScalar(example, 3, example % 2);
    }
    DataSet batch = new DataSet(features, labels, null, mask);
    try (SameDiffTensorBoardListener listener = listener(ValidationReport.standard()).build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(List.of(batch)), 1, Nets.iterator(List.of(batch)), 1);
    }

    Evaluation expected = new Evaluation();
    expected.eval(labels, model.output(Map.of("in", features), "softmax").get("softmax"), mask);
    assertThat(validation().scalar("epoch_f1").get(1L)).isEqualTo((float) expected.f1());
    assertThat(validation().tensorSteps()).containsKey("confusion_matrix");
  }

  @Test
  void shouldReportByIterationWithinDeclaredEpochs() {
    SameDiff model = model(new Evaluation());
    try (SameDiffTensorBoardListener listener = listener(REPORT).epochEvery(3).build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(batches), 2, Nets.iterator(unseen), 1);
    }

    assertThat(validation().scalar("batch_f1")).containsOnlyKeys(5L, 10L);
    assertThat(validation().tensorSteps().get("confusion_matrix")).containsExactly(5L, 10L);
  }

  @Test
  void shouldSayWhatAReportNeedsWhereNothingThatClassifiesIsEvaluated() {
    SameDiff model = model(new RegressionEvaluation());
    List<String> log;
    try (Log kept = new Log(logs)) {
      fit(model, ValidationReport.standard());
      log = kept.lines();
    }

    assertThat(log).filteredOn(line -> line.contains("WARN")).singleElement().asString()
        .contains("validationEvaluation(variable, labels, new Evaluation())");
    assertThat(validation().scalars()).containsKeys("epoch_loss", "epoch_mae");
    assertThat(validation().tensorSteps()).isEmpty();
  }

  private SameDiff model(IEvaluation<?> evaluation) {
    SameDiff model = SameDiffNets.untrained();
    model.math().tanh("extra", model.getVariable("hidden/out"));
    model.setTrainingConfig(
        SameDiffNets.config(new Adam(0.01)).validationEvaluation("softmax", 0, evaluation).build());
    return model;
  }

  private void fit(SameDiff model, ValidationReport report) {
    try (SameDiffTensorBoardListener listener = listener(report).build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(batches), 3, Nets.iterator(unseen), 1);
    }
  }

  private SameDiffTensorBoardListener.Builder listener(ValidationReport report) {
    return SameDiffTensorBoardListener.builder(logs.resolve("run")).validationReport(report);
  }

  private Recorded validation() {
    return Recorded.in(logs.resolve("run/validation"));
  }
}
