package io.github.tensorboard4j.djl.internal;

import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.nn.transformer.IdEmbedding;
import io.github.tensorboard4j.training.ParameterNames;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The paths from a block to its own parameters, in the words of {@link ParameterNames} where one fits. */
final class ParameterPaths {

  /** DJL's names for the parameters of a recurrent block: direction, layer from 0, connection, type. */
  private static final Pattern RECURRENT = Pattern.compile("([lr])_(\\d+)_(i2h|h2h)_(WEIGHT|BIAS)");

  private static final Map<String, String> NORMALIZATION =
      Map.of("runningMean", ParameterNames.RUNNING_MEAN, "runningVar", ParameterNames.RUNNING_VARIANCE);

  private ParameterPaths() {}

  /**
   * Returns a parameter's path from the block that has it.
   *
   * <p>The dots in the names that a block with a foreign model has, {@code conv1.weight}, separate its layers; what is between
   * them is left as it is.
   *
   * @param block the block
   * @param key the parameter's name among {@link Block#getDirectParameters()}
   * @return such as {@code weight}, {@code layer_1/backward/recurrent_weight} or {@code conv1/weight}
   */
  static String of(Block block, String key) {
    if (block instanceof SymbolBlock || isForeign(key)) {
      return key.replace('.', '/');
    }
    Matcher recurrent = RECURRENT.matcher(key);
    if (block instanceof RecurrentBlock && recurrent.matches()) {
      return recurrent(block, recurrent);
    }
    if ((block instanceof Embedding || block instanceof IdEmbedding) && key.equals("embedding")) {
      return ParameterNames.WEIGHT;
    }
    return NORMALIZATION.getOrDefault(key, key);
  }

  /** Returns whether a name has layers in it, as those of models of other frameworks have. */
  static boolean isForeign(String key) {
    return key.indexOf('.') >= 0 || key.indexOf('/') >= 0;
  }

  /** Names layers and directions only where there are several of them. */
  private static String recurrent(Block block, Matcher key) {
    boolean ofInput = key.group(3).equals("i2h");
    String name = key.group(4).equals("WEIGHT")
        ? ofInput ? ParameterNames.WEIGHT : ParameterNames.RECURRENT_WEIGHT
        : ofInput ? ParameterNames.BIAS : ParameterNames.RECURRENT_BIAS;
    String direction = !has(block, "r_0_") ? "" : key.group(1).equals("r") ? "backward/" : "forward/";
    String layer = has(block, "l_1_") ? "layer_" + (Integer.parseInt(key.group(2)) + 1) + '/' : "";
    return layer + direction + name;
  }

  private static boolean has(Block block, String prefix) {
    return block.getDirectParameters().keys().stream().anyMatch(key -> key.startsWith(prefix));
  }
}
