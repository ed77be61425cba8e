package io.github.tensorboard4j.training;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * What to do at the first value of a training that is NaN, infinite or explodes. Whatever is chosen, a warning is logged and the
 * text {@code divergence} is recorded, both once a training, with the layer and the parameter where it begins, the iteration and
 * the loss.
 *
 * <p>Watched is the loss, which the training has computed anyway: it must be finite, and its magnitude must not be more than a
 * million times that of the first one, or than a million if that was below 1. Where it isn't so, and only then, the batch, the
 * parameters, the activations and the gradients of that iteration are searched for where it begins, before they are updated. A
 * guard {@linkplain #watchingTensors() on request} watches gradients and parameters too.
 *
 * <p>Where it begins is found by how a value spreads: forwards, from the batch and the parameters through the activations to the
 * loss; and backwards, in the gradients, from which an update carries it to the parameters of all layers in front. So what comes
 * first of these is named: the batch's inputs; its labels; of the parameters those of the last layer that has bad ones; the
 * first bad activation; the loss; or, where the loss is finite, the gradients of the last layer that has bad ones. Where all are
 * finite and the loss explodes, it is the gradient with the largest norm. Immutable.
 */
public final class Guard {

  private enum Watch {
    NOTHING, LOSS, TENSORS
  }

  private final Watch watch;
  private final Consumer<? super Divergence> action;

  private Guard(Watch watch, Consumer<? super Divergence> action) {
    this.watch = watch;
    this.action = action;
  }

  /**
   * Returns a guard that reports a divergence, and lets the training go on.
   *
   * @return the guard
   */
  public static Guard report() {
    return call(divergence -> {});
  }

  /**
   * Returns a guard that reports a divergence and ends the training: a {@link TrainingDivergedException} is thrown out of it.
   *
   * @return the guard
   */
  public static Guard stop() {
    return call(divergence -> {
      throw new TrainingDivergedException(divergence);
    });
  }

  /**
   * Returns a guard that reports a divergence and passes it on, on the training thread, with the model as it is before the
   * iteration's update: to save it, say. What the consumer throws is thrown out of the training, and so ends it.
   *
   * @param consumer the consumer
   * @return the guard
   * @throws NullPointerException if the consumer is null
   */
  public static Guard call(Consumer<? super Divergence> consumer) {
    return new Guard(Watch.LOSS, Objects.requireNonNull(consumer, "consumer"));
  }

  /**
   * Returns a guard that watches nothing and does nothing.
   *
   * @return the guard
   */
  public static Guard off() {
    return new Guard(Watch.NOTHING, divergence -> {});
  }

  /**
   * Returns a guard that does the same as this one, but watches in each iteration, beside the loss, all gradients and parameters
   * too: no element may be NaN or infinite, and the norm of all gradients together may not be more than a million times that of
   * the first iteration, or than a million if that was below 1. It takes a pass through them all at each iteration.
   *
   * @return the guard
   * @throws IllegalStateException if this guard is {@link #off()}
   */
  public Guard watchingTensors() {
    if (watch == Watch.NOTHING) {
      throw new IllegalStateException("A guard that is off watches no tensors: start with Guard.report() or Guard.stop()");
    }
    return new Guard(Watch.TENSORS, action);
  }

  boolean isOff() {
    return watch == Watch.NOTHING;
  }

  boolean watchesTensors() {
    return watch == Watch.TENSORS;
  }

  void act(Divergence divergence) {
    action.accept(divergence);
  }
}
