package io.github.tensorboard4j.djl;

import ai.djl.training.tracker.ParameterTracker;
import io.github.tensorboard4j.djl.internal.NamedParameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The learning rate, as far as a tracker has it. */
final class TrackedLearningRate {

  private final @Nullable ParameterTracker tracker;

  /** Creates the learning rate of a tracker, or one that is never known if the tracker is null. */
  TrackedLearningRate(@Nullable ParameterTracker tracker) {
    this.tracker = tracker;
  }

  /** Returns the learning rate of the first update, NaN if it is not known. */
  float first(List<NamedParameter> parameters) {
    if (tracker == null) {
      return Float.NaN;
    }
    return tracker instanceof LearningRate remembered
        ? remembered.first(firstTrainedId(parameters))
        : tracker.getNewValue(firstTrainedId(parameters), 1);
  }

  /**
   * Returns the learning rate of the last update, NaN if it is not known. A tracker is asked for no later update than the
   * optimizer has asked for: some remember how far they were asked.
   */
  double last(List<NamedParameter> parameters, long updates) {
    if (tracker == null) {
      return Double.NaN;
    }
    return tracker instanceof LearningRate remembered
        ? remembered.last()
        : tracker.getNewValue(firstTrainedId(parameters), Math.toIntExact(updates));
  }

  /** Returns the identifier under which the optimizer keeps the first parameter that it updates. */
  private static String firstTrainedId(List<NamedParameter> parameters) {
    for (NamedParameter parameter : parameters) {
      if (parameter.parameter().requiresGradient()) {
        return parameter.parameter().getId();
      }
    }
    return "";
  }
}
