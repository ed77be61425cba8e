package io.github.tensorboard4j.training;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Decides which iterations are looked into, each of them once, whichever of several workers asks first. Thread-safe. */
final class DiagnosisSchedule {

  private final Frequency activations;
  private final Frequency activationImages;
  private final PicturedLayers pictured;
  private final Frequency gradients;
  private final Frequency updates;
  private final Frequency statistics;
  private final boolean everDue;
  private final AtomicLong lastIteration = new AtomicLong();

  DiagnosisSchedule(RecordingOptions<?> options) {
    this.activations = options.activationFrequency;
    this.activationImages = options.activationImageFrequency;
    this.pictured = new PicturedLayers(options.picturedLayers);
    this.gradients = options.gradientFrequency;
    this.updates = options.updateFrequency;
    this.statistics = options.statisticsFrequency;
    Frequency none = Frequency.never();
    this.everDue =
        !(activations.equals(none) && activationImages.equals(none) && gradients.equals(none) && updates.equals(none)
            && statistics.equals(none));
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
    long activationImageStep = activationImages.stepAt(iteration, startedEpoch);
    long gradientStep = gradients.stepAt(iteration, startedEpoch);
    long updateStep = updates.stepAt(iteration, startedEpoch);
    long statisticsStep = statistics.stepAt(iteration, startedEpoch);
    if (activationStep + activationImageStep + gradientStep + updateStep + statisticsStep == 0
        || lastIteration.getAndAccumulate(iteration, Math::max) >= iteration) {
      return null;
    }
    if (activationImageStep > 0) {
      pictured.ask();
    }
    return new Diagnosis(recorder, pictured, activationStep, activationImageStep, gradientStep, updateStep, statisticsStep);
  }

  /** Tells of what was asked for in vain, as nothing more is due. */
  void end() {
    pictured.tellMissing();
  }
}
