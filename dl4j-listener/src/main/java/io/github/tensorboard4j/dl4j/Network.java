package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import io.github.tensorboard4j.dl4j.internal.OpNames;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.training.HyperParameters;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/** A network of either of Deeplearning4j's two kinds. */
abstract class Network {

  /**
   * A parameter.
   *
   * @param layer the layer's name, of which tags are made
   * @param name its name in the layer, of which tags are made
   * @param key its key in the network's gradient
   * @param layerKey its key in the layer
   * @param values its elements
   * @param frozen whether it is not trained
   * @param hasGradient whether it is trained by the gradient of the loss; the running statistics of batch normalization are not
   * @param configured the layer's configuration, null if it is a vertex without a layer
   */
  record Parameter(String layer, String name, String key, String layerKey, INDArray values, boolean frozen,
      boolean hasGradient, org.deeplearning4j.nn.conf.layers.@Nullable Layer configured) {

    /** Returns what updates the parameter; null if it is not trained, or not in a layer. */
    @Nullable
    IUpdater updater() {
      return frozen || configured == null ? null : configured.getUpdaterByParam(layerKey);
    }
  }

  /**
   * What a layer has put out.
   *
   * @param layer the layer's name, of which tags are made
   * @param configured the layer's configuration
   * @param inFront that of the layer whose output it is fed with, null if there is none
   * @param values its output
   */
  record Activation(String layer, org.deeplearning4j.nn.conf.layers.Layer configured,
      org.deeplearning4j.nn.conf.layers.@Nullable Layer inFront, INDArray values) {}

  /** What a network is fed with; a graph doesn't show its labels. */
  record Batch(@Nullable INDArray @Nullable [] inputs, @Nullable INDArray labels) {}

