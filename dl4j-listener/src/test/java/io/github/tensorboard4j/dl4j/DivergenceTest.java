package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Divergence;
import io.github.tensorboard4j.training.Divergence.Kind;
import io.github.tensorboard4j.training.Divergence.Place;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import io.github.tensorboard4j.training.TrainingDivergedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Where the listener says that a training diverged, when something bad is planted in one place. */
class DivergenceTest {

  private static final int BAD_BATCH = 3;
  private static final String[] LAYERS = {"conv", "first", "second", "output"};

  @TempDir
  private Path logs;

  private final List<Divergence> reported = new ArrayList<>();
  private final List<DataSet> batches = Nets.batches(1);

  /** Has an infinite derivative for large outputs, though what it puts out is fine. */
  public static final class Cliff extends ActivationTanH {

    private static final long serialVersionUID = 1;

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
      Pair<INDArray, INDArray> pair = super.backprop(in, epsilon);
      pair.getFirst().putScalar(0, 0, Double.POSITIVE_INFINITY);
      return pair;
    }
  }

  private static Stream<Arguments> layersOfBothKinds() {
    return Stream.of(LAYERS).flatMap(layer -> Stream.of(false, true)
        .flatMap(graph -> Stream.of("W", "b").map(key -> Arguments.of(layer, graph, key))));
  }

  @ParameterizedTest
  @MethodSource("layersOfBothKinds")
  void shouldNameTheLayerWithABadParameter(String layer, boolean graph, String key) {
    Model model = model(graph, new Sgd(0.01), new ActivationTanH());
    INDArray parameter = parameter(model, layer, key);
    parameter.putScalar(new long[parameter.rank()], Double.NaN);
    fit(model, Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.NAN);
      assertThat(divergence.place()).isEqualTo(Place.PARAMETER);
      assertThat(divergence.layer()).isEqualTo(layer);
      assertThat(divergence.parameter()).isEqualTo(key.equals("W") ? "weight" : "bias");
      assertThat(divergence.iteration()).isEqualTo(1);
      assertThat(divergence.loss()).isNaN();
      assertThat(divergence.model()).isSameAs(model);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNameTheInput(boolean graph) {
    batches.get(BAD_BATCH - 1).getFeatures().putScalar(2, 1, Double.NaN);
    fit(model(graph, new Sgd(0.01), new ActivationTanH()), Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.INPUT);
      assertThat(divergence.layer()).isEqualTo(graph ? "in" : "input");
      assertThat(divergence.iteration()).isEqualTo(BAD_BATCH);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNameTheLabels(boolean graph) {
    batches.get(BAD_BATCH - 1).getLabels().putScalar(2, 1, Double.POSITIVE_INFINITY);
    fit(model(graph, new Sgd(0.01), new ActivationTanH()), Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.INFINITE);
      assertThat(divergence.place()).isEqualTo(Place.LABELS);
      assertThat(divergence.layer()).isEqualTo("output");
      assertThat(divergence.iteration()).isEqualTo(BAD_BATCH);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNameTheLayerWhoseGradientWentBadByWhatItsUpdateLeft(boolean graph) {
    fit(model(graph, new Sgd(0.01), new Cliff()), Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.PARAMETER);
      assertThat(divergence.layer()).isEqualTo("second");
      assertThat(divergence.iteration()).isEqualTo(2);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNameTheLayerWithABadGradientAtOnceWhereTensorsAreWatched(boolean graph) {
    Model model = model(graph, new Sgd(0.01), new Cliff());
    INDArray before = model.params().dup();
    assertThatThrownBy(() -> fit(model, Guard.stop().watchingTensors()))
        .isInstanceOfSatisfying(TrainingDivergedException.class, e -> {
          assertThat(e.divergence().place()).isEqualTo(Place.GRADIENT);
          assertThat(e.divergence().layer()).isEqualTo("second");
          assertThat(e.divergence().iteration()).isEqualTo(1);
          assertThat(e.divergence().loss()).isFinite();
        });

    assertThat(model.params()).as("not updated").isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReportParametersThatOverflowWhereTensorsAreWatched(boolean graph) {
    fit(model(graph, new Sgd(1e39), new ActivationTanH()), Guard.call(reported::add).watchingTensors());

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.PARAMETER);
      assertThat(divergence.iteration()).isEqualTo(2);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReportALossThatExplodes(boolean graph) {
    NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder().seed(7).updater(new Sgd(20));
    DenseLayer hidden =
        new DenseLayer.Builder().name("hidden").nIn(Nets.FEATURES).nOut(8).activation(Activation.IDENTITY).build();
    OutputLayer output = new OutputLayer.Builder(LossFunction.MSE).name("output").nIn(8).nOut(Nets.CLASSES)
        .activation(Activation.IDENTITY).build();
    Model model = graph
        ? Nets.init(builder.graphBuilder().addInputs("in").addLayer("hidden", hidden, "in")
            .addLayer("output", output, "hidden").setOutputs("output").build())
        : Nets.init(builder.list().layer(hidden).layer(output).build());
    fit(model, Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.EXPLODING);
      assertThat(divergence.place()).isEqualTo(Place.GRADIENT);
      assertThat(divergence.layer()).isIn("hidden", "output");
      assertThat(divergence.loss()).isFinite().isGreaterThan(1e6);
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldStopTheTrainingAndLeaveTheModelUsable(boolean graph) {
    DataSet bad = batches.get(BAD_BATCH - 1);
    bad.getFeatures().putScalar(2, 1, Double.NaN);
    Model model = model(graph, new Sgd(0.01), new ActivationTanH());
    assertThatThrownBy(() -> fit(model, Guard.stop())).isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("NaN in the batch's input").hasMessageContaining("at iteration " + BAD_BATCH);

    assertThat(train().scalar("batch_loss")).hasSize(BAD_BATCH).containsEntry((long) BAD_BATCH, Float.NaN);
    assertThat(model.params().sumNumber().doubleValue()).isFinite();
    bad.getFeatures().putScalar(2, 1, 0);
    setListener(model, null);
    fit(model);
    assertThat(model.score()).isFinite();
  }

  @Test
  void shouldThrowWhatTheConsumerThrows() {
    IllegalStateException own = new IllegalStateException("enough");
    Model model = model();
    parameter(model, "first", "W").putScalar(0, 0, Double.NaN);

    assertThatThrownBy(() -> fit(model, Guard.call(divergence -> {
      throw own;
    }))).isSameAs(own);
  }

  @Test
  void shouldWarnOnceAndRecordATextByDefault() {
    Model model = model();
    parameter(model, "first", "W").putScalar(0, 0, Double.NaN);
    List<String> log;
    try (Log lines = new Log(logs); TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      setListener(model, listener);
      fit(model);
      log = lines.lines().stream().filter(line -> line.contains("WARN") || line.contains("fault")).toList();
    }

    assertThat(log).singleElement().asString()
        .contains("NaN in the parameter first/weight at iteration 1, whose loss is NaN");
    assertThat(train().tensorSteps().get("divergence")).containsExactly(1L);
    assertThat(train().texts()).anySatisfy(text -> assertThat(text)
        .contains("**NaN in the parameter first/weight at iteration 1, whose loss is NaN**")
        .contains("| parameter | first/weight | 80 | 1 | 0 |").contains("| gradient | output/bias | 3 | 3 | 0 |"));
  }

  @Test
  void shouldReportNothingWhenAllIsWellOrTheGuardIsOff() {
    fit(model(), Guard.call(reported::add).watchingTensors());
    Model bad = model();
    parameter(bad, "first", "W").putScalar(0, 0, Double.NaN);
    fit(bad, Guard.off());

    assertThat(reported).isEmpty();
    assertThat(train().tensorSteps()).doesNotContainKey("divergence");
  }

  private static Model model() {
    return model(false, new Sgd(0.01), new ActivationTanH());
  }

  /** Returns a network of four layers, the last hidden one with the given activation function. */
  private static Model model(boolean graph, IUpdater updater, IActivation second) {
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder().seed(7).updater(updater).activation(Activation.TANH);
    ConvolutionLayer conv = new ConvolutionLayer.Builder(1, 2).name("conv").nOut(2).build();
    DenseLayer first = new DenseLayer.Builder().name("first").nOut(8).build();
    DenseLayer last = new DenseLayer.Builder().name("second").nOut(8).activation(second).build();
    OutputLayer output = new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(Nets.CLASSES)
        .activation(Activation.SOFTMAX).build();
    InputType input = InputType.convolutionalFlat(1, Nets.FEATURES, 1);
    return graph
        ? Nets.init(builder.graphBuilder().addInputs("in").addLayer("conv", conv, "in").addLayer("first", first, "conv")
            .addLayer("second", last, "first").addLayer("output", output, "second").setOutputs("output")
            .setInputTypes(input).build())
        : Nets.init(builder.list().layer(conv).layer(first).layer(last).layer(output).setInputType(input).build());
  }

  private static INDArray parameter(Model model, String layer, String key) {
    String of = model instanceof MultiLayerNetwork ? String.valueOf(List.of(LAYERS).indexOf(layer)) : layer;
    return model.getParam(of + '_' + key);
  }

  private void fit(Model model, Guard guard) {
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1)).guard(guard).build()) {
      setListener(model, listener);
      fit(model);
    }
  }

  private void fit(Model model) {
    if (model instanceof MultiLayerNetwork network) {
      network.fit(Nets.iterator(batches));
    } else {
      ((ComputationGraph) model).fit(Nets.iterator(batches));
    }
  }

  private static void setListener(Model model, TensorBoardListener listener) {
    model.setListeners(listener == null ? List.of() : List.of(listener));
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }
}
