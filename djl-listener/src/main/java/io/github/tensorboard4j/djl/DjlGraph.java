package io.github.tensorboard4j.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import io.github.tensorboard4j.djl.internal.ModelWalker;
import io.github.tensorboard4j.graph.ModelGraph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Turns DJL models into graphs for TensorBoard.
 *
 * <p>A model is run once, forward and not for training, on two examples of zeros, and the operations of each
 * block are drawn in a scope that is called as {@link BlockNames} says, with the parameters that they take. A
 * block whose operations can't be seen is one operation; a model that can't be run is drawn as the tree of
 * its blocks. Both say so in an attribute {@code note}. The model is not changed.
 */
public final class DjlGraph {

  private DjlGraph() {}

  /**
   * The graph of a block.
   *
   * @param block an initialized block
   * @param manager a manager on the block's device
   * @param inputShapes the shapes of what it takes, of 32-bit floats, the batch first, whatever its size
   * @return the graph
   */
  public static ModelGraph of(Block block, NDManager manager, Shape... inputShapes) {
    return ModelWalker.walk(block, manager, List.of(inputShapes), floats(inputShapes.length), null);
  }

  /**
   * The graph of a block.
   *
   * @param block an initialized block
   * @param manager a manager on the block's device
   * @param batch arrays as the block takes them; only their shapes and element types are looked at
   * @return the graph
   */
  public static ModelGraph of(Block block, NDManager manager, NDList batch) {
    List<Shape> shapes = new ArrayList<>();
    List<DataType> dtypes = new ArrayList<>();
    for (NDArray array : batch) {
      shapes.add(array.getShape());
      dtypes.add(array.getDataType());
    }
    return ModelWalker.walk(block, manager, shapes, dtypes, null);
  }

  /**
   * The graph of a model.
   *
   * @param model a model whose block is initialized
   * @param inputShapes the shapes of what it takes, of 32-bit floats, the batch first, whatever its size;
   *     none to take those with which it was initialized
   * @return the graph
   */
  public static ModelGraph of(Model model, Shape... inputShapes) {
    Shape[] shapes = inputShapes.length == 0 ? known(model.getBlock()) : inputShapes;
    return of(model.getBlock(), model.getNDManager(), shapes);
  }

  /**
   * The graph of a model that is being trained, with its loss. Its optimizer is drawn if the configuration is
   * given, since a trainer does not tell it.
   *
   * @param trainer an initialized trainer
   * @param configuration the configuration that the trainer was made with, or null
   * @param inputShapes the shapes of what the model takes, as in {@link #of(Model, Shape...)}
   * @return the graph
   */
  public static ModelGraph of(Trainer trainer, TrainingConfig configuration, Shape... inputShapes) {
    Block block = trainer.getModel().getBlock();
    Shape[] shapes = inputShapes.length == 0 ? known(block) : inputShapes;
    return ModelWalker.walk(block, trainer.getManager(), List.of(shapes), floats(shapes.length),
        new ModelWalker.Training(trainer.getLoss(), configuration == null ? null : configuration.getOptimizer()));
  }

  private static Shape[] known(Block block) {
    Objects.requireNonNull(block, "the model has no block; call setBlock");
    return block.isInitialized() && block.getInputShapes() != null ? block.getInputShapes() : new Shape[0];
  }

  private static List<DataType> floats(int count) {
    return Collections.nCopies(count, DataType.FLOAT32);
  }
}
