package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.tensorboard4j.graph.ModelGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

class NullTest {

  private static final MultiLayerNetwork CHAIN = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
      .layer(new DenseLayer.Builder().nOut(2).nIn(3).build()).build());
  private static final ComputationGraph GRAPH = new ComputationGraph(new NeuralNetConfiguration.Builder().graphBuilder()
      .addInputs("left", "right").addVertex("twice", new ScaleVertex(2), "left").allowDisconnected(true)
      .setOutputs("twice").allowNoOutput(true).build());

  @TempDir
  private static Path directory;

  static List<ThrowingCallable> calls() {
    return List.of(
        () -> Dl4jGraph.of((MultiLayerNetwork) null, InputType.feedForward(3)),
        () -> Dl4jGraph.of((ComputationGraph) null, InputType.feedForward(3)),
        () -> Dl4jGraph.of((SameDiff) null),
        () -> Dl4jGraph.of(null, Map.of()),
        () -> Dl4jGraph.of(SameDiff.create(), null),
        () -> Dl4jGraph.inputType(null, Nd4j.ones(1, 3)),
        () -> Dl4jGraph.inputType(CHAIN, null),
        () -> Dl4jGraph.inputTypes(null, Nd4j.ones(1, 3)),
        () -> Dl4jGraph.inputTypes(GRAPH, (INDArray[]) null),
        () -> Dl4jGraph.inputTypes(GRAPH, (INDArray) null),
        () -> new TensorBoardListener(null),
        () -> TensorBoardListener.builder(null),
        () -> TensorBoardListener.builder(directory).validationData((DataSetIterator) null),
        () -> TensorBoardListener.builder(directory).validationData((MultiDataSetIterator) null),
        () -> TensorBoardListener.builder(directory).validationFrequency(null),
        () -> new TensorBoardListener(directory).epoch(null, () -> {}),
        () -> new TensorBoardListener(directory).epoch(CHAIN, null),
        () -> new TensorBoardListener(directory).scalar(null, 1),
        () -> new TensorBoardListener(directory).epochScalar(null, 1),
        () -> new TensorBoardListener(directory).evaluation(null),
        () -> new TensorBoardListener(directory).end(null));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void shouldBeRefused(ThrowingCallable call) {
    assertThatNullPointerException().isThrownBy(call);
  }

  @Test
  void shouldBeAnInputThatIsNotKnown() {
    ModelGraph graph = Dl4jGraph.of(GRAPH, null, InputType.feedForward(3));

    assertThat(graph.nodes().get(0).outputs().get(0).shape().isKnown()).isFalse();
    assertThat(graph.nodes().get(1).outputs().get(0).shape().sizes()).containsExactly(-1, 3);
    assertThat(Dl4jGraph.of(GRAPH, (InputType[]) null).nodes()).hasSameSizeAs(graph.nodes());
    assertThat(Dl4jGraph.of(CHAIN, null).nodes()).isNotEmpty();
  }

  @Test
  void shouldBeTheTypeOfABatchThatIsNone() {
    assertThat(Dl4jGraph.inputType(CHAIN, Nd4j.scalar(1))).isNull();
    assertThat(Dl4jGraph.inputTypes(GRAPH, Nd4j.ones(1, 3), Nd4j.scalar(1)))
        .containsExactly(InputType.feedForward(3), null);
  }
}
