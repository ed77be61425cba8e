package io.github.tensorboard4j.training;

import org.jspecify.annotations.Nullable;

/**
 * Decides which iterations give a point of the batch curves: those of the frequency that the user has chosen; without one, the
 * first of all, and then as many as a training's speed makes useful. Not thread-safe.
 *
 * <p>A decision stands for its iteration: listeners ask before they compute what costs, and the recorder asks again.
 */
final class BatchPoints {

  private static final long FIRST = 10;
  private static final Frequency REGULAR = Frequency.iterations(10);
  private static final long LONG_NANOS = 1_000_000_000;

  private final @Nullable Frequency chosen;
  private long decided;
  private boolean due;
  private boolean begun;
  private long lastPoint;
  private boolean diverged;

  BatchPoints(@Nullable Frequency chosen) {
    this.chosen = chosen;
  }

  /** Returns whether an iteration gives a point that ends now. */
  boolean isDue(long iteration) {
    return chosen != null ? chosen.isDueAtIteration(iteration) : isDecided(iteration, System.nanoTime());
  }

  /** Returns whether an iteration gives a point, now that its figures are known. */
  boolean isDue(IterationFigures figures, long nanoTime) {
    long iteration = figures.iteration();
    if (chosen != null) {
      return chosen.isDueAtIteration(iteration);
    }
    due = isDecided(iteration, nanoTime) | diverges(figures);
    return due;
  }

  private boolean isDecided(long iteration, long nanoTime) {
    if (iteration != decided) {
      decided = iteration;
      due = iteration <= FIRST || REGULAR.isDueAtIteration(iteration) || !begun || nanoTime - lastPoint >= LONG_NANOS;
      if (due) {
        begun = true;
        lastPoint = nanoTime;
      }
    }
    return due;
  }

  /** Returns whether an iteration's loss is the first after one that was a number that isn't. */
  private boolean diverges(IterationFigures figures) {
    boolean before = diverged;
    diverged = figures.hasLoss() ? !Double.isFinite(figures.loss()) : before;
    return diverged && !before;
  }
}
