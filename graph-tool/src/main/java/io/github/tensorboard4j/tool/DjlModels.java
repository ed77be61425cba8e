package io.github.tensorboard4j.tool;

import ai.djl.ModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.github.tensorboard4j.djl.DjlGraph;
import io.github.tensorboard4j.graph.ModelGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads what DJL loads: a directory with a model of an engine, such as TorchScript. */
final class DjlModels {

  private DjlModels() {}

  /**
   * Reads a model.
   *
   * @param directory where it is
   * @param name its name; null for the directory's
   * @param inputs the shapes of its inputs, the batch first; empty if not given
   */
  static ModelGraph read(Path directory, String name, List<long[]> inputs) throws IOException {
    List<String> files = files(directory);
    if (files.isEmpty()) {
      throw new IOException(directory + " is an empty directory");
    }
    Criteria.Builder<NDList, NDList> criteria =
        Criteria.builder().setTypes(NDList.class, NDList.class).optModelPath(directory);
    if (name != null) {
      criteria.optModelName(name);
    }
    try (ZooModel<NDList, NDList> model = criteria.build().loadModel()) {
      return DjlGraph.of(model, inputs.stream().map(Shape::new).toArray(Shape[]::new));
    } catch (ModelException | IOException | RuntimeException e) {
      String hint = files.stream().noneMatch(file -> file.endsWith(".params"))
          ? ""
          : ". A .params file holds parameters alone; draw such a model in the program that has its blocks: DjlGraph.of(model)";
      throw new IOException(directory + " can't be read as a DJL model: " + e.getMessage() + hint, e);
    }
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
