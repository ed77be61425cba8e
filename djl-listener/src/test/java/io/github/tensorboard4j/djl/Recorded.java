package io.github.tensorboard4j.djl;

import io.github.tensorboard4j.Event;
import io.github.tensorboard4j.EventFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a training has recorded in a run's directory, read back. */
record Recorded(List<Event> events) {

  /** A histogram's rows: left limit, right limit, count. */
  record Rows(List<double[]> rows) {

    double min() {
      return rows.get(0)[0];
    }

    double max() {
      return rows.get(rows.size() - 1)[1];
    }

    double count() {
      return rows.stream().mapToDouble(row -> row[2]).sum();
    }
  }

  static Recorded in(Path directory) {
    List<Event> events = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        events.addAll(EventFileReader.readAll(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Recorded(events);
  }

  Map<String, Map<Long, Float>> scalars() {
    Map<String, Map<Long, Float>> scalars = new TreeMap<>();
    for (Event event : events) {
      for (Event.Value value : event.values()) {
        if (value.plugin().isEmpty()) {
          scalars.computeIfAbsent(value.tag(), tag -> new TreeMap<>()).put(event.step(), value.scalar());
        }
      }
    }
    return scalars;
  }

  Map<Long, Float> scalar(String tag) {
    return scalars().getOrDefault(tag, Map.of());
  }

  Map<String, Map<Long, Rows>> histograms() {
    Map<String, Map<Long, Rows>> histograms = new TreeMap<>();
    for (Event event : events) {
      for (Event.Value value : event.values()) {
        if (value.plugin().equals("histograms")) {
          histograms.computeIfAbsent(value.tag(), tag -> new TreeMap<>()).put(event.step(), rows(value));
        }
      }
    }
    return histograms;
  }

  List<String> texts() {
    return events.stream().flatMap(event -> event.values().stream()).flatMap(value -> value.strings().stream()).toList();
  }

  private static Rows rows(Event.Value value) {
    List<double[]> rows = new ArrayList<>();
    ByteBuffer content = value.tensorContent().duplicate().order(value.tensorContent().order());
    while (content.hasRemaining()) {
      rows.add(new double[] {content.getDouble(), content.getDouble(), content.getDouble()});
    }
    return new Rows(rows);
  }
}
