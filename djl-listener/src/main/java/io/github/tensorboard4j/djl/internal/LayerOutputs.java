package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.tensorboard4j.djl.internal.Tape.Entry;
import io.github.tensorboard4j.djl.internal.Tape.Value;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the layers put out while a model is traced: the last result within each block that has no blocks in it, and that of each
 * ReLU, whether it is a block or a call in a block of a user's own. Not thread-safe.
 */
final class LayerOutputs {

  private static final String RELU = "Relu";

  /** The result of an operation: its array as the model goes on with it, or a copy. */
  private record Result(Entry entry, NDArray array, boolean copied) {

    boolean isOfRelu() {
      return entry.op().equals(RELU);
    }

    /** Returns whether a convolution has made it, with or without a bias. */
    boolean isOfConvolution() {
      Entry made = entry.op().equals("BiasAdd") ? entry.inputs().get(0).entry() : entry;
      return made.op().startsWith("Conv");
    }

    Result copy() {
      return new Result(entry, array.duplicate(), true);
    }
  }

  private final Map<String, Result> results = new LinkedHashMap<>();
  private final UniqueNames calls;

  /** Begins without any; {@code blocks} are the names of all blocks, which a call in a block's code is not given. */
  LayerOutputs(Collection<String> blocks) {
    this.calls = new UniqueNames(blocks);
  }

  /** Takes what a block without blocks in it has put out so far. */
  void put(String block, Entry entry, NDArray array) {
    Result result = new Result(entry, array, false);
    Result before = results.remove(block);
    if (before != null && before.isOfRelu() && !result.isOfRelu()) {
      results.put(call(block), before);
    }
    results.put(block, result);
  }

  /** Takes the result of an operation between the blocks that a block has in it. */
  void putBetween(String block, Entry entry, NDArray array) {
    Result result = new Result(entry, array, false);
    if (result.isOfRelu()) {
      results.put(call(block), result);
    }
  }

  /**
   * Copies what has been put out so far, for an operation is about to change an array in place: one of these, or one that shares
   * its memory.
   */
  void keep() {
    results.replaceAll((block, result) -> result.copied() || result.array().isReleased() ? result : result.copy());
  }

  private String call(String block) {
    return calls.claim(block.isEmpty() ? "relu" : block + "/relu");
  }

  /** Returns the outputs in the order in which they were made. */
  List<LayerOutput> all() {
    List<LayerOutput> all = new ArrayList<>();
    results.forEach((layer, result) -> all.add(new LayerOutput(
        layer, result.array, result.isOfConvolution(), unitDimension(result))));
    return all;
  }

  private static int unitDimension(Result result) {
    int rank = result.array.getShape().dimension();
    if (!result.isOfRelu() || rank < 2) {
      return -1;
    }
    return rank == 2 || rank > 3 || isOfConvolution(result.entry) ? 1 : rank - 1;
  }

  /** Returns whether what a ReLU gets is of a convolution, whose channels stand before its places: those of a series too. */
  private static boolean isOfConvolution(Entry relu) {
    Entry entry = relu;
    while (!entry.op().startsWith("Conv")) {
      List<Value> inputs = entry.inputs();
      if (inputs.isEmpty() || entry.op().equals("MatMul") || entry.op().equals("Reshape")
          || entry.op().equals("Transpose")) {
        return false;
      }
      entry = inputs.get(0).entry();
    }
    return true;
  }
}
