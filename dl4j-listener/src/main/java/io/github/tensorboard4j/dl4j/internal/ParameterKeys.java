package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.UniqueNames;
import io.github.tensorboard4j.training.ParameterNames;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.params.BidirectionalParamInitializer;

/**
 * Translates the keys by which Deeplearning4j knows a layer's parameters, such as {@code W}, to the names that they have in
 * TensorBoard, such as {@code weight}: in the tags of histograms as in the graph. A name with {@code /} in it belongs to a
 * part of the layer. A key that has no translation is the name.
 */
public final class ParameterKeys {

  private static final Map<String, String> COMMON = Map.of(
      "W", ParameterNames.WEIGHT, "b", ParameterNames.BIAS, "RW", ParameterNames.RECURRENT_WEIGHT);

  private static final Map<String, String> LAYER_NORMALIZATION = Map.of("g", ParameterNames.GAMMA);

  private static final Map<String, String> BATCH_NORMALIZATION = Map.of(
      "gamma", ParameterNames.GAMMA, "beta", ParameterNames.BETA, "mean", ParameterNames.RUNNING_MEAN,
      "var", ParameterNames.RUNNING_VARIANCE, "log10stdev", "running_log10_stdev");

  private static final Map<String, String> SEPARABLE = Map.of(
      "W", ParameterNames.DEPTHWISE_WEIGHT, "pW", ParameterNames.POINTWISE_WEIGHT);

  private static final Map<String, String> ATTENTION = Map.of(
      "Wq", "query_weight", "Wk", "key_weight", "Wv", "value_weight", "Wo", "output_weight", "Q", "queries");

  private static final Map<String, String> GRAVES_BIDIRECTIONAL = Map.of(
      "WF", "forward/" + ParameterNames.WEIGHT, "RWF", "forward/" + ParameterNames.RECURRENT_WEIGHT,
      "bF", "forward/" + ParameterNames.BIAS, "WB", "backward/" + ParameterNames.WEIGHT,
      "RWB", "backward/" + ParameterNames.RECURRENT_WEIGHT, "bB", "backward/" + ParameterNames.BIAS);

  private static final Map<String, String> AUTOENCODER_PARTS = Map.of(
      "e", "encoder_", "d", "decoder_", "pZXMean", "latent_mean", "pZXLogStd2", "latent_log_variance",
      "pXZ", "reconstruction");

  private static final Pattern AUTOENCODER_KEY = Pattern.compile("([ed](?=\\d)|pZXMean|pZXLogStd2|pXZ)(\\d*)([Wb])");

  private ParameterKeys() {}

  /**
   * Returns the names of a layer's parameters.
   *
   * @param layer the layer's configuration, wrapped or not
   * @param keys the keys of all its parameters
   * @return by the key, the parameter's name within the layer, in the order of the keys; no two are equal
   */
  public static Map<String, String> namesOf(Layer layer, Collection<String> keys) {
    Map<String, String> names = new LinkedHashMap<>();
    keys.forEach(key -> names.put(key, name(layer, key)));
    return unique(names);
  }

  /**
   * Returns the names of a vertex's parameters.
   *
   * @param vertex the vertex's configuration, wrapped or not
   * @param keys the keys of all its parameters
   * @return by the key, the parameter's name within the vertex, in the order of the keys; no two are equal
   */
  public static Map<String, String> namesOf(GraphVertex vertex, Collection<String> keys) {
    if (vertex instanceof LayerVertex layer) {
      return namesOf(layer.getLayerConf().getLayer(), keys);
    }
    if (vertex instanceof FrozenVertex frozen) {
      return namesOf(frozen.getUnderlying(), keys);
    }
    Map<String, String> names = new LinkedHashMap<>();
    keys.forEach(key -> names.put(key, translated(vertex instanceof AttentionVertex ? ATTENTION : Map.of(), key)));
    return unique(names);
  }

  private static String name(Layer configured, String key) {
    Layer layer = FrozenLayers.unfrozen(configured);
    if (layer instanceof Bidirectional bidirectional) {
      return key.startsWith(BidirectionalParamInitializer.FORWARD_PREFIX)
          ? "forward/" + name(bidirectional.getFwd(), key.substring(1))
          : "backward/" + name(bidirectional.getBwd(), key.substring(1));
    }
    if (layer instanceof BaseWrapperLayer wrapper) {
      return name(wrapper.getUnderlying(), key);
    }
    return layer instanceof VariationalAutoencoder ? autoencoderName(key) : translated(special(layer), key);
  }

  /** Returns the translations of a layer that has other keys than most layers, or other meanings of them. */
  private static Map<String, String> special(Layer layer) {
    if (layer instanceof BatchNormalization) {
      return BATCH_NORMALIZATION;
    }
    if (layer instanceof SeparableConvolution2D) {
      return SEPARABLE;
    }
    if (layer instanceof PReLULayer) {
      return Map.of("W", ParameterNames.ALPHA);
    }
    if (layer instanceof DenseLayer || layer instanceof SimpleRnn) {
      return LAYER_NORMALIZATION;
    }
    if (layer instanceof SelfAttentionLayer || layer instanceof LearnedSelfAttentionLayer
        || layer instanceof RecurrentAttentionLayer) {
      return ATTENTION;
    }
    if (layer instanceof CenterLossOutputLayer) {
      return Map.of("cL", "centers");
    }
    if (layer instanceof AutoEncoder) {
      return Map.of("vb", "visible_bias");
    }
    return isGravesBidirectional(layer) ? GRAVES_BIDIRECTIONAL : Map.of();
  }

  @SuppressWarnings("deprecation")
  private static boolean isGravesBidirectional(Layer layer) {
    return layer instanceof org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
  }

  /** Returns {@code encoder_0/weight} for {@code e0W}, and the like. */
  private static String autoencoderName(String key) {
    Matcher matcher = AUTOENCODER_KEY.matcher(key);
    return matcher.matches()
        ? AUTOENCODER_PARTS.get(matcher.group(1)) + matcher.group(2) + '/' + COMMON.get(matcher.group(3))
        : translated(Map.of(), key);
  }

  private static String translated(Map<String, String> special, String key) {
    return special.getOrDefault(key, COMMON.getOrDefault(key, NodeNames.legal(key)));
  }

  /** Leaves a user's own key as it is where its translation is another key of the layer. */
  private static Map<String, String> unique(Map<String, String> names) {
    Set<String> keys = new HashSet<>(names.keySet());
    UniqueNames unique = new UniqueNames();
    names.replaceAll((key, name) -> unique.claim(keys.contains(name) && !name.equals(key) ? NodeNames.legal(key) : name));
    return names;
  }
}
