package io.github.tensorboard4j.djl.internal;

import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;
import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of a model's blocks in TensorBoard: the scopes of the graph and the first part of {@code <layer>/<parameter>}.
 *
 * <p>DJL calls a block's children by their place and class, {@code 02Linear}: here they are {@code 02_linear}. Such names sort
 * in the order in which the blocks were added, are the same in every run of the same model, and don't end in the running
 * number from which TensorBoard makes series. A child that its parent gave another name than its class keeps that name, with
 * {@code _} for characters that TensorBoard does not take; a lambda is called by the name that it was given. A child of a
 * child is called by the path to it: {@code 03_parallel/01_sequential/02_conv2d}.
 */
public final class BlockNames {

  private static final String SUFFIX = "Block";
  private static final Pattern BETWEEN_WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private BlockNames() {}

  /**
   * Returns the name of a model's outermost block.
   *
   * @param block the block
   * @return its kind, such as {@code sequential} or {@code linear}
   */
  static String of(Block block) {
    return kind(block);
  }

  /**
   * Returns the names of a block's children.
   *
   * @param block the block
   * @return one name a child, unique among them, in the order of {@link Block#getChildren()}
   */
  static List<String> children(Block block) {
    UniqueNames unique = new UniqueNames();
    List<String> names = new ArrayList<>();
    for (Pair<String, Block> child : block.getChildren()) {
      names.add(unique.claim(of(child.getKey(), child.getValue())));
    }
    return List.copyOf(names);
  }

  /**
   * Returns all parameters of a model with their names. One that several blocks share is listed once, where it comes first.
   *
   * <p>The parameters of a block alone belong to a layer of the block's kind: {@code linear/weight}. A block that has several
   * layers in it, as a recurrent block or a foreign model may, is named with each: {@code 01_lstm/layer_1}.
   *
   * @param block the model's outermost block
   * @return the parameters, block by block
   */
  public static List<NamedParameter> parameters(Block block) {
    List<NamedParameter> parameters = new ArrayList<>();
    collect(block, "", kind(block), new UniqueNames(), Collections.newSetFromMap(new IdentityHashMap<>()), parameters);
    return List.copyOf(parameters);
  }

  /** Returns a block's own parameters; none of a foreign model that keeps them to itself, as those of ONNX Runtime do. */
  static ParameterList directParameters(Block block) {
    try {
      return block.getDirectParameters();
    } catch (UnsupportedOperationException e) {
      return new ParameterList();
    }
  }

  private static void collect(
      Block block, String path, String kind, UniqueNames unique, Set<Parameter> seen, List<NamedParameter> parameters) {
    for (Pair<String, Parameter> entry : directParameters(block)) {
      if (seen.add(entry.getValue())) {
        String key = String.valueOf(entry.getKey());
        String name = NodeNames.legal(ParameterPaths.of(block, key));
        boolean hasOwnLayer = ParameterPaths.isForeign(key) && name.indexOf('/') >= 0;
        String full = unique.claim((path.isEmpty() && !hasOwnLayer ? kind + '/' : path) + name);
        int end = full.lastIndexOf('/');
        parameters.add(new NamedParameter(full.substring(0, end), full.substring(end + 1), entry.getValue()));
      }
    }
    List<String> names = children(block);
    List<Block> children = block.getChildren().values();
    for (int i = 0; i < names.size(); i++) {
      collect(children.get(i), path + names.get(i) + '/', kind, unique, seen, parameters);
    }
  }

  /** Returns the name of a child by its key, which DJL makes of two or more digits and a name. */
  private static String of(String key, Block block) {
    int digits = 0;
    while (digits < key.length() && Character.isDigit(key.charAt(digits))) {
      digits++;
    }
    String given = key.substring(digits);
    if (given.isBlank() || given.equals(block.getClass().getSimpleName())) {
      return digits == 0 ? kind(block) : key.substring(0, digits) + '_' + kind(block);
    }
    return NodeNames.legal(given.replace('/', '_'));
  }

  /** Returns the usual short word for the block: {@code conv2d}, {@code batch_norm}, {@code relu}. */
  private static String kind(Block block) {
    String name = block.getClass().getSimpleName();
    if (block instanceof LambdaBlock lambda) {
      name = isStable(lambda.getName()) ? lambda.getName() : "Lambda";
    }
    String words = name.length() > SUFFIX.length() && name.endsWith(SUFFIX)
        ? name.substring(0, name.length() - SUFFIX.length())
        : name;
    String kind = BETWEEN_WORDS.matcher(words.replace("ReLU", "Relu")).replaceAll("_")
        .toLowerCase(Locale.ROOT)
        .replace('/', '_');
    return kind.isBlank() ? "block" : NodeNames.legal(kind);
  }

  /** Returns whether someone gave the name: it is neither DJL's placeholder nor the JVM's name of a lambda, which changes. */
  private static boolean isStable(@Nullable String name) {
    return name != null && !name.isBlank() && !name.equals(LambdaBlock.DEFAULT_NAME) && !name.contains("$$");
  }
}
