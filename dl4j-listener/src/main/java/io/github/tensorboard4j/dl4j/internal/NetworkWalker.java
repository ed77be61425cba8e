package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.dl4j.internal.LayerWalker.Drawn;
import io.github.tensorboard4j.dl4j.internal.TrainingOps.Head;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Draws a whole network: inputs, layers in the order of the data, then labels, loss and optimizer.
 *
 * <p>Layers that define themselves make small arrays, which must not land in the workspace of a training that
 * is under way.
 */
public final class NetworkWalker {

  private final ModelGraph.Builder graph = ModelGraph.builder().device(Devices.current());
  private final GraphScope root = graph.root();
  private final UniqueNames rootNames;
  private final DType dtype;
  private final LayerWalker layers;
  private final VertexWalker vertices;
  private final List<Head> heads = new ArrayList<>();
  private final Set<IUpdater> updaters = new LinkedHashSet<>();
  private long trained;

  private NetworkWalker(Collection<String> layerNames, DataType dtype) {
    this.rootNames = new UniqueNames(layerNames.stream().map(name -> name.split("/", 2)[0]).toList());
    this.dtype = Types.dtype(dtype);
    this.layers = new LayerWalker(root, this.dtype);
    this.vertices = new VertexWalker(root, this.dtype);
  }

  /**
   * Draws a network.
   *
   * @param network the network
   * @param inputType what it takes; null if not known
   * @return the graph
   * @throws IllegalArgumentException if the network can't take that
   */
  @SuppressWarnings("try")
  public static ModelGraph walk(MultiLayerNetwork network, @Nullable InputType inputType) {
    List<String> names = LayerNames.of(network);
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return new NetworkWalker(names, network.getLayerWiseConfigurations().getDataType())
          .draw(network, names, inputType);
    }
  }

  /**
   * Draws a network.
   *
   * @param network the network
   * @param inputTypes what it takes, in its inputs' order; null where not known
   * @return the graph
   * @throws IllegalArgumentException if the network can't take that
   */
  @SuppressWarnings("try")
  public static ModelGraph walk(ComputationGraph network, List<@Nullable InputType> inputTypes) {
    Map<String, String> names = LayerNames.of(network);
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return new NetworkWalker(names.values(), network.getConfiguration().getDataType())
          .draw(network, names, inputTypes);
    }
  }

  private ModelGraph draw(MultiLayerNetwork network, List<String> names, @Nullable InputType given) {
    MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
    InputType expected = InputTypes.expected(configuration);
    if (given != null) {
      InputCheck.ofInput(names.get(0), configuration.getConf(0).getLayer(), configuration.getInputPreProcess(0), given,
          expected);
    }
    InputType inputType = given != null ? given : expected;
    Drawn data = new Drawn(root.placeholder(rootNames.claim("input"), dtype, Types.shape(inputType)), inputType);
    for (int i = 0; i < names.size(); i++) {
      Layer layer = configuration.getConf(i).getLayer();
      org.deeplearning4j.nn.api.Layer implementation = network.getLayers() == null ? null : network.getLayer(i);
      data = layers.draw(names.get(i), layer, configuration.getInputPreProcess(i),
          parametersOf(implementation), data);
      collectUpdaters(implementation);
      if (i == names.size() - 1 && implementation instanceof IOutputLayer) {
        head(names.get(i), layer, data);
      }
    }
    return end();
  }

  private ModelGraph draw(ComputationGraph network, Map<String, String> names, List<@Nullable InputType> inputTypes) {
    ComputationGraphConfiguration configuration = network.getConfiguration();
    Map<String, Drawn> drawn = new HashMap<>();
    for (int i = 0; i < configuration.getNetworkInputs().size(); i++) {
      String input = configuration.getNetworkInputs().get(i);
      InputType type =
          inputTypes.get(i) != null ? inputTypes.get(i) : InputTypes.expected(configuration, input);
      drawn.put(input, new Drawn(root.placeholder(rootNames.claim(NodeNames.legal(input)), dtype, Types.shape(type)), type));
    }
    for (String vertex : order(configuration)) {
      String name = Objects.requireNonNull(names.get(vertex), vertex);
      List<Drawn> inputs = Objects.requireNonNull(configuration.getVertexInputs().get(vertex), vertex).stream()
          .map(drawn::get).toList();
      GraphVertex configured = Objects.requireNonNull(configuration.getVertices().get(vertex), vertex);
      var implementation = network.getVertices() == null ? null : network.getVertex(vertex);
      Drawn data;
      if (configured instanceof LayerVertex layerVertex) {
        Layer layer = layerVertex.getLayerConf().getLayer();
        String source = configuration.getVertexInputs().get(vertex).get(0);
        InputType given = inputs.get(0).type();
        if (configuration.getNetworkInputs().contains(source) && given != null) {
          InputCheck.ofInput(
              name, layer, layerVertex.getPreProcessor(), given, InputTypes.expected(configuration, source));
        }
        data = layers.draw(name, layer, layerVertex.getPreProcessor(),
            implementation == null ? Map.of() : parametersOf(implementation.getLayer()), inputs.get(0));
        collectUpdaters(implementation == null ? null : implementation.getLayer());
        if (configuration.getNetworkOutputs().contains(vertex)
            && implementation != null && implementation.getLayer() instanceof IOutputLayer) {
          head(name, layer, data);
        }
      } else {
        Map<String, INDArray> parameters =
            implementation == null ? null : ForeignCall.orNull(() -> implementation.paramTable(false));
        data = vertices.draw(name, configured, parameters == null ? Map.of() : parameters, inputs);
      }
      drawn.put(vertex, data);
    }
    return end();
  }

  /** Takes note of an output that is trained. */
  private void head(String name, Layer layer, Drawn data) {
    heads.add(new Head(name, data.data(), Types.shape(data.type()), LossFunctions.of(layer)));
  }

  private ModelGraph end() {
    TrainingOps training = new TrainingOps(root, dtype);
    heads.forEach(training::head);
    training.optimizer(updaters, trained);
    training.add();
    return graph.build();
  }

  private void collectUpdaters(org.deeplearning4j.nn.api.@Nullable Layer layer) {
    if (layer == null || FrozenLayers.isFrozen(layer)) {
      return;
    }
    parametersOf(layer).forEach((key, array) -> {
      IUpdater updater = ForeignCall.orNull(() -> layer.conf().getLayer().getUpdaterByParam(key));
      if (updater != null && !(updater instanceof NoOp)) {
        updaters.add(updater);
        trained += array.length();
      }
    });
  }

  private static Map<String, INDArray> parametersOf(org.deeplearning4j.nn.api.@Nullable Layer layer) {
    Map<String, INDArray> table = layer == null ? null : ForeignCall.orNull(layer::paramTable);
    return table == null ? Map.of() : table;
  }

  /** Returns the vertices that are no inputs, each after those that feed it. */
  private static List<String> order(ComputationGraphConfiguration configuration) {
    Set<String> done = new LinkedHashSet<>(configuration.getNetworkInputs());
    boolean more = true;
    while (more) {
      more = false;
      for (Map.Entry<String, List<String>> entry : configuration.getVertexInputs().entrySet()) {
        if (done.containsAll(entry.getValue())) {
          more |= done.add(entry.getKey());
        }
      }
    }
    return done.stream().skip(configuration.getNetworkInputs().size()).toList();
  }
}
