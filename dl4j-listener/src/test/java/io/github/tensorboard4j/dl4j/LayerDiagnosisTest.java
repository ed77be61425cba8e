package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Gradients, updates, activations and their statistics, against what is computed from the networks' own outputs. */
@Timeout(300)
class LayerDiagnosisTest {

  private static final double STEP = 1e-6;
  private static final int EXAMPLES = 5;

  private static final Map<String, String> NAMES = Map.of("W", "weight", "b", "bias", "RW", "recurrent_weight", "gamma",
      "gamma", "beta", "beta", "mean", "running_mean", "log10stdev", "running_log10_stdev");

  @TempDir
  private Path logs;

  /** The two kinds of network. */
  private enum Kind {
    CHAIN, GRAPH
  }

  /** What stands in front of an output layer, and what it is fed with. */
  private enum Layers {
    DENSE(InputType.feedForward(4), new DenseLayer.Builder().name("first").nOut(6).activation(Activation.TANH).build(),
        new DenseLayer.Builder().name("second").nOut(3).activation(Activation.SIGMOID).build()),

    CONVOLUTION(InputType.convolutional(5, 5, 2),
        new ConvolutionLayer.Builder(2, 2).name("conv").nOut(3).activation(Activation.TANH).build(),
        new BatchNormalization.Builder().name("norm").build(),
        new SubsamplingLayer.Builder(PoolingType.AVG).name("pool").kernelSize(2, 2).stride(2, 2).build()),

    CHANNELS_LAST(InputType.convolutional(5, 5, 2, CNN2DFormat.NHWC),
        new ConvolutionLayer.Builder(2, 2).name("conv").nOut(3).activation(Activation.RELU)
            .dataFormat(CNN2DFormat.NHWC).build(),
        new ActivationLayer.Builder().name("tanh").activation(Activation.TANH).build()),

    RECURRENT(InputType.recurrent(3, 4), new LSTM.Builder().name("lstm").nOut(4).activation(Activation.TANH).build());

    private final InputType input;
    private final Layer[] hidden;

    Layers(InputType input, Layer... hidden) {
      this.input = input;
      this.hidden = hidden;
    }

    Layer output() {
      return this == RECURRENT
          ? new RnnOutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(3).activation(Activation.SOFTMAX).build()
          : new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(3).activation(Activation.SOFTMAX).build();
    }

    DataSet batch() {
      Nd4j.getRandom().setSeed(11);
      DataType type = DataType.DOUBLE;
      INDArray labels = Nd4j.zeros(type, EXAMPLES, 3);
      for (int i = 0; i < EXAMPLES; i++) {
        labels.putScalar(i, i % 3, 1);
      }
      return switch (this) {
        case DENSE -> new DataSet(Nd4j.randn(type, EXAMPLES, 4), labels);
        case CONVOLUTION -> new DataSet(Nd4j.randn(type, EXAMPLES, 2, 5, 5), labels);
        case CHANNELS_LAST -> new DataSet(Nd4j.randn(type, EXAMPLES, 5, 5, 2), labels);
        case RECURRENT -> {
          INDArray steps = Nd4j.zeros(type, EXAMPLES, 3, 4);
          INDArray mask = Nd4j.ones(type, EXAMPLES, 4);
          for (int i = 0; i < EXAMPLES; i++) {
            for (int step = 0; step < 4; step++) {
              steps.putScalar(new int[] {i, (i + step) % 3, step}, 1);
            }
          }
          mask.putScalar(1, 3, 0);
          mask.putScalar(4, 2, 0);
          mask.putScalar(4, 3, 0);
          yield new DataSet(Nd4j.randn(type, EXAMPLES, 3, 4), steps, mask, mask.dup());
        }
      };
    }
  }

