package io.github.tensorboard4j.graph;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A set of names in which no name is taken twice: of several things that would be called {@code Add}, the second is
 * called {@code Add_b}, the third {@code Add_c}.
 *
 * <p>For authors of walkers, who need the names of a model's parts before they are drawn; a {@link GraphScope} makes
 * the names of what it holds unique by itself.
 *
 * <p>TensorBoard's Graphs page takes names with running numbers at their ends for a series, which it folds
 * into one node from five members on, and so letters distinguish the names here. Not for use by several
 * threads.
 */
public final class UniqueNames {

  /** For each name that is taken, the occurrence at which the search for a free one begins. */
  private final Map<String, Integer> occurrences = new HashMap<>();

  /** Creates a set of names of which none is taken. */
  public UniqueNames() {
    this(List.of());
  }

  /**
   * Creates a set of names of which some are taken.
   *
   * @param taken the names that are never returned
   * @throws NullPointerException if the collection is null or has null in it
   */
  public UniqueNames(Collection<String> taken) {
    taken.forEach(name -> occurrences.put(Objects.requireNonNull(name, "name"), 1));
  }

  /**
   * Takes a name, or the first free one that comes of it.
   *
   * @param name the wanted name
   * @return {@code name} if it is free, else the first free one of {@code name_b}, {@code name_c}, ... {@code
   *     name_z}, {@code name_ba}, ...
   * @throws NullPointerException if the name is null
   */
  public String claim(String name) {
    int occurrence = occurrences.getOrDefault(Objects.requireNonNull(name, "name"), 0);
    String claimed = numbered(name, occurrence);
    while (occurrences.containsKey(claimed)) {
      claimed = numbered(name, ++occurrence);
    }
    occurrences.put(claimed, 1);
    occurrences.put(name, occurrence + 1);
    return claimed;
  }

  private static String numbered(String name, int occurrence) {
    if (occurrence == 0) {
      return name;
    }
    StringBuilder letters = new StringBuilder();
    for (int rest = occurrence; rest > 0; rest /= 26) {
      letters.append((char) ('a' + rest % 26));
    }
    return name + '_' + letters.reverse();
  }
}
