package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.GraphDefSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/** What the listener asks of a network, whichever of Deeplearning4j's two kinds it is. */
abstract class Network {

  /** A parameter, with the names that its histogram's tag is made of. */
  record Parameter(String layer, String name, INDArray values) {}

  private final Layer[] layers;
  private final Layer[] outputs;
  private org.deeplearning4j.nn.conf.layers.Layer pacemaker;
  private String pacemakerParameter;

  Network(Layer[] layers, List<Layer> outputs) {
    this.layers = layers;
    this.outputs = outputs.stream()
        .map(Network::unwrap)
        .filter(IOutputLayer.class::isInstance)
        .toArray(Layer[]::new);
    findPacemaker();
  }

  /** Wraps a model; returns null for what is neither kind of network, such as a layer that is pretrained alone. */
  static Network of(Model model) {
    if (model instanceof MultiLayerNetwork network) {
      return new MultiLayer(network);
    }
    return model instanceof ComputationGraph network ? new Graph(network) : null;
  }

  abstract Model model();

  /** Tells how many epochs have ended. */
  abstract int epochCount();

  abstract INDArray flatParameters();

  /** Lists the parameters by layer, unless they belong to a layer without any. */
  abstract List<Parameter> parameters();

  /** Walks the model, with the shapes of the batch that it was trained with last. */
  abstract GraphDefSource graph();

  abstract String configuration();

  /** Tells the mean loss of a batch, regularization included, as training does. */
  abstract double score(MultiDataSet batch);

  abstract INDArray[] output(MultiDataSet batch);

  final Layer[] outputs() {
    return outputs;
  }

  final boolean isClassifier() {
    for (Layer output : outputs) {
      if (CorrectPredictions.isClassifier(output)) {
        return true;
      }
    }
    return false;
  }

  /** Tells the learning rate of the first parameter that has one, NaN if none has. */
  final double learningRate(int iteration, int epoch) {
    IUpdater updater = updater();
    return updater == null ? Double.NaN : updater.getLearningRate(iteration, epoch);
  }

  /** Collects what the configuration tells of the training. */
  final Map<String, Object> hyperParameters(int iteration, int epoch) {
    Map<String, Object> found = new LinkedHashMap<>();
    IUpdater updater = updater();
    if (updater != null) {
      found.put("optimizer", updater.getClass().getSimpleName());
      found.put("learning_rate", learningRate(iteration, epoch));
    }
    String loss = Arrays.stream(outputs)
        .map(CorrectPredictions::loss)
        .filter(Objects::nonNull)
        .map(function -> function.getClass().getSimpleName())
        .collect(Collectors.joining(", "));
    if (!loss.isEmpty()) {
      found.put("loss", loss);
    }
    found.put("batch_size", model().batchSize());
    found.put("parameters", model().numParams());
    NeuralNetConfiguration conf = layers.length == 0 ? null : layers[0].conf();
    if (conf != null) {
      found.put("seed", conf.getSeed());
    }
    return found;
  }

  private IUpdater updater() {
    return pacemaker == null ? null : pacemaker.getUpdaterByParam(pacemakerParameter);
  }

  private void findPacemaker() {
    for (Layer layer : layers) {
      if (layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop) {
        continue;
      }
      for (String name : layer.paramTable(false).keySet()) {
        IUpdater updater = layer.conf().getLayer().getUpdaterByParam(name);
        if (updater != null && updater.hasLearningRate()) {
          pacemaker = layer.conf().getLayer();
          pacemakerParameter = name;
          return;
        }
      }
    }
  }

  private static Layer unwrap(Layer layer) {
    return layer instanceof FrozenLayerWithBackprop frozen ? frozen.getInsideLayer() : layer;
  }

  private static String markdown(String summary, String json) {
    return "```\n" + summary.strip() + "\n```\n\n```json\n" + json.strip() + "\n```\n";
  }

  /** A chain of layers. */
  private static final class MultiLayer extends Network {

    private final MultiLayerNetwork network;

    MultiLayer(MultiLayerNetwork network) {
      super(network.getLayers(), List.of(network.getOutputLayer()));
      this.network = network;
    }

    @Override
    Model model() {
      return network;
    }

    @Override
    int epochCount() {
      return network.getEpochCount();
    }

    @Override
    INDArray flatParameters() {
      return network.params();
    }

    @Override
    List<Parameter> parameters() {
      List<String> names = LayerNames.of(network);
      List<Parameter> parameters = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        String layer = names.get(i);
        network.getLayer(i).paramTable(false).forEach((name, values) ->
            parameters.add(new Parameter(layer, name, values)));
      }
      return parameters;
    }

    @Override
    GraphDefSource graph() {
      return Dl4jGraph.of(network, Dl4jGraph.inputType(network, network.getInput()));
    }

    @Override
    String configuration() {
      return markdown(network.summary(), network.getLayerWiseConfigurations().toJson());
    }

    @Override
    double score(MultiDataSet batch) {
      return network.score(single(batch));
    }

    @Override
    INDArray[] output(MultiDataSet batch) {
      DataSet data = single(batch);
      return new INDArray[] {
        network.output(data.getFeatures(), false, data.getFeaturesMaskArray(), data.getLabelsMaskArray())
      };
    }

    private static DataSet single(MultiDataSet batch) {
      return new DataSet(
          batch.getFeatures(0),
          batch.getLabels(0),
          batch.getFeaturesMaskArrays() == null ? null : batch.getFeaturesMaskArray(0),
          batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(0));
    }
  }

  /** A graph of layers and other vertices. */
  private static final class Graph extends Network {

    private final ComputationGraph network;

    Graph(ComputationGraph network) {
      super(
          network.getLayers(),
          network.getConfiguration().getNetworkOutputs().stream()
              .map(name -> network.getVertex(name).getLayer())
              .toList());
      this.network = network;
    }

    @Override
    Model model() {
      return network;
    }

    @Override
    int epochCount() {
      return network.getEpochCount();
    }

    @Override
    INDArray flatParameters() {
      return network.params();
    }

    @Override
    List<Parameter> parameters() {
      List<Parameter> parameters = new ArrayList<>();
      LayerNames.of(network).forEach((vertex, layer) ->
          network.getVertex(vertex).paramTable(false).forEach((name, values) ->
              parameters.add(new Parameter(layer, name, values))));
      return parameters;
    }

    @Override
    GraphDefSource graph() {
      return Dl4jGraph.of(network, Dl4jGraph.inputTypes(network, network.getInputs()));
    }

    @Override
    String configuration() {
      return markdown(network.summary(), network.getConfiguration().toJson());
    }

    @Override
    double score(MultiDataSet batch) {
      return network.score(batch, false);
    }

    @Override
    INDArray[] output(MultiDataSet batch) {
      return network.output(
          false, batch.getFeatures(), batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
    }
  }
}
