package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Every kind of output layer that the framework has, with its loss function and its accuracy. */
class OutputLayersTest {

  private static final Activation SOFTMAX = Activation.SOFTMAX;

  @TempDir
  private Path logs;

  /** An output that a user defines. */
  private static final class OwnOutput extends SameDiffOutputLayer {
    private static final long serialVersionUID = 1;

    @Override
    public SDVariable defineLayer(SameDiff graph, SDVariable input, SDVariable labels, Map<String, SDVariable> parameters) {
      return graph.loss().meanSquaredError("loss", labels, graph.identity("out", input), null);
    }

    @Override
    public String activationsVertexName() {
      return "out";
    }

    @Override
    public void defineParameters(SDLayerParams parameters) {
      parameters.clear();
    }

    @Override
    public void initializeParameters(Map<String, INDArray> parameters) {}

    @Override
    public InputType getOutputType(int index, InputType in) {
      return in;
    }
  }

  private static Map<String, Layer> outputs() {
    Map<String, Layer> outputs = new HashMap<>();
    outputs.put("layers.OutputLayer", new OutputLayer.Builder(LossFunction.MCXENT).activation(SOFTMAX).build());
    outputs.put("layers.LossLayer", new LossLayer.Builder(LossFunction.MCXENT).activation(SOFTMAX).build());
    outputs.put("layers.recurrent.RnnOutputLayer", new RnnOutputLayer.Builder(LossFunction.MCXENT).build());
    outputs.put("layers.recurrent.RnnLossLayer", new RnnLossLayer.Builder(LossFunction.MCXENT).build());
    outputs.put("layers.convolution.CnnLossLayer", new CnnLossLayer.Builder(LossFunction.MCXENT).build());
    outputs.put("layers.convolution.Cnn3DLossLayer",
        new Cnn3DLossLayer.Builder(Convolution3D.DataFormat.NCDHW).lossFunction(LossFunction.MCXENT).build());
    outputs.put("layers.training.CenterLossOutputLayer", new CenterLossOutputLayer.Builder(LossFunction.MCXENT).build());
    outputs.put("layers.ocnn.OCNNOutputLayer", new OCNNOutputLayer.Builder().hiddenLayerSize(3).nu(0.1).build());
    outputs.put("layers.objdetect.Yolo2OutputLayer",
        new Yolo2OutputLayer.Builder().boundingBoxPriors(Nd4j.ones(2, 2)).build());
    outputs.put("layers.samediff.SameDiffOutputLayer", new OwnOutput());
    return outputs;
  }

  @Test
  void shouldKnowTheLossFunctionOfEveryOutputThatHasOne() throws Exception {
    Map<String, Layer> outputs = outputs();

    assertThat(frameworksOutputs()).containsExactlyInAnyOrderElementsOf(outputs.keySet());
    for (String kind : List.of("layers.objdetect.Yolo2OutputLayer", "layers.samediff.SameDiffOutputLayer")) {
      assertThat(LossFunctions.of(outputs.remove(kind))).as(kind).isNull();
    }
    outputs.remove("layers.ocnn.OCNNOutputLayer");
    outputs.forEach((kind, layer) -> {
      assertThat(LossFunctions.of(layer)).as(kind).isInstanceOf(LossMCXENT.class);
      assertThat(LossFunctions.of(new FrozenLayer(layer))).as(kind).isInstanceOf(LossMCXENT.class);
      assertThat(LossFunctions.of(new FrozenLayerWithBackprop(layer))).as(kind).isInstanceOf(LossMCXENT.class);
    });
  }

