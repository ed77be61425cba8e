package io.github.tensorboard4j.tool.torchscript;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import io.github.tensorboard4j.tool.input.GivenShapes;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges that are drawn from archives that torch has made; {@code make_fixtures.py} beside them has the models. */
class TorchScriptGraphTest {

  private static final Path ARCHIVES = Path.of("src/test/resources/torchscript");

  private Path directory;

  @BeforeEach
  void setDirectory(@TempDir Path temporary) {
    directory = temporary;
  }

  @ParameterizedTest
  @ValueSource(strings = {"scripted-perceptron", "traced-perceptron"})
  void shouldFollowTheCodeThroughTheModules(String archive) throws IOException {
    ModelGraph graph = read(archive);

    assertThat(edges(graph)).containsExactly(
        "x [?] -> hidden/Linear", "hidden/weight [16, 8] -> hidden/Linear", "hidden/bias [16] -> hidden/Linear",
        "hidden/Linear [?] -> Relu", "Relu [?] -> output/Linear",
        "output/weight [4, 16] -> output/Linear", "output/bias [4] -> output/Linear");
    assertThat(node(graph, "hidden/weight").outputs())
        .containsExactly(TensorType.of(DType.FLOAT, TensorShape.of(16, 8)));
    assertThat(node(graph, "hidden/weight").attributes().get("framework_name")).hasToString("hidden.weight");
  }

  @Test
  void shouldTakeTheBranchThatIsFixedAndMergeThoseThatAreNot() throws IOException {
    assertThat(edges(read("scripted-control-flow"))).filteredOn(edge -> !edge.matches(".*/(weight|bias) .*"))
        .containsExactly(
            "x [?] -> step/Linear", "step/Linear [?] -> Tanh", "Tanh [?] -> step/Linear_b", "step/Linear_b [?] -> Cos",
            "Cos [?] -> Exp", "Cos [?] -> Neg", "Exp [?] -> Merge", "Neg [?] -> Merge",
            "Merge [?] -> Abs", "Abs [?] -> Max", "Max [?] -> Gt", "Merge [?] -> Div", "Div [?] -> Abs_b",
            "Abs_b [?] -> Max_b", "Max_b [?] -> Gt_b", "Div [?] -> Sum", "Sum [?] -> Gt_c",
            "Div [?] -> left/Linear", "Div [?] -> right/Linear", "left/Linear [?] -> Merge_b",
            "right/Linear [?] -> Merge_b");
  }

  @Test
  void shouldFollowTensorsThroughListsAndDictionaries() throws IOException {
    assertThat(edges(read("scripted-containers"))).containsExactly(
        "xs [?] -> MaskedFill", "mask [?] -> MaskedFill",
        "MaskedFill [?] -> first/Linear", "first/weight [4, 4] -> first/Linear",
        "MaskedFill [?] -> second/Linear", "first/weight [4, 4] -> second/Linear",
        "first/Linear [?] -> Mul", "scale [] -> Mul", "second/Linear [?] -> Add", "frozen [4] -> Add",
        "Mul [?] -> Abs", "Abs [?] -> Neg", "xs [?] -> Exp", "Zeros [?] -> Add_b", "Exp [?] -> Add_b",
        "Add [?] -> Stack", "Mul [?] -> Stack", "Neg [?] -> Stack", "Stack [?] -> Mean",
        "Mean [?] -> Add_c", "Add_b [?] -> Add_c");
  }

  @Test
  void shouldFollowAListOfImagesIntoABatchAnObjectAndADictionary() throws IOException {
    assertThat(edges(read("scripted-detecting"))).filteredOn(edge -> !edge.matches("norm/(gamma|running).*"))
        .containsExactly(
            "images [?] -> Div", "scales [?] -> Div", "Div [?] -> NewFull", "NewFull [?] -> Select", "Select [?] -> Slice",
            "Slice [?] -> Slice_b", "Slice_b [?] -> Slice_c", "Slice_c [?] -> Copy", "Div [?] -> Copy", "Copy [?] -> Flip",
            "Flip [?] -> conv/Conv2D", "conv/weight [4, 3, 3, 3] -> conv/Conv2D", "conv/bias [4] -> conv/Conv2D",
            "conv/Conv2D [?] -> norm/BatchNorm", "norm/weight [4] -> norm/BatchNorm", "norm/bias [4] -> norm/BatchNorm",
            "norm/BatchNorm [?] -> Split", "Split [?] -> Abs", "pair_a [?] -> Neg", "Abs [?] -> Add", "Neg [?] -> Add");
  }

