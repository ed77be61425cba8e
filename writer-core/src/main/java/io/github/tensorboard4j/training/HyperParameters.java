package io.github.tensorboard4j.training;

import io.github.tensorboard4j.HparamsColumns;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Hyper-parameters of a training as a listener finds them, by the names that are the same for every framework. Immutable.
 */
public final class HyperParameters {

  private static final String OPTIMIZER = "optimizer";
  private static final String LEARNING_RATE = "learning_rate";
  private static final String LOSS = "loss";
  private static final String BATCH_SIZE = "batch_size";
  private static final String PARAMETERS = "parameters";
  private static final String SEED = "seed";

  private static final List<String> NUMBERS = List.of(LEARNING_RATE, BATCH_SIZE, PARAMETERS, SEED);
  private static final List<String> STRINGS = List.of(OPTIMIZER, LOSS);

  private final Map<String, Object> values;

  private HyperParameters(Map<String, Object> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * Returns a builder without any hyper-parameter.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Declares the columns of the common names, so that they have the same types whichever of them a run has. */
  static HparamsColumns.Builder declare(HparamsColumns.Builder columns) {
    return columns
        .strings(STRINGS.toArray(String[]::new))
        .numbers(NUMBERS.toArray(String[]::new))
        .compareBy(OPTIMIZER, LEARNING_RATE);
  }

  /**
   * Refuses what is no hyper-parameter, and a value that would make a common name's column one of another type, by which the
   * page can't sort or filter.
   *
   * @throws IllegalArgumentException if the name is blank, or that of a number, and the value is not one
   * @throws NullPointerException if the name or the value is null
   */
  static void requireValid(String name, Object value) {
    Objects.requireNonNull(name, "A hyper-parameter needs a name, but it is null");
    Objects.requireNonNull(value, () -> "The hyper-parameter " + name + " has no value: leave it out");
    if (name.isBlank()) {
      throw new IllegalArgumentException("A hyper-parameter needs a name, but it is blank");
    }
    if (NUMBERS.contains(name) && !(value instanceof Number)) {
      throw new IllegalArgumentException("The hyper-parameter " + name + " is a number in all runs, unlike " + value
          + ": give it another name, such as " + name + "_schedule");
    }
  }

  /** Returns these and others, which replace those of the same name. */
  Map<String, Object> with(Map<String, Object> others) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.putAll(others);
    all.replaceAll((name, value) -> STRINGS.contains(name) ? String.valueOf(value) : value);
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HyperParameters hyperParameters && values.equals(hyperParameters.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }

  /** Builds {@link HyperParameters}. */
  public static final class Builder {

    private final Map<String, Object> values = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Sets {@code optimizer}.
     *
     * @param name the name of the optimizer, such as {@code Adam}
     * @return this builder
     * @throws NullPointerException if the name is null
     */
    public Builder optimizer(String name) {
      return put(OPTIMIZER, name);
    }

    /**
     * Sets {@code learning_rate}.
     *
     * @param rate the learning rate of the first update
     * @return this builder
     */
    public Builder learningRate(double rate) {
      return put(LEARNING_RATE, rate);
    }

    /**
     * Sets {@code learning_rate}, as the decimal number that the float stands for: 0.1f is 0.1.
     *
     * @param rate the learning rate of the first update
     * @return this builder
     */
    public Builder learningRate(float rate) {
      return put(LEARNING_RATE, rate);
    }

    /**
     * Sets {@code loss}.
     *
     * @param name the name of the loss function
     * @return this builder
     * @throws NullPointerException if the name is null
     */
    public Builder loss(String name) {
      return put(LOSS, name);
    }

    /**
     * Sets {@code batch_size}.
     *
     * @param examples the number of examples in a batch
     * @return this builder
     */
    public Builder batchSize(long examples) {
      return put(BATCH_SIZE, examples);
    }

    /**
     * Sets {@code parameters}.
     *
     * @param elements the number of elements of all parameters
     * @return this builder
     */
    public Builder parameterCount(long elements) {
      return put(PARAMETERS, elements);
    }

    /**
     * Sets {@code seed}.
     *
     * @param seed what the random numbers start from
     * @return this builder
     */
    public Builder seed(long seed) {
      return put(SEED, seed);
    }

    /**
     * Sets a hyper-parameter that has no common name.
     *
     * @param name its name
     * @param value a number, a boolean, or something else that becomes a string
     * @return this builder
     * @throws IllegalArgumentException if the name is blank, or a common one of a number, and the value is not one
     * @throws NullPointerException if the name or the value is null
     */
    public Builder put(String name, Object value) {
      requireValid(name, value);
      values.put(name, value);
      return this;
    }

    /**
     * Returns the hyper-parameters set so far.
     *
     * @return the hyper-parameters
     */
    public HyperParameters build() {
      return new HyperParameters(values);
    }
  }
}