  @Test
  void shouldNotTakeTheLossOfOneClassForThatOfAClassifier() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().list()
        .layer(new OCNNOutputLayer.Builder().nIn(4).hiddenLayerSize(3).nu(0.1).build()).build());

    assertThat(LossFunctions.of(network.getLayer(0).conf().getLayer()).getClass().getSimpleName())
        .isEqualTo("OCNNLossFunction");
    assertThat(CorrectPredictions.isClassifier(network.getLayer(0))).isFalse();
  }

  /** Returns the framework's classes that implement an output, without those that only others extend. */
  private static List<String> frameworksOutputs() throws IOException, URISyntaxException {
    Path jar = Path.of(IOutputLayer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile file = new JarFile(jar.toFile()); Stream<JarEntry> entries = file.stream()) {
      return entries.map(JarEntry::getName)
          .filter(name -> name.startsWith("org/deeplearning4j/nn/layers/") && name.matches(".*(Output|Loss)Layer\\.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .filter(name -> isOutput(name))
          .map(name -> name.substring("org.deeplearning4j.nn.".length()))
          .toList();
    }
  }

  private static boolean isOutput(String name) {
    try {
      Class<?> kind = Class.forName(name);
      return IOutputLayer.class.isAssignableFrom(kind) && !Modifier.isAbstract(kind.getModifiers());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRecordAccuracyAndLossFunctionOfVolumes() {
    for (Convolution3D.DataFormat format : Convolution3D.DataFormat.values()) {
      int[] order = format == Convolution3D.DataFormat.NCDHW ? new int[] {0, 1, 2, 3, 4} : new int[] {0, 2, 3, 4, 1};
      MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
          .layer(
              new Convolution3D.Builder(1, 1, 1).nIn(2).nOut(3).dataFormat(format).activation(Activation.IDENTITY).build())
          .layer(new Cnn3DLossLayer.Builder(format).lossFunction(LossFunction.MCXENT).activation(SOFTMAX).build())
          .build());
      INDArray features = Nd4j.rand(DataType.FLOAT, 4, 2, 3, 4, 5).permute(order).dup();
      INDArray labels = oneHot(3, 4, 3, 4, 5).permute(order).dup();

      assertAccuracy(network, features, labels, format.name(), order);
      assertThat(sessionIn(logs.resolve(format.name()))).contains("LossMCXENT");
    }
  }

  @Test
  void shouldRecordTheAccuracyOfImagesWithChannelsLast() {
    for (CNN2DFormat format : CNN2DFormat.values()) {
      int[] order = format == CNN2DFormat.NCHW ? new int[] {0, 1, 2, 3} : new int[] {0, 2, 3, 1};
      MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
          .layer(
              new ConvolutionLayer.Builder(1, 1).nIn(2).nOut(3).dataFormat(format).activation(Activation.IDENTITY).build())
          .layer(new CnnLossLayer.Builder(LossFunction.MCXENT).format(format).activation(SOFTMAX).build())
          .build());

      assertAccuracy(network, Nd4j.rand(DataType.FLOAT, 4, 2, 5, 6).permute(order).dup(),
          oneHot(3, 4, 5, 6).permute(order).dup(), format.name(), order);
    }
  }

  @Test
  void shouldRecordTheAccuracyOfSequencesWithFeaturesLast() {
    for (RNNFormat format : RNNFormat.values()) {
      int[] order = format == RNNFormat.NCW ? new int[] {0, 1, 2} : new int[] {0, 2, 1};
      MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
          .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(4).nOut(3).dataFormat(format).activation(SOFTMAX)
              .build())
          .build());

      assertAccuracy(network, Nd4j.rand(DataType.FLOAT, 4, 4, 7).permute(order).dup(),
          oneHot(3, 4, 7).permute(order).dup(), format.name(), order);
    }
  }

  @Test
  void shouldLeaveMaskedVoxelsOut() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1)).list()
        .layer(new Convolution3D.Builder(1, 1, 1).nIn(2).nOut(3).dataFormat(Convolution3D.DataFormat.NCDHW)
            .activation(Activation.IDENTITY).build())
        .layer(new Cnn3DLossLayer.Builder(Convolution3D.DataFormat.NCDHW).lossFunction(LossFunction.MCXENT)
            .activation(SOFTMAX).build())
        .build());
    INDArray features = Nd4j.rand(DataType.FLOAT, 4, 2, 3, 4, 5);
    INDArray labels = oneHot(3, 4, 3, 4, 5);
    INDArray mask = Nd4j.rand(DataType.FLOAT, 4, 1, 3, 4, 5).gt(0.4).castTo(DataType.FLOAT);
    INDArray right = network.output(features).argMax(1).eq(labels.argMax(1)).castTo(DataType.FLOAT).mul(
        mask.reshape(4, 3, 4, 5));
    float expected = right.sumNumber().floatValue() / mask.sumNumber().floatValue();

    assertThat(accuracy(network, new DataSet(features, labels, null, mask), "masked")).isEqualTo(expected);
  }

  private void assertAccuracy(MultiLayerNetwork network, INDArray features, INDArray labels, String run, int[] order) {
    int axis = order[1] == 1 ? 1 : order.length - 1;
    double expected = network.output(features).argMax(axis).eq(labels.argMax(axis)).castTo(DataType.DOUBLE).meanNumber()
        .doubleValue();

    assertThat(accuracy(network, new DataSet(features, labels), run)).as(run).isEqualTo((float) expected);
  }

  private float accuracy(MultiLayerNetwork network, DataSet batch, String run) {
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve(run))
        .batchFrequency(Frequency.iterations(1)).build()) {
      network.setListeners(listener);
      network.fit(new ExistingDataSetIterator(List.of(batch)), 1);
    }
    return Recorded.in(logs.resolve(run).resolve("train")).scalar("batch_accuracy").get(1L);
  }

  /** Returns what the session starts with, whose strings stand in it as they are. */
  private static String sessionIn(Path run) {
    return Recorded.in(run).events().stream()
        .flatMap(event -> event.values().stream())
        .filter(value -> value.tag().equals("_hparams_/session_start_info"))
        .map(value -> StandardCharsets.ISO_8859_1.decode(value.pluginContent()).toString())
        .collect(Collectors.joining());
  }

  /** Returns labels with the classes in dimension 1. */
  private static INDArray oneHot(int classes, long... positions) {
    long[] shape = new long[positions.length + 1];
    shape[0] = positions[0];
    shape[1] = classes;
    System.arraycopy(positions, 1, shape, 2, positions.length - 1);
    INDArray scores = Nd4j.rand(DataType.FLOAT, shape);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, shape);
    INDArray highest = scores.max(true, 1);
    for (int i = 0; i < classes; i++) {
      INDArrayIndex[] ofClass = {NDArrayIndex.all(), NDArrayIndex.interval(i, i + 1)};
      labels.get(ofClass).assign(scores.get(ofClass).eq(highest).castTo(DataType.FLOAT));
    }
    return labels;
  }
}