  @Test
  void shouldLeaveOutWhatOnlyTrainingCounts() throws IOException {
    assertThat(read("scripted-convolutional").nodes()).extracting(Node::name)
        .noneMatch(name -> name.contains("num_batches"));
    assertThat(read("scripted-training").nodes()).extracting(Node::name)
        .contains("features/1_BatchNorm2d/num_batches_tracked");
  }

  @Test
  void shouldStateTheGivenShapesAtTheInputs() throws IOException {
    Path file = ARCHIVES.resolve("scripted-containers.pt");
    GivenShapes two = new GivenShapes(List.of(new long[] {1, 4}, new long[] {1, 4}));
    GivenShapes three = new GivenShapes(List.of(new long[] {1, 4}, new long[] {1, 4}, new long[] {1, 4}));

    assertThat(edges(TorchScriptGraph.read(file, two))).contains("xs [?, 4] -> MaskedFill", "mask [?, 4] -> MaskedFill");
    assertThatThrownBy(() -> TorchScriptGraph.read(file, three)).isInstanceOf(IOException.class)
        .hasMessageContaining("takes 2 inputs, but --input is given 3 times");
  }

  @Test
  void shouldDrawALoopWithinATraceOnce() throws IOException {
    assertThat(edges(read("traced-loop"))).contains(
        "linear/Linear [?] -> Add", "Add [?] -> Tanh").filteredOn(edge -> edge.endsWith("-> Add")).hasSize(2);
  }

  @Test
  void shouldFollowResultsThatSeveralWaysYield() throws IOException {
    assertThat(edges(read("scripted-attention"))).contains(
        "encoder/self_attn/NativeMultiHeadAttention [?] -> encoder/self_attn/Merge_u",
        "encoder/self_attn/Merge_t [?] -> encoder/self_attn/Merge_u",
        "encoder/self_attn/Merge_u [?] -> encoder/dropout1/Dropout", "encoder/dropout1/Dropout [?] -> encoder/Add");
  }

  @Test
  void shouldDrawTheConstantsOfAFrozenModel() throws IOException {
    assertThat(edges(read("frozen-convolutional"))).startsWith(
        "image [?] -> Conv2D", "constant [4, 1, 3, 3] -> Conv2D", "constant_b [4] -> Conv2D", "Conv2D [?] -> Relu");
  }

  @Test
  void shouldRefuseWhatItCantFollow() throws IOException {
    Path text = Files.writeString(directory.resolve("text.pt"), "no archive");
    Path endless = with("""
        class Perceptron(Module):
          def forward(self: __torch__.Perceptron,
            x: Tensor) -> Tensor:
            return (self).forward(x, )
        """);
    assertThatThrownBy(() -> TorchScriptGraph.read(endless, GivenShapes.NONE)).isInstanceOf(IOException.class)
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> TorchScriptGraph.read(text, GivenShapes.NONE)).isInstanceOf(IOException.class);
    Path foreign = with("""
        class Perceptron(Module):
          def forward(self: __torch__.Perceptron,
            x: Tensor) -> Tensor:
            return x + 1
        """);
    assertThatThrownBy(() -> TorchScriptGraph.read(foreign, GivenShapes.NONE)).isInstanceOf(IOException.class)
        .hasMessageContaining("can't be followed");
    Path pickled = with("data.pkl", new byte[] {(byte) 0x80, 2, 'i', '.'});
    assertThatThrownBy(() -> TorchScriptGraph.read(pickled, GivenShapes.NONE)).isInstanceOf(IOException.class)
        .hasMessageContaining("pickle code");
  }

  private static ModelGraph read(String archive) throws IOException {
    return TorchScriptGraph.read(ARCHIVES.resolve(archive + ".pt"), GivenShapes.NONE);
  }

  /** Torch's archive with other code, as torch would never write it. */
  private Path with(String code) throws IOException {
    return with("code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
  }

  /** Torch's archive with another content of an entry. */
  private Path with(String entry, byte[] content) throws IOException {
    Path file = Files.copy(ARCHIVES.resolve("scripted-perceptron.pt"),
        Files.createTempFile(directory, "model", ".pt"), StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
      Files.write(zip.getPath("scripted-perceptron", entry), content);
    }
    return file;
  }
}
