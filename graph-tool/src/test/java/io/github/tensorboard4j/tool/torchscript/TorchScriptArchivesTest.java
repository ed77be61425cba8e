package io.github.tensorboard4j.tool.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.tool.input.GivenShapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The graphs of archives that torch has made, against what torch itself says of them. */
class TorchScriptArchivesTest {

  private static final Path ARCHIVES = Path.of("src/test/resources/torchscript");

  /** What {@code make_fixtures.py} has asked torch. */
  private static JsonNode facts(String archive) throws IOException {
    return new ObjectMapper().readTree(ARCHIVES.resolve(archive + ".json").toFile());
  }

  @ParameterizedTest
  @ValueSource(strings = {"scripted-perceptron", "traced-perceptron", "scripted-convolutional", "traced-convolutional",
      "scripted-control-flow", "scripted-recurrent", "traced-recurrent", "scripted-attention", "traced-attention",
      "scripted-containers", "scripted-detecting", "traced-loop", "scripted-types", "scripted-training",
      "frozen-convolutional"})
  void shouldDrawTheOperationsAndParametersThatTorchKnows(String archive) throws IOException {
    ModelGraph graph = TorchScriptGraph.read(ARCHIVES.resolve(archive + ".pt"), GivenShapes.NONE);

    assertThat(parameters(graph)).isEqualTo(parameters(facts(archive)));
    assertThat(operations(graph)).isEqualTo(operations(facts(archive)));
  }

  private static Map<String, String> parameters(ModelGraph graph) {
    Map<String, String> parameters = new TreeMap<>();
    graph.nodes().stream().filter(node -> node.op().equals("Variable")).forEach(node -> {
      String name = node.attributes().get("framework_name").toString();
      assertThat(node.name().replaceAll("(?<=^|/)(\\d+)_\\w+", "$1")).isEqualTo(name.replace('.', '/'));
      parameters.put(name, node.outputs().get(0) + " " + node.attributes().get("trainable"));
    });
    return parameters;
  }

  private static Map<String, String> parameters(JsonNode facts) {
    Map<String, String> parameters = new TreeMap<>();
    facts.get("parameters").properties().forEach(parameter -> {
      if (parameter.getKey().endsWith("num_batches_tracked") && !facts.get("operations").has("add_")) {
        return; // only training counts its batches
      }
      JsonNode shape = parameter.getValue().get("shape");
      parameters.put(parameter.getKey(),
          dtype(parameter.getValue().get("dtype").asText()) + " "
              + IntStream.range(0, shape.size()).map(i -> shape.get(i).asInt()).boxed().toList()
              + " " + parameter.getValue().get("trained").asBoolean());
    });
    return parameters;
  }

  private static DType dtype(String torch) {
    return switch (torch) {
      case "float32" -> DType.FLOAT;
      case "float64" -> DType.DOUBLE;
      case "float16" -> DType.HALF;
      default -> DType.valueOf(torch.toUpperCase(Locale.ROOT));
    };
  }

  private static Map<String, Integer> operations(ModelGraph graph) {
    Map<String, Integer> counts = new TreeMap<>();
    graph.nodes().stream().filter(TorchScriptArchivesTest::isOperation)
        .forEach(node -> counts.merge(node.op().toLowerCase(Locale.ROOT), 1, Integer::sum));
    return counts;
  }

  private static Map<String, Integer> operations(JsonNode facts) {
    Map<String, Integer> counts = new TreeMap<>();
    facts.get("operations").properties().stream().filter(operation -> !operation.getKey().equals("requires_grad_"))
        .forEach(operation -> counts.merge(operation.getKey().replace("_", ""), operation.getValue().asInt(), Integer::sum));
    return counts;
  }

  /** Whether the node takes tensors as torch's operation does; those without make tensors of numbers. */
  private static boolean isOperation(Node node) {
    return !node.op().equals("Merge") && !node.inputs().isEmpty();
  }
}
