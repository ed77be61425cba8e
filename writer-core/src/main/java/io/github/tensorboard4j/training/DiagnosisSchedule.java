package io.github.tensorboard4j.training;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Decides which iterations are looked into, each of them once, whichever of several workers asks first. Thread-safe. */
final class DiagnosisSchedule {

  private final Frequency activations;
  private final Frequency gradients;
  private final Frequency updates;
  private final Frequency statistics;
  private final boolean everDue;
  private final AtomicLong lastIteration = new AtomicLong();

  DiagnosisSchedule(RecordingOptions<?> options) {
    this.activations = options.activationFrequency;
    this.gradients = options.gradientFrequency;
    this.updates = options.updateFrequency;
    this.statistics = options.statisticsFrequency;
    Frequency none = Frequency.never();
    this.everDue =
        !(activations.equals(none) && gradients.equals(none) && updates.equals(none) && statistics.equals(none));
  }

  boolean everDue() {
    return everDue;
  }

  /** Returns the diagnosis of an iteration, null if none is due. */
  @Nullable
  Diagnosis of(TrainingRecorder recorder, long iteration, long startedEpoch) {
    if (!everDue) {
      return null;
    }
    long activationStep = activations.stepAt(iteration, startedEpoch);
    long gradientStep = gradients.stepAt(iteration, startedEpoch);
    long updateStep = updates.stepAt(iteration, startedEpoch);
    long statisticsStep = statistics.stepAt(iteration, startedEpoch);
    if (activationStep + gradientStep + updateStep + statisticsStep == 0
        || lastIteration.getAndAccumulate(iteration, Math::max) >= iteration) {
      return null;
    }
    return new Diagnosis(recorder, activationStep, gradientStep, updateStep, statisticsStep);
  }
}
