package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Names a network's layers: the scopes of the graph and the first part of {@code <layer>/<parameter>}.
 *
 * <p>A layer that was given a name keeps it, with {@code _} for characters that TensorBoard does not take.
 * One without a name, which Deeplearning4j calls {@code layer0}, {@code layer1}, ..., is called by its place
 * and kind: {@code 0_conv}, {@code 1_pool}, {@code 2_output}. Such names sort in the order of the data flow,
 * are the same in every run of the same network, frozen or not, and don't end in the running number from
 * which TensorBoard makes series.
 */
public final class LayerNames {

  private LayerNames() {}

  /**
   * Returns the names of a network's layers.
   *
   * @param network the network
   * @return one unique name a layer, by layer index
   */
  public static List<String> of(MultiLayerNetwork network) {
    UniqueNames unique = new UniqueNames();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < network.getLayerWiseConfigurations().getConfs().size(); i++) {
      names.add(unique.claim(of(network.getLayerWiseConfigurations().getConf(i).getLayer(), i)));
    }
    return List.copyOf(names);
  }

  /**
   * Returns the names of a graph's vertices.
   *
   * @param network the graph
   * @return by the vertex name, a unique name for each vertex that is not an input, in the configuration's
   *     order
   */
  public static Map<String, String> of(ComputationGraph network) {
    UniqueNames unique = new UniqueNames();
    Map<String, String> names = new LinkedHashMap<>();
    for (String vertex : network.getConfiguration().getVertices().keySet()) {
      names.put(vertex, unique.claim(NodeNames.legal(vertex)));
    }
    return names;
  }

  /**
   * Returns the name of a single layer.
   *
   * @param layer its configuration
   * @param index its index in the network
   * @return the name, which another layer may have too
   */
  public static String of(Layer layer, int index) {
    String given = layer.getLayerName();
    return given == null || given.isBlank() || given.equals("layer" + index)
        ? index + "_" + kind(layer)
        : NodeNames.legal(given);
  }

  /** Returns the field's short word for the layer: {@code conv}, {@code pool}, {@code batch_normalization}. */
  private static String kind(Layer layer) {
    String name = FrozenLayers.unfrozen(layer).getClass().getSimpleName();
    String kind = name
        .replaceFirst("^(Rnn|CenterLoss)?OutputLayer$", "Output")
        .replaceFirst("^(Rnn|Cnn|Cnn3D)?LossLayer$", "Loss")
        .replaceFirst("(?<=.)Layer$", "")
        .replace("Convolution", "Conv")
        .replace("Deconvolution", "Deconv")
        .replace("Subsampling", "Pool")
        .replace("LSTM", "Lstm")
        .replace("PReLU", "Prelu")
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .replaceAll("(?<=D)(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT);
    return kind.isEmpty() ? "layer" : NodeNames.legal(kind);
  }
}
