package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testkit.GraphNode;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearningNeuronIT {

  private static final String RUN = LearningNeuronIT.class.getSimpleName();

  private static double answer;

  @BeforeAll
  static void train() {
    answer = LearningNeuron.train(Boards.logs(LearningNeuronIT.class));
  }

  @Test
  void shouldAnswerAlmostNothingInTheEnd() {
    // the weight loses a twentieth at each of 101 updates
    assertThat(answer).isCloseTo(0.8 * Math.pow(0.95, 101), within(1e-6));
    assertThat(String.format("%.4f", answer)).isEqualTo("0.0045");
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowHowItGetsThere(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    List<ScalarPoint> y = server.awaitScalars(RUN, "y", 101);
    List<ScalarPoint> loss = server.awaitScalars(RUN, "loss", 101);

    for (int step = 0; step <= 100; step++) {
      double expected = 0.8 * Math.pow(0.95, step);
      assertThat(y.get(step).step()).isEqualTo(step);
      assertThat((double) y.get(step).value()).isCloseTo(expected, within(1e-5));
      assertThat((double) loss.get(step).value()).isCloseTo(expected * expected, within(1e-5));
    }
    assertThat(server.awaitScalars(RUN, "w", 101)).extracting(ScalarPoint::value)
        .isEqualTo(y.stream().map(ScalarPoint::value).toList());
    assertThat(server.awaitScalars(RUN, "x", 101)).extracting(ScalarPoint::value).containsOnly(1f);
    assertThat(server.awaitScalars(RUN, "y_", 101)).extracting(ScalarPoint::value).containsOnly(0f);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowTheGraphWithItsTraining(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    server.await("the graph", client -> client.graphs().keySet(), runs -> runs.contains(RUN));
    List<GraphNode> nodes = server.client().graph(RUN);

    assertThat(nodes).extracting(GraphNode::name)
        .contains("neuron/x", "loss/y_", "neuron/w", "neuron/y", "loss/error", "loss/squared", "SGD/gradients", "SGD/Apply");
    assertThat(node(nodes, "neuron/y").inputs()).containsExactlyInAnyOrder("neuron/x", "neuron/w");
    assertThat(node(nodes, "loss/error").inputs()).containsExactlyInAnyOrder("neuron/y", "loss/y_");
    assertThat(node(nodes, "SGD/gradients").inputs()).containsExactly("loss/squared");
  }

  private static GraphNode node(List<GraphNode> nodes, String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }
}
