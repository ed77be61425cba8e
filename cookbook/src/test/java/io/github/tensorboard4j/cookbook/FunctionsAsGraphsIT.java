package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.GraphNode;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FunctionsAsGraphsIT {

  private static final String RUN = FunctionsAsGraphsIT.class.getSimpleName();

  @BeforeAll
  static void draw() {
    FunctionsAsGraphs.draw(Boards.logs(FunctionsAsGraphsIT.class));
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowAFunctionWithItsDerivative(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    List<GraphNode> nodes = graph(server, RUN + "/derivative");

    assertThat(nodes).extracting(GraphNode::name).contains("x", "x_squared", "one", "y", "gradients/x-grad");
    assertThat(server.awaitScalars(RUN + "/derivative", "y", 11)).element(3).extracting(ScalarPoint::value).isEqualTo(10f);
    assertThat(server.awaitScalars(RUN + "/derivative", "dy_dx", 11)).element(3).extracting(ScalarPoint::value)
        .isEqualTo(6f);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowALoop(Loader loader) {
    TensorBoardServer server = Boards.with(loader);

    assertThat(graph(server, RUN + "/loop")).extracting(GraphNode::op)
        .contains("Enter", "Merge", "Switch", "NextIteration", "Exit");
    // 3, 6, 12, ..., 192
    assertThat(text(server, RUN + "/loop", "end")).contains("192");
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowACondition(Loader loader) {
    TensorBoardServer server = Boards.with(loader);

    assertThat(graph(server, RUN + "/condition")).extracting(GraphNode::op).contains("Switch", "Merge");
    assertThat(text(server, RUN + "/condition", "absolute")).contains("it is 7");
  }

  private static String text(TensorBoardServer server, String run, String tag) {
    return server.await(tag, client -> client.texts(run, tag), texts -> !texts.isEmpty()).get(0).html();
  }

  private static List<GraphNode> graph(TensorBoardServer server, String run) {
    server.await("the graph", client -> client.graphs().keySet(), runs -> runs.contains(run));
    return server.client().graph(run);
  }
}
