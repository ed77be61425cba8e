package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.util.function.Consumer;

/** One more forward pass of a model, to see what its layers put out. */
public final class ForwardPass {

  private ForwardPass() {}

  /**
   * Runs a model, not for training: no dropout, and normalization by the running statistics, which stay as they are.
   *
   * @param block the model's outermost block, initialized
   * @param manager a manager on the model's device
   * @param batch what the model takes; moved to its device for it, if it isn't there
   * @param consumer takes what each layer has put out, in the order of the forward pass, once all of the model has run; the
   *     arrays are freed after that. A block whose operations can't be followed is one layer, whatever is in it: what it puts
   *     out comes under its own name, behind what the layers in it had put out by then
   * @throws RuntimeException if the model can't be run so
   */
  public static void run(Block block, NDManager manager, NDList batch, Consumer<LayerOutput> consumer) {
    ModelTracer.run(block, manager, batch, consumer);
  }
}
