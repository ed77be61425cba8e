package io.github.tensorboard4j.dl4j.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds the parts of a large graph whose vertices have a common beginning of their names, such as {@code fire2_squeeze},
 * {@code fire2_expand} and {@code fire2}.
 *
 * <p>A beginning ends before a {@code _}, {@code -} or {@code .}, and the shortest that makes a group is taken. A group is
 * three vertices or more, but not most of the graph, which are named by more than a number each. And it is a part of the
 * data's way: none that leaves it comes back. So the graph of the groups has no loops either, and can be read like that of
 * the vertices.
 */
final class VertexGroups {

  /** As many vertices can be taken in on one page. */
  private static final int SMALL_GRAPH = 30;

  private static final int SMALL_GROUP = 3;

  private final Map<String, String> names;
  private final Map<String, List<String>> successors = new HashMap<>();

  /** By vertex, the group that it is in. */
  private final Map<String, String> groups = new HashMap<>();

  private VertexGroups(Map<String, String> names, Map<String, List<String>> inputs) {
    this.names = names;
    inputs.forEach((vertex, from) -> from
        .forEach(source -> successors.computeIfAbsent(source, s -> new ArrayList<>()).add(vertex)));
  }

  /**
   * Returns the groups.
   *
   * @param names the names of the vertices by their keys
   * @param inputs the keys of what each vertex takes its data from
   * @return by the key of each vertex that is in a group, the beginning of the names in that group
   */
  static Map<String, String> of(Map<String, String> names, Map<String, List<String>> inputs) {
    VertexGroups groups = new VertexGroups(names, inputs);
    if (names.size() > SMALL_GRAPH) {
      groups.candidates().forEach(groups::form);
    }
    return groups.groups;
  }

  /** Returns the vertices by each beginning of their names, the shorter before the longer. */
  private Map<String, Set<String>> candidates() {
    Map<String, Set<String>> candidates = new LinkedHashMap<>();
    names.forEach((vertex, name) -> {
      for (int end = 1; end <= name.length(); end++) {
        if (name.indexOf('/') < 0 && (end == name.length() || isSeparator(name.charAt(end)))) {
          candidates.computeIfAbsent(name.substring(0, end), prefix -> new LinkedHashSet<>()).add(vertex);
        }
      }
    });
    return candidates;
  }

  private void form(String prefix, Set<String> members) {
    if (members.size() >= SMALL_GROUP && members.size() * 2 <= names.size()
        && members.stream().noneMatch(groups::containsKey)
        && members.stream().allMatch(vertex -> isNamed(ownName(Objects.requireNonNull(names.get(vertex)), prefix)))
        && !comesBack(members)) {
      members.forEach(vertex -> groups.put(vertex, prefix));
    }
  }

  /** Returns what is left of a vertex's name in a group; empty for the one that has the group's name. */
  static String ownName(String name, String prefix) {
    return name.length() == prefix.length() ? "" : name.substring(prefix.length() + 1);
  }

  private static boolean isNamed(String ownName) {
    return ownName.isEmpty() || !ownName.chars().allMatch(Character::isDigit);
  }

  private static boolean isSeparator(char c) {
    return c == '_' || c == '-' || c == '.';
  }

  /** Returns whether data goes from these vertices through others, or through groups, and back to them. */
  private boolean comesBack(Set<String> members) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>();
    for (String member : members) {
      for (String next : next(member)) {
        if (!members.contains(next) && reached.add(next)) {
          open.add(next);
        }
      }
    }
    while (!open.isEmpty()) {
      for (String next : next(open.remove())) {
        if (members.contains(next)) {
          return true;
        }
        if (reached.add(next)) {
          open.add(next);
        }
      }
    }
    return false;
  }

  /** Returns where data goes from a vertex, or from any of the group that it is in. */
  private List<String> next(String vertex) {
    String group = groups.get(vertex);
    if (group == null) {
      return successors.getOrDefault(vertex, List.of());
    }
    List<String> next = new ArrayList<>();
    groups.forEach((member, of) -> {
      if (of.equals(group)) {
        next.addAll(successors.getOrDefault(member, List.of()));
      }
    });
    return next;
  }
}
