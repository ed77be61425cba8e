package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.TrainingRecorder;
import io.github.tensorboard4j.training.ValidationRecording;
import io.github.tensorboard4j.training.WeightShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Records what a network is like where it is due: each epoch's figures, the parameters and the validation. Thread-safe. */
final class Snapshots {

  private static final Frequency EVERY_EPOCH = Frequency.epochs(1);

  private final TrainingRecorder recorder;
  private final Progress progress;
  private final boolean frozenLayers;
  private final @Nullable Validation validation;
  private final @Nullable Frequency validationFrequency;

  Snapshots(TrainingRecorder recorder, Progress progress, boolean frozenLayers, @Nullable Validation validation,
      @Nullable Frequency validationFrequency) {
    this.recorder = recorder;
    this.progress = progress;
    this.frozenLayers = frozenLayers;
    this.validation = validation;
    this.validationFrequency = validationFrequency;
  }

  /** Records what is due after an iteration. */
  void recordAfter(Network network, long iteration) {
    boolean epochs = progress.hasEpochs();
    Frequency histograms = epochs ? recorder.histogramFrequency() : recorder.histogramFrequencyWithoutEpochs();
    recordParameters(network, histograms.isDueAtIteration(iteration) ? iteration : 0,
        recorder.weightImageFrequency().isDueAtIteration(iteration) ? iteration : 0);
    if (validation != null && validationFrequency(epochs).isDueAtIteration(iteration)) {
      validate(validation, network, iteration);
    }
    long epoch = progress.epochEndingWith(iteration);
    if (epoch > 0) {
      recordEpoch(network, epoch);
      recorder.startDeclaredEpochAt(System.nanoTime());
    }
  }

  /** Records an epoch that has ended. */
  void recordEpoch(Network network, long epoch) {
    EpochSummary.Builder summary = recorder.endEpoch(epoch);
    recorder.attempt(() -> recordParameters(network, recorder.histogramFrequency().isDueAtEpoch(epoch) ? epoch : 0,
        recorder.weightImageFrequency().isDueAtEpoch(epoch) ? epoch : 0));
    if (validation != null && validationFrequency(true).isDueAtEpoch(epoch)) {
      recorder.attempt(() -> validate(validation, network, epoch, summary));
    }
    recorder.recordEpoch(summary.build());
  }

  private void validate(Validation validation, Network network, long epoch, EpochSummary.Builder summary) {
    Validation.Result result = validation.measure(network, recorder.validationReportAtEpoch(epoch));
    if (result == null) {
      return;
    }
    result.all().summarize(summary);
    result.outputs().forEach((output, figures) -> {
      EpochSummary.Builder ofOutput = EpochSummary.builder(epoch);
      figures.summarize(ofOutput);
      recorder.recordOutputValidation(output, ofOutput.build());
    });
    result.metrics().forEach((name, value) -> recorder.recordValidationMetric(name, value, epoch));
    record(result.report());
  }

  private void validate(Validation validation, Network network, long iteration) {
    Validation.Result result = validation.measure(network, recorder.validationReportAtIteration(iteration));
    if (result != null) {
      Validation.Figures figures = result.all();
      recorder.recordValidation(new IterationFigures().start(iteration, figures.examples())
          .loss(figures.loss())
          .predictions(figures.correct(), figures.predictions()));
      result.metrics().forEach((name, value) -> recorder.recordValidationBatchMetric(name, value, iteration));
      record(result.report());
    }
  }

  private static void record(@Nullable ValidationRecording report) {
    if (report != null) {
      report.record();
    }
  }

  /** Returns how often validation is measured, in a training with epochs or in one without. */
  Frequency validationFrequency(boolean epochs) {
    return validationFrequency != null ? validationFrequency : epochs ? EVERY_EPOCH : Frequency.withoutEpochs();
  }

  /** Records the parameters at the steps of their histograms and of their pictures, of which 0 says that none are due. */
  private void recordParameters(Network network, long histogramStep, long imageStep) {
    if (histogramStep + imageStep == 0) {
      return;
    }
    ParameterViews.synchronize(network.flatParameters());
    for (Network.Parameter parameter : network.parameters()) {
      if (!parameter.frozen() || frozenLayers) {
        recorder.attempt(() -> record(parameter, histogramStep, imageStep));
      }
    }
  }

  private void record(Network.Parameter parameter, long histogramStep, long imageStep) {
    INDArray array = ParameterViews.dense(parameter.values());
    TensorValues values = ParameterViews.of(array);
    if (values == null) {
      return;
    }
    if (histogramStep > 0) {
      recorder.recordParameter(parameter.layer(), parameter.name(), values, histogramStep);
    }
    WeightShape shape = imageStep > 0 ? WeightShapes.of(parameter, array) : null;
    if (shape != null) {
      recorder.recordWeightImage(parameter.layer(), parameter.name(), values, shape, imageStep);
    }
  }
}
