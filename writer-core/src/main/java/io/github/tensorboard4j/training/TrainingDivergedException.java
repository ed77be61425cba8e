package io.github.tensorboard4j.training;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Thrown out of a training that a {@linkplain Guard#stop() guard} ends, since it has diverged. */
public final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  // a model need not be serializable
  private final transient @Nullable Divergence divergence;

  /**
   * Creates the exception.
   *
   * @param divergence how the training diverged
   * @throws NullPointerException if it is null
   */
  public TrainingDivergedException(Divergence divergence) {
    super("The training has diverged: " + Objects.requireNonNull(divergence, "divergence"));
    this.divergence = divergence;
  }

  /**
   * Returns how the training diverged.
   *
   * @return the divergence; null in an exception that was serialized
   */
  public @Nullable Divergence divergence() {
    return divergence;
  }
}
