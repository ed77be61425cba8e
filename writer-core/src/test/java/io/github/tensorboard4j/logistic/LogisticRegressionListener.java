package io.github.tensorboard4j.logistic;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.training.HyperParameters;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.ParameterNames;
import io.github.tensorboard4j.training.RecordingOptions;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.nio.file.Path;

/** Records the training of a {@link LogisticRegression} for TensorBoard. */
final class LogisticRegressionListener implements LogisticRegression.Listener, AutoCloseable {

  private final TrainingRecorder recorder;
  private final IterationFigures figures = new IterationFigures();
  private long iteration;
  private long epoch;

  LogisticRegressionListener(Path run) {
    this(builder(run));
  }

  private LogisticRegressionListener(Builder builder) {
    this.recorder = builder.recorder();
  }

  static Builder builder(Path run) {
    return new Builder(run);
  }

  @Override
  public void epochStarted(LogisticRegression model) {
    recorder.startEpoch();
  }

  @Override
  public void iterationDone(LogisticRegression model, int batchSize, double loss, int correct) {
    try {
      iteration++;
      recorder.begin(iteration, () -> HyperParameters.builder()
          .optimizer("Sgd").learningRate(model.learningRate()).loss("logistic").batchSize(batchSize)
          .parameterCount(model.weights().remaining() + 1).build());
      recorder.recordIteration(figures.start(iteration, batchSize)
          .loss(loss).predictions(correct, batchSize).learningRate(model.learningRate()));
      if (recorder.histogramFrequency().isDueAtIteration(iteration)) {
        recordParameters(model, iteration);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  @Override
  public void epochEnded(LogisticRegression model) {
    recorder.attempt(() -> {
      epoch++;
      var summary = recorder.endEpoch(epoch);
      if (recorder.histogramFrequency().isDueAtEpoch(epoch)) {
        recordParameters(model, epoch);
      }
      recorder.recordEpoch(summary.build());
    });
  }

  private void recordParameters(LogisticRegression model, long step) {
    recorder.recordParameter("logistic", ParameterNames.WEIGHT, TensorValues.of(model.weights()), step);
    recorder.recordParameter("logistic", ParameterNames.BIAS, TensorValues.of(model.bias()), step);
  }

  /** Ends the recording; the HParams page shows the status. */
  void end(SessionStatus status) {
    recorder.end(status);
  }

  @Override
  public void close() {
    recorder.close();
  }

  /** Builds a listener, with all options that listeners have. */
  static final class Builder extends RecordingOptions<Builder> {

    private Builder(Path run) {
      super(run);
    }

    @Override
    protected Builder self() {
      return this;
    }

    private TrainingRecorder recorder() {
      return buildRecorder();
    }

    LogisticRegressionListener build() {
      return new LogisticRegressionListener(this);
    }
  }
}
