package io.github.tensorboard4j.djl;

import ai.djl.training.tracker.ParameterTracker;
import io.github.tensorboard4j.djl.internal.NamedParameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The learning rate of a trainer: that of the tracker that the user has given, else that of its optimizer, as far as known. */
final class TrackedLearningRate {

  private final @Nullable ParameterTracker given;
  private final @Nullable LearningRate used;
  private final @Nullable LearningRate remembered;
  private final String firstTrainedId;

  /**
   * Creates a learning rate.
   *
   * @param given what the user has given; null if nothing
   * @param used what the optimizer asks; null if not known
   * @param parameters the model's parameters
   */
  TrackedLearningRate(@Nullable ParameterTracker given, @Nullable LearningRate used, List<NamedParameter> parameters) {
    this.used = used;
    this.firstTrainedId = firstTrainedId(parameters);
    if (given instanceof LearningRate own) {
      this.given = own.tracker();
      this.remembered = own;
    } else {
      this.given = given;
      this.remembered = given == null || used != null && used.tracker() == given ? used : null;
    }
  }

  /** Returns the rate on which the schedule is built, NaN if it is not known. */
  float base() {
    float base = known();
    // the tracker that the user gives may be asked for the first update before it
    return Float.isNaN(base) && given != null ? given.getNewValue(firstTrainedId, 1) : base;
  }

  /** Returns the rate on which the schedule is built, NaN if a tracker would have to be asked for it. */
  private float known() {
    if (remembered != null) {
      return remembered.base();
    }
    return given == null ? Float.NaN : BaseRate.of(given);
  }

  /**
   * Returns the learning rate of the last update, NaN if it is not known. A tracker is asked for no later update than the
   * optimizer has asked for: some remember how far they were asked.
   *
   * @param iterations the number of iterations, each of which is taken for an update where the optimizer can't be seen
   */
  double last(long iterations) {
    if (remembered != null) {
      return remembered.last();
    }
    if (given == null) {
      return Double.NaN;
    }
    int updates = used == null ? Math.toIntExact(iterations) : used.updates();
    return updates == 0 ? Double.NaN : given.getNewValue(firstTrainedId, updates);
  }

  /** Returns whether the parameters had different rates in the last update. */
  boolean differs() {
    return remembered != null && remembered.differs();
  }

  /** Returns the rate of one parameter in its last update; NaN if it is not known. */
  double last(NamedParameter parameter) {
    return remembered == null ? Double.NaN : remembered.last(parameter.parameter().getId());
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