  private static Stream<Arguments> networks() {
    return Arrays.stream(Layers.values()).flatMap(layers -> Arrays.stream(Kind.values())
        .map(kind -> Arguments.of(layers, kind)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void shouldRecordTheGradientsOfTheMeanLoss(Layers layers, Kind kind) {
    DataSet batch = layers.batch();
    Trained network = new Trained(layers, kind, new Adam(0.01));
    Map<String, double[]> differences = network.copy().finiteDifferences(batch);
    record(network, batch);

    differences.forEach((tag, gradient) -> {
      assertStatistics("gradient", tag, gradient, 1e-7);
      assertHistogram("gradient/" + tag, gradient, 1e-7);
    });
    assertThat(train().histograms().keySet().stream().filter(tag -> tag.startsWith("gradient/")))
        .as("nothing else has a gradient")
        .containsExactlyInAnyOrderElementsOf(differences.keySet().stream().map("gradient/"::concat).toList());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void shouldRecordWhatWasSubtracted(Layers layers, Kind kind) {
    DataSet batch = layers.batch();
    Trained network = new Trained(layers, kind, new Adam(0.01));
    Map<String, double[]> before = network.parameters();
    record(network, batch);

    Map<String, double[]> after = network.parameters();
    assertThat(after).hasSizeGreaterThan(3);
    after.forEach((tag, parameter) -> {
      double[] update = new double[parameter.length];
      Arrays.setAll(update, i -> before.get(tag)[i] - parameter[i]);
      assertHistogram("update/" + tag, update, 1e-12);
      assertStatistics("update", tag, update, 1e-9);
      assertStatistics("parameter", tag, parameter, 1e-9);
      if (magnitude(parameter) != 0) {
        assertThat((double) scalar("update_ratio_log10/" + tag))
            .isCloseTo(Math.log10(magnitude(update) / magnitude(parameter)), within(1e-5));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("networks")
  void shouldRecordWhatEachHiddenLayerPutsOut(Layers layers, Kind kind) {
    DataSet batch = layers.batch();
    Trained network = new Trained(layers, kind, new Sgd(0.01));
    Map<String, double[]> outputs = network.copy().feedForward(batch);
    record(network, batch);

    assertThat(outputs).hasSize(layers.hidden.length);
    outputs.forEach((layer, output) -> {
      double mean = Arrays.stream(output).average().orElseThrow();
      double variance = Arrays.stream(output).map(value -> (value - mean) * (value - mean)).average().orElseThrow();
      assertHistogram("layer_" + layer + "/activation", output, 1e-12);
      assertThat((double) scalar("output_mean/" + layer)).isCloseTo(mean, within(1e-6));
      assertThat((double) scalar("output_stdev/" + layer)).isCloseTo(Math.sqrt(variance), within(1e-6));
    });
    assertThat(deadUnits())
        .hasSize(layers == Layers.CHANNELS_LAST ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldCountDeadReluUnits(Kind kind) {
    DataSet batch = new DataSet(Nd4j.rand(DataType.FLOAT, EXAMPLES, 2, 4, 4), labels());
    Model model = model(kind, DataType.FLOAT, new Sgd(0.001), InputType.convolutional(4, 4, 2),
        new ConvolutionLayer.Builder(2, 2).name("conv").nOut(5).activation(Activation.RELU).build(),
        new DenseLayer.Builder().name("dense").nOut(8).activation(Activation.RELU).build(),
        new DenseLayer.Builder().name("tanh").nOut(8).activation(Activation.TANH).build(),
        new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(3).activation(Activation.SOFTMAX).build());
    // far below zero for all, and far above
    parameter(model, 0, "conv", "b").assign(Nd4j.createFromArray(-100f, 100f, -100f, 100f, 100f).reshape(1, 5));
    parameter(model, 1, "dense", "b").assign(-1e6).putScalar(3, 1e6).putScalar(5, 1e6);
    record(model, batch);

    assertThat(scalar("relu_dead/conv")).isEqualTo(0.4f);
    assertThat(scalar("relu_dead/dense")).isEqualTo(0.75f);
    assertThat(train().scalars()).doesNotContainKey("relu_dead/tanh");
  }

  @Test
  void shouldCountDeadUnitsOfChannelsThatComeLast() {
    Model model = model(Kind.CHAIN, DataType.FLOAT, new Sgd(0.001), Layers.CHANNELS_LAST.input,
        new ConvolutionLayer.Builder(2, 2).name("conv").nOut(4).activation(Activation.RELU)
            .dataFormat(CNN2DFormat.NHWC).build(),
        Layers.CHANNELS_LAST.output());
    parameter(model, 0, "conv", "b").assign(Nd4j.createFromArray(-100f, 100f, 100f, 100f).reshape(1, 4));
    record(model, floats(Layers.CHANNELS_LAST.batch()));

    assertThat(scalar("relu_dead/conv")).isEqualTo(0.25f);
  }

  @Test
  void shouldCountDeadUnitsOfVoxelsWhoseChannelsComeLast() {
    Model model = model(Kind.CHAIN, DataType.FLOAT, new Sgd(0.001),
        InputType.convolutional3D(Convolution3D.DataFormat.NDHWC, 3, 3, 3, 2),
        new Deconvolution3D.Builder().name("deconv").kernelSize(2, 2, 2).stride(1, 1, 1).nOut(4)
            .activation(Activation.RELU).dataFormat(Convolution3D.DataFormat.NDHWC).build(),
        Layers.DENSE.output());
    parameter(model, 0, "deconv", "b").assign(Nd4j.createFromArray(-100f, 100f, 100f, 100f).reshape(1, 4));
    record(model, new DataSet(Nd4j.rand(DataType.FLOAT, EXAMPLES, 3, 3, 3, 2), labels()));

    assertThat(scalar("relu_dead/deconv")).isEqualTo(0.25f);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldCountNoDeadUnitsOfLayersThatDoNotApplyTheirActivationFunction(Kind kind) {
    Model model = model(kind, DataType.FLOAT, new Sgd(0.001), InputType.feedForward(4),
        new DenseLayer.Builder().name("dense").nOut(6).activation(Activation.RELU).build(),
        new DropoutLayer.Builder(0.5).name("drop").activation(Activation.RELU).build(),
        new PReLULayer.Builder().inputShape(6).name("prelu").activation(Activation.RELU).build(),
        new BatchNormalization.Builder().name("norm").activation(Activation.RELU).build(),
        autoencoder("encoder").build(),
        autoencoder("rectifier").pzxActivationFunction(Activation.RELU).build(),
        new RepeatVector.Builder<>(3).name("repeat").activation(Activation.RELU).build(),
        new RnnOutputLayer.Builder(LossFunction.MSE).name("output").nOut(3).activation(Activation.IDENTITY).build());
    record(model,
        new DataSet(Nd4j.rand(DataType.FLOAT, EXAMPLES, 4), Nd4j.rand(DataType.FLOAT, EXAMPLES, 3, 3)));

    assertThat(train().scalars()).containsKeys("output_mean/drop", "output_mean/prelu", "output_mean/norm",
        "output_mean/encoder", "output_mean/repeat");
    assertThat(deadUnits()).containsExactlyInAnyOrder("relu_dead/dense", "relu_dead/rectifier");
  }

  private static VariationalAutoencoder.Builder autoencoder(String name) {
    return new VariationalAutoencoder.Builder().name(name).nOut(3).encoderLayerSizes(5).decoderLayerSizes(5)
        .activation(Activation.RELU);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldCountDeadUnitsOfAnActivationLayerAsTheLayerInFrontHasThem(Kind kind) {
    Model model = model(kind, DataType.FLOAT, new Sgd(0.001), Layers.CHANNELS_LAST.input,
        new ConvolutionLayer.Builder(2, 2).name("conv").nOut(4).activation(Activation.IDENTITY)
            .dataFormat(CNN2DFormat.NHWC).build(),
        new BatchNormalization.Builder().name("norm").dataFormat(CNN2DFormat.NHWC).build(),
        new ActivationLayer.Builder().name("relu").activation(Activation.RELU).build(),
        Layers.CHANNELS_LAST.output());
    parameter(model, 1, "norm", "beta").assign(Nd4j.createFromArray(-100f, 100f, 100f, 100f).reshape(1, 4));
    record(model, floats(Layers.CHANNELS_LAST.batch()));

    assertThat(scalar("relu_dead/relu")).isEqualTo(0.25f);
  }

  @Test
  void shouldCountDeadUnitsOfAnActivationLayerBehindASum() {
    GraphBuilder graph = new NeuralNetConfiguration.Builder().seed(7).updater(new Sgd(0.001)).graphBuilder()
        .addInputs("in").setInputTypes(Layers.CHANNELS_LAST.input);
    for (String name : List.of("left", "right")) {
      graph.addLayer(name, new ConvolutionLayer.Builder(2, 2).nOut(4).activation(Activation.IDENTITY)
          .dataFormat(CNN2DFormat.NHWC).build(), "in");
    }
    ComputationGraph model =
        Nets.init(graph.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
            .addLayer("relu", new ActivationLayer.Builder().activation(Activation.RELU).build(), "sum")
            .addLayer("output", Layers.CHANNELS_LAST.output(), "relu").setOutputs("output").build());
    for (String name : List.of("left", "right")) {
      model.getParam(name + "_b").assign(Nd4j.createFromArray(-100f, 100f, 100f, 100f).reshape(1, 4));
    }
    record(model, floats(Layers.CHANNELS_LAST.batch()));

    assertThat(scalar("relu_dead/relu")).isEqualTo(0.25f);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldCountNoDeadUnitsWhereNothingTellsWhichTheyAre(Kind kind) {
    Model model = model(kind, DataType.FLOAT, new Sgd(0.001), Layers.CHANNELS_LAST.input,
        new ActivationLayer.Builder().name("relu").activation(Activation.RELU).build(), Layers.CHANNELS_LAST.output());
    record(model, floats(Layers.CHANNELS_LAST.batch()));

    assertThat(train().scalars()).containsKey("output_mean/relu");
    assertThat(deadUnits()).isEmpty();
  }

  private static INDArray labels() {
    return Nd4j.eye(3).castTo(DataType.FLOAT).get(Nd4j.createFromArray(0, 1, 2, 0, 1));
  }

  private static DataSet floats(DataSet batch) {
    return new DataSet(batch.getFeatures().castTo(DataType.FLOAT), batch.getLabels().castTo(DataType.FLOAT));
  }

  private List<String> deadUnits() {
    return train().scalars().keySet().stream().filter(tag -> tag.startsWith("relu_dead/")).toList();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldTrainToTheSameBitsWithEverythingOnAndOff(Kind kind) {
    Layer[] layers = {
        new DenseLayer.Builder().name("first").nOut(16).activation(Activation.RELU).dropOut(0.8).build(),
        new BatchNormalization.Builder().name("norm").build(),
        new DropoutLayer.Builder(0.5).name("drop").build(),
        new DenseLayer.Builder().name("second").nOut(8).activation(Activation.TANH).build(),
        new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(Nets.CLASSES).activation(Activation.SOFTMAX)
            .build()};
    List<INDArray> trained = new ArrayList<>();
    for (boolean on : new boolean[] {true, false}) {
      Nd4j.getRandom().setSeed(3);
      Model model = model(kind, DataType.FLOAT, new Adam(0.01), InputType.feedForward(Nets.FEATURES), layers);
      Nd4j.getRandom().setSeed(4);
      TensorBoardListener.Builder builder = TensorBoardListener.builder(logs.resolve("run"));
      try (TensorBoardListener listener = on ? everything(builder).profileIteration(3).build() : null) {
        if (on) {
          setListener(model, listener);
        }
        for (int epoch = 0; epoch < 2; epoch++) {
          if (model instanceof MultiLayerNetwork network) {
            network.fit(Nets.iterator(Nets.batches(1)));
          } else {
            ((ComputationGraph) model).fit(Nets.iterator(Nets.batches(1)));
          }
        }
      }
      trained.add(model.params().dup());
    }

    assertThat(train().scalar("gradient_norm/first/weight")).hasSize(10);
    assertThat(train().texts()).anyMatch(text -> text.contains("| second | "));
    assertThat(trained.get(0).toFloatVector()).isEqualTo(trained.get(1).toFloatVector());
  }

  @Test
  void shouldRecordAtTheFirstBatchOfEpochs() {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .gradientFrequency(Frequency.epochs(2)).updateFrequency(Frequency.iterations(4))
        .activationFrequency(Frequency.epochs(1)).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(Nets.batches(1)), 4);
    }

    assertThat(train().tensorSteps().get("gradient/hidden/weight")).containsExactly(2L, 4L);
    assertThat(train().tensorSteps().get("update/hidden/weight")).containsExactly(4L, 8L, 12L, 16L, 20L);
    assertThat(train().tensorSteps().get("layer_hidden/activation")).containsExactly(1L, 2L, 3L, 4L);
    assertThat(train().scalars().keySet()).noneMatch(tag -> tag.contains("norm"));
  }

  @Test
  void shouldRecordNothingOfItUnlessAsked() {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      network.setListeners(listener);
      network.fit(Nets.iterator(Nets.batches(1)), 2);
    }

    assertThat(train().tensorSteps().keySet()).noneMatch(tag -> tag.startsWith("gradient") || tag.startsWith("update"));
    assertThat(train().scalars().keySet()).allMatch(tag -> tag.startsWith("epoch_") || tag.startsWith("batch_"));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldLeaveFrozenLayersOut(Kind kind) {
    Model model = model(kind, DataType.FLOAT, new Sgd(0.1), InputType.feedForward(Nets.FEATURES),
        new FrozenLayer(new DenseLayer.Builder().name("frozen").nOut(6).activation(Activation.TANH).build()),
        new DenseLayer.Builder().name("trained").nOut(5).activation(Activation.RELU).build(),
        new FrozenLayerWithBackprop(new DenseLayer.Builder().name("passing").nOut(6).build()),
        new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(Nets.CLASSES).activation(Activation.SOFTMAX)
            .build());
    List<String> log = record(model, Nets.batches(1).get(0));

    assertThat(log).isEmpty();
    assertThat(train().histograms()).containsKeys("gradient/trained/weight", "gradient/output/bias",
        "update/trained/bias");
    assertThat(train().histograms().keySet()).noneMatch(tag -> tag.matches("(gradient|update)/(frozen|passing)/.*"));
  }

  @Test
  void shouldRecordWithSeveralWorkers() throws Exception {
    MultiLayerNetwork network = Nets.classifier();
    List<String> log;
    try (Log lines = new Log(logs);
        TensorBoardListener listener = everything(TensorBoardListener.builder(logs.resolve("run"))).build()) {
      ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network).workers(2).averagingFrequency(2)
          .trainingMode(ParallelWrapper.TrainingMode.AVERAGING).build();
      wrapper.setListeners(listener);
      for (int epoch = 0; epoch < 3; epoch++) {
        wrapper.fit(Nets.iterator(Nets.batches(epoch)));
      }
      wrapper.close();
      log = faults(lines);
    }

    assertThat(log).isEmpty();
    List<Long> steps = train().tensorSteps().get("gradient/hidden/weight");
    assertThat(steps).isNotEmpty().doesNotHaveDuplicates();
    assertThat(train().tensorSteps().get("update/hidden/weight")).doesNotHaveDuplicates();
  }

  @Test
  void shouldRecordTheSegmentsOfTruncatedBackpropagation() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).list()
        .layer(new LSTM.Builder().name("lstm").nIn(3).nOut(4).build())
        .layer(new RnnOutputLayer.Builder(LossFunction.MSE).name("output").nIn(4).nOut(2)
            .activation(Activation.IDENTITY).build())
        .backpropType(BackpropType.TruncatedBPTT).tBPTTLength(4).build());
    List<String> log = record(network, new DataSet(Nd4j.rand(3, 3, 10), Nd4j.rand(3, 2, 10)));

    assertThat(log).isEmpty();
    assertThat(train().tensorSteps().get("gradient/lstm/recurrent_weight")).containsExactly(1L, 2L, 3L);
    assertThat(train().histograms().get("layer_lstm/activation").get(3L).count()).isEqualTo(3 * 4 * 2);
  }

  @Test
  void shouldRecordTheGradientWithWhichASearchAlongALineBegins() {
    DataSet batch = Nets.batches(1).get(0);
    List<Map<String, List<Double>>> gradients = new ArrayList<>();
    for (OptimizationAlgorithm algorithm : List.of(OptimizationAlgorithm.LINE_GRADIENT_DESCENT,
        OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT)) {
      MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(7).optimizationAlgo(algorithm)
          .updater(new Sgd(0.1)).list().layer(Nets.hidden()).layer(Nets.output()).build());
      CountingListener passes = new CountingListener();
      List<String> log;
      try (Log lines = new Log(logs);
          TensorBoardListener listener =
              everything(TensorBoardListener.builder(logs.resolve(algorithm.name()))).build()) {
        network.setListeners(listener, passes);
        network.fit(batch);
        log = faults(lines);
      }

      assertThat(log).isEmpty();
      assertThat(passes.backward).isGreaterThan(algorithm == OptimizationAlgorithm.LINE_GRADIENT_DESCENT ? 1 : 0);
      Recorded train = Recorded.in(logs.resolve(algorithm.name()).resolve("train"));
      assertThat(train.tensorSteps().get("gradient/hidden/weight")).containsExactly(1L);
      gradients.add(train.histograms().entrySet().stream().filter(entry -> entry.getKey().startsWith("gradient/"))
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> {
            Recorded.Rows rows = entry.getValue().get(1L);
            return List.of(rows.count(), rows.min(), rows.max());
          })));
    }

    assertThat(gradients.get(0)).hasSize(4).isEqualTo(gradients.get(1));
  }

  private static final class CountingListener extends BaseTrainingListener {

    private int backward;

    @Override
    public void onBackwardPass(Model model) {
      backward++;
    }
  }

  @Test
  void shouldRecordHalfPrecision() {
    Model model = model(Kind.CHAIN, DataType.FLOAT16, new Sgd(0.1), InputType.feedForward(4), Layers.DENSE.hidden[0].clone(),
        Layers.DENSE.output());
    DataSet batch = Layers.DENSE.batch();
    List<String> log =
        record(model, new DataSet(batch.getFeatures().castTo(DataType.FLOAT16), batch.getLabels().castTo(DataType.FLOAT16)));

    assertThat(log).isEmpty();
    assertThat(train().histograms().get("gradient/first/weight").get(1L).count()).isEqualTo(24);
    assertThat(scalar("gradient_norm/first/weight")).isPositive();
  }

  /** A network whose parameters and outputs are arrays of doubles by the names that they have in tags. */
  private static final class Trained {

    private final Layers layers;
    private final Model model;

    Trained(Layers layers, Kind kind, IUpdater updater) {
      this.layers = layers;
      Layer[] all = Arrays.copyOf(layers.hidden, layers.hidden.length + 1);
      all[layers.hidden.length] = layers.output();
      this.model = model(kind, DataType.DOUBLE, updater, layers.input, all);
    }

    private Trained(Layers layers, Model model) {
      this.layers = layers;
      this.model = model;
    }

    Trained copy() {
      return new Trained(
          layers, model instanceof MultiLayerNetwork network ? network.clone() : ((ComputationGraph) model).clone());
    }

    Map<String, double[]> parameters() {
      Map<String, double[]> parameters = new LinkedHashMap<>();
      forEachParameter((tag, values) -> parameters.put(tag, values.dup('c').data().asDouble()));
      return parameters;
    }

    /** Returns what the loss changes by with each element of the parameters, without the terms of regularization. */
    Map<String, double[]> finiteDifferences(DataSet batch) {
      Map<String, double[]> differences = new LinkedHashMap<>();
      forEachParameter((tag, values) -> {
        if (tag.contains("running")) {
          return;
        }
        double[] gradient = new double[(int) values.length()];
        for (int i = 0; i < gradient.length; i++) {
          long[] index = index(values, i);
          double value = values.getDouble(index);
          values.putScalar(index, value + STEP);
          double above = loss(batch);
          values.putScalar(index, value - STEP);
          double below = loss(batch);
          values.putScalar(index, value);
          gradient[i] = (above - below) / (2 * STEP);
        }
        differences.put(tag, gradient);
      });
      return differences;
    }

    private static long[] index(INDArray values, int position) {
      long[] index = new long[values.rank()];
      long rest = position;
      for (int d = values.rank() - 1; d >= 0; d--) {
        index[d] = rest % values.size(d);
        rest /= values.size(d);
      }
      return index;
    }

    private double loss(DataSet batch) {
      if (model instanceof MultiLayerNetwork network) {
        return network.score(batch, true) - network.calcRegularizationScore(true);
      }
      ComputationGraph graph = (ComputationGraph) model;
      return graph.score(batch, true) - graph.calcRegularizationScore(true);
    }

    /** Returns what the hidden layers put out in training. */
    Map<String, double[]> feedForward(DataSet batch) {
      Map<String, double[]> outputs = new LinkedHashMap<>();
      if (model instanceof MultiLayerNetwork network) {
        network.setLayerMaskArrays(batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
        List<INDArray> all = network.feedForward(batch.getFeatures(), true);
        for (int i = 0; i < layers.hidden.length; i++) {
          outputs.put(layers.hidden[i].getLayerName(), all.get(i + 1).dup('c').data().asDouble());
        }
      } else {
        ComputationGraph graph = (ComputationGraph) model;
        if (batch.getFeaturesMaskArray() != null) {
          graph.setLayerMaskArrays(
              new INDArray[] {batch.getFeaturesMaskArray()}, new INDArray[] {batch.getLabelsMaskArray()});
        }
        Map<String, INDArray> all = graph.feedForward(batch.getFeatures(), true);
        for (Layer layer : layers.hidden) {
          outputs.put(layer.getLayerName(), all.get(layer.getLayerName()).dup('c').data().asDouble());
        }
      }
      return outputs;
    }

    private interface ParameterConsumer {
      void accept(String tag, INDArray values);
    }

    private void forEachParameter(ParameterConsumer consumer) {
      model.paramTable().forEach((key, values) -> {
        int separator = key.lastIndexOf('_');
        String layer = key.substring(0, separator);
        String name = model instanceof MultiLayerNetwork network
            ? network.getLayer(Integer.parseInt(layer)).conf().getLayer().getLayerName()
            : layer;
        consumer.accept(name + '/' + NAMES.get(key.substring(separator + 1)), values);
      });
    }
  }

  private static Model model(Kind kind, DataType type, IUpdater updater, InputType input, Layer... layers) {
    NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder().seed(7).dataType(type).updater(updater)
        .l2(0.01).gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
        .gradientNormalizationThreshold(0.01);
    if (kind == Kind.CHAIN) {
      NeuralNetConfiguration.ListBuilder list = builder.list();
      for (Layer layer : layers) {
        list.layer(layer.clone());
      }
      return Nets.init(list.setInputType(input).build());
    }
    GraphBuilder graph = builder.graphBuilder().addInputs("in").setInputTypes(input);
    String before = "in";
    for (Layer layer : layers) {
      String name = name(layer);
      graph.addLayer(name, layer.clone(), before);
      before = name;
    }
    return Nets.init(graph.setOutputs(before).build());
  }

  private static String name(Layer layer) {
    if (layer instanceof FrozenLayer frozen) {
      return frozen.getLayer().getLayerName();
    }
    return layer instanceof FrozenLayerWithBackprop frozen ? frozen.getUnderlying().getLayerName() : layer.getLayerName();
  }

  private static INDArray parameter(Model model, int index, String layer, String key) {
    return model.getParam((model instanceof MultiLayerNetwork ? String.valueOf(index) : layer) + '_' + key);
  }

  private static TensorBoardListener.Builder everything(TensorBoardListener.Builder builder) {
    Frequency always = Frequency.iterations(1);
    return builder.gradientFrequency(always).updateFrequency(always).activationFrequency(always)
        .activationImageFrequency(always).statisticsFrequency(always).histogramFrequency(always)
        .guard(Guard.report().watchingTensors());
  }

  private void record(Trained network, DataSet batch) {
    assertThat(record(network.model, batch)).isEmpty();
  }

  /** Trains a network with one batch, and returns the faults that were logged. */
  private List<String> record(Model model, DataSet batch) {
    try (Log log = new Log(logs);
        TensorBoardListener listener = everything(TensorBoardListener.builder(logs.resolve("run"))).build()) {
      setListener(model, listener);
      if (model instanceof MultiLayerNetwork network) {
        network.fit(batch);
      } else {
        ((ComputationGraph) model).fit(batch);
      }
      return faults(log);
    }
  }

  private static List<String> faults(Log log) {
    return log.lines().stream().filter(line -> line.contains("fault") || line.contains("WARN")).toList();
  }

  private static void setListener(Model model, TensorBoardListener listener) {
    if (model instanceof MultiLayerNetwork network) {
      network.setListeners(listener);
    } else {
      ((ComputationGraph) model).setListeners(listener);
    }
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private float scalar(String tag) {
    assertThat(train().scalars()).containsKey(tag);
    return train().scalar(tag).get(1L);
  }

  private void assertStatistics(String kind, String tag, double[] elements, double precision) {
    double norm = Math.sqrt(Arrays.stream(elements).map(value -> value * value).sum());
    double allowed = precision + norm * 1e-6;
    assertThat((double) scalar(kind + "_norm/" + tag)).as(kind + ' ' + tag).isCloseTo(norm, within(allowed));
    assertThat((double) scalar(kind + "_mean_magnitude/" + tag)).as(kind + ' ' + tag)
        .isCloseTo(magnitude(elements), within(allowed));
  }

  private void assertHistogram(String tag, double[] elements, double precision) {
    assertThat(train().histograms()).containsKey(tag);
    Recorded.Rows rows = train().histograms().get(tag).get(1L);
    assertThat(rows.count()).as(tag).isEqualTo(elements.length);
    assertThat(rows.min()).as(tag).isCloseTo(Arrays.stream(elements).min().orElseThrow(), within(precision));
    assertThat(rows.max()).as(tag).isCloseTo(Arrays.stream(elements).max().orElseThrow(), within(precision));
  }

  private static double magnitude(double[] elements) {
    return Arrays.stream(elements).map(Math::abs).average().orElseThrow();
  }
}
