package io.github.tensorboard4j.tool.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchScriptGraphTest {

  /** Two linear layers, as PyTorch's own loader takes them: {@code output(relu(hidden(x)))}. */
  private static final Path SMALL = Path.of("src/test/resources/torchscript/small.pt");

  private Path directory;

  @BeforeEach
  void setDirectory(@TempDir Path temporary) {
    directory = temporary;
  }

  @Test
  void shouldFollowTheCodeThroughTheModules() throws IOException {
    ModelGraph graph = TorchScriptGraph.read(SMALL);

    assertThat(edges(graph)).containsExactly(
        "x -> hidden/Linear", "hidden/weight -> hidden/Linear", "hidden/bias -> hidden/Linear", "hidden/Linear -> Relu",
        "Relu -> output/Linear", "output/weight -> output/Linear", "output/bias -> output/Linear");
    assertThat(graph.nodes()).filteredOn(n -> n.name().equals("hidden/weight")).singleElement().satisfies(n ->
        assertThat(n.outputs()).containsExactly(TensorType.of(DType.FLOAT, TensorShape.of(16, 8))));
  }

  @Test
  void shouldTakeTheBranchThatIsFixedAndMergeThoseThatAreNot() throws IOException {
    ModelGraph graph = TorchScriptGraph.read(with("""
        class Net(Module):
          training : bool
          def forward(self: __torch__.Net,
            x: Tensor,
            scale: Optional[float]=None) -> Tuple[Tensor, Tensor]:
            training = self.training
            if training:
              a = torch.dropout(x, 0.5, True)
            else:
              a = torch.tanh(x)
            if torch.__is__(scale, None):
              b = a
            else:
              b = torch.mul(a, scale)
            if torch.gt(torch.dim(x), 2):
              c : Tensor = torch.flatten(b, 1, -1)
            else:
              c = torch.abs_(b)
            if torch.ne(torch.dim(x), 3):
              ops.prim.RaiseException("three (3) dimensions, please", "builtins.ValueError")
            else:
              pass
            _0 = annotate(List[Tensor], [])
            for i in range(4):
              _1 = torch.append(_0, torch.add(c, i, alpha=1))
            left, right, = torch.chunk(torch.cat(_0, 1), 2)
            hidden = getattr(self, "hidden")
            return (torch.max_pool2d(left, [2, 2]), (right, (hidden).forward(x, ))[0])
        class Linear(Module):
          def forward(self: __torch__.Linear,
            x: Tensor) -> Tensor:
            return __torch__.helper(x, self.weight)
        def helper(x: Tensor,
            w: Tensor) -> Tensor:
          return torch.matmul(x, torch.t(w))
        """));

    assertThat(edges(graph)).containsExactlyInAnyOrder("x -> Tanh", "Tanh -> Flatten", "Tanh -> Abs", "Flatten -> Merge",
        "Abs -> Merge", "Merge -> Add", "Add -> Cat", "Cat -> Chunk", "hidden/weight -> hidden/T", "x -> hidden/Matmul",
        "hidden/T -> hidden/Matmul", "Chunk -> MaxPool2D");
    assertThat(graph.nodes()).filteredOn(n -> n.op().equals("Variable")).extracting(Node::name)
        .containsExactlyInAnyOrder("hidden/weight", "hidden/bias", "output/weight", "output/bias");
  }

  @Test
  void shouldRefuseWhatItCantFollow() throws IOException {
    Path text = Files.writeString(directory.resolve("text.pt"), "no archive");
    Path endless = with("""
        class Net(Module):
          def forward(self: __torch__.Net,
            x: Tensor) -> Tensor:
            return (self).forward(x, )
        """);
    assertThatThrownBy(() -> TorchScriptGraph.read(endless)).isInstanceOf(IOException.class)
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> TorchScriptGraph.read(text)).isInstanceOf(IOException.class);
    Path foreign = with("class Net(Module):\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n    return x + 1\n");
    assertThatThrownBy(() -> TorchScriptGraph.read(foreign)).isInstanceOf(IOException.class)
        .hasMessageContaining("can't be followed");
    assertThatThrownBy(() -> Unpickler.read(new byte[] {(byte) 0x80, 2, 'i', '.'})).isInstanceOf(IOException.class);
  }

  /** The small archive with other code. */
  private Path with(String code) throws IOException {
    Path file = Files.copy(SMALL, Files.createTempFile(directory, "model", ".pt"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
      Files.writeString(zip.getPath("small/code/__torch__.py"), code);
    }
    return file;
  }

  private static List<String> edges(ModelGraph graph) {
    return graph.nodes().stream().flatMap(node -> node.inputs().stream()
        .map(input -> graph.nodes().get(input.node()).name() + " -> " + node.name())).toList();
  }
}
