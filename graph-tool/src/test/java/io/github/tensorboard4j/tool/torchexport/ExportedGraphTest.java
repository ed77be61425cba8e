package io.github.tensorboard4j.tool.torchexport;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.graph.TensorShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that torch has made; {@code make_fixtures.py} beside them has the models. */
class ExportedGraphTest {

  private static final Path ARCHIVES = Path.of("src/test/resources/torchexport");

  @ParameterizedTest
  @ValueSource(strings = {"translator", "convolutional"})
  void shouldDrawTheOperationsShapesAndParametersThatTorchKnows(String archive) throws IOException {
    JsonNode facts = new ObjectMapper().readTree(ARCHIVES.resolve(archive + ".json").toFile());
    List<String> operations = new ArrayList<>();
    facts.get("operations").forEach(operation -> {
      List<String> shapes = new ArrayList<>();
      operation.get(1).forEach(shape -> shapes.add(shape(shape)));
      operations.add(operation.get(0).asText().replace("_", "") + " " + shapes);
    });
    Map<String, String> parameters = new TreeMap<>();
    facts.get("parameters").properties().stream().filter(parameter -> !parameter.getKey().endsWith("num_batches_tracked"))
        .forEach(parameter -> parameters.put(parameter.getKey(), shape(parameter.getValue())));

    ModelGraph graph = read(archive);

    List<String> drawn = new ArrayList<>();
    Map<String, String> held = new TreeMap<>();
    for (Node node : graph.nodes()) {
      List<String> shapes = node.outputs().stream().map(type -> type.shape().toString()).toList();
      if (node.op().equals("Variable")) {
        held.put(node.attributes().get("framework_name").toString(), shapes.get(0));
      } else if (!node.op().equals("Placeholder")) {
        drawn.add(node.op().toLowerCase(Locale.ROOT) + " " + shapes);
      }
    }
    assertThat(drawn).containsExactlyElementsOf(operations);
    assertThat(held).isEqualTo(parameters);
  }

  @Test
  void shouldPutEachOperationIntoItsModule() throws IOException {
    ModelGraph graph = read("convolutional");

    assertThat(edges(graph)).filteredOn(edge -> !edge.matches(".*/(weight|bias|running_\\w+) .*")).containsExactly(
        "image [?, 1, 8, 8] -> features/0_Conv2d/Conv2D",
        "features/0_Conv2d/Conv2D [?, 4, 8, 8] -> features/1_BatchNorm2d/BatchNorm",
        "features/1_BatchNorm2d/BatchNorm [?, 4, 8, 8] -> features/2_ReLU",
        "features/2_ReLU [?, 4, 8, 8] -> features/3_MaxPool2d",
        "features/3_MaxPool2d [?, 4, 4, 4] -> blocks/0_Conv2d/Conv2D", "blocks/0_Conv2d/Conv2D [?, 4, 4, 4] -> relu",
        "relu [?, 4, 4, 4] -> Add", "features/3_MaxPool2d [?, 4, 4, 4] -> Add", "Add [?, 4, 4, 4] -> blocks/1_Conv2d/Conv2D",
        "blocks/1_Conv2d/Conv2D [?, 4, 4, 4] -> relu_b", "relu_b [?, 4, 4, 4] -> Add_b", "Add [?, 4, 4, 4] -> Add_b",
        "Add_b [?, 4, 4, 4] -> Flatten", "Flatten [?, 64] -> classifier/Linear");
    assertThat(node(graph, "features/0_Conv2d/weight").attributes().get("framework_name")).hasToString("features.0.weight");
    assertThat(node(graph, "features/0_Conv2d/weight").attributes().get("trainable")).hasToString("true");
    assertThat(node(graph, "features/1_BatchNorm2d/running_mean").attributes().get("trainable")).hasToString("false");
    assertThat(node(graph, "features/0_Conv2d/Conv2D").attributes().get("padding")).hasToString("[1, 1]");
  }

  @Test
  void shouldDrawBranchesAndWhatRunsWithoutGradients() throws IOException {
    assertThat(edges(read("branching"))).containsExactlyInAnyOrder(
        "x [?, 4] -> first/Linear", "first/weight [4, 4] -> first/Linear", "first/bias [4] -> first/Linear",
        "first/Linear [?, 4] -> Mul", "constant [4] -> Mul", "x [?, 4] -> Sum", "Sum [] -> Gt",
        "Gt [] -> Cond", "x [?, 4] -> Cond", "Cond_true/Add [?, 4] -> Cond", "Cond_false/Linear [?, 4] -> Cond",
        "x [?, 4] -> Cond_true/Linear", "first/weight [4, 4] -> Cond_true/Linear", "first/bias [4] -> Cond_true/Linear",
        "Cond_true/Linear [?, 4] -> Cond_true/Add", "x [?, 4] -> Cond_false/Linear",
        "second/weight [4, 4] -> Cond_false/Linear", "second/bias [4] -> Cond_false/Linear",
        "Cond [?, 4] -> Split", "Mul [?, 4] -> Add", "shift [4] -> Add", "Split [?, 2] -> Cat", "Split:1 [?, 2] -> Cat",
        "Add [?, 4] -> Cat", "pair_0 [3] -> Add_b", "pair_1 [3] -> Add_b");
  }

  /** Before torch 2.8 the program lay at the archive's top, under another name. */
  @Test
  void shouldReadOlderArchives(@TempDir Path directory) throws IOException {
    Path older = directory.resolve("older.pt2");
    try (ZipFile zip = new ZipFile(ARCHIVES.resolve("branching.pt2").toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(older))) {
      out.putNextEntry(new ZipEntry("serialized_exported_program.json"));
      zip.getInputStream(zip.getEntry("branching/models/model.json")).transferTo(out);
    }

    assertThat(edges(ExportedGraph.read(older))).isEqualTo(edges(read("branching")));
  }

  @Test
  void shouldRefuseOtherFiles(@TempDir Path directory) throws IOException {
    Path broken = directory.resolve("broken.pt2");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(broken))) {
      out.putNextEntry(new ZipEntry("model/models/model.json"));
      out.write("{\"graph_module\": 1}".getBytes(StandardCharsets.UTF_8));
    }
    Path empty = directory.resolve("empty.pt2");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(empty))) {
      out.putNextEntry(new ZipEntry("model/data/weights"));
    }

    assertThatThrownBy(() -> ExportedGraph.read(broken)).isInstanceOf(IOException.class)
        .hasMessageContaining("can't be read");
    assertThatThrownBy(() -> ExportedGraph.read(empty)).isInstanceOf(IOException.class)
        .hasMessageContaining("no exported program");
  }

  private static ModelGraph read(String archive) throws IOException {
    return ExportedGraph.read(ARCHIVES.resolve(archive + ".pt2"));
  }

  private static String shape(JsonNode sizes) {
    List<Long> shape = new ArrayList<>();
    sizes.forEach(size -> shape.add(size.asLong()));
    return TensorShape.of(shape.stream().mapToLong(Long::longValue).toArray()).toString();
  }
}
