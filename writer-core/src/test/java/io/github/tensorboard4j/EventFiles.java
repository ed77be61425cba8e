package io.github.tensorboard4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads back what a test has written. */
final class EventFiles {

  private EventFiles() {}

  static List<Path> in(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().contains("tfevents")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Event> read(Path directory) {
    List<Event> events = new ArrayList<>();
    for (Path file : in(directory)) {
      try {
        events.addAll(EventFileReader.readAll(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return events;
  }

  /** The scalars of a run by tag, each a map from step to value. */
  static Map<String, Map<Long, Float>> scalars(Path directory) {
    Map<String, Map<Long, Float>> scalars = new LinkedHashMap<>();
    for (Event event : read(directory)) {
      for (Event.Value value : event.values()) {
        if (value.plugin().isEmpty()) {
          scalars.computeIfAbsent(value.tag(), tag -> new LinkedHashMap<>()).put(event.step(), value.scalar());
        }
      }
    }
    return scalars;
  }

  /** The steps of the tensors of a run by tag. */
  static Map<String, List<Long>> tensorSteps(Path directory) {
    Map<String, List<Long>> steps = new LinkedHashMap<>();
    for (Event event : read(directory)) {
      for (Event.Value value : event.values()) {
        if (!value.plugin().isEmpty()) {
          steps.computeIfAbsent(value.tag(), tag -> new ArrayList<>()).add(event.step());
        }
      }
    }
    return steps;
  }
}
