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
 * forwardInternal} and the place in the code that calls it, and a block with parameters is recognized when it asks for them.
 * From these the path down the tree of blocks is inferred; of neighbours of one class without parameters that are called in a
 * loop, all operations are drawn in the first.
 */
final class BlockPaths {

  /** A block, its path from the model's outermost block, which has an empty one, and the places of its children. */
  private static final class Place {

    private final Block block;
    private final String path;
    private final List<Place> children = new ArrayList<>();

    /** The child that ran before, and how it was called if that is known. */
    private @Nullable Place last;
    private @Nullable Call lastCall;

    Place(Block block, String path) {
      this.block = block;
      this.path = path;
      List<String> names = BlockNames.children(block);
      List<Block> blocks = block.getChildren().values();
      for (int i = 0; i < names.size(); i++) {
        children.add(new Place(blocks.get(i), path.isEmpty() ? names.get(i) : path + '/' + names.get(i)));
      }
    }

    /**
     * Returns the child that such a call runs: the one before it if the call is the same, else the next of that class behind
     * the one before it, from the beginning if there is none; null if there is none at all.
     */
    @Nullable
    Place child(Call call) {
      if (last != null && call.equals(lastCall)) {
        return last;
      }
      int start = children.indexOf(last) + 1;
      for (int i = 0; i < children.size(); i++) {
        Place child = children.get((start + i) % children.size());
        if (call.kind().isInstance(child.block)) {
          runs(child, call);
          return child;
        }
      }
      return null;
    }

    /** Notes that such a call runs that child. */
    void runs(Place child, @Nullable Call call) {
      last = child;
      lastCall = call;
    }
  }

  /**
   * A call of a block's {@code forward}.
   *
   * @param kind the class of the block, or the parent of it that defines what it does
   * @param site the places in the code from the calling block down to the call
   */
  private record Call(Class<?> kind, List<Integer> site) {}

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
    last.block.getDirectParameters().values().forEach(p -> owners.putIfAbsent(p, places));
    for (Place child : last.children) {
      List<Place> longer = new ArrayList<>(places);
      longer.add(child);
      collect(longer);
    }
  }

  /** Steps down into a child that the tracer runs itself. */
  void enter(int index) {
    nesting.add(here().children.get(index));
  }

  /** Steps up again. */
  void leave() {
    nesting.remove(nesting.size() - 1);
  }

  /** Returns the path of the block at which the tracer is. */
  String path() {
    return here().path;
  }

  /** Returns the path of the block at which the tracer is; of the outermost one, its kind. */
  String name() {
    return path().isEmpty() ? rootName : path();
  }

  /** Returns the paths of all blocks; of the outermost one, its kind. */
  List<String> all() {
    List<String> all = new ArrayList<>();
    collect(nesting.get(0), all);
    return all;
  }

  private void collect(Place place, List<String> all) {
    all.add(place.path.isEmpty() ? rootName : place.path);
    place.children.forEach(child -> collect(child, all));
  }

  /** Returns whether the block at which the tracer is has no blocks in it. */
  boolean isLeaf() {
    return here().children.isEmpty();
  }

  private Place here() {
    return nesting.get(nesting.size() - 1);
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
    List<Call> running = running();
    for (int level = depthOfWhole; level < owner.size(); level++) {
      int index = level - depthOfWhole;
      here().runs(owner.get(level), index < running.size() ? running.get(index) : null);
      nesting.add(owner.get(level));
    }
  }

  /** Returns the path at which an operation that runs now is to be drawn; that of a lone block is its kind. */
  String current() {
    if (depthOfWhole >= 0) {
      follow(running());
    }
    String path = path();
    return path.isEmpty() && nesting.get(0).block.getChildren().isEmpty() ? rootName : path;
  }

  private void follow(List<Call> running) {
    int level = depthOfWhole;
    for (Call call : running) {
      Place child = nesting.get(level - 1).child(call);
      if (child == null) {
        break;
      }
      if (level == nesting.size() || nesting.get(level) != child) {
        leaveTo(level);
        nesting.add(child);
      }
      level++;
    }
    leaveTo(level);
  }

  private void leaveTo(int depth) {
    while (nesting.size() > depth) {
      leave();
    }
  }

  /** Returns the calls of the blocks that run within the one that is run as a whole, from the outside in. */
  private List<Call> running() {
    List<StackFrame> frames = stack.walk(all -> all
        .takeWhile(f -> f.getDeclaringClass() != BlockPaths.class || !f.getMethodName().equals("runWhole"))
        .collect(Collectors.toList()));
    List<Call> running = new ArrayList<>();
    List<Integer> site = new ArrayList<>();
    for (int i = frames.size() - 1; i > 0; i--) {
      StackFrame inner = frames.get(i - 1);
      StackFrame outer = frames.get(i);
      site.add(outer.getByteCodeIndex());
      if (outer.getDeclaringClass() == AbstractBaseBlock.class && outer.getMethodName().equals("forward")
          && inner.getMethodName().equals("forwardInternal")) {
        running.add(new Call(inner.getDeclaringClass(), List.copyOf(site)));
        site.clear();
      }
    }
    return running.isEmpty() ? running : running.subList(1, running.size());
  }
}
