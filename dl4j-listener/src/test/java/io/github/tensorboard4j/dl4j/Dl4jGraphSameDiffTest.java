package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.NameScope;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class Dl4jGraphSameDiffTest {

  @Test
  void shouldDrawTheOneWeightNeuronWithItsOptimizer() {
    SameDiff model = SameDiff.create();
    SDVariable x = model.placeHolder("x", DataType.FLOAT, 1);
    SDVariable w = model.var("w", Nd4j.createFromArray(0.8f));
    SDVariable wanted = model.constant("y_", Nd4j.createFromArray(0f));
    SDVariable error = x.mul("y", w).sub("error", wanted);
    error.mul("squared", error).sum("loss");
    model.setLossVariables("loss");
    model.setTrainingConfig(TrainingConfig.builder().updater(new Sgd(0.025)).dataSetFeatureMapping("x")
        .dataSetLabelMapping(List.of()).minimize("loss").build());

    ModelGraph graph = Dl4jGraph.of(model, Map.of("x", Nd4j.createFromArray(1f)));

    assertThat(edges(graph)).contains("x [1] -> y", "w [1] -> y", "y [1] -> error", "y_ [1] -> error",
        "error [1] -> squared", "squared [1] -> loss", "loss [] -> SGD/gradients",
        "SGD/gradients [1] -> SGD/Apply", "SGD/learning_rate [] -> SGD/Apply");
    assertThat(node(graph, "x").op()).isEqualTo("Placeholder");
    assertThat(node(graph, "w").op()).isEqualTo("Variable");
    assertThat(node(graph, "y_").op()).isEqualTo("Const");
    assertThat(node(graph, "y").op()).isEqualTo("Mul");
    assertThat(node(graph, "SGD/learning_rate").attributes().get("value")).hasToString("0.025");
  }

  @Test
  void shouldDrawTheDerivativeBesideTheFunction() {
    SameDiff model = SameDiff.create();
    SDVariable x = model.var("x", Nd4j.scalar(3f));
    model.math().square("x_squared", x).add("y", model.constant("one", Nd4j.scalar(1f)));
    model.setLossVariables("y");
    model.createGradFunction("x");

    ModelGraph graph = Dl4jGraph.of(model, Map.of());

    assertThat(edges(graph)).contains("x [] -> x_squared", "x_squared [] -> y", "one [] -> y");
    Node derivative = node(graph, "gradients/x-grad");
    assertThat(derivative.outputs().get(0).shape()).isEqualTo(TensorShape.SCALAR);
    assertThat(graph.nodes()).extracting(Node::name).containsOnlyOnce("x", "y", "x_squared");
  }

  @Test
  void shouldDrawScopesSeveralResultsAndControlFlow() {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, 4);
    try (NameScope scope = model.withNameScope("block")) {
      assertThat(scope.getName()).isEqualTo("block");
      model.split(new String[] {"left", "right"}, in, 2, 1)[1].mul("twice", 2.0);
    }
    SDVariable i = model.placeHolder("i", DataType.FLOAT);
    model.whileLoop(new String[] {"end"}, "loop", new SDVariable[] {i},
        (graph, v) -> v[0].lt(10), (graph, v) -> new SDVariable[] {v[0].add("next", 1)});

    ModelGraph graph = Dl4jGraph.of(model, Map.of("in", Nd4j.rand(3, 4), "i", Nd4j.scalar(0f)));

    Node twice = node(graph, "block/twice");
    assertThat(twice.inputs()).singleElement().satisfies(from -> {
      assertThat(graph.nodes().get(from.node()).op()).isEqualTo("Split");
      assertThat(from.index()).isEqualTo(1);
      assertThat(from.type().shape()).isEqualTo(TensorShape.of(3, 2));
    });
    assertThat(graph.nodes()).extracting(Node::op).contains("Enter", "Merge", "Switch", "NextIteration", "Exit");
    Node merge = graph.nodes().stream().filter(n -> n.op().equals("Merge")).findFirst().orElseThrow();
    assertThat(merge.inputs()).extracting(from -> graph.nodes().get(from.node()).op())
        .containsExactly("Enter", "NextIteration");
    assertThat(Dl4jGraph.of(model).nodes()).hasSameSizeAs(graph.nodes());
  }
}
