package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import io.github.tensorboard4j.dl4j.internal.LayerNames;
import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import io.github.tensorboard4j.dl4j.internal.OpNames;
import io.github.tensorboard4j.dl4j.internal.ParameterKeys;
import io.github.tensorboard4j.training.HyperParameters;
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
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.FrozenVertex;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A network of either of Deeplearning4j's two kinds. */
abstract class Network {

  /** A parameter, with the names that its histogram's tag is made of. */
  record Parameter(String layer, String name, INDArray values, boolean frozen) {}

  /** What a network is fed with; a graph doesn't show its labels. */
  record Batch(@Nullable INDArray @Nullable [] inputs, @Nullable INDArray labels) {}

  private final Model model;
  private final Layer[] layers;
  private final Layer[] outputs;
  private final List<String> outputNames;
  private final boolean outputsKeepLosses;
  private final @Nullable TrainedParameter firstTrained;

  Network(Model model, Layer[] layers, Map<String, Layer> outputs) {
    this.model = model;
    this.layers = layers;
    Map<String, Layer> trained = new LinkedHashMap<>();
    outputs.forEach((name, output) -> {
      if (FrozenLayers.unfrozen(output) instanceof IOutputLayer) {
        trained.put(name, FrozenLayers.unfrozen(output));
      }
    });
    this.outputs = trained.values().toArray(Layer[]::new);
    this.outputNames = List.copyOf(trained.keySet());
    this.outputsKeepLosses =
        trained.values().stream().allMatch(output -> output instanceof BaseLayer || output instanceof Yolo2OutputLayer);
    this.firstTrained = TrainedParameter.firstOf(layers);
  }

  /** Returns a model's network, or null for what is neither kind of network, such as a layer that is pretrained alone. */
  static @Nullable Network of(Model model) {
    if (model instanceof MultiLayerNetwork network) {
      return new MultiLayer(network);
    }
    return model instanceof ComputationGraph network ? new Graph(network) : null;
  }

  final Model model() {
    return model;
  }

  final INDArray flatParameters() {
    return model.params();
  }

  /** Returns how many epochs a model knows to have ended. */
  static int epochCount(Model model) {
    if (model instanceof MultiLayerNetwork network) {
      return network.getEpochCount();
    }
    return model instanceof ComputationGraph network ? network.getEpochCount() : 0;
  }

  /** Returns the parameters by layer, unless they belong to a layer without any. */
  abstract List<Parameter> parameters();

  /** Returns the model's graph, with the shapes of the batch that it was trained with last. */
  abstract GraphDefSource graph();

  abstract String configuration();

  /** Returns the number of examples in the batch that the network has at present, 0 if it has none. */
  abstract long examples();

  /** Returns the mean loss of a batch, regularization included, as training has it. */
  abstract double score(MultiDataSet batch);

  abstract INDArray[] output(MultiDataSet batch);

  /** Returns the batch that the network has at present, for {@link #restore}: listeners that come later may ask for it. */
  abstract Batch batch();

  abstract void restore(Batch batch);

  final Layer[] outputs() {
    return outputs;
  }

  /** Returns the names of the outputs, in their order. */
  final List<String> outputNames() {
    return outputNames;
  }

  /**
   * Returns whether there are several outputs, each of which has kept its own part of a loss as its score.
   *
   * @param loss the loss of all
   */
  final boolean hasLossesOfOutputs(double loss) {
    if (outputs.length < 2 || !outputsKeepLosses) {
      return false;
    }
    double sum = 0;
    for (Layer output : outputs) {
      sum += output.score();
    }
    return Double.compare(sum, loss) == 0;
  }

