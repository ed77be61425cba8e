package io.github.tensorboard4j.dl4j;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodType;
import java.util.function.Predicate;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** Finds out who trains, where a callback doesn't say. It takes too long to ask at every iteration. */
final class Callers {

  private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);
  private static final String PARALLEL_WRAPPER = "org.deeplearning4j.parallelism.";

  private Callers() {}

  /** Returns whether a network is fitted to an iterator, at whose end it tells its listeners that an epoch has ended. */
  static boolean areWithinAnEpoch() {
    return isAmongThem(Callers::fitsIterator);
  }

  /** Returns whether this is a worker of a {@code ParallelWrapper}, which trains a copy of the user's network. */
  static boolean areWorkers() {
    return isAmongThem(frame -> frame.getClassName().startsWith(PARALLEL_WRAPPER));
  }

  private static boolean isAmongThem(Predicate<StackFrame> caller) {
    return STACK.walk(frames -> frames.anyMatch(caller));
  }

  private static boolean fitsIterator(StackFrame frame) {
    Class<?> owner = frame.getDeclaringClass();
    if (owner != MultiLayerNetwork.class && owner != ComputationGraph.class) {
      return false;
    }
    MethodType type = frame.getMethodType();
    return type.parameterList().contains(DataSetIterator.class)
        || type.parameterList().contains(MultiDataSetIterator.class);
  }
}
