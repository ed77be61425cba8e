package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.dl4j.internal.LayerNames;
import io.github.tensorboard4j.dl4j.internal.ParameterKeys;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Dl4jGraphLayersTest {

  private static final InputType VECTOR = InputType.feedForward(6);
  private static final InputType SEQUENCE = InputType.recurrent(6, 8);
  private static final InputType IMAGE = InputType.convolutional(8, 8, 4);
  private static final InputType VOLUME = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 8, 8, 8, 2);

  /** A layer, what it takes, and the operations that it must open into, without those of its parameters. */
  record Case(Layer layer, InputType in, List<String> ops) {

    static Case of(Layer layer, InputType in, String... ops) {
      return new Case(layer, in, List.of(ops));
    }

    @Override
    public String toString() {
      return layer.getClass().getSimpleName() + " " + ops;
    }
  }

  static Stream<Case> layers() {
    Activation tanh = Activation.TANH;
    return Stream.of(
        Case.of(new DenseLayer.Builder().nOut(5).activation(tanh).hasLayerNorm(true).dropOut(0.5).build(), VECTOR,
            "Dropout", "MatMul", "LayerNorm", "BiasAdd", "Tanh"),
        Case.of(new DenseLayer.Builder().nOut(5).activation(tanh).hasBias(false).dropOut(new GaussianDropout(0.5)).build(),
            VECTOR, "GaussianDropout", "MatMul", "Tanh"),
        Case.of(new FrozenLayer(new DenseLayer.Builder().nOut(5).activation(tanh).build()), VECTOR,
            "MatMul", "BiasAdd", "Tanh"),
        Case.of(new FrozenLayerWithBackprop(new DenseLayer.Builder().nOut(5).activation(tanh).build()), VECTOR,
            "MatMul", "BiasAdd", "Tanh"),
        Case.of(new OutputLayer.Builder(LossFunction.MSE).nOut(5).activation(Activation.IDENTITY).build(), VECTOR,
            "MatMul", "BiasAdd"),
        Case.of(new CenterLossOutputLayer.Builder(LossFunction.MCXENT).nOut(5).activation(Activation.SOFTMAX).build(),
            VECTOR,
            "MatMul", "BiasAdd", "Softmax"),
        Case.of(new LossLayer.Builder(LossFunction.MSE).activation(tanh).build(), VECTOR, "Tanh"),
        Case.of(new AutoEncoder.Builder().nOut(5).activation(tanh).build(), VECTOR, "MatMul", "BiasAdd", "Tanh"),
        Case.of(new VariationalAutoencoder.Builder().nOut(3).encoderLayerSizes(5, 4).decoderLayerSizes(4).activation(tanh)
            .build(), VECTOR, "MatMul", "BiasAdd", "Tanh", "MatMul", "BiasAdd", "Tanh", "MatMul", "BiasAdd"),
        Case.of(new EmbeddingLayer.Builder().nIn(9).nOut(5).hasBias(true).activation(tanh).build(), InputType.feedForward(1),
            "Gather", "BiasAdd", "Tanh"),
        Case.of(new ElementWiseMultiplicationLayer.Builder().nIn(6).nOut(6).activation(tanh).build(), VECTOR,
            "Mul", "BiasAdd", "Tanh"),
        Case.of(new PReLULayer.Builder().inputShape(6).build(), VECTOR, "PRelu"),
        Case.of(new ActivationLayer(Activation.LEAKYRELU), VECTOR, "LeakyRelu"),
        Case.of(new DropoutLayer(0.5), VECTOR, "Dropout"),
        Case.of(new BatchNormalization.Builder().build(), VECTOR, "BatchNorm"),
        Case.of(repeat(), VECTOR, "Repeat"),

        Case.of(new ConvolutionLayer.Builder(3, 3).nOut(5).activation(Activation.RELU).build(), IMAGE,
            "Conv2D", "BiasAdd", "Relu"),
        Case.of(new Deconvolution2D.Builder(3, 3).nOut(5).activation(Activation.RELU).build(), IMAGE,
            "Conv2DTranspose", "BiasAdd", "Relu"),
        Case.of(new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).nOut(8).activation(Activation.RELU).build(),
            IMAGE,
            "DepthwiseConv2D", "BiasAdd", "Relu"),
        Case.of(new SeparableConvolution2D.Builder(3, 3).nOut(5).depthMultiplier(2).activation(Activation.RELU).build(),
            IMAGE,
            "DepthwiseConv2D", "PointwiseConv2D", "BiasAdd", "Relu"),
        Case.of(new BatchNormalization.Builder().build(), IMAGE, "BatchNorm"),
        Case.of(new LocalResponseNormalization(), IMAGE, "LRN"),
        Case.of(new SubsamplingLayer.Builder(PoolingType.AVG).kernelSize(2, 2).stride(2, 2).build(), IMAGE, "AvgPool"),
        Case.of(new GlobalPoolingLayer(PoolingType.MAX), IMAGE, "GlobalMaxPool"),
        Case.of(new ZeroPaddingLayer(1, 2), IMAGE, "ZeroPad"),
        Case.of(new Cropping2D(1, 2), IMAGE, "Crop"),
        Case.of(new Upsampling2D.Builder(2).build(), IMAGE, "Upsample"),
        Case.of(spaceToDepth(), IMAGE, "SpaceToDepth"),
        Case.of(new CnnLossLayer.Builder(LossFunction.MSE).activation(Activation.SIGMOID).build(), IMAGE, "Sigmoid"),
        Case.of(new DenseLayer.Builder().nOut(5).activation(tanh).build(), IMAGE,
            "CnnToFeedForward", "MatMul", "BiasAdd", "Tanh"),
        Case.of(new Convolution3D.Builder(3, 3, 3).nOut(5).dataFormat(Convolution3D.DataFormat.NCDHW)
            .activation(Activation.RELU).build(), VOLUME, "Conv3D", "BiasAdd", "Relu"),
        Case.of(new Deconvolution3D.Builder().kernelSize(3, 3, 3).nOut(5).dataFormat(Convolution3D.DataFormat.NCDHW)
            .activation(Activation.RELU).build(), VOLUME, "Conv3DTranspose", "BiasAdd", "Relu"),
        Case.of(new Subsampling3DLayer.Builder(Subsampling3DLayer.PoolingType.MAX).kernelSize(2, 2, 2).stride(2, 2, 2)
            .dataFormat(Convolution3D.DataFormat.NCDHW).build(), VOLUME, "MaxPool"),
        Case.of(new ZeroPadding3DLayer.Builder(1).build(), VOLUME, "ZeroPad"),
        Case.of(new Cropping3D.Builder(1, 1, 1).build(), VOLUME, "Crop"),
        Case.of(new Upsampling3D.Builder(2).dataFormat(Convolution3D.DataFormat.NCDHW).build(), VOLUME, "Upsample"),

        Case.of(new Convolution1DLayer.Builder(3).nOut(5).activation(Activation.RELU).build(), SEQUENCE,
            "Conv1D", "BiasAdd", "Relu"),
        Case.of(
            new Subsampling1DLayer.Builder(org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType.MAX, 2, 2).build(),
            SEQUENCE, "MaxPool"),
        Case.of(new ZeroPadding1DLayer(1), SEQUENCE, "ZeroPad"),
        Case.of(new Cropping1D(1), SEQUENCE, "Crop"),
        Case.of(new Upsampling1D.Builder(2).build(), SEQUENCE, "Upsample"),
        Case.of(new GlobalPoolingLayer(PoolingType.AVG), SEQUENCE, "GlobalAvgPool"),
        Case.of(new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(5).activation(Activation.SOFTMAX).build(), SEQUENCE,
            "MatMul", "BiasAdd", "Softmax"),
        Case.of(new RnnLossLayer.Builder(LossFunction.MSE).activation(tanh).build(), SEQUENCE, "Tanh"),
        Case.of(new SimpleRnn.Builder().nOut(5).activation(tanh).build(), SEQUENCE,
            "NextIteration", "MatMul", "MatMul", "Add", "BiasAdd", "Tanh", "Stack"),
        Case.of(new LSTM.Builder().nOut(5).activation(tanh).build(), SEQUENCE, LSTM_OPS),
        Case.of(graves(), SEQUENCE, LSTM_OPS),
        Case.of(new LastTimeStep(new LSTM.Builder().nOut(5).activation(tanh).build()), SEQUENCE,
            Stream.concat(Arrays.stream(LSTM_OPS), Stream.of("LastTimeStep")).toArray(String[]::new)),
        Case.of(new MaskZeroLayer(new SimpleRnn.Builder().nOut(5).activation(tanh).build(), 0.0), SEQUENCE,
            "MaskZero", "NextIteration", "MatMul", "MatMul", "Add", "BiasAdd", "Tanh", "Stack"),
        Case.of(new TimeDistributed(new DenseLayer.Builder().nIn(6).nOut(5).activation(tanh).build()), SEQUENCE,
            "TimeToBatch", "MatMul", "BiasAdd", "Tanh", "BatchToTime"),
        Case.of(new Bidirectional(Bidirectional.Mode.CONCAT, new SimpleRnn.Builder().nOut(5).activation(tanh).build()),
            SEQUENCE, "NextIteration", "MatMul", "MatMul", "Add", "BiasAdd", "Tanh", "Stack",
            "Reverse", "NextIteration", "MatMul", "MatMul", "Add", "BiasAdd", "Tanh", "Stack", "Reverse", "Concat"),
        Case.of(new EmbeddingSequenceLayer.Builder().nIn(9).nOut(5).inputLength(8).build(), InputType.recurrent(1, 8),
            "Gather"),
        Case.of(new SelfAttentionLayer.Builder().nOut(4).nHeads(2).projectInput(true).build(), SEQUENCE),
        Case.of(new LearnedSelfAttentionLayer.Builder().nOut(4).nHeads(2).nQueries(3).projectInput(true).build(), SEQUENCE),
        Case.of(new RecurrentAttentionLayer.Builder().nIn(6).nOut(4).nHeads(1).projectInput(true).build(), SEQUENCE),
        Case.of(new LocallyConnected1D.Builder().nOut(5).kernelSize(2).build(), SEQUENCE),
        Case.of(new LocallyConnected2D.Builder().nOut(5).kernelSize(2, 2).build(), IMAGE),
        Case.of(new PrimaryCapsules.Builder(4, 2).kernelSize(3, 3).stride(1, 1).build(), IMAGE),
        Case.of(new SameDiffLambdaLayer() {
          @Override
          public SDVariable defineLayer(SameDiff graph, SDVariable input) {
            return input.mul("doubled", 2.0);
          }

          @Override
          public InputType getOutputType(int layerIndex, InputType inputType) {
            return inputType;
          }
        }, VECTOR));
  }

  private static final String[] LSTM_OPS = {"NextIteration", "NextIteration", "MatMul", "MatMul", "Add", "BiasAdd", "Split",
      "Tanh", "Sigmoid", "Sigmoid", "Mul", "Mul", "Add", "Sigmoid", "Tanh", "Mul", "Stack"};

  @SuppressWarnings("rawtypes")
  private static Layer repeat() {
    return new RepeatVector.Builder(3).build();
  }

  @SuppressWarnings("rawtypes")
  private static Layer spaceToDepth() {
    return new SpaceToDepthLayer.Builder(2).build();
  }

  @SuppressWarnings("deprecation")
  private static Layer graves() {
    return new org.deeplearning4j.nn.conf.layers.GravesLSTM.Builder().nOut(5).activation(Activation.TANH).build();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void shouldOpenTheLayerWithTheShapesAndParametersThatItHas(Case layer) {
    MultiLayerNetwork network = network(layer);
    INDArray batch = batch(layer.in(), layer.layer());
    MultiLayerConfiguration before = network.getLayerWiseConfigurations().clone();

    ModelGraph graph = Dl4jGraph.of(network, layer.in());

    assertThat(network.getLayerWiseConfigurations()).isEqualTo(before);
    String name = LayerNames.of(network).get(0);
    List<Node> inside = graph.nodes().stream()
        .filter(n -> n.name().equals(name) || n.name().startsWith(name + "/")).toList();
    List<String> ops = inside.stream().map(Node::op).filter(op -> !op.equals("Variable")).toList();
    if (layer.ops().isEmpty()) {
      assertThat(ops).isNotEmpty().doesNotContain(layer.layer().getClass().getSimpleName());
    } else {
      assertThat(ops).isEqualTo(layer.ops());
    }
    long[] computed = layer.layer() instanceof LearnedSelfAttentionLayer
        ? new long[] {3, 4, 3} // as documented: the framework fails to compute it
        : network.feedForward(batch).get(1).shape();
    assertThat(fits(lastShape(graph, name), computed))
        .as("%s for %s", lastShape(graph, name), Arrays.toString(computed)).isTrue();
    Map<String, TensorShape> expected = new TreeMap<>();
    Map<String, INDArray> table = network.getLayer(0).paramTable();
    ParameterKeys.namesOf(layer.layer(), table.keySet())
        .forEach((key, parameter) -> expected.put(name + "/" + parameter, TensorShape.of(table.get(key).shape())));
    Map<String, TensorShape> drawn = new TreeMap<>();
    inside.stream().filter(n -> n.op().equals("Variable"))
        .forEach(n -> assertThat(drawn.put(n.name(), n.outputs().get(0).shape())).as(n.name()).isNull());
    assertThat(drawn).isEqualTo(expected);
  }

  /** The shape at which the data leaves the layer: the labels' loss or the next layer reads it. */
  private static TensorShape lastShape(ModelGraph graph, String name) {
    List<TensorShape> leaving = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (!node.name().startsWith(name)) {
        node.inputs().stream().filter(i -> graph.nodes().get(i.node()).name().startsWith(name))
            .forEach(i -> leaving.add(i.type().shape()));
      }
    }
    assertThat(leaving).hasSize(1);
    return leaving.get(0);
  }

  /** Equal in every dimension; the batch, and only it, must be left open where the input says how long it is. */
  private static boolean fits(TensorShape drawn, long[] computed) {
    if (drawn.rank() != computed.length) {
      return false;
    }
    for (int i = 1; i < computed.length; i++) {
      if (drawn.size(i) != computed[i]) {
        return false;
      }
    }
    return drawn.size(0) == TensorShape.UNKNOWN_SIZE;
  }

  private static MultiLayerNetwork network(Case layer) {
    var list = new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT).list().layer(layer.layer());
    boolean trains = layer.layer() instanceof org.deeplearning4j.nn.conf.layers.BaseOutputLayer
        || layer.layer().getClass().getSimpleName().endsWith("LossLayer");
    if (!trains) {
      list.layer(new ActivationLayer(Activation.IDENTITY));
    }
    boolean embedding = layer.layer() instanceof EmbeddingLayer || layer.layer() instanceof EmbeddingSequenceLayer;
    MultiLayerConfiguration configuration = (embedding ? list : list.setInputType(layer.in())).build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  private static INDArray batch(InputType in, Layer layer) {
    if (layer instanceof EmbeddingLayer) {
      return Nd4j.zeros(DataType.FLOAT, 3, 1);
    }
    if (layer instanceof EmbeddingSequenceLayer) {
      return Nd4j.zeros(DataType.FLOAT, 3, 8);
    }
    long[] shape = in.getShape(true);
    shape[0] = 3;
    return Nd4j.rand(DataType.FLOAT, shape);
  }
}
