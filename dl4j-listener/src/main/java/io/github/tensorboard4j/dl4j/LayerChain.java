package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import io.github.tensorboard4j.dl4j.internal.LayerNames;
import io.github.tensorboard4j.dl4j.internal.ParameterKeys;
import io.github.tensorboard4j.graph.ModelGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A chain of layers. */
final class LayerChain extends Network {

  private final MultiLayerNetwork network;

  LayerChain(MultiLayerNetwork network) {
    super(network, network.getLayers(), Map.of("output", network.getOutputLayer()));
    this.network = network;
  }

  @Override
  List<Parameter> parameters() {
    List<String> layers = LayerNames.of(network);
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = network.getLayer(i);
      var configured = network.getLayerWiseConfigurations().getConf(i).getLayer();
      append(parameters, layers.get(i), String.valueOf(i), layer,
          ParameterKeys.namesOf(configured, layer.paramTable(false).keySet()), FrozenLayers.isFrozen(layer),
          configured);
    }
    return parameters;
  }

  @Override
  List<Activation> activations(List<INDArray> passed) {
    List<String> layers = LayerNames.of(network);
    List<Activation> activations = new ArrayList<>();
    org.deeplearning4j.nn.conf.layers.Layer inFront = null;
    for (int i = 1; i < passed.size(); i++) {
      var configured = network.getLayer(i - 1).conf().getLayer();
      activations.add(new Activation(layers.get(i - 1), configured, inFront, passed.get(i)));
      inFront = configured;
    }
    return activations;
  }

  @Override
  Map<String, INDArray> inputs() {
    return network.getInput() == null ? Map.of() : Map.of("features", network.getInput());
  }

  @Override
  Map<String, INDArray> layerInputs() {
    List<String> layers = LayerNames.of(network);
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    for (int i = 1; i < layers.size(); i++) {
      INDArray input = network.getLayer(i).input();
      if (input != null) {
        inputs.put(layers.get(i - 1), input);
      }
    }
    return inputs;
  }

  @Override
  ModelGraph graph() {
    INDArray input = network.getInput();
    if (input != null) {
      try {
        return Dl4jGraph.of(network, Dl4jGraph.inputType(network, input));
      } catch (IllegalArgumentException e) {
        // the network took it: the framework infers another shape than it computes
      }
    }
    return Dl4jGraph.of(network, null);
  }

  @Override
  void runCopy(INDArray[] inputs, INDArray[] labels, int passes, Map<String, LayerClock> clocks) {
    MultiLayerConfiguration configuration = network.getLayerWiseConfigurations().clone();
    // the batch is one segment already
    configuration.setBackpropType(BackpropType.Standard);
    MultiLayerNetwork copy = new MultiLayerNetwork(configuration);
    copy.init(network.params(), true);
    List<String> names = LayerNames.of(network);
    Layer[] layers = copy.getLayers();
    for (int i = 0; i < layers.length; i++) {
      LayerClock clock = new LayerClock();
      clocks.put(names.get(i), clock);
      layers[i] = clock.around(layers[i]);
    }
    copy.setInput(inputs[0]);
    copy.setLabels(labels.length == 0 ? null : labels[0]);
    for (int pass = 0; pass < passes; pass++) {
      copy.computeGradientAndScore();
    }
  }

  @Override
  String configuration() {
    return markdown(network.summary(), network.getLayerWiseConfigurations().toJson());
  }

  @Override
  long examples() {
    INDArray batch = network.getLabels() == null ? network.getInput() : network.getLabels();
    return batch == null ? 0 : batch.size(0);
  }

  @Override
  ValidationPass pass(MultiDataSet batch, @Nullable String watched) {
    Layer[] outputs = outputs();
    if (outputs.length == 0) {
      throw new IllegalStateException("A network is validated by the loss of its last layer, but that is no output layer: "
          + network.getOutputLayer().getClass());
    }
    DataSet data = single(batch);
    ValidationPass pass = new ValidationPass(batch, outputs, network.calcRegularizationScore(true));
    // nobody else makes a pass meanwhile, for that takes the same lock
    synchronized (network) {
      Layer[] layers = network.getLayers();
      Layer[] originals = layers.clone();
      try {
        if (watched != null) {
          int index = Integer.parseInt(watched);
          layers[index] = PassTap.of(layers[index], (output, workspaces) -> pass.watch(output));
        }
        int last = layers.length - 1;
        layers[last] = PassTap.of(layers[last], (output, workspaces) -> pass.score(0, workspaces));
        pass.end(
            network.output(data.getFeatures(), false, data.getFeaturesMaskArray(), data.getLabelsMaskArray()));
      } finally {
        System.arraycopy(originals, 0, layers, 0, layers.length);
      }
    }
    return pass;
  }

  @Override
  String layer(String name) {
    List<String> names = LayerNames.of(network);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name) || name.equals(network.getLayer(i).conf().getLayer().getLayerName())) {
        return String.valueOf(i);
      }
    }
    throw unknownLayer(name, names);
  }

  @Override
  Batch batch() {
    return new Batch(new INDArray[] {network.getInput()}, network.getLabels());
  }

  @Override
  void restore(Batch batch) {
    network.setInput(Objects.requireNonNull(batch.inputs())[0]);
    network.setLabels(batch.labels());
  }

  private static DataSet single(MultiDataSet batch) {
    return new DataSet(
        batch.getFeatures(0),
        batch.getLabels(0),
        batch.getFeaturesMaskArrays() == null ? null : batch.getFeaturesMaskArray(0),
        batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(0));
  }
}
