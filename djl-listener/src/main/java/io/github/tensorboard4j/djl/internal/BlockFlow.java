package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How data flow through the blocks that merely pass them on, one after the other or side by side. */
final class BlockFlow {

  private static final Logger LOGGER = LoggerFactory.getLogger(BlockFlow.class);

  /** Runs a child of a block. */
  @FunctionalInterface
  interface Child {
    NDList run(int index, Block child, NDList inputs);
  }

  private BlockFlow() {}

  /**
   * Runs a block: its children if it merely passes data on, else itself.
   *
   * @param block the block
   * @param inputs what it takes
   * @param child runs one of its children, by its index among them
   * @param whole runs the block as a whole
   * @return what it puts out
   */
  static NDList run(Block block, NDList inputs, Child child, BiFunction<Block, NDList, NDList> whole) {
    if (block instanceof SequentialBlock sequential && !sequential.isReturnIntermediate()
        && runsAs(block, SequentialBlock.class)) {
      NDList data = inputs;
      List<Block> children = block.getChildren().values();
      for (int i = 0; i < children.size(); i++) {
        data = child.run(i, children.get(i), data);
      }
      return data;
    }
    Function<List<NDList>, NDList> combination =
        block instanceof ParallelBlock parallel && runsAs(block, ParallelBlock.class) ? combination(parallel) : null;
    if (combination != null) {
      List<NDList> branches = new ArrayList<>();
      List<Block> children = block.getChildren().values();
      for (int i = 0; i < children.size(); i++) {
        branches.add(child.run(i, children.get(i), inputs));
      }
      return combination.apply(branches);
    }
    return whole.apply(block, inputs);
  }

  /** Returns whether the block, if it is a user's own subclass, leaves it to its parent how the data flows. */
  private static boolean runsAs(Block block, Class<?> parent) {
    for (Class<?> kind = block.getClass(); kind != parent; kind = kind.getSuperclass()) {
      try {
        kind.getDeclaredMethod("forwardInternal", ParameterStore.class, NDList.class, boolean.class, PairList.class);
        return false;
      } catch (NoSuchMethodException e) {
        continue;
      }
    }
    return true;
  }

  /** Returns what a block does with its branches, which DJL keeps private; null if it isn't accessible. */
  @SuppressWarnings("unchecked")
  private static @Nullable Function<List<NDList>, NDList> combination(ParallelBlock block) {
    try {
      Field field = ParallelBlock.class.getDeclaredField("function");
      field.setAccessible(true);
      return (Function<List<NDList>, NDList>) field.get(block);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.debug("run as a whole: {}", block, e);
      return null;
    }
  }
}
