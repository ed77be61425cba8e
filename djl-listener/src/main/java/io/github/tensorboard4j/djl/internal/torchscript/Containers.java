package io.github.tensorboard4j.djl.internal.torchscript;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The effects of torch's functions on lists and maps, whose tensors travel through them. */
final class Containers {

  private Containers() {}

  /** Calls the function; null if it is none of lists and maps. */
  static @Nullable Object call(String function, List<Object> arguments) {
    if (function.equals("dict") && (arguments.isEmpty() || arguments.get(0) instanceof List)) {
      return map(arguments);
    }
    if (!arguments.isEmpty() && arguments.get(0) instanceof List<?> list) {
      return ofList(function, cast(list), arguments);
    }
    return !arguments.isEmpty() && arguments.get(0) instanceof Map<?, ?> map
        ? ofMap(function, castMap(map), arguments)
        : null;
  }

  /** An item; null if it is not there or not known which it is. */
  static @Nullable Object item(Object container, Object index) {
    if (container instanceof Map<?, ?> map) {
      return map.containsKey(index) ? map.get(index) : map.get(Values.UNKNOWN);
    }
    if (container instanceof List<?> list && index instanceof Long place) {
      long own = place < 0 ? place + list.size() : place;
      return own >= 0 && own < list.size() ? list.get((int) own) : null;
    }
    return null;
  }

  private static @Nullable Object ofList(String function, List<Object> list, List<Object> arguments) {
    Object second = arguments.size() > 1 ? arguments.get(1) : Unpickler.NONE;
    switch (function) {
      case "append" -> list.add(second);
      case "extend" -> list.addAll(second instanceof List<?> more ? more : List.of());
      case "insert" -> list.add(second instanceof Long place && place >= 0 && place <= list.size()
          ? place.intValue() : list.size(), arguments.get(2));
      case "_set_item" -> {
        // within a loop, which is drawn once, the only item is each of them
        Object place = list.size() == 1 ? Long.valueOf(0) : second;
        if (item(list, place) != null) {
          list.set(place(list, (Long) place), arguments.get(2));
        }
      }
      case "pop" -> {
        Object place = arguments.size() > 1 ? second : Long.valueOf(-1);
        return item(list, place) == null ? null : list.remove(place(list, (Long) place));
      }
      case "reverse" -> Collections.reverse(list);
      case "clear" -> list.clear();
      case "add" -> {
        return second instanceof List<?> more ? joined(list, more) : null;
      }
      case "slice" -> {
        return slice(list, arguments);
      }
      case "list", "copy" -> {
        return new ArrayList<>(list);
      }
      default -> {
        return null;
      }
    }
    return list;
  }

  private static @Nullable Object ofMap(String function, Map<Object, Object> map, List<Object> arguments) {
    switch (function) {
      case "_set_item" -> map.put(arguments.get(1), arguments.get(2));
      case "keys" -> {
        return new ArrayList<>(map.keySet());
      }
      case "values" -> {
        return new ArrayList<>(map.values());
      }
      case "items" -> {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(List.of(key, value)));
        return items;
      }
      case "get" -> {
        return map.getOrDefault(arguments.get(1), arguments.size() > 2 ? arguments.get(2) : Unpickler.NONE);
      }
      case "__contains__" -> {
        return map.containsKey(arguments.get(1)) ? Boolean.TRUE : null;
      }
      default -> {
        return null;
      }
    }
    return map;
  }

  private static int place(List<?> list, long index) {
    return (int) (index < 0 ? index + list.size() : index);
  }

  /** A map of the pairs in a list; the key is not known where the pairs were made in a loop. */
  private static Map<Object, Object> map(List<Object> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (Object pair : arguments.isEmpty() ? List.of() : (List<?>) arguments.get(0)) {
      if (pair instanceof List<?> items && items.size() == 2) {
        map.put(items.get(0), items.get(1));
      }
    }
    return map;
  }

  private static List<Object> joined(List<?> first, List<?> second) {
    List<Object> joined = new ArrayList<>(first);
    joined.addAll(second);
    return joined;
  }

  /** The items from one place to another; a place that is not known is the list's own begin or end. */
  private static List<Object> slice(List<Object> list, List<Object> arguments) {
    long begin = arguments.size() > 1 && arguments.get(1) instanceof Long b ? b : 0;
    long end = arguments.size() > 2 && arguments.get(2) instanceof Long e ? e : list.size();
    int from = (int) Math.min(Math.max(begin < 0 ? begin + list.size() : begin, 0), list.size());
    int to = (int) Math.min(Math.max(end < 0 ? end + list.size() : end, from), list.size());
    return new ArrayList<>(list.subList(from, to));
  }

  @SuppressWarnings("unchecked")
  private static List<Object> cast(List<?> list) {
    return (List<Object>) list;
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> castMap(Map<?, ?> map) {
    return (Map<Object, Object>) map;
  }
}
