package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
  private final Map<String, Cost> costs = new LinkedHashMap<>();

  private TimedPass(NDManager manager) {
    this.store = new ParameterStore(manager, false);
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
    try (NDScope scope = new NDScope(); NDManager manager = parent.newSubManager()) {
      scope.suppressNotUsedWarning();
      TimedPass timed = new TimedPass(manager);
      for (int pass = 0; pass < passes; pass++) {
        NDList inputs = new NDList();
        // a layer may compute in place
        batch.forEach(array -> inputs.add(array.toDevice(manager.getDevice(), true)));
        timed.run(block, "", inputs);
      }
      return timed.costs;
    }
  }

  private NDList run(Block block, String path, NDList inputs) {
    if (block instanceof SequentialBlock sequential && !sequential.isReturnIntermediate()
        && ModelTracer.runsAs(block, SequentialBlock.class)) {
      NDList data = inputs;
      List<String> names = BlockNames.children(block);
      for (int i = 0; i < names.size(); i++) {
        data = run(block.getChildren().valueAt(i), within(path, names.get(i)), data);
      }
      return data;
    }
    Optional<Function<List<NDList>, NDList>> combination =
        block instanceof ParallelBlock parallel && ModelTracer.runsAs(block, ParallelBlock.class)
            ? ModelTracer.combination(parallel)
            : Optional.empty();
    if (combination.isPresent()) {
      List<NDList> branches = new ArrayList<>();
      List<String> names = BlockNames.children(block);
      for (int i = 0; i < names.size(); i++) {
        branches.add(run(block.getChildren().valueAt(i), within(path, names.get(i)), inputs));
      }
      return combination.get().apply(branches);
    }
    return measure(block, path.isEmpty() ? BlockNames.of(block) : path, inputs);
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

  /** Waits for a GPU, which computes while the thread goes on: by reading an element. */
  private static void await(NDList results) {
    if (!results.isEmpty() && results.get(0).getDevice().isGpu() && results.get(0).size() > 0) {
      results.get(0).flatten().get(0).toDevice(ai.djl.Device.cpu(), true).close();
    }
  }
}
