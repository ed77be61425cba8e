package io.github.tensorboard4j.tool.onnx;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.tool.input.GivenShapes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PyTorch's exporter writes; {@code make_fixtures.py} beside the files has the models. */
class TorchExportTest {

  private static final Path FILES = Path.of("src/test/resources/onnx");

  /** How TensorBoard tells a member of a series; it folds five of them. */
  private static final Pattern NUMBERED = Pattern.compile("(.*/)?(\\D*)\\d+");

  @Test
  void shouldNameOperationsAfterTheModulesThatTheyComeFrom() throws IOException {
    assertThat(edges(read("dynamo-plain"))).startsWith(
        "x [?, 3, 8, 8] -> features/0_Conv2d/Conv", "features/0_Conv2d/weight [4, 3, 3, 3] -> features/0_Conv2d/Conv",
        "features/0_Conv2d/bias [4] -> features/0_Conv2d/Conv", "features/0_Conv2d/Conv [?, 4, 8, 8] -> features/1_ReLU")
        .endsWith("features/31_ReLU [?, 4, 8, 8] -> Reshape", "shape [2] -> Reshape",
            "Reshape [?, 256] -> classifier/Gemm", "classifier/weight [10, 256] -> classifier/Gemm",
            "classifier/bias [10] -> classifier/Gemm", "classifier/Gemm [?, 10] -> relu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamo-plain", "dynamo-translator", "dynamo-resnet18"})
  void shouldGiveNoNamesThatTensorBoardFoldsIntoASeries(String file) throws IOException {
    Map<String, Integer> members = new HashMap<>();
    for (Node node : read(file).nodes()) {
      Matcher numbered = NUMBERED.matcher(node.name());
      if (numbered.matches()) {
        members.merge(numbered.group(1) + numbered.group(2), 1, Integer::sum);
      }
    }
    assertThat(members.values()).allMatch(count -> count < 5);
  }

  @Test
  void shouldMakeAScopeOfAFunctionThatBecameSeveralOperations() throws IOException {
    ModelGraph graph = read("dynamo-translator");

    String attention = "encoder/layers/0_TransformerEncoderLayer/self_attn/";
    assertThat(edges(graph)).contains(
        attention + "linear/MatMul [7, 2, 48] -> " + attention + "linear/Add",
        attention + "linear/in_proj_bias [48] -> " + attention + "linear/Add",
        attention + "scaled_dot_product_attention/Softmax [2, 2, 7, 7] -> "
            + attention + "scaled_dot_product_attention/MatMul_b",
        "lstm/recurrent_weight [2, 32, 8] -> lstm/LSTM");
    assertThat(node(graph, attention + "linear/in_proj_bias").attributes().get("framework_name"))
        .hasToString("encoder.layers.0.self_attn.in_proj_bias");
  }

  @Test
  void shouldGiveAConvolutionWithItsNormalizationTheNameOfItsWeight() throws IOException {
    assertThat(edges(read("dynamo-resnet18"))).contains(
        "x [?, 3, 64, 64] -> conv1/Conv", "conv1/weight [64, 3, 7, 7] -> conv1/Conv", "conv1/Conv [?, 64, 32, 32] -> relu",
        "layer1/0_BasicBlock/Add [?, 64, 16, 16] -> layer1/0_BasicBlock/relu_b",
        "layer2/0_BasicBlock/downsample/0_Conv/weight [128, 64, 1, 1] -> layer2/0_BasicBlock/downsample/0_Conv/Conv");
  }

  @Test
  void shouldDrawASettingAtEachPlaceThatReadsIt() throws IOException {
    assertThat(edges(read("dynamo-translator"))).filteredOn(edge -> edge.contains("/shape"))
        .allSatisfy(edge -> assertThat(edge).matches("(.*)/shape\\w* .*-> \\1/Reshape\\w*"));
  }

  /** Exporters before torch 2.6 note the module in one entry only. */
  @Test
  void shouldReadTheNamespaceOfOlderExporters(@TempDir Path directory) throws IOException {
    byte[] newer = Files.readAllBytes(FILES.resolve("dynamo-plain.onnx"));
    String older = new String(newer, StandardCharsets.ISO_8859_1)
        .replace("pkg.torch.onnx.name_scopes", "pkg.torch.onnx.other_notes");

    ModelGraph graph =
        OnnxGraph.read(Files.write(directory.resolve("older.onnx"), older.getBytes(StandardCharsets.ISO_8859_1)),
            GivenShapes.NONE);

    assertThat(edges(graph)).isEqualTo(edges(read("dynamo-plain")));
  }

  private static ModelGraph read(String file) throws IOException {
    return OnnxGraph.read(FILES.resolve(file + ".onnx"), GivenShapes.NONE);
  }
}
