package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.tensorboard4j.djl.internal.Tape.Entry;
import io.github.tensorboard4j.djl.internal.Tape.Value;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the layers put out while a model is traced: the last result within each block that has no blocks in it, and that of each
 * ReLU, whether it is a block or a call in a block of a user's own. Not thread-safe.
 */
final class LayerOutputs {

  private static final String RELU = "Relu";

  /** The result of an operation. */
  private record Result(Entry entry, NDArray array) {

    boolean isOfRelu() {
      return entry.op().equals(RELU);
    }
  }

  private final Map<String, Result> results = new LinkedHashMap<>();
  private final UniqueNames calls = new UniqueNames();

  /** Takes what a block without blocks in it has put out so far. */
  void put(String block, Entry entry, NDArray array) {
    Result result = new Result(entry, array);
    Result before = results.remove(block);
    if (before != null && before.isOfRelu() && !result.isOfRelu()) {
      results.put(call(block), before);
    }
    results.put(block, result);
  }

  /** Takes the result of an operation between the blocks that a block has in it. */
  void putBetween(String block, Entry entry, NDArray array) {
    Result result = new Result(entry, array);
    if (result.isOfRelu()) {
      results.put(call(block), result);
    }
  }

  private String call(String block) {
    return calls.claim(block.isEmpty() ? "relu" : block + "/relu");
  }

  /** Returns the outputs in the order in which they were made. */
  List<LayerOutput> all() {
    List<LayerOutput> all = new ArrayList<>();
    results.forEach((layer, result) -> all.add(new LayerOutput(layer, result.array, unitDimension(result))));
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
