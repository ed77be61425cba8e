package io.github.tensorboard4j.tool.onnx;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedInputStream;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.tool.input.GivenShapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes that are inferred, against those that the onnx package infers and computes. */
class ShapeInferenceTest {

  private static final Path FILES = Path.of("src/test/resources/onnx");

  /** Operators without a rule for some or all of their outputs. */
  private static final Set<String> WITHOUT_RULE = Set.of("AffineGrid", "Attention", "BitCast", "CausalConvWithState",
      "CenterCropPad", "Col2Im", "DFT", "DeformConv", "Det", "Einsum", "ImageDecoder", "LinearAttention", "MaxUnpool",
      "NegativeLogLikelihoodLoss", "OptionalGetElement", "OptionalHasElement", "STFT", "SoftmaxCrossEntropyLoss", "SwiGLU",
      "TfIdfVectorizer", "Unique");

  @ParameterizedTest
  @ValueSource(strings = {"legacy-translator", "legacy-mobilenet"})
  void shouldInferWhatOnnxItselfInfers(String file) throws IOException {
    Map<String, TensorShape> expected = expected(file);
    Map<String, TensorShape> inferred = shapes(model(file));

    assertThat(expected).hasSizeGreaterThan(100)
        .allSatisfy((name, shape) -> assertThat(fitting(shape, inferred.get(name))).as(name).isEqualTo(inferred.get(name)));
  }

  @Test
  void shouldInferTheShapesThatTheOperatorsHaveWhenTheyRun() throws IOException {
    Map<String, TensorShape> computed = expected("operators");
    OnnxModel model = model("operators");
    Map<String, TensorShape> inferred = shapes(model);
    Set<String> unknown = new HashSet<>();
    int known = 0;
    for (OnnxModel.Operation operation : model.operations) {
      for (String output : operation.outputs.stream().filter(computed::containsKey).toList()) {
        TensorShape shape = inferred.get(output);
        if (shape.isKnown()) {
          known++;
          assertThat(fitting(shape, computed.get(output))).as(output).isEqualTo(computed.get(output));
        } else {
          unknown.add(operation.op);
        }
      }
    }

    assertThat(unknown).isSubsetOf(WITHOUT_RULE);
    assertThat(known).isGreaterThan(900);
  }

  @Test
  void shouldStandOnTheEdges() throws IOException {
    assertThat(edges(OnnxGraph.read(FILES.resolve("legacy-mobilenet.onnx"), GivenShapes.NONE)))
        .contains("avgpool/GlobalAveragePool [?, 576, 1, 1] -> Flatten",
            "classifier/classifier.3/weight [1000, 1024] -> classifier/classifier.3/Gemm")
        .noneMatch(edge -> edge.contains(" [?] -> "));
  }

  @Test
  void shouldReckonWithTheShapesThatAreGiven() throws IOException {
    Path file = FILES.resolve("legacy-mobilenet.onnx");

    assertThat(edges(OnnxGraph.read(file, new GivenShapes(List.of(new long[] {1, 3, 32, 64})))))
        .contains("image [?, 3, 32, 64] -> features/features.0/features.0.0/Conv",
            "features/features.0/features.0.0/Conv [?, 16, 16, 32] -> features/features.0/features.0.2/HardSwish");
    assertThatThrownBy(() -> OnnxGraph.read(file, new GivenShapes(List.of(new long[] {1, 4, 32, 64}))))
        .isInstanceOf(IOException.class)
        .hasMessage("the model's input image has the shape [?, 3, ?, 64], but --input is 1x4x32x64");
    assertThatThrownBy(() -> OnnxGraph.read(file, new GivenShapes(List.of(new long[] {1, 3, 32, 64}, new long[] {1}))))
        .isInstanceOf(IOException.class).hasMessage("the model takes 1 input, but --input is given 2 times");
  }

  /** The shape, with the other's sizes where it has none. */
  private static TensorShape fitting(TensorShape shape, TensorShape other) {
    return shape.rank() != other.rank() ? shape : TensorShape.of(IntStream.range(0, shape.rank())
        .mapToLong(i -> shape.size(i) < 0 ? other.size(i) : shape.size(i)).toArray());
  }

  private static OnnxModel model(String file) throws IOException {
    try (InputStream in = Files.newInputStream(FILES.resolve(file + ".onnx"))) {
      return OnnxModel.read(CodedInputStream.newInstance(in));
    }
  }

  private static Map<String, TensorShape> shapes(OnnxModel model) {
    ShapeInference.infer(model);
    Map<String, TensorShape> shapes = new TreeMap<>();
    model.initializers.forEach((name, constant) -> shapes.put(name, constant.type().shape()));
    model.types.forEach((name, type) -> shapes.put(name, type.shape()));
    return shapes;
  }

  /** What {@code make_fixtures.py} has asked the onnx package. */
  private static Map<String, TensorShape> expected(String file) throws IOException {
    Map<String, TensorShape> shapes = new TreeMap<>();
    for (Map.Entry<String, JsonNode> value : new ObjectMapper().readTree(FILES.resolve(file + ".json").toFile())
        .properties()) {
      JsonNode sizes = value.getValue();
      shapes.put(value.getKey(),
          TensorShape.of(IntStream.range(0, sizes.size()).mapToLong(i -> sizes.get(i).asLong()).toArray()));
    }
    return shapes;
  }
}
