package io.github.tensorboard4j.tool.onnx;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.tool.input.GivenShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxGraphTest {

  /**
   * A network made with the onnx package, checked by its checker, with the shapes that its shape inference
   * found.
   */
  private static final Path CONVOLUTION = Path.of("src/test/resources/onnx/small.onnx");

  @Test
  void shouldDrawTheOperationsWithTheirParametersAndShapes() throws IOException {
    ModelGraph graph = OnnxGraph.read(CONVOLUTION, GivenShapes.NONE);

    assertThat(edges(graph)).containsExactly(
        "image [?, 1, 8, 8] -> conv1/Conv", "conv1/weight [4, 1, 3, 3] -> conv1/Conv", "conv1/bias [4] -> conv1/Conv",
        "conv1/Conv [?, 4, 8, 8] -> Relu", "Relu [?, 4, 8, 8] -> Split",
        "Split [?, 2, 8, 8] -> Add", "Split:1 [?, 2, 8, 8] -> Add",
        "Add [?, 2, 8, 8] -> Reshape", "shape [2] -> Reshape",
        "Reshape [?, 128] -> fc/Gemm", "fc/weight [10, 128] -> fc/Gemm", "fc/bias [10] -> fc/Gemm");
    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("Variable")).hasSize(4);
    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("Conv")).singleElement()
        .satisfies(n -> assertThat(n.attributes().get("pads")).hasToString("[1, 1, 1, 1]"));
  }

  @Test
  void shouldDrawBranchesWithTheOuterParametersThatTheyRead() throws IOException {
    ModelGraph graph = OnnxGraph.read(Path.of("src/test/resources/onnx/branches.onnx"), GivenShapes.NONE);

    assertThat(edges(graph)).containsExactlyInAnyOrder(
        "cond [] -> choose", "x [?, 4] -> choose_then_branch/layer/MatMul",
        "choose_then_branch/layer/weight [4, 3] -> choose_then_branch/layer/MatMul",
        "choose_then_branch/layer/MatMul [?, 3] -> choose", "choose_else_branch/three [3] -> choose_else_branch/Expand",
        "choose_else_branch/size [2] -> choose_else_branch/Expand", "choose_else_branch/Expand [2, 3] -> choose",
        "choose [?, 3] -> Relu");
    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("Variable")).hasSize(1);
  }

  @Test
  void shouldRefuseOtherFiles(@TempDir Path directory) throws IOException {
    Path text = Files.writeString(directory.resolve("model.onnx"), "this is no model");
    Path half = Files.write(directory.resolve("half.onnx"), Arrays.copyOf(Files.readAllBytes(CONVOLUTION), 700));

    assertThatThrownBy(() -> OnnxGraph.read(text, GivenShapes.NONE)).isInstanceOf(IOException.class)
        .hasMessageContaining("ONNX");
    assertThatThrownBy(() -> OnnxGraph.read(half, GivenShapes.NONE)).isInstanceOf(IOException.class)
        .hasMessageContaining("ONNX");
    assertThatThrownBy(() -> OnnxGraph.read(Files.createFile(directory.resolve("empty.onnx")), GivenShapes.NONE))
        .isInstanceOf(IOException.class).hasMessageContaining("ONNX");
  }
}
