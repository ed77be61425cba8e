package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.TrainingRecorder;
import io.github.tensorboard4j.training.ValidationRecording;
import io.github.tensorboard4j.training.WeightShape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Records what a model is like where it is due: each epoch's figures, the parameters, and the validation. The framework tells of
 * an epoch's end before it validates, if it does so at all: so the epoch waits until that is known, and is recorded with it.
 */
final class SameDiffSnapshots {

  /** An epoch that has ended and waits for its validation. */
  private record Ended(long epoch, EpochSummary.Builder summary) {}

  /** The figures of a report, which are also those of evaluations. */
  private static final Set<String> REPORTED = Set.of("precision", "recall", "f1", "auc");

  private final TrainingRecorder recorder;
  private final Progress progress;
  private final AtomicReference<@Nullable Ended> waiting = new AtomicReference<>();

  SameDiffSnapshots(TrainingRecorder recorder, Progress progress) {
    this.recorder = recorder;
    this.progress = progress;
  }

  /** Records what is due after an iteration. */
  void recordAfter(SameDiffTraining training, long iteration) {
    Frequency histograms =
        progress.hasEpochs() ? recorder.histogramFrequency() : recorder.histogramFrequencyWithoutEpochs();
    recordParameters(training, histograms.isDueAtIteration(iteration) ? iteration : 0,
        recorder.weightImageFrequency().isDueAtIteration(iteration) ? iteration : 0);
    long epoch = progress.epochEndingWith(iteration);
    if (epoch > 0) {
      endEpoch(training, epoch);
      recordWaiting();
      recorder.startDeclaredEpochAt(System.nanoTime());
    }
  }

  /** Takes note that an epoch has ended: it waits until {@link #recordValidation} or {@link #recordWaiting()}. */
  void endEpoch(SameDiffTraining training, long epoch) {
    recordWaiting();
    EpochSummary.Builder summary = recorder.endEpoch(epoch);
    waiting.set(new Ended(epoch, summary));
    recorder.attempt(() -> recordEvaluations(training.evaluations(), summary, epoch));
    recordParameters(training, recorder.histogramFrequency().isDueAtEpoch(epoch) ? epoch : 0,
        recorder.weightImageFrequency().isDueAtEpoch(epoch) ? epoch : 0);
  }

  private void recordEvaluations(SameDiffEvaluations evaluations, EpochSummary.Builder summary, long epoch) {
    long predictions = evaluations.predictions();
    if (predictions > 0) {
      summary.accuracy((double) evaluations.correct() / predictions);
    }
    evaluations.metrics().forEach((name, value) -> recorder.recordEpochMetric(name, value, epoch));
    evaluations.start();
  }

  /** Returns what takes the validation that starts, null if no report on it is due. */
  @Nullable
  ValidationRecording validationReport() {
    Ended ended = waiting.get();
    return ended == null
        ? recorder.validationReportAtIteration(progress.currentIteration())
        : recorder.validationReportAtEpoch(ended.epoch);
  }

  /** Records a validation, with the epoch that waits for it, or by iteration if none does. */
  void recordValidation(SameDiffValidation validation) {
    Ended ended = waiting.get();
    if (validation.examples() == 0) {
      return;
    }
    if (ended == null) {
      recordAt(progress.currentIteration(), validation);
    } else {
      recorder.attempt(() -> complete(ended, validation));
    }
    SameDiffReport report = validation.report();
    if (report != null) {
      recorder.attempt(report::record);
    }
    // a listener that is set twice is told of its end twice
    validation.start();
    recordWaiting();
  }

  private void complete(Ended ended, SameDiffValidation validation) {
    SameDiffEvaluations evaluations = validation.evaluations();
    ended.summary.validationLoss(validation.loss());
    long predictions = evaluations.predictions();
    if (predictions > 0) {
      ended.summary.validationAccuracy((double) evaluations.correct() / predictions);
    }
    List<String> losses = validation.losses().names();
    for (int i = 0; losses.size() > 1 && i < losses.size(); i++) {
      recorder.recordOutputValidation(losses.get(i),
          EpochSummary.builder(ended.epoch).validationLoss(validation.loss(i)).build());
    }
    metrics(validation).forEach((name, value) -> recorder.recordValidationMetric(name, value, ended.epoch));
  }

  private void recordAt(long iteration, SameDiffValidation validation) {
    SameDiffEvaluations evaluations = validation.evaluations();
    recorder.recordValidation(new IterationFigures().start(iteration, validation.examples())
        .loss(validation.loss())
        .predictions(evaluations.correct(), evaluations.predictions()));
    metrics(validation).forEach((name, value) -> recorder.recordValidationBatchMetric(name, value, iteration));
  }

  /** Returns what the evaluations have found out, but for what a report has too. */
  private static Map<String, Double> metrics(SameDiffValidation validation) {
    Map<String, Double> metrics = validation.evaluations().metrics();
    if (validation.report() != null) {
      metrics.keySet().removeAll(REPORTED);
    }
    return metrics;
  }

  /** Records the epoch that waits, if one does: it has no validation, or has it now. */
  void recordWaiting() {
    Ended ended = waiting.getAndSet(null);
    if (ended != null) {
      recorder.recordEpoch(ended.summary.build());
    }
  }

  /** Records the variables at the steps of their histograms and of their pictures, of which 0 says that none are due. */
  private void recordParameters(SameDiffTraining training, long histogramStep, long imageStep) {
    if (histogramStep + imageStep > 0) {
      for (SameDiffParameter parameter : training.parameters()) {
        recorder.attempt(() -> record(parameter, training.kernels(), histogramStep, imageStep));
      }
    }
  }

  private void record(SameDiffParameter parameter, SameDiffKernels kernels, long histogramStep, long imageStep) {
    INDArray variable = parameter.values();
    if (variable == null) {
      return;
    }
    INDArray array = ParameterViews.onHost(variable);
    TensorValues values = ParameterViews.of(array);
    if (values == null) {
      return;
    }
    if (histogramStep > 0) {
      recorder.recordParameter(parameter.layer(), parameter.name(), values, histogramStep);
    }
    WeightShape shape = imageStep > 0 ? kernels.shape(parameter.variable().name(), array) : null;
    if (shape != null) {
      recorder.recordWeightImage(parameter.layer(), parameter.name(), values, shape, imageStep);
    }
  }
}
