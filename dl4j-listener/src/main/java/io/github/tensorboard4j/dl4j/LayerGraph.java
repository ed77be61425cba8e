package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import io.github.tensorboard4j.dl4j.internal.LayerNames;
import io.github.tensorboard4j.dl4j.internal.ParameterKeys;
import io.github.tensorboard4j.graph.ModelGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.ElementWiseVertex;
import org.deeplearning4j.nn.graph.vertex.impl.FrozenVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A graph of layers and other vertices. */
final class LayerGraph extends Network {

  private final ComputationGraph network;
  private final Map<String, String> names;

  LayerGraph(ComputationGraph network) {
    this(network, LayerNames.of(network));
  }

  private LayerGraph(ComputationGraph network, Map<String, String> names) {
    super(network, network.getLayers(), outputs(network, names));
    this.network = network;
    this.names = new LinkedHashMap<>();
    for (int index : network.topologicalSortOrder()) {
      String vertex = network.getVertices()[index].getVertexName();
      String name = names.get(vertex);
      if (name != null) {
        this.names.put(vertex, name);
      }
    }
  }

  private static Map<String, Layer> outputs(ComputationGraph network, Map<String, String> names) {
    Map<String, Layer> outputs = new LinkedHashMap<>();
    for (String vertex : network.getConfiguration().getNetworkOutputs()) {
      Layer layer = network.getVertex(vertex).getLayer();
      if (layer != null) {
        outputs.put(Objects.requireNonNullElse(names.get(vertex), vertex), layer);
      }
    }
    return outputs;
  }

  @Override
  List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    names.forEach((vertex, layer) -> {
      var trained = network.getVertex(vertex);
      var configured = Objects.requireNonNull(network.getConfiguration().getVertices().get(vertex), vertex);
      Layer itself = trained.getLayer();
      append(parameters, layer, vertex, trained,
          ParameterKeys.namesOf(configured, trained.paramTable(false).keySet()),
          itself != null && FrozenLayers.isFrozen(itself) || trained instanceof FrozenVertex,
          itself == null ? null : itself.conf().getLayer());
    });
    return parameters;
  }

  @Override
  List<Activation> activations(Map<String, INDArray> passed) {
    List<Activation> activations = new ArrayList<>();
    names.forEach((vertex, name) -> {
      INDArray values = passed.get(vertex);
      Layer layer = network.getVertex(vertex).getLayer();
      if (values != null && layer != null) {
        activations.add(new Activation(name, layer.conf().getLayer(), inFront(vertex), values));
      }
    });
    return activations;
  }

  /** Returns the layer whose output a layer is fed with, be it added to another's on the way; null if there is none. */
  private org.deeplearning4j.nn.conf.layers.@Nullable Layer inFront(String vertex) {
    List<String> inputs = Objects.requireNonNull(network.getConfiguration().getVertexInputs().get(vertex), vertex);
    var before = network.getVertex(inputs.get(0));
    if (before instanceof ElementWiseVertex) {
      return inFront(before.getVertexName());
    }
    return before.getLayer() == null ? null : before.getLayer().conf().getLayer();
  }

  @Override
  Map<String, INDArray> inputs() {
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    INDArray[] batch = network.getInputs();
    List<String> inputNames = network.getConfiguration().getNetworkInputs();
    for (int i = 0; batch != null && i < batch.length; i++) {
      if (batch[i] != null) {
        inputs.put(inputNames.get(i), batch[i]);
      }
    }
    return inputs;
  }

  @Override
  Map<String, INDArray> layerInputs() {
    Map<String, INDArray> passed = new HashMap<>();
    network.getConfiguration().getVertexInputs().forEach((vertex, from) -> {
      INDArray[] inputs = network.getVertex(vertex).getInputs();
      for (int i = 0; inputs != null && i < inputs.length && i < from.size(); i++) {
        if (inputs[i] != null) {
          passed.putIfAbsent(from.get(i), inputs[i]);
        }
      }
    });
    Map<String, INDArray> inForwardOrder = new LinkedHashMap<>();
    names.forEach((vertex, name) -> {
      INDArray input = passed.get(vertex);
      if (input != null) {
        inForwardOrder.put(name, input);
      }
    });
    return inForwardOrder;
  }

  @Override
  ModelGraph graph() {
    INDArray[] inputs = network.getInputs();
    if (hasBatch(inputs)) {
      try {
        return Dl4jGraph.of(network, Dl4jGraph.inputTypes(network, inputs));
      } catch (IllegalArgumentException e) {
        // the network took it: the framework infers another shape than it computes
      }
    }
    return Dl4jGraph.of(network);
  }

  @Override
  void runCopy(INDArray[] inputs, INDArray[] labels, int passes, Map<String, LayerClock> clocks) {
    ComputationGraphConfiguration configuration = network.getConfiguration().clone();
    // the batch is one segment already
    configuration.setBackpropType(BackpropType.Standard);
    ComputationGraph copy = new ComputationGraph(configuration);
    copy.init(network.params(), true);
    GraphVertex[] vertices = copy.getVertices();
    names.forEach((vertex, name) -> {
      int index = copy.getVertex(vertex).getVertexIndex();
      LayerClock clock = new LayerClock();
      clocks.put(name, clock);
      vertices[index] = clock.around(vertices[index]);
    });
    copy.setInputs(inputs);
    copy.setLabels(labels);
    for (int pass = 0; pass < passes; pass++) {
      copy.computeGradientAndScore();
    }
  }

  @Override
  String configuration() {
    return markdown(network.summary(), network.getConfiguration().toJson());
  }

  @Override
  long examples() {
    return hasBatch(network.getInputs()) ? network.batchSize() : 0;
  }

  private static boolean hasBatch(@Nullable INDArray @Nullable [] inputs) {
    return inputs != null && inputs.length > 0 && inputs[0] != null;
  }

  @Override
  ValidationPass pass(MultiDataSet batch, @Nullable String watched) {
    List<String> outputs = network.getConfiguration().getNetworkOutputs();
    ValidationPass pass = new ValidationPass(batch, outputs(), network.calcRegularizationScore(true));
    // nobody else makes a pass meanwhile, for that takes the same lock
    synchronized (network) {
      GraphVertex[] vertices = network.getVertices();
      GraphVertex[] originals = vertices.clone();
      try {
        if (watched != null) {
          tap(vertices, watched, (output, workspaces) -> pass.watch(output));
        }
        // one that is no output layer leaves the framework without a loss
        for (int i = 0; i < outputs.size() && outputs().length == outputs.size(); i++) {
          int index = i;
          tap(vertices, outputs.get(i), (output, workspaces) -> pass.score(index, workspaces));
        }
        pass.end(network.output(
            false, batch.getFeatures(), batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays()));
      } finally {
        System.arraycopy(originals, 0, vertices, 0, vertices.length);
      }
    }
    return pass;
  }

  private void tap(GraphVertex[] vertices, String name, PassTap.Reader reader) {
    int index = network.getVertex(name).getVertexIndex();
    vertices[index] = PassTap.of(vertices[index], reader);
  }

  @Override
  String layer(String name) {
    for (Map.Entry<String, String> vertex : names.entrySet()) {
      if (vertex.getKey().equals(name) || vertex.getValue().equals(name)) {
        return vertex.getKey();
      }
    }
    throw unknownLayer(name, names.values());
  }

  @Override
  Batch batch() {
    INDArray[] inputs = network.getInputs();
    return new Batch(inputs == null ? null : inputs.clone(), null);
  }

  @Override
  void restore(Batch batch) {
    network.setInputs(batch.inputs());
    network.setLabels((INDArray[]) null);
  }
}
