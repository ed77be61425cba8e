package io.github.tensorboard4j.djl;

import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a model's blocks are called in TensorBoard: the scopes of the graph and the first part of {@code <layer>/<parameter>}.
 *
 * <p>DJL calls a block's children by their place and class, {@code 02Linear}: here they are {@code 02_linear}. Such names sort
 * in the order in which the blocks were added, are the same in every run of the same model, and don't end in the running
 * number from which TensorBoard makes series. A child that its parent gave another name than its class keeps that name, with
 * {@code _} for characters that TensorBoard does not take; a lambda is called by the name that it was given. A child of a
 * child is called by the path to it: {@code 03_parallel/01_sequential/02_conv2d}.
 */
public final class BlockNames {

  /**
   * A parameter and the names that its tags are made of.
   *
   * @param layer the name of the block that has it
   * @param name its name in the block
   * @param parameter the parameter
   */
  public record NamedParameter(String layer, String name, Parameter parameter) {}

  private BlockNames() {}

  /**
   * The name of a model's outermost block.
   *
   * @param block the block
   * @return its kind, such as {@code sequential} or {@code linear}
   */
  public static String of(Block block) {
    return kind(block);
  }

  /**
   * The names of a block's children.
   *
   * @param block the block
   * @return one name a child, unique among them, in the order of {@link Block#getChildren()}
   */
  public static List<String> children(Block block) {
    UniqueNames unique = new UniqueNames();
    List<String> names = new ArrayList<>();
    for (Pair<String, Block> child : block.getChildren()) {
      names.add(unique.claim(of(child.getKey(), child.getValue())));
    }
    return List.copyOf(names);
  }

  /**
   * The names of all parameters of a model. One that several blocks share is listed once, where it comes first.
   *
   * <p>The parameters of a block alone belong to a layer of the block's kind: {@code linear/weight}. The dots in the names
   * that a block with a foreign model has, {@code conv1.weight}, part its layers.
   *
   * @param block the model's outermost block
   * @return the parameters, block by block
   */
  public static List<NamedParameter> parameters(Block block) {
    List<NamedParameter> parameters = new ArrayList<>();
    collect(block, "", kind(block), new UniqueNames(), Collections.newSetFromMap(new IdentityHashMap<>()), parameters);
    return List.copyOf(parameters);
  }

  private static void collect(
      Block block, String path, String kind, UniqueNames unique, Set<Parameter> seen, List<NamedParameter> parameters) {
    for (Pair<String, Parameter> entry : block.getDirectParameters()) {
      if (seen.add(entry.getValue())) {
        String name = NodeNames.legal(String.valueOf(entry.getKey()).replace('.', '/'));
        String tag = unique.claim((name.contains("/") || !path.isEmpty() ? path : kind + '/') + name);
        int end = tag.lastIndexOf('/');
        parameters.add(new NamedParameter(tag.substring(0, end), tag.substring(end + 1), entry.getValue()));
      }
    }
    List<String> names = children(block);
    for (int i = 0; i < names.size(); i++) {
      Block child = block.getChildren().valueAt(i);
      collect(child, path + names.get(i) + '/', kind, unique, seen, parameters);
    }
  }

  /** Names a child by its key, which DJL makes of two or more digits and a name. */
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

  /** The field's short word for the block: {@code conv2d}, {@code batch_norm}, {@code relu}. */
  private static String kind(Block block) {
    String name = block.getClass().getSimpleName();
    if (block instanceof LambdaBlock lambda) {
      name = isStable(lambda.getName()) ? lambda.getName() : "Lambda";
    }
    String kind = name
        .replaceFirst("(?<=.)Block$", "")
        .replace("ReLU", "Relu")
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
        .replaceAll("(?<=[A-Z])(?=[A-Z][a-z])", "_")
        .toLowerCase(Locale.ROOT)
        .replace('/', '_');
    return kind.isBlank() ? "block" : NodeNames.legal(kind);
  }

  /** Tells a name that someone gave from DJL's placeholder and from the JVM's name for a lambda, which changes. */
  private static boolean isStable(String name) {
    return name != null && !name.isBlank() && !name.equals(LambdaBlock.DEFAULT_NAME) && !name.contains("$$");
  }
}
