package io.github.tensorboard4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The columns of TensorBoard's HParams page: hyper-parameters with their types, and metrics in the order in which the page shows
 * them. It shows five of each at once and the others when ticked. Immutable.
 *
 * <p>TensorBoard takes the columns from one run below its log directory, whichever it meets first. So all runs should declare
 * the same: a hyper-parameter that only some runs have has a column only if TensorBoard meets one of them. The values of all runs
 * are there in any case.
 */
public final class HparamsColumns {

  private static final String NO_NAME = "A hyper-parameter needs a name, but it is null";

  /** Which values a hyper-parameter may have: those that are listed, or those of a range if none is. */
  record Domain(List<?> values, double smallest, double largest) {}

  /** A series of scalars. */
  record Metric(String group, String tag) {}

  private final List<Metric> metrics;
  private final Map<String, Class<?>> hyperParameters;
  private final Map<String, Domain> domains;
  private final Set<String> compared;

  private HparamsColumns(Builder builder) {
    this.metrics = List.copyOf(builder.metrics);
    this.hyperParameters = Map.copyOf(builder.hyperParameters);
    this.domains = Map.copyOf(builder.domains);
    this.compared = Set.copyOf(builder.compared);
  }

  /**
   * Returns a builder without any column.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  List<Metric> metrics() {
    return metrics;
  }

  /** Returns whether runs are compared by a hyper-parameter: by those that were said so, and by those that are not declared. */
  boolean differs(String name) {
    return compared.contains(name) || !hyperParameters.containsKey(name);
  }

  /** Returns the declared types, {@code String}, {@code Double} or {@code Boolean}, by name. */
  Map<String, Class<?>> hyperParameters() {
    return hyperParameters;
  }

  /** Returns which values hyper-parameters may have, by name, as far as that was said. */
  Map<String, Domain> domains() {
    return domains;
  }

  /** Builds {@link HparamsColumns}. */
  public static final class Builder {

    private final List<Metric> metrics = new ArrayList<>();
    private final Map<String, Class<?>> hyperParameters = new LinkedHashMap<>();
    private final Map<String, Domain> domains = new LinkedHashMap<>();
    private final Set<String> compared = new HashSet<>();

    private Builder() {}

    /**
     * Adds a column for the last value of a scalar series.
     *
     * @param group the path from the run with the hyper-parameters to the run with the series, such as {@code validation};
     *     empty if they are the same
     * @param tag the tag of the series
     * @return this builder
     * @throws NullPointerException if either is null
     */
    public Builder metric(String group, String tag) {
      metrics.add(new Metric(Objects.requireNonNull(group, "group"), Objects.requireNonNull(tag, "tag")));
      return this;
    }

    /**
     * Adds columns for hyper-parameters that are numbers, in whichever run has them.
     *
     * @param names the names
     * @return this builder
     * @throws NullPointerException if a name is null
     */
    public Builder numbers(String... names) {
      return hyperParameters(Double.class, names);
    }

    /**
     * Adds columns for hyper-parameters that are strings, in whichever run has them.
     *
     * @param names the names
     * @return this builder
     * @throws NullPointerException if a name is null
     */
    public Builder strings(String... names) {
      return hyperParameters(String.class, names);
    }

    /**
     * Adds columns for hyper-parameters that are true or false, in whichever run has them.
     *
     * @param names the names
     * @return this builder
     * @throws NullPointerException if a name is null
     */
    public Builder booleans(String... names) {
      return hyperParameters(Boolean.class, names);
    }

    /**
     * Adds a column for a hyper-parameter of which it is known which values a search tries: the page offers each of them, to
     * show its runs or not.
     *
     * @param name the name
     * @param values the values, all numbers, all strings or all booleans
     * @return this builder
     * @throws IllegalArgumentException if there are no values, if they are of several kinds or of others, or if one is NaN or
     *     infinite
     * @throws NullPointerException if the name, the list or a value is null
     */
    public Builder values(String name, List<?> values) {
      List<?> all = List.copyOf(values);
      Class<?> type = type(name, all);
      all.forEach(value -> {
        if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
          throw new IllegalArgumentException("The values of " + name + " must be finite, unlike " + value
              + ", with which the page would show no run at all: give them as strings");
        }
      });
      hyperParameters(type, name);
      domains.put(name, new Domain(all, 0, 0));
      return this;
    }

    /**
     * Adds a column for a hyper-parameter that is a number of a range: the page offers to show the runs of a part of it.
     *
     * @param name the name
     * @param smallest the smallest value
     * @param largest the largest value
     * @return this builder
     * @throws IllegalArgumentException if a limit is not finite, or the smallest value is larger than the largest
     * @throws NullPointerException if the name is null
     */
    public Builder range(String name, double smallest, double largest) {
      if (!Double.isFinite(smallest) || !Double.isFinite(largest) || smallest > largest) {
        throw new IllegalArgumentException(
            "The range of " + name + " must be from a number to one that is not smaller, unlike "
                + smallest + " to " + largest);
      }
      hyperParameters(Double.class, name);
      domains.put(name, new Domain(List.of(), smallest, largest));
      return this;
    }

    private static Class<?> type(String name, List<?> values) {
      for (Class<?> kind : List.of(Number.class, String.class, Boolean.class)) {
        if (!values.isEmpty() && values.stream().allMatch(kind::isInstance)) {
          return kind == Number.class ? Double.class : kind;
        }
      }
      throw new IllegalArgumentException(
          "The values of " + name + " must be numbers, strings or booleans, and at least one, unlike " + values);
    }

    /**
     * Sets the hyper-parameters that runs are compared by: the page shows their columns first.
     *
     * @param names the names
     * @return this builder
     * @throws NullPointerException if a name is null
     */
    public Builder compareBy(String... names) {
      compared.addAll(List.of(names));
      return this;
    }

    /**
     * Returns the columns added so far.
     *
     * @return the columns
     */
    public HparamsColumns build() {
      return new HparamsColumns(this);
    }

    private Builder hyperParameters(Class<?> type, String... names) {
      for (String name : names) {
        domains.remove(name);
        hyperParameters.put(Objects.requireNonNull(name, NO_NAME), type);
      }
      return this;
    }
  }
}
