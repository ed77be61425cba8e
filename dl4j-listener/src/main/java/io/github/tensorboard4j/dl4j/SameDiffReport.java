package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.training.ValidationExamples;
import io.github.tensorboard4j.training.ValidationRecording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Adds to a report what a model makes of {@code fit}'s validation data, batch by batch, in the framework's own pass: it computes
 * what the training configuration has an evaluation of, and shows it to listeners. Not thread-safe.
 */
@SuppressWarnings("rawtypes") // as the framework has them
final class SameDiffReport {

  private static final int NONE = -1;

  private final ValidationRecording recording;
  private final String variable;
  private final int labels;
  private final OutputLayout layout;
  private final boolean oneClass;
  private final @Nullable String embedded;
  // of the batch under way, which the framework may tell of twice
  private int iteration = NONE;
  private @Nullable ValidationExamples examples;
  private float @Nullable [] vectors;
  private long count;

  private SameDiffReport(ValidationRecording recording, String variable, int labels, IEvaluation<?> evaluation,
      @Nullable String embedded) {
    this.recording = recording;
    this.variable = variable;
    this.labels = labels;
    this.embedded = embedded;
    this.oneClass = evaluation instanceof Evaluation;
    this.layout = new OutputLayout(
        evaluation instanceof EvaluationBinary binary ? binary.getAxis() : ((Evaluation) evaluation).getAxis());
    if (evaluation instanceof Evaluation classes && classes.getLabelsList() != null) {
      recording.nameClasses(classes.getLabelsList());
    }
  }

  /**
   * Returns what a report takes of a model.
   *
   * @throws IllegalArgumentException if it can't be reported on, with the reason
   */
  static SameDiffReport of(SameDiff model, TrainingConfig config, ValidationRecording recording) {
    List<SameDiffReport> reports = new ArrayList<>();
    String embedded = recording.embeddedLayer().filter(name -> SameDiffRequests.mayAsk(model, name)).orElse(null);
    Objects.requireNonNullElse(config.getValidationEvaluations(), Map.<String, List<IEvaluation>>of())
        .forEach((variable, evaluations) -> {
          for (IEvaluation<?> evaluation : evaluations) {
            if (evaluation instanceof Evaluation || evaluation instanceof EvaluationBinary) {
              int labels = config.getValidationEvaluationLabels().getOrDefault(variable, 0);
              reports.add(new SameDiffReport(recording, variable, labels, evaluation, embedded));
            }
          }
        });
    if (reports.size() != 1) {
      throw new IllegalArgumentException("A validation report is that of the one variable of which the TrainingConfig has a"
          + " validationEvaluation(variable, labels, new Evaluation()), or new EvaluationBinary() where an example may belong to"
          + " several classes; this one has " + reports.stream().map(report -> report.variable).toList());
    }
    return reports.get(0);
  }

  /** Returns the variable that is to be embedded, as far as the model computes it; empty if none is. */
  Optional<String> embedded() {
    return Optional.ofNullable(embedded);
  }

  /** Takes what an operation has put out, if it is of interest. */
  void computed(String name, int ofIteration, INDArray array, MultiDataSet batch) {
    if (ofIteration == iteration) {
      return;
    }
    if (name.equals(embedded) && recording.wantsEmbedding(array.length() / Math.max(1, array.size(0)))) {
      vectors = ReportedExamples.floats(array);
    }
    if (name.equals(variable)) {
      INDArray truth = batch.getLabels(labels);
      INDArray mask = batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(labels);
      examples = oneClass
          ? ReportedExamples.ofOneClass(layout, truth, array, mask)
          : ReportedExamples.ofSeveralClasses(layout, truth, array, mask);
      count = oneClass && array.rank() == 2 ? array.size(0) : 0;
    }
  }

  /** Adds the batch, if it was not added. */
  void finishBatch(int ofIteration, MultiDataSet batch) {
    ValidationExamples complete = examples;
    if (complete == null) {
      return;
    }
    iteration = ofIteration;
    if (count > 0) {
      addDetails(complete, batch);
    }
    examples = null;
    vectors = null;
    recording.add(complete);
  }

  private void addDetails(ValidationExamples complete, MultiDataSet batch) {
    INDArray[] features = batch.getFeatures();
    if (features.length == 1 && recording.wantsInputs(features[0].shape())) {
      complete.inputs(ReportedExamples.floats(features[0]), features[0].shape());
    }
    float[] embedding = vectors;
    if (embedding != null && embedding.length % count == 0) {
      complete.embedding(embedding);
    }
  }

  void record() {
    recording.record();
  }
}