  private final Model model;
  private final Layer[] layers;
  private final Layer[] outputs;
  private final List<String> outputNames;
  private final boolean outputsKeepLosses;
  private final List<TrainedParameter> trainedParameters;

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
    this.trainedParameters = TrainedParameter.allOf(layers);
  }

  /** Returns a model's network, or null for what is neither kind of network, such as a layer that is pretrained alone. */
  static @Nullable Network of(Model model) {
    if (model instanceof MultiLayerNetwork network) {
      return new LayerChain(network);
    }
    return model instanceof ComputationGraph network ? new LayerGraph(network) : null;
  }

  final Model model() {
    return model;
  }

  final INDArray flatParameters() {
    return model.params();
  }

  /** Returns the gradients of all parameters; null before there are any. */
  final @Nullable INDArray flatGradients() {
    Gradient gradient = model.gradient();
    return gradient == null ? null : gradient.gradient();
  }

  /**
   * Returns a parameter's gradient of the batch's summed loss, as long as no update was made of it: it becomes that, in place.
   * Null if it has none.
   */
  final @Nullable INDArray gradient(Parameter parameter) {
    Gradient gradient = model.gradient();
    return gradient == null ? null : gradient.gradientForVariable().get(parameter.key());
  }

  /** Returns whether gradients become updates: only this optimizer makes them in place. */
  final boolean keepsUpdates() {
    return model.conf() == null
        || model.conf().getOptimizationAlgo() == OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT;
  }

  /** Returns the number of the iteration that is under way, from 0, as the framework counts. */
  static int iterationCount(Model model) {
    if (model instanceof MultiLayerNetwork network) {
      return network.getIterationCount();
    }
    return model instanceof ComputationGraph network ? network.getIterationCount() : 0;
  }

  /** Returns how many epochs a model knows to have ended. */
  static int epochCount(Model model) {
    if (model instanceof MultiLayerNetwork network) {
      return network.getEpochCount();
    }
    return model instanceof ComputationGraph network ? network.getEpochCount() : 0;
  }

  /** Returns how long this thread's iteration has waited for its data, 0 if it was given them. */
  static long etlMilliseconds(Model model) {
    if (model instanceof MultiLayerNetwork network) {
      return network.getLastEtlTime();
    }
    return model instanceof ComputationGraph network ? network.getLastEtlTime() : 0;
  }

  /** Returns the parameters in the order of the forward pass. */
  abstract List<Parameter> parameters();

  /**
   * Returns what the layers of a chain have put out in a forward pass; of the output layer nothing is known.
   *
   * @param passed what the framework has passed to its listeners: the network's input first, then a layer each
   */
  List<Activation> activations(List<INDArray> passed) {
    return List.of();
  }

  /**
   * Returns what the layers of a graph have put out in a forward pass, in its order; of output layers nothing is known.
   *
   * @param passed what the framework has passed to its listeners, by vertex
   */
  List<Activation> activations(Map<String, INDArray> passed) {
    return List.of();
  }

  /** Returns the inputs of the batch that is trained with, by name. */
  abstract Map<String, INDArray> inputs();

  /**
   * Returns what layers have passed on in the forward pass, by their names: as the layers behind them have it, so after a
   * preprocessor. Known between the forward pass and the end of the backward pass.
   */
  abstract Map<String, INDArray> layerInputs();

  /** Returns the labels of the batch that is trained with, by output. Known between backward pass and update. */
  final Map<String, INDArray> labels() {
    Map<String, INDArray> labels = new LinkedHashMap<>();
    for (int i = 0; i < outputs.length; i++) {
      INDArray ofOutput = ((IOutputLayer) outputs[i]).getLabels();
      if (ofOutput != null) {
        labels.put(outputNames.get(i), ofOutput);
      }
    }
    return labels;
  }

  /** Returns the model's graph, with the shapes of the batch that it was trained with last. */
  abstract ModelGraph graph();

  /**
   * Lets a copy of the network make forward and backward passes for training, without an update.
   *
   * @param inputs the batch
   * @param labels its labels
   * @param passes how many
   * @param clocks receives what has measured each layer, by its name, in the order of the forward pass
   */
  abstract void runCopy(INDArray[] inputs, INDArray[] labels, int passes, Map<String, LayerClock> clocks);

  abstract String configuration();

  /** Returns the number of examples in the batch that the network has at present, 0 if it has none. */
  abstract long examples();

  /**
   * Runs a batch through the network, not for training.
   *
   * @param batch the batch
   * @param watched the key of a layer whose output is kept, null for none
   */
  abstract ValidationPass pass(MultiDataSet batch, @Nullable String watched);

  /**
   * Returns the key of a layer.
   *
   * @param name its name, as the graph has it or as it was given
   * @throws IllegalArgumentException if there is none of that name
   */
  abstract String layer(String name);

  static IllegalArgumentException unknownLayer(String name, Collection<String> known) {
    return new IllegalArgumentException("An embedding of the layer " + name + " is asked for, but the layers are " + known);
  }

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
    return !trainedParameters.isEmpty();
  }

  /** Returns the learning rate of the first parameter that is trained. */
  final double learningRate(int iteration, int epoch) {
    return trainedParameters.get(0).updater().getLearningRate(iteration, epoch);
  }

  /** Returns whether there are parameters with different learning rates. */
  final boolean learningRatesDiffer(int iteration, int epoch) {
    for (int i = 1; i < trainedParameters.size(); i++) {
      if (trainedParameters.get(i).updater().getLearningRate(iteration, epoch) != learningRate(iteration, epoch)) {
        return true;
      }
    }
    return false;
  }

  /** Returns what the configuration has of the training. */
  final HyperParameters hyperParameters(int iteration, int epoch) {
    HyperParameters.Builder parameters = HyperParameters.builder();
    if (hasLearningRate()) {
      parameters.optimizer(OpNames.ofClass(trainedParameters.get(0).updater(), "Optimizer"));
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

  /** Appends the parameters of a layer or a vertex, which has that key in the network, under the names of TensorBoard. */
  static void append(List<Parameter> parameters, String layer, String layerKey, Trainable trained,
      Map<String, String> names, boolean frozen, org.deeplearning4j.nn.conf.layers.@Nullable Layer configured) {
    trained.paramTable(false).forEach((key, values) -> parameters.add(
        new Parameter(layer, Objects.requireNonNull(names.get(key), key), layerKey + '_' + key, key, values, frozen,
            !frozen && trained.updaterDivideByMinibatch(key), configured)));
  }

  static String markdown(String summary, String json) {
    return "ND4J computes on " + Backend.describe() + ".\n\n```\n" + summary.strip() + "\n```\n\n```json\n" + json.strip()
        + "\n```\n";
  }
}
