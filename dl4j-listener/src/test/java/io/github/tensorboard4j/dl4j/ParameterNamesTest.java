package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A parameter is called alike in its histogram and in the graph, and as on other frameworks. */
class ParameterNamesTest {

  private static final InputType VECTOR = InputType.feedForward(6);
  private static final InputType SEQUENCE = InputType.recurrent(6, 5);
  private static final InputType IMAGE = InputType.convolutional(6, 6, 2);

  @TempDir
  private Path logs;

  /** A layer, what it takes, and each of its parameters as {@code framework's key = name}. */
  record Case(Layer layer, InputType in, List<String> parameters) {

    static Case of(Layer layer, InputType in, String... parameters) {
      return new Case(layer, in, List.of(parameters));
    }

    @Override
    public String toString() {
      return layer.getClass().getSimpleName() + " " + parameters;
    }
  }

  /** A layer of a user's own, whose keys are partly the framework's. */
  private static final class Own extends SameDiffLayer {
    private static final long serialVersionUID = 1;
    private final transient List<String> keys;

    Own(String... keys) {
      this.keys = List.of(keys);
    }

    @Override
    public SDVariable defineLayer(SameDiff graph, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
      SDVariable sum = input;
      for (String key : keys) {
        sum = sum.add(parameters.get(key));
      }
      return sum;
    }

    @Override
    public void defineParameters(SDLayerParams parameters) {
      parameters.clear();
      keys.forEach(key -> parameters.addWeightParam(key, 1, 6));
    }

    @Override
    public void initializeParameters(Map<String, INDArray> parameters) {
      parameters.values().forEach(array -> array.assign(0.5));
    }

    @Override
    public InputType getOutputType(int index, InputType in) {
      return in;
    }
  }

  static Stream<Case> layers() {
    return Stream.of(
        Case.of(new DenseLayer.Builder().nOut(5).hasLayerNorm(true).build(), VECTOR, "W=weight", "b=bias", "g=gamma"),
        Case.of(new FrozenLayer(new DenseLayer.Builder().nOut(5).build()), VECTOR, "W=weight", "b=bias"),
        Case.of(new FrozenLayerWithBackprop(new DenseLayer.Builder().nOut(5).build()), VECTOR, "W=weight", "b=bias"),
        Case.of(new OutputLayer.Builder(LossFunction.MSE).nOut(5).build(), VECTOR, "W=weight", "b=bias"),
        Case.of(new CenterLossOutputLayer.Builder(LossFunction.MCXENT).nOut(5).activation(Activation.SOFTMAX).build(),
            VECTOR,
            "W=weight", "b=bias", "cL=centers"),
        Case.of(new AutoEncoder.Builder().nOut(5).build(), VECTOR, "W=weight", "b=bias", "vb=visible_bias"),
        Case.of(new VariationalAutoencoder.Builder().nOut(3).encoderLayerSizes(5, 4).decoderLayerSizes(4).build(), VECTOR,
            "e0W=encoder_0/weight", "e0b=encoder_0/bias", "e1W=encoder_1/weight", "e1b=encoder_1/bias",
            "pZXMeanW=latent_mean/weight", "pZXMeanb=latent_mean/bias",
            "pZXLogStd2W=latent_log_variance/weight", "pZXLogStd2b=latent_log_variance/bias",
            "d0W=decoder_0/weight", "d0b=decoder_0/bias", "pXZW=reconstruction/weight", "pXZb=reconstruction/bias"),
        Case.of(new EmbeddingLayer.Builder().nIn(9).nOut(5).hasBias(true).build(), InputType.feedForward(1),
            "W=weight", "b=bias"),
        Case.of(new PReLULayer.Builder().inputShape(6).build(), VECTOR, "W=alpha"),
        Case.of(new BatchNormalization.Builder().useLogStd(false).build(), VECTOR, "gamma=gamma", "beta=beta",
            "mean=running_mean", "var=running_variance"),
        Case.of(new BatchNormalization.Builder().useLogStd(true).build(), IMAGE, "gamma=gamma", "beta=beta",
            "mean=running_mean", "log10stdev=running_log10_stdev"),
        Case.of(new ConvolutionLayer.Builder(3, 3).nOut(5).build(), IMAGE, "W=weight", "b=bias"),
        Case.of(new SeparableConvolution2D.Builder(3, 3).nOut(5).depthMultiplier(2).build(), IMAGE,
            "W=depthwise_weight", "pW=pointwise_weight", "b=bias"),
        Case.of(new PrimaryCapsules.Builder(4, 2).kernelSize(3, 3).stride(1, 1).build(), IMAGE, "weight=weight",
            "bias=bias"),
        Case.of(new SimpleRnn.Builder().nOut(5).hasLayerNorm(true).build(), SEQUENCE, "W=weight", "RW=recurrent_weight",
            "b=bias", "g=gamma"),
        Case.of(new LSTM.Builder().nOut(5).build(), SEQUENCE, "W=weight", "RW=recurrent_weight", "b=bias"),
        Case.of(graves(), SEQUENCE, "W=weight", "RW=recurrent_weight", "b=bias"),
        Case.of(gravesBidirectional(), SEQUENCE, "WF=forward/weight", "RWF=forward/recurrent_weight", "bF=forward/bias",
            "WB=backward/weight", "RWB=backward/recurrent_weight", "bB=backward/bias"),
        Case.of(new Bidirectional(Bidirectional.Mode.CONCAT, new LSTM.Builder().nOut(5).build()), SEQUENCE,
            "fW=forward/weight", "fRW=forward/recurrent_weight", "fb=forward/bias",
            "bW=backward/weight", "bRW=backward/recurrent_weight", "bb=backward/bias"),
        Case.of(new LastTimeStep(new LSTM.Builder().nOut(5).build()), SEQUENCE, "W=weight", "RW=recurrent_weight", "b=bias"),
        Case.of(new MaskZeroLayer(new SimpleRnn.Builder().nOut(5).build(), 0.0), SEQUENCE, "W=weight",
            "RW=recurrent_weight", "b=bias"),
        Case.of(new TimeDistributed(new DenseLayer.Builder().nIn(6).nOut(5).build()), SEQUENCE, "W=weight", "b=bias"),
        Case.of(new SelfAttentionLayer.Builder().nOut(4).nHeads(2).projectInput(true).build(), SEQUENCE,
            "Wq=query_weight", "Wk=key_weight", "Wv=value_weight", "Wo=output_weight"),
        Case.of(new LearnedSelfAttentionLayer.Builder().nOut(4).nHeads(2).nQueries(3).projectInput(true).build(), SEQUENCE,
            "Wq=query_weight", "Wk=key_weight", "Wv=value_weight", "Wo=output_weight", "Q=queries"),
        Case.of(new RecurrentAttentionLayer.Builder().nIn(6).nOut(4).nHeads(1).projectInput(true).build(), SEQUENCE,
            "Wq=query_weight", "Wk=key_weight", "Wv=value_weight", "Wo=output_weight",
            "W=weight", "RW=recurrent_weight", "b=bias"),
        Case.of(new LocallyConnected1D.Builder().nOut(5).kernelSize(2).hasBias(true).build(), SEQUENCE, "W=weight",
            "b=bias"),
        Case.of(new Own("W", "scale it"), VECTOR, "W=weight", "scale it=scale_it"),
        Case.of(new Own("W", "weight"), VECTOR, "W=W", "weight=weight"));
  }

