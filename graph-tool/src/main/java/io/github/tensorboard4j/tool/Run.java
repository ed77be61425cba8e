package io.github.tensorboard4j.tool;

import io.github.tensorboard4j.events.EventFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The run that a graph is written to: a directory, of which TensorBoard shows one graph.
 *
 * @param directory the directory
 * @param content what is there already
 */
record Run(Path directory, Content content) {

  /** What a run's directory holds. */
  enum Content {
    /** No event file. */
    NOTHING,
    /** Event files without a graph, as of a training that wrote none. */
    NO_GRAPH,
    /** The very graph. */
    SAME_GRAPH,
    /** A graph, but not this one, or a file that can't be read. */
    OTHER_GRAPH
  }

  /** Names of files and directories that say nothing of the model. */
  private static final Set<String> COMMON = Set.of("best", "checkpoint", "checkpoints", "export", "exported", "final",
      "graph", "last", "model", "models", "net", "network", "onnx", "out", "output", "saved_model", "savedmodel",
      "torchscript", "weights");

  /** A run of that directory, in which a graph is looked for. */
  static Run of(Path directory, ByteBuffer graph) throws IOException {
    if (!Files.isDirectory(directory)) {
      return new Run(directory, Content.NOTHING);
    }
    Content content = Content.NOTHING;
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> events = files.filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().contains("tfevents")).sorted().toList();
      for (Path file : events) {
        Content own = content(file, graph);
        content = own.compareTo(content) > 0 ? own : content;
      }
    }
    return new Run(directory, content);
  }

  private static Content content(Path file, ByteBuffer graph) {
    try (EventFileReader events = EventFileReader.open(file)) {
      while (events.hasNext()) {
        Optional<ByteBuffer> there = events.next().graphDef();
        if (there.isPresent()) {
          return there.get().equals(graph) ? Content.SAME_GRAPH : Content.OTHER_GRAPH;
        }
      }
      return Content.NO_GRAPH;
    } catch (IOException | UncheckedIOException e) {
      return Content.OTHER_GRAPH;
    }
  }

  /**
   * The first run of the model's name, or of the name with a number, that holds the very graph or nothing.
   *
   * @param logs the log directory
   * @param model the model's file or directory
   */
  static Run free(Path logs, Path model, ByteBuffer graph) throws IOException {
    String name = name(model);
    Run run = of(logs.resolve(name), graph);
    for (int i = 2; run.content() != Content.NOTHING && run.content() != Content.SAME_GRAPH; i++) {
      run = of(logs.resolve(name + '_' + i), graph);
    }
    return run;
  }

  /**
   * A model's name: its file's, or if that is as common as {@code model.onnx}, the first directory's above it that is
   * not.
   */
  static String name(Path model) {
    Path path = model.toAbsolutePath().normalize();
    String own = Files.isDirectory(path) ? path.getFileName().toString() : stem(path);
    String name = own;
    for (Path outer = path.getParent(); isCommon(name); outer = outer.getParent()) {
      if (outer == null || outer.getFileName() == null) {
        return own;
      }
      name = outer.getFileName().toString();
    }
    return name;
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
  }

  private static boolean isCommon(String name) {
    return COMMON.contains(name.toLowerCase(Locale.ROOT));
  }
}
