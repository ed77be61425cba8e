package io.github.tensorboard4j.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.optimizer.Optimizer;
import io.github.tensorboard4j.djl.internal.InputArray;
import io.github.tensorboard4j.djl.internal.LossAndOptimizer;
import io.github.tensorboard4j.djl.internal.ModelWalker;
import io.github.tensorboard4j.djl.internal.Scripts;
import io.github.tensorboard4j.graph.ModelGraph;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns DJL models into graphs for TensorBoard.
 *
 * <p>A model is run once, forward and not for training, on two examples of zeros, and the operations of each
 * block are drawn in a scope of its own, with the parameters that they take. A block whose operations can't be
 * seen is one operation; a model that can't be run is drawn as the tree of its blocks. Both say so in an
 * attribute {@code note}, and the log says why. The model's parameters are not changed; what a block of one's own
 * does in each forward pass, such as drawing random numbers or counting, it does once more.
 *
 * <p>Of a TorchScript block the operations of its script are drawn. If it is that of a model that was loaded from a file, the
 * script is read from there; else the block is written to a temporary file, unless it has more than 64 MB of parameters, or none.
 * The {@linkplain #of(Block, NDManager, Shape...) methods that take a block} don't know where it was loaded from.
 *
 * <p>DJL names a block's children by their place and class, {@code 02Linear}: their scopes are named
 * {@code 02_linear}. Such names sort in the order in which the blocks were added, are the same in every run of
 * the same model, and don't end in the running number from which TensorBoard makes series. A child that its
 * parent gave another name than its class keeps that name, with {@code _} for characters that TensorBoard does
 * not take; a lambda has the name that it was given. A child of a child is named by the path to it:
 * {@code 03_parallel/01_sequential/02_conv2d}.
 *
 * <p>A parameter is named by the path to its block and its name in it, one of
 * {@link io.github.tensorboard4j.training.ParameterNames} where one fits: {@code 02_linear/weight},
 * {@code 05_lstm/layer_1/backward/recurrent_weight}. The tags of its histograms end in the same path:
 * {@code layer_02_linear/weight}, {@code gradient/02_linear/weight}.
 */
public final class DjlGraph {

  private DjlGraph() {}

  /**
   * Returns the graph of a block that takes 32-bit floats or, if it can't be run on such, 64-bit integers.
   *
   * @param block an initialized block
   * @param manager a manager on the block's device
   * @param inputShapes the shapes of the inputs, the batch first, whatever its size
   * @return the graph
   * @throws NullPointerException if an argument is null
   */
  public static ModelGraph of(Block block, NDManager manager, Shape... inputShapes) {
    return ModelWalker.walk(Objects.requireNonNull(block, "block"), Scripts.withoutFiles(), manager,
        InputArray.of(inputShapes), null);
  }

  /**
   * Returns the graph of a block.
   *
   * @param block an initialized block
   * @param manager a manager on the block's device
   * @param batch arrays such as the block takes, of which only the shapes and element types are read
   * @return the graph
   * @throws NullPointerException if an argument is null
   */
  public static ModelGraph of(Block block, NDManager manager, NDList batch) {
    return ModelWalker.walk(Objects.requireNonNull(block, "block"), Scripts.withoutFiles(), manager, InputArray.of(batch),
        null);
  }

  /**
   * Returns the graph of a model that takes 32-bit floats or, if it can't be run on such, 64-bit integers.
   *
   * @param model a model whose block is initialized
   * @param inputShapes the shapes of the inputs, the batch first, whatever its size; none for those with which the
   *     block was initialized
   * @return the graph
   * @throws IllegalStateException if the model has no block
   * @throws NullPointerException if an argument is null
   */
  public static ModelGraph of(Model model, Shape... inputShapes) {
    Block block = block(model);
    return ModelWalker.walk(block, Scripts.of(model), model.getNDManager(), InputArray.of(shapes(block, inputShapes)), null);
  }

  /**
   * Returns the graph of a model that is being trained, with its loss, and its optimizer if that can be found: a
   * trainer has no accessor of it.
   *
   * @param trainer an initialized trainer
   * @param inputShapes the shapes of the model's inputs, as in {@link #of(Model, Shape...)}
   * @return the graph
   * @throws IllegalStateException if the model has no block
   * @throws NullPointerException if an argument is null
   */
  public static ModelGraph of(Trainer trainer, Shape... inputShapes) {
    return of(trainer, TrainerOptimizer.of(trainer).map(TrainerOptimizer::optimizer).orElse(null), inputShapes);
  }

  /**
   * Returns the graph of a model that is being trained, with its loss and its optimizer.
   *
   * @param trainer an initialized trainer
   * @param config the configuration with which the trainer was made
   * @param inputShapes the shapes of the model's inputs, as in {@link #of(Model, Shape...)}
   * @return the graph
   * @throws IllegalStateException if the model has no block
   * @throws NullPointerException if an argument is null
   */
  public static ModelGraph of(Trainer trainer, TrainingConfig config, Shape... inputShapes) {
    return of(trainer, config.getOptimizer(), inputShapes);
  }

  /**
   * Returns the graph of a model that is being trained, with its loss, and its optimizer if that can be found: a
   * trainer has no accessor of it.
   *
   * @param trainer an initialized trainer
   * @param batch arrays such as the model takes, of which only the shapes and element types are read
   * @return the graph
   * @throws IllegalStateException if the model has no block
   * @throws NullPointerException if an argument is null
   */
  public static ModelGraph of(Trainer trainer, NDList batch) {
    return of(trainer, TrainerOptimizer.of(trainer).map(TrainerOptimizer::optimizer).orElse(null), batch);
  }

  /**
   * Returns the graph of a model that is being trained, with its loss and its optimizer.
   *
   * @param trainer an initialized trainer
   * @param config the configuration with which the trainer was made
   * @param batch arrays such as the model takes, of which only the shapes and element types are read
   * @return the graph
   * @throws IllegalStateException if the model has no block
   * @throws NullPointerException if an argument is null
   */
  public static ModelGraph of(Trainer trainer, TrainingConfig config, NDList batch) {
    return of(trainer, config.getOptimizer(), batch);
  }

  /** Returns the graph of a model that is being trained, with its optimizer if it is known. */
  static ModelGraph of(Trainer trainer, @Nullable Optimizer optimizer, NDList batch) {
    return ModelWalker.walk(block(trainer.getModel()), Scripts.of(trainer.getModel()), trainer.getManager(),
        InputArray.of(batch),
        new LossAndOptimizer(trainer.getLoss(), optimizer));
  }

  /** Returns the graph of a model that is being trained, with its optimizer if it is known. */
  static ModelGraph of(Trainer trainer, @Nullable Optimizer optimizer, Shape... inputShapes) {
    Block block = block(trainer.getModel());
    return ModelWalker.walk(block, Scripts.of(trainer.getModel()), trainer.getManager(),
        InputArray.of(shapes(block, inputShapes)),
        new LossAndOptimizer(trainer.getLoss(), optimizer));
  }

  private static Block block(Model model) {
    Block block = model.getBlock();
    if (block == null) {
      throw new IllegalStateException("The model has no block: call setBlock before");
    }
    return block;
  }

  /** Returns the shapes that are given, else those with which the block was initialized. */
  private static Shape[] shapes(Block block, Shape... given) {
    if (given.length > 0) {
      return given;
    }
    return block.isInitialized() && block.getInputShapes() != null ? block.getInputShapes() : given;
  }
}
