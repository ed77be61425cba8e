package io.github.tensorboard4j.djl.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Forward passes of a model, to measure what its layers take. What merely passes data on, one after the other or side by side, is
 * run block by block; any other block is one layer, whatever is in it. Not thread-safe.
 */
public final class TimedPass {

  /**
   * What a layer takes.
   *
   * @param nanos the nanoseconds of its forward pass, in the fastest of the passes
   * @param bytes the size of what it puts out
   */
  public record Cost(long nanos, long bytes) {}

  private final ParameterStore store;
  private final Map<String, Cost> costs;

  private TimedPass(NDManager manager, Map<String, Cost> costs) {
    this.store = new ParameterStore(manager, false);
    this.costs = costs;
  }

  /**
   * Runs a model, not for training: no dropout, and normalization by the running statistics, which stay as they are.
   *
   * @param block the model's outermost block, initialized
   * @param parent a manager on the model's device
   * @param batch what the model takes; a copy of it, on the model's device, is passed to it
   * @param passes how often
   * @return what each layer takes, by its path, in the order of the forward pass
   * @throws RuntimeException if the model can't be run so
   */
  public static Map<String, Cost> run(Block block, NDManager parent, NDList batch, int passes) {
    Map<String, Cost> costs = new LinkedHashMap<>();
    for (int pass = 0; pass < passes; pass++) {
      // what a pass puts out is freed before the next
      try (NDScope scope = new NDScope(); NDManager manager = parent.newSubManager()) {
        scope.suppressNotUsedWarning();
        // a layer may compute in place
        new TimedPass(manager, costs).run(block, "", batch.toDevice(manager.getDevice(), true));
      }
    }
    return costs;
  }

  private NDList run(Block block, String path, NDList inputs) {
    return BlockFlow.run(block, inputs,
        (index, child, data) -> run(child, within(path, BlockNames.children(block).get(index)), data),
        (whole, data) -> measure(whole, path.isEmpty() ? BlockNames.of(whole) : path, data));
  }

  private static String within(String path, String child) {
    return path.isEmpty() ? child : path + '/' + child;
  }

  private NDList measure(Block block, String name, NDList inputs) {
    long start = System.nanoTime();
    NDList results = block.forward(store, inputs, false);
    await(results);
    long nanos = Math.max(1, System.nanoTime() - start);
    long bytes = 0;
    for (NDArray result : results) {
      bytes += result.size() * result.getDataType().getNumOfBytes();
    }
    Cost cost = new Cost(nanos, bytes);
    costs.merge(name, cost, (before, now) -> before.nanos < now.nanos ? before : now);
    return results;
  }

  /** Waits for what is computed while the thread goes on, by reading an element. */
  private void await(NDList results) {
    if (!results.isEmpty() && results.get(0).size() > 0 && isComputedLater(results.get(0))) {
      NDArray element = results.get(0).flatten().get(0).toDevice(Device.cpu(), true);
      // of a type that can be read in Java
      element.toType(DataType.FLOAT32, false).toByteBuffer(true);
    }
  }

  /** Returns whether an array may not be there yet: on a GPU, and anywhere with engines such as MXNet, unlike PyTorch. */
  private boolean isComputedLater(NDArray array) {
    return array.getDevice().isGpu() || !store.getManager().getEngine().getEngineName().equals("PyTorch");
  }
}