  @SuppressWarnings("deprecation")
  private static Layer graves() {
    return new org.deeplearning4j.nn.conf.layers.GravesLSTM.Builder().nOut(5).build();
  }

  @SuppressWarnings("deprecation")
  private static Layer gravesBidirectional() {
    return new org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM.Builder().nOut(5).build();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void shouldCallAParameterAlikeInHistogramsAndInTheGraph(Case layer) {
    MultiLayerNetwork network = network(layer);
    List<String> expected = new ArrayList<>();
    layer.parameters().forEach(parameter -> expected.add("tested/" + parameter.split("=")[1]));

    assertThat(histograms(network)).filteredOn(tag -> tag.startsWith("tested/"))
        .containsExactlyInAnyOrderElementsOf(expected);
    Map<String, String> drawn = parameters(Dl4jGraph.of(network, layer.in()));
    Map<String, String> frameworkNames = new TreeMap<>();
    layer.parameters().forEach(p -> frameworkNames.put("tested/" + p.split("=")[1], p.split("=")[0]));
    drawn.keySet().removeIf(name -> !name.startsWith("tested/"));
    assertThat(drawn).isEqualTo(frameworkNames);
  }

  @Test
  void shouldCallParametersOfAComputationGraphAlike() {
    ComputationGraph network = Nets.init(new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).graphBuilder()
        .addInputs("in")
        .addLayer("lstm", new LSTM.Builder().nIn(6).nOut(6).build(), "in")
        .addVertex("attention", new AttentionVertex.Builder().nInKeys(6).nInQueries(6).nInValues(6).nOut(6).nHeads(2)
            .headSize(3).projectInput(true).build(), "lstm", "lstm", "lstm")
        .addLayer("out", new RnnOutputLayer.Builder(LossFunction.MSE).nIn(6).nOut(2).build(), "attention")
        .setOutputs("out")
        .setInputTypes(SEQUENCE).build());
    try (TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      network.setListeners(listener);
      DataSet batch = new DataSet(Nd4j.rand(DataType.FLOAT, 3, 6, 5), Nd4j.rand(DataType.FLOAT, 3, 2, 5));
      network.fit(new ExistingDataSetIterator(List.of(batch)), 1);
    }

    Set<String> recorded = recordedParameters();
    assertThat(recorded).containsExactlyInAnyOrder("lstm/weight", "lstm/recurrent_weight", "lstm/bias",
        "attention/query_weight", "attention/key_weight", "attention/value_weight", "attention/output_weight",
        "out/weight", "out/bias");
    assertThat(parameters(Dl4jGraph.of(network, SEQUENCE)).keySet()).isEqualTo(recorded);
  }

  private Set<String> histograms(MultiLayerNetwork network) {
    try (TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      listener.onEpochStart(network);
      listener.onEpochEnd(network);
    }
    return recordedParameters();
  }

  /** Returns the tags of the histograms, without the part that all have. */
  private Set<String> recordedParameters() {
    return Recorded.in(logs.resolve("run/train")).histograms().keySet().stream()
        .map(tag -> tag.substring("layer_".length())).collect(Collectors.toSet());
  }

  /** Returns the framework's names of the parameters by the names of their nodes. */
  private static Map<String, String> parameters(ModelGraph graph) {
    Map<String, String> parameters = new TreeMap<>();
    for (Node node : graph.nodes()) {
      if (node.op().equals("Variable")) {
        parameters.put(node.name(), node.attributes().get("framework_name").toString());
      }
    }
    return parameters;
  }

  private static MultiLayerNetwork network(Case layer) {
    layer.layer().setLayerName("tested");
    var list = new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT)
        .optimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT).list().layer(layer.layer());
    if (!(layer.layer() instanceof org.deeplearning4j.nn.conf.layers.BaseOutputLayer)) {
      list.layer(new GlobalPoolingLayer());
    }
    boolean embedding = layer.layer() instanceof EmbeddingLayer;
    MultiLayerConfiguration configuration = (embedding ? list : list.setInputType(layer.in())).build();
    return Nets.init(configuration);
  }
}
