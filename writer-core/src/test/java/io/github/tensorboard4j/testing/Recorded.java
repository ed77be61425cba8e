package io.github.tensorboard4j.testing;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.events.EventFileReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
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
import javax.imageio.ImageIO;

/** What a test has recorded in a run's directory, read back. */
public record Recorded(List<Event> events) {

  /** A histogram's rows: left limit, right limit, count. */
  public record Rows(List<double[]> rows) {

    public double min() {
      return rows.get(0)[0];
    }

    public double max() {
      return rows.get(rows.size() - 1)[1];
    }

    public double count() {
      return rows.stream().mapToDouble(row -> row[2]).sum();
    }
  }

  /** Reads all event files of a directory, in the order of their names. */
  public static Recorded in(Path directory) {
    List<Event> events = new ArrayList<>();
    for (Path file : files(directory)) {
      try {
        events.addAll(EventFileReader.readAll(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Recorded(List.copyOf(events));
  }

  /** Returns the event files of a directory, in the order of their names. */
  public static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().contains("tfevents")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the scalars by tag, each a map from step to value. */
  public Map<String, Map<Long, Float>> scalars() {
    Map<String, Map<Long, Float>> scalars = new TreeMap<>();
    forEachValue((event, value) -> {
      if (value.hasScalar()) {
        scalars.computeIfAbsent(value.tag(), tag -> new TreeMap<>()).put(event.step(), value.scalar());
      }
    });
    return scalars;
  }

  /** Returns the points of one scalar series by step, none if there is no such series. */
  public Map<Long, Float> scalar(String tag) {
    return scalars().getOrDefault(tag, Map.of());
  }

  /** Returns the steps of all series that are no scalars, by tag, in the order of the file. */
  public Map<String, List<Long>> tensorSteps() {
    Map<String, List<Long>> steps = new TreeMap<>();
    forEachValue((event, value) -> {
      if (!value.plugin().isEmpty()) {
        steps.computeIfAbsent(value.tag(), tag -> new ArrayList<>()).add(event.step());
      }
    });
    return steps;
  }

  /** Returns the histograms by tag, each a map from step to rows. */
  public Map<String, Map<Long, Rows>> histograms() {
    Map<String, Map<Long, Rows>> histograms = new TreeMap<>();
    forEachValue((event, value) -> {
      if (value.plugin().equals("histograms")) {
        histograms.computeIfAbsent(value.tag(), tag -> new TreeMap<>()).put(event.step(), rows(value));
      }
    });
    return histograms;
  }

  /** Returns the series of pictures by tag, each a map from step to the first picture of that step. */
  public Map<String, Map<Long, BufferedImage>> pictures() {
    Map<String, Map<Long, BufferedImage>> pictures = new TreeMap<>();
    forEachValue((event, value) -> {
      if (value.plugin().equals("images")) {
        pictures.computeIfAbsent(value.tag(), tag -> new TreeMap<>()).put(event.step(), firstPicture(value));
      }
    });
    return pictures;
  }

  /** Returns the texts of all series. */
  public List<String> texts() {
    return events.stream().flatMap(event -> event.values().stream()).filter(value -> value.plugin().equals("text"))
        .flatMap(value -> value.strings().stream()).toList();
  }

  /** Returns how many graphs there are. */
  public long graphs() {
    return events.stream().filter(event -> event.graphDef().isPresent()).count();
  }

  private interface ValueConsumer {
    void accept(Event event, Event.Value value);
  }

  private void forEachValue(ValueConsumer consumer) {
    for (Event event : events) {
      for (Event.Value value : event.values()) {
        consumer.accept(event, value);
      }
    }
  }

  /** Reads a PNG file, which stands behind width and height. */
  private static BufferedImage firstPicture(Event.Value value) {
    ByteBuffer png = value.stringBytes().get(2);
    byte[] bytes = new byte[png.remaining()];
    png.get(bytes);
    try {
      return ImageIO.read(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Rows rows(Event.Value value) {
    List<double[]> rows = new ArrayList<>();
    ByteBuffer content = value.tensorContent();
    while (content.hasRemaining()) {
      rows.add(new double[] {content.getDouble(), content.getDouble(), content.getDouble()});
    }
    return new Rows(rows);
  }
}