  final boolean isClassifier() {
    for (Layer output : outputs) {
      if (CorrectPredictions.isClassifier(output)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether any parameter is trained at a learning rate. */
  final boolean hasLearningRate() {
    return firstTrained != null;
  }

  /** Returns the learning rate of the first parameter that is trained. */
  final double learningRate(int iteration, int epoch) {
    return Objects.requireNonNull(firstTrained, "firstTrained").updater().getLearningRate(iteration, epoch);
  }

  /** Returns what the configuration has of the training. */
  final HyperParameters hyperParameters(int iteration, int epoch) {
    HyperParameters.Builder parameters = HyperParameters.builder();
    if (firstTrained != null) {
      parameters.optimizer(OpNames.ofClass(firstTrained.updater(), "Optimizer"));
      parameters.learningRate(learningRate(iteration, epoch));
    }
    String loss = Arrays.stream(outputs)
        .map(output -> LossFunctions.of(output.conf().getLayer()))
        .filter(Objects::nonNull)
        .map(function -> OpNames.ofClass(function, "Loss"))
        .distinct()
        .collect(Collectors.joining(", "));
    if (!loss.isEmpty()) {
      parameters.loss(loss);
    }
    long examples = examples();
    if (examples > 0) {
      parameters.batchSize(examples);
    }
    parameters.parameterCount(model.numParams());
    NeuralNetConfiguration conf = layers.length == 0 ? null : layers[0].conf();
    if (conf != null) {
      parameters.seed(conf.getSeed());
    }
    return parameters.build();
  }

  /** Appends a layer's or a vertex's parameters under the names that they have in TensorBoard. */
  private static void append(
      List<Parameter> parameters, String layer, Map<String, String> names, Map<String, INDArray> table, boolean frozen) {
    table.forEach((key, values) -> parameters
        .add(new Parameter(layer, Objects.requireNonNull(names.get(key), key), values, frozen)));
  }

  private static String markdown(String summary, String json) {
    return "ND4J computes on " + Backend.describe() + ".\n\n```\n" + summary.strip() + "\n```\n\n```json\n" + json.strip()
        + "\n```\n";
  }

  /** A chain of layers. */
  private static final class MultiLayer extends Network {

    private final MultiLayerNetwork network;

    MultiLayer(MultiLayerNetwork network) {
      super(network, network.getLayers(), Map.of("output", network.getOutputLayer()));
      this.network = network;
    }

    @Override
    List<Parameter> parameters() {
      List<String> layers = LayerNames.of(network);
      List<Parameter> parameters = new ArrayList<>();
      for (int i = 0; i < layers.size(); i++) {
        Map<String, INDArray> table = network.getLayer(i).paramTable(false);
        var configured = network.getLayerWiseConfigurations().getConf(i).getLayer();
        append(parameters, layers.get(i), ParameterKeys.namesOf(configured, table.keySet()), table,
            FrozenLayers.isFrozen(network.getLayer(i)));
      }
      return parameters;
    }

    @Override
    GraphDefSource graph() {
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
    String configuration() {
      return markdown(network.summary(), network.getLayerWiseConfigurations().toJson());
    }

    @Override
    long examples() {
      INDArray batch = network.getLabels() == null ? network.getInput() : network.getLabels();
      return batch == null ? 0 : batch.size(0);
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

  /** A graph of layers and other vertices. */
  private static final class Graph extends Network {

    private final ComputationGraph network;
    private final Map<String, String> names;

    Graph(ComputationGraph network) {
      this(network, LayerNames.of(network));
    }

    private Graph(ComputationGraph network, Map<String, String> names) {
      super(network, network.getLayers(), outputs(network, names));
      this.network = network;
      this.names = names;
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
        Map<String, INDArray> table = network.getVertex(vertex).paramTable(false);
        GraphVertex configured = Objects.requireNonNull(network.getConfiguration().getVertices().get(vertex), vertex);
        Layer itself = network.getVertex(vertex).getLayer();
        append(parameters, layer, ParameterKeys.namesOf(configured, table.keySet()), table,
            itself != null && FrozenLayers.isFrozen(itself)
                || network.getVertex(vertex) instanceof FrozenVertex);
      });
      return parameters;
    }

    @Override
    GraphDefSource graph() {
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
    double score(MultiDataSet batch) {
      return network.score(batch, false);
    }

    @Override
    INDArray[] output(MultiDataSet batch) {
      return network.output(
          false, batch.getFeatures(), batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
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
}
