package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDList;
import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The path of the block in which a traced operation runs.
 *
 * <p>The blocks that merely pass data on, one after the other or side by side, are run by the tracer itself,
 * which steps into each child. Any other block is run as a whole, and what runs inside is observed from outside:
 * each block that runs shows as one {@code forward} on the call stack, with the class of its {@code
 * forwardInternal}, and a block with parameters is recognized when it asks for them. From these the path down the
 * tree of blocks is inferred; of neighbours of one class without parameters, all operations are drawn in the first.
 */
final class BlockPaths {

  /** A block and its path from the model's outermost block, which has an empty one. */
  private record Place(Block block, String path) {}

  private final StackWalker stack = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private final Map<Parameter, List<Place>> owners = new IdentityHashMap<>();

  /** The outermost block, one of its children, and so on down to the block at hand. */
  private final List<Place> nesting = new ArrayList<>();

  private final String rootName;
  private int depthOfWhole = -1;

  BlockPaths(Block root) {
    this.rootName = BlockNames.of(root);
    nesting.add(new Place(root, ""));
    collect(List.of(nesting.get(0)));
  }

  private void collect(List<Place> places) {
    Place last = places.get(places.size() - 1);
    last.block().getDirectParameters().values().forEach(p -> owners.putIfAbsent(p, places));
    List<String> names = BlockNames.children(last.block());
    for (int i = 0; i < names.size(); i++) {
      List<Place> longer = new ArrayList<>(places);
      longer.add(child(last, i, names));
      collect(longer);
    }
  }

  private static Place child(Place parent, int index, List<String> names) {
    String prefix = parent.path().isEmpty() ? "" : parent.path() + '/';
    return new Place(parent.block().getChildren().valueAt(index), prefix + names.get(index));
  }

  /** Steps down into a child that the tracer runs itself. */
  void enter(int index) {
    Place parent = nesting.get(nesting.size() - 1);
    nesting.add(child(parent, index, BlockNames.children(parent.block())));
  }

  /** Steps up again. */
  void leave() {
    nesting.remove(nesting.size() - 1);
  }

  /** Returns the path of the block at which the tracer is. */
  String path() {
    return nesting.get(nesting.size() - 1).path();
  }

  /** Runs the block at hand as a whole. */
  NDList runWhole(Supplier<NDList> forward) {
    depthOfWhole = nesting.size();
    try {
      return forward.get();
    } finally {
      leaveTo(depthOfWhole);
      depthOfWhole = -1;
    }
  }

  /** Notes that a block asks for its parameter. */
  void parameterRequested(Parameter parameter) {
    List<Place> owner = owners.get(parameter);
    if (depthOfWhole < 0 || owner == null || owner.size() < depthOfWhole) {
      return;
    }
    leaveTo(depthOfWhole);
    nesting.addAll(owner.subList(depthOfWhole, owner.size()));
  }

  /** Returns the path at which an operation that runs now is to be drawn; that of a lone block is its kind. */
  String current() {
    if (depthOfWhole >= 0) {
      follow(running());
    }
    String path = path();
    return path.isEmpty() && nesting.get(0).block().getChildren().isEmpty() ? rootName : path;
  }

  private void follow(List<Class<?>> running) {
    int level = depthOfWhole;
    for (Class<?> kind : running) {
      if (level < nesting.size() && kind.isInstance(nesting.get(level).block())) {
        level++;
        continue;
      }
      Place next = next(nesting.get(level - 1), level < nesting.size() ? nesting.get(level) : null, kind);
      leaveTo(level);
      if (next == null) {
        return;
      }
      nesting.add(next);
      level++;
    }
    leaveTo(level);
  }

  private void leaveTo(int depth) {
    while (nesting.size() > depth) {
      leave();
    }
  }

  /**
   * Returns the next child of that class behind the one before it, from the beginning if there is none; null if
   * there is none at all.
   */
  private static @Nullable Place next(Place parent, @Nullable Place before, Class<?> kind) {
    List<String> names = BlockNames.children(parent.block());
    String last = before == null ? "" : before.path().substring(before.path().lastIndexOf('/') + 1);
    int start = names.indexOf(last) + 1;
    for (int i = 0; i < names.size(); i++) {
      Place child = child(parent, (start + i) % names.size(), names);
      if (kind.isInstance(child.block())) {
        return child;
      }
    }
    return null;
  }

  /** Returns the classes of the blocks that run within the one that is run as a whole, from the outside in. */
  private List<Class<?>> running() {
    List<StackFrame> frames = stack.walk(all -> all
        .takeWhile(f -> f.getDeclaringClass() != BlockPaths.class || !f.getMethodName().equals("runWhole"))
        .collect(Collectors.toList()));
    List<Class<?>> running = new ArrayList<>();
    for (int i = frames.size() - 1; i > 0; i--) {
      StackFrame inner = frames.get(i - 1);
      StackFrame outer = frames.get(i);
      if (outer.getDeclaringClass() == AbstractBaseBlock.class && outer.getMethodName().equals("forward")
          && inner.getMethodName().equals("forwardInternal")) {
        running.add(inner.getDeclaringClass());
      }
    }
    return running.isEmpty() ? running : running.subList(1, running.size());
  }
}
