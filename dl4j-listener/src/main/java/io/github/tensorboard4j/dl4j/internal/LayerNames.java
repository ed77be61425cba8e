package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/**
 * Names a network's layers: the scopes of the graph and the first part of {@code <layer>/<parameter>}.
 *
 * <p>A layer that was given a name keeps it, with {@code _} for characters that TensorBoard does not take.
 * One without a name, which Deeplearning4j calls {@code layer0}, {@code layer1}, ..., is called by its place
 * and kind: {@code 0_conv}, {@code 1_pool}, {@code 2_output}. Such names sort in the order of the data flow,
 * are the same in every run of the same network, frozen or not, and don't end in the running number from
 * which TensorBoard makes series.
 *
 * <p>Its kind is appended to a name that is a number, {@code 12_conv}, and to the names of five or more layers without
 * parameters that differ in a number at their ends, {@code add1_add}: TensorBoard would take such out of the graph as a
 * series. In a graph of more than 30 vertices those with a common beginning of their names are in a scope of that name,
 * {@code fire2/squeeze}, if they are one part of the graph.
 */
public final class LayerNames {

  /** From so many nodes with running numbers on TensorBoard makes a series of them. */
  private static final int SERIES = 5;

  private static final Pattern NUMBERED = Pattern.compile("(\\D*)\\d+");

  /**
   * A layer before it has its name.
   *
   * @param scope the scope that it is in; empty for none
   * @param given the name that it was given, within the scope; empty for none
   * @param kind the word for what it is
   * @param hasParameters whether it has parameters, or may have them
   */
  private record Unnamed(String scope, String given, String kind, boolean hasParameters) {

    /** Returns what the name has before a running number at its end, with the scope; null if it has no such number. */
    @Nullable
    String series() {
      Matcher numbered = NUMBERED.matcher(given.substring(given.lastIndexOf('/') + 1));
      return hasParameters || !numbered.matches()
          ? null
          : scope + '/' + given.substring(0, given.lastIndexOf('/') + 1) + numbered.group(1);
    }

    String name(boolean inSeries) {
      boolean isNumber = given.chars().allMatch(Character::isDigit);
      String own = given.isEmpty() ? kind : isNumber || inSeries ? given + '_' + kind : given;
      return scope.isEmpty() ? own : scope + '/' + own;
    }
  }

  private LayerNames() {}

  /**
   * Returns the names of a network's layers.
   *
   * @param network the network
   * @return one unique name a layer, by layer index
   */
  public static List<String> of(MultiLayerNetwork network) {
    List<Unnamed> layers = new ArrayList<>();
    for (int i = 0; i < network.getLayerWiseConfigurations().getConfs().size(); i++) {
      NeuralNetConfiguration configuration = network.getLayerWiseConfigurations().getConf(i);
      Layer layer = configuration.getLayer();
      Long parameters = ForeignCall.orNull(() -> layer.initializer().numParams(configuration));
      layers.add(new Unnamed("", given(layer, i), kind(layer), parameters == null || parameters > 0));
    }
    return names(layers);
  }

  /**
   * Returns the names of a graph's vertices.
   *
   * @param network the graph
   * @return by the vertex name, a unique name for each vertex that is not an input, in the configuration's
   *     order
   */
  public static Map<String, String> of(ComputationGraph network) {
    ComputationGraphConfiguration configuration = network.getConfiguration();
    Map<String, String> legal = new LinkedHashMap<>();
    configuration.getVertices().keySet().forEach(vertex -> legal.put(vertex, NodeNames.legal(vertex)));
    Map<String, String> groups = VertexGroups.of(legal, configuration.getVertexInputs());
    List<Unnamed> vertices = new ArrayList<>();
    configuration.getVertices().forEach((key, vertex) -> {
      String name = Objects.requireNonNull(legal.get(key), key);
      String group = groups.get(key);
      Long parameters = ForeignCall.orNull(() -> vertex.numParams(true));
      vertices.add(new Unnamed(group == null ? "" : group, group == null ? name : VertexGroups.ownName(name, group),
          vertex instanceof LayerVertex layer ? kind(layer.getLayerConf().getLayer()) : words(VertexWalker.op(vertex)),
          parameters == null || parameters > 0));
    });
    List<String> unique = names(vertices);
    Map<String, String> names = new LinkedHashMap<>();
    legal.keySet().forEach(vertex -> names.put(vertex, unique.get(names.size())));
    return names;
  }

  private static List<String> names(List<Unnamed> layers) {
    Map<String, Integer> series = new HashMap<>();
    for (Unnamed layer : layers) {
      if (layer.series() != null) {
        series.merge(layer.series(), 1, Integer::sum);
      }
    }
    UniqueNames unique = new UniqueNames();
    return layers.stream()
        .map(layer -> unique.claim(layer.name(series.getOrDefault(layer.series(), 0) >= SERIES)))
        .toList();
  }

  /**
   * Returns the name of a single layer.
   *
   * @param layer its configuration
   * @param index its index in the network
   * @return the name, which another layer may have too
   */
  public static String of(Layer layer, int index) {
    return new Unnamed("", given(layer, index), kind(layer), true).name(false);
  }

  private static String given(Layer layer, int index) {
    String given = layer.getLayerName();
    return given == null || given.isBlank() || given.equals("layer" + index)
        ? String.valueOf(index)
        : NodeNames.legal(given);
  }

  /** Returns the field's short word for the layer: {@code conv}, {@code pool}, {@code batch_normalization}. */
  private static String kind(Layer layer) {
    String name = FrozenLayers.unfrozen(layer).getClass().getSimpleName();
    String kind = words(name
        .replaceFirst("^(Rnn|CenterLoss)?OutputLayer$", "Output")
        .replaceFirst("^(Rnn|Cnn|Cnn3D)?LossLayer$", "Loss")
        .replaceFirst("(?<=.)Layer$", "")
        .replace("Convolution", "Conv")
        .replace("Deconvolution", "Deconv")
        .replace("Subsampling", "Pool")
        .replace("LSTM", "Lstm")
        .replace("PReLU", "Prelu"));
    return kind.isEmpty() ? "layer" : NodeNames.legal(kind);
  }

  /** Returns {@code global_pooling} for {@code GlobalPooling}. */
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").replaceAll("(?<=D)(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
