package io.github.tensorboard4j.djl;

import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The optimizer of a trainer and its learning rate, of which DJL has no accessors: they are looked for in private fields of its
 * own classes. Where those can't be read, or are others than they are known to be, nothing is found, and nothing is said.
 *
 * @param optimizer the optimizer
 * @param calledByStep whether the trainer's {@code step()} calls it itself, so that what is done in there can throw out of it;
 *     MXNet's is called from native code
 */
record TrainerOptimizer(Optimizer optimizer, boolean calledByStep) {

  private static final Logger LOGGER = LoggerFactory.getLogger(TrainerOptimizer.class);

  /** Returns the optimizer of a trainer, if it can be found. */
  static Optional<TrainerOptimizer> of(Trainer trainer) {
    try {
      Object server = get(get(trainer, "parameterStore"), "parameterServer");
      boolean own = field(server, "optimizer") != null;
      // MXNet's server has it in a callback
      Object holder = own ? server : get(server, "callback");
      return get(holder, "optimizer") instanceof Optimizer optimizer
          ? Optional.of(new TrainerOptimizer(optimizer, own))
          : Optional.empty();
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.debug("The trainer doesn't let its optimizer be seen", e);
      return Optional.empty();
    }
  }

  /**
   * Returns the learning rate that the optimizer uses, if it can be found. From then on the optimizer asks its tracker through
   * it: to ask the tracker once more would move on those that remember how often they were asked.
   */
  Optional<LearningRate> learningRate() {
    try {
      Field field = field(optimizer, "learningRateTracker");
      if (field == null || field.getType() != ParameterTracker.class || Modifier.isFinal(field.getModifiers())) {
        return Optional.empty();
      }
      field.setAccessible(true);
      Object tracker = field.get(optimizer);
      if (tracker instanceof LearningRate rate) {
        return Optional.of(rate);
      }
      LearningRate rate = new LearningRate((ParameterTracker) tracker);
      field.set(optimizer, rate);
      return Optional.of(rate);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.debug("The optimizer doesn't let its learning rate be seen", e);
      return Optional.empty();
    }
  }

  /** Returns the learning rate, if it can be found and is asked for within the trainer's {@code step()}. */
  Optional<LearningRate> rateAskedWithinStep() {
    return calledByStep ? learningRate() : Optional.empty();
  }

  /** Returns whether a trainer may have updated its parameters: false only where it is known that it didn't. */
  static boolean mayHaveTrained(Trainer trainer) {
    return trainer.getModel().getBlock().isInitialized()
        && of(trainer).flatMap(TrainerOptimizer::learningRate).map(rate -> rate.updates() > 0).orElse(true);
  }

  private static @Nullable Object get(@Nullable Object owner, String name) throws ReflectiveOperationException {
    Field field = field(owner, name);
    if (field == null) {
      return null;
    }
    field.setAccessible(true);
    return field.get(owner);
  }

  /** Returns the field of a class of DJL's among those of an object; what others do with theirs is not known. */
  private static @Nullable Field field(@Nullable Object owner, String name) {
    for (Class<?> type = owner == null ? null : owner.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().startsWith("ai.djl.")) {
        for (Field field : type.getDeclaredFields()) {
          if (field.getName().equals(name) && !Modifier.isStatic(field.getModifiers())) {
            return field;
          }
        }
      }
    }
    return null;
  }
}
