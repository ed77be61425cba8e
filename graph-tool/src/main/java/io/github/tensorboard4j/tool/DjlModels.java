package io.github.tensorboard4j.tool;

import ai.djl.ModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.github.tensorboard4j.djl.DjlGraph;
import io.github.tensorboard4j.graph.ModelGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
    Criteria.Builder<NDList, NDList> criteria =
        Criteria.builder().setTypes(NDList.class, NDList.class).optModelPath(directory);
    if (name != null) {
      criteria.optModelName(name);
    }
    try (ZooModel<NDList, NDList> model = criteria.build().loadModel()) {
      return DjlGraph.of(model, inputs.stream().map(Shape::new).toArray(Shape[]::new));
    } catch (ModelException | IOException | RuntimeException e) {
      throw new IOException(directory + " can't be read as a DJL model: " + e.getMessage()
          + ". A .params file holds parameters alone; draw such a model in the program that has its blocks:"
          + " DjlGraph.of(model)", e);
    }
  }
}
