package io.github.tensorboard4j.training;

/** How often something is recorded: every so many epochs or iterations, both counted from 1, or never. Immutable. */
public final class Frequency {

  private static final Frequency NEVER = new Frequency(0, 0, false);
  private static final Frequency WITHOUT_EPOCHS = new Frequency(0, 100, true);
  private static final int EARLY = 10;

  private final int epochs;
  private final int iterations;
  private final boolean early;

  private Frequency(int epochs, int iterations, boolean early) {
    this.epochs = epochs;
    this.iterations = iterations;
    this.early = early;
  }

  /**
   * Returns the frequency of every {@code n}-th epoch, at its end.
   *
   * @param n the number of epochs, at least 1
   * @return the frequency
   * @throws IllegalArgumentException if the number is less than 1
   */
  public static Frequency epochs(int n) {
    return new Frequency(positive(n, "epochs"), 0, false);
  }

  /**
   * Returns the frequency of every {@code n}-th iteration, after it.
   *
   * @param n the number of iterations, at least 1
   * @return the frequency
   * @throws IllegalArgumentException if the number is less than 1
   */
  public static Frequency iterations(int n) {
    return new Frequency(0, positive(n, "iterations"), false);
  }

  /**
   * Returns the frequency at which nothing is recorded.
   *
   * @return the frequency
   */
  public static Frequency never() {
    return NEVER;
  }

  /**
   * Returns the frequency at which a training that has no epochs gets, unless told otherwise, what another gets each epoch:
   * after the iterations 1, 10 and every 100th, so that a short training has points too.
   *
   * @return the frequency
   */
  public static Frequency withoutEpochs() {
    return WITHOUT_EPOCHS;
  }

  /**
   * Returns whether to record at the end of an epoch.
   *
   * @param epoch the epoch, from 1
   * @return whether to record
   */
  public boolean isDueAtEpoch(long epoch) {
    return epochs > 0 && epoch > 0 && epoch % epochs == 0;
  }

  /**
   * Returns whether to record after an iteration.
   *
   * @param iteration the iteration, from 1
   * @return whether to record
   */
  public boolean isDueAtIteration(long iteration) {
    return iterations > 0 && iteration > 0
        && (iteration % iterations == 0 || early && (iteration == 1 || iteration == EARLY));
  }

  /**
   * Returns the step at which to record what an iteration meets: its own number, or that of the epoch whose first iteration it
   * is.
   *
   * @param iteration the iteration, from 1
   * @param startedEpoch the number of the epoch whose first iteration it is, 0 if it is no epoch's first
   * @return the step, 0 if nothing is due
   */
  long stepAt(long iteration, long startedEpoch) {
    return isDueAtIteration(iteration) ? iteration : isDueAtEpoch(startedEpoch) ? startedEpoch : 0;
  }

  /** Returns whether this counts epochs. */
  boolean isOfEpochs() {
    return epochs > 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frequency frequency && epochs == frequency.epochs && iterations == frequency.iterations
        && early == frequency.early;
  }

  @Override
  public int hashCode() {
    return 31 * epochs + iterations;
  }

  @Override
  public String toString() {
    if (early) {
      return "after the iterations 1, " + EARLY + " and every " + iterations;
    }
    return epochs > 0 ? "every " + epochs + " epochs" : iterations > 0 ? "every " + iterations + " iterations" : "never";
  }

  private static int positive(int n, String unit) {
    if (n < 1) {
      throw new IllegalArgumentException(
          "A frequency is every 1 or more " + unit + ", not every " + n + "; Frequency.never() records nothing");
    }
    return n;
  }
}
