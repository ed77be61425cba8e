package io.github.tensorboard4j.training;

/** How often something is recorded: every so many epochs or iterations, both counted from 1, or never. Immutable. */
public final class Frequency {

  private static final Frequency NEVER = new Frequency(0, 0);

  private final int epochs;
  private final int iterations;

  private Frequency(int epochs, int iterations) {
    this.epochs = epochs;
    this.iterations = iterations;
  }

  /**
   * Returns the frequency of every {@code n}-th epoch, at its end.
   *
   * @param n the number of epochs, at least 1
   * @return the frequency
   * @throws IllegalArgumentException if the number is less than 1
   */
  public static Frequency epochs(int n) {
    return new Frequency(positive(n, "epochs"), 0);
  }

  /**
   * Returns the frequency of every {@code n}-th iteration, after it.
   *
   * @param n the number of iterations, at least 1
   * @return the frequency
   * @throws IllegalArgumentException if the number is less than 1
   */
  public static Frequency iterations(int n) {
    return new Frequency(0, positive(n, "iterations"));
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
    return iterations > 0 && iteration > 0 && iteration % iterations == 0;
  }

  /** Returns whether this counts epochs. */
  boolean isOfEpochs() {
    return epochs > 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frequency frequency && epochs == frequency.epochs && iterations == frequency.iterations;
  }

  @Override
  public int hashCode() {
    return 31 * epochs + iterations;
  }

  @Override
  public String toString() {
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
