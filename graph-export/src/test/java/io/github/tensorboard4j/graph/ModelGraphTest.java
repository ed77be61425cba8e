package io.github.tensorboard4j.graph;

import static io.github.tensorboard4j.graph.testing.GraphDefParser.attributes;
import static io.github.tensorboard4j.graph.testing.GraphDefParser.get;
import static io.github.tensorboard4j.graph.testing.GraphDefParser.nodes;
import static io.github.tensorboard4j.graph.testing.GraphDefParser.parse;
import static io.github.tensorboard4j.graph.testing.GraphDefParser.sizes;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import io.github.tensorboard4j.DType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ModelGraphTest {

  private final ModelGraph.Builder builder = ModelGraph.builder();
  private final GraphScope root = builder.root();

  @Test
  void shouldLetTheLastOperationThatTakesDataStandForAScope() {
    Output x = root.placeholder("input", DType.FLOAT, TensorShape.of(-1, 784));
    GraphScope hidden = root.scope("hidden");
    Output product = hidden.operation("MatMul").input(x).output(DType.FLOAT, TensorShape.UNKNOWN).add();
    hidden.operation("Relu").input(product).output(DType.FLOAT, TensorShape.UNKNOWN).add();
    hidden.parameter("weight").type(TensorType.of(DType.FLOAT, TensorShape.of(784, 100))).add();
    root.scope("hidden_2").operation("MatMul").input(product).output(DType.FLOAT, TensorShape.UNKNOWN).add();
    root.operation("Flatten", "flat").input(x).output(DType.FLOAT, TensorShape.UNKNOWN).add();
    ModelGraph graph = builder.build();

    assertThat(graph.lastOperation("hidden")).contains("hidden/Relu");
    assertThat(graph.lastOperation("hidden_2")).contains("hidden_2/MatMul");
    assertThat(graph.lastOperation("flat")).contains("flat");
    assertThat(graph.lastOperation("hid")).isEmpty();
    assertThat(graph.lastOperation("input")).isEmpty();
  }

  @Test
  void shouldBeReadByGooglesParserWithNamesInputsDevicesAndShapes() {
    builder.device("/device:CPU:0");
    Output x = root.placeholder("input", DType.FLOAT, TensorShape.of(-1, 784));
    GraphScope hidden = root.scope("hidden");
    Output w = hidden.parameter("W").type(TensorType.of(DType.FLOAT, TensorShape.of(784, 100))).add();
    Output split = hidden.operation("Split").input(x, w).device("/device:GPU:1")
        .output(DType.FLOAT, TensorShape.of(-1, 50)).output(DType.HALF, TensorShape.UNKNOWN).add();
    root.operation("Exit", "end").input(split.sibling(1)).control(x).add();

    List<DynamicMessage> nodes = nodes(builder.build().toGraphDef());

    assertThat(nodes).extracting(n -> get(n, "name")).containsExactly("input", "hidden/W", "hidden/Split", "end");
    assertThat(nodes).extracting(n -> get(n, "op")).containsExactly("Placeholder", "Variable", "Split", "Exit");
    assertThat(nodes).extracting(n -> get(n, "device"))
        .containsExactly("/device:CPU:0", "/device:CPU:0", "/device:GPU:1", "/device:CPU:0");
    assertThat(get(nodes.get(2), "input")).isEqualTo(List.of("input", "hidden/W"));
    assertThat(get(nodes.get(3), "input")).isEqualTo(List.of("hidden/Split:1", "^input"));
    assertThat(outputShapes(nodes.get(0))).containsExactly(new long[] {-1, 784});
    assertThat(outputShapes(nodes.get(2))).containsExactly(new long[] {-1, 50}, null);
    assertThat(attributes(nodes.get(1)).get("dtype").getAllFields().values()).containsExactly(1);
    assertThat(sizes((DynamicMessage) get(attributes(nodes.get(1)).get("shape"), "shape"))).containsExactly(784, 100);
    assertThat(get((DynamicMessage) get(parse(builder.build().toGraphDef()), "versions"), "producer")).isEqualTo(27);
  }

  @Test
  void shouldKeepEveryKindOfAttribute() {
    root.operation("Op")
        .attribute("text", Attribute.of("grün 🌱"))
        .attribute("integer", Attribute.of(-3L))
        .attribute("real", Attribute.of(0.25))
        .attribute("flag", Attribute.of(true))
        .attribute("type", Attribute.of(DType.BFLOAT16))
        .attribute("shape", Attribute.of(TensorShape.SCALAR))
        .attribute("list", Attribute.of(1, -2, 300))
        .attribute("none", Attribute.of(new long[0]))
        .add();

    Map<String, DynamicMessage> read = attributes(nodes(builder.build().toGraphDef()).get(0));

    assertThat(get(read.get("text"), "s")).isEqualTo(ByteString.copyFromUtf8("grün 🌱"));
    assertThat(get(read.get("integer"), "i")).isEqualTo(-3L);
    assertThat(get(read.get("real"), "f")).isEqualTo(0.25f);
    assertThat(get(read.get("flag"), "b")).isEqualTo(true);
    assertThat(get(read.get("type"), "type")).isEqualTo(14);
    assertThat(sizes((DynamicMessage) get(read.get("shape"), "shape"))).isEmpty();
    assertThat(get((DynamicMessage) get(read.get("list"), "list"), "i")).isEqualTo(List.of(1L, -2L, 300L));
    assertThat(get((DynamicMessage) get(read.get("none"), "list"), "i")).isEqualTo(List.of());
    assertThat(outputShapes(nodes(builder.build().toGraphDef()).get(0))).containsExactly((long[]) null);
  }

  @Test
  void shouldCutAttributesThatThePageWouldDropAndSaySo() {
    long[] many = new long[10_000];
    var operation = root.operation("Op")
        .attribute("text", Attribute.of("ä🌱".repeat(1_000)))
        .attribute("list", Attribute.of(many));
    for (int i = 0; i < 300; i++) {
      operation.output(DType.FLOAT, TensorShape.of(-1, i));
    }
    operation.add();

    Map<String, DynamicMessage> read = attributes(nodes(builder.build().toGraphDef()).get(0));

    assertThat(read.values()).allSatisfy(a -> assertThat(a.getSerializedSize()).isBetween(100, 1024));
    assertThat(((ByteString) get(read.get("text"), "s")).toStringUtf8())
        .startsWith("ä🌱ä🌱").doesNotContain("\uFFFD").endsWith("(cut; 3,000 characters in all)");
    assertThat(((ByteString) get(read.get("list"), "s")).toStringUtf8())
        .startsWith("[0, 0, 0").endsWith("(cut; 10,000 numbers in all)");
  }

  @Test
  void shouldMakeNamesUniqueWithoutRunningNumbers() {
    root.operation("Add").add();
    root.operation("Add").add();
    root.operation("Add", "Add_b").add();
    root.operation("Add").add();
    root.scope("Add").operation("Mul").add();
    root.operation("Mul", "Add/deep").add();

    assertThat(builder.build().nodes()).extracting(Node::name)
        .doesNotHaveDuplicates()
        .startsWith("Add", "Add_b", "Add_b_b", "Add_c", "Add_d/Mul")
        .noneMatch(name -> name.matches(".*\\d"))
        .last().asString().endsWith("/deep").doesNotStartWith("Add/");
  }

  @Test
  void shouldKeepAScopeAroundASingleOperationWhoseNameThePageWouldCut() {
    root.singleOperation("MaxPool", "block/nine_char").add();
    root.singleOperation("MaxPool", "block/ten__chars").add();
    root.singleOperation("MaxPool", "block/ten__chars").add();

    assertThat(builder.build().nodes()).extracting(Node::name)
        .containsExactly("block/nine_char", "block/ten__chars/MaxPool", "block/ten__chars_b/MaxPool");
  }

  @Test
  void shouldKeepAScopeAroundASingleOperationThatThePageWouldPutIntoASeries() {
    root.singleOperation("Relu", "block/2").add();
    root.singleOperation("Relu", "block/act5").add();
    root.singleOperation("Relu", "block/2_relu").add();

    assertThat(builder.build().nodes()).extracting(Node::name)
        .containsExactly("block/2/Relu", "block/act5/Relu", "block/2_relu");
  }

  @Test
  void shouldKeepWhatTheFrameworkCallsAParameter() {
    root.scope("hidden").parameter("weight").frameworkName("W").type(TensorType.of(DType.FLOAT, TensorShape.of(8, 8)))
        .trainable(false).add();

    assertThat(builder.build().nodes()).singleElement().satisfies(node -> {
      assertThat(node.name()).isEqualTo("hidden/weight");
      assertThat(node.attributes()).hasToString("{dtype=FLOAT, shape=[8, 8], trainable=false, framework_name=W}");
    });
  }

  @Test
  void shouldNameDevicesAsTensorFlowDoes() {
    assertThat(DeviceNames.cpu()).isEqualTo("/device:CPU:0");
    assertThat(DeviceNames.gpu(1)).isEqualTo("/device:GPU:1");
    assertThatIllegalArgumentException().isThrownBy(() -> DeviceNames.gpu(-1));
  }

  @Test
  void shouldShareTheScopesWithinAName() {
    root.operation("Add", "block/one/Add").add();
    root.scope("block/two").operation("Mul").add();
    root.scope("block").operation("Sub").add();

    assertThat(builder.build().nodes()).extracting(Node::name)
        .containsExactly("block/one/Add", "block/two/Mul", "block_b/Sub");
  }

  @Test
  void shouldMakeNamesLegal() {
    assertThat(NodeNames.legal("conv 1:0/^a//b-c/-d/")).isEqualTo("conv_1_0/_a/b-c/_d");
    assertThat(NodeNames.legal("//")).isEqualTo("_");
    assertThat(NodeNames.legal("слой")).isEqualTo("____");
  }

  @Test
  void shouldCloseLoops() {
    Output enter = root.operation("Enter").add();
    Output merge = root.operation("Merge").input(enter).add();
    Output next = root.operation("NextIteration").input(merge).add();
    builder.addInput(next, merge);

    assertThat(get(nodes(builder.build().toGraphDef()).get(1), "input")).isEqualTo(List.of("Enter", "NextIteration"));
  }

  @Test
  void shouldNotChangeAfterItWasBuilt() {
    Output add = root.operation("Add").add();
    ModelGraph graph = builder.build();
    root.operation("Mul").add();

    assertThat(graph.nodes()).hasSize(1);
    assertThatThrownBy(() -> graph.nodes().get(0).inputs().add(add))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void shouldRefuseOutputsOfOtherGraphs() {
    Output own = root.operation("Add").add();
    Output foreign = ModelGraph.builder().root().operation("Add").add();

    List<ThrowingCallable> uses = List.of(
        () -> root.operation("Add").input(own, foreign), () -> root.operation("Add").control(foreign),
        () -> builder.addInput(foreign, own), () -> builder.addInput(own, foreign), () -> builder.addControl(own, foreign),
        () -> builder.addControl(foreign, own),
        () -> root.training().loss(foreign), () -> root.training().output("y").predictions(foreign));

    assertThat(uses).allSatisfy(use -> assertThatIllegalArgumentException().isThrownBy(use)
        .withMessageContaining("another graph; use the outputs that this graph's add() returned"));
  }

  @Test
  void shouldRefuseToUseAnOperationThatWasAdded() {
    OperationBuilder added = root.operation("Add");
    Output first = added.add();

    List<ThrowingCallable> uses = List.of(added::add, () -> added.input(first), () -> added.control(first),
        () -> added.output(TensorType.UNKNOWN), () -> added.device(""), () -> added.attribute("a", Attribute.of(1)));

    assertThat(uses).allSatisfy(use -> assertThatIllegalStateException().isThrownBy(use));
    assertThat(builder.build().nodes()).extracting(Node::name).containsExactly("Add");
  }

  @Test
  void shouldRefuseToUseAParameterThatWasAdded() {
    ParameterBuilder added = root.parameter("weight");
    added.add();

    List<ThrowingCallable> uses = List.of(
        added::add, () -> added.frameworkName("W"), () -> added.type(TensorType.UNKNOWN), () -> added.trainable(true));

    assertThat(uses).allSatisfy(use -> assertThatIllegalStateException().isThrownBy(use));
    assertThat(builder.build().nodes()).extracting(Node::name).containsExactly("weight");
  }

  @Test
  void shouldTakeAParameterOfWhichOnlyTheNameIsKnown() {
    root.scope("hidden").parameter("weight").add();

    assertThat(node(builder.build(), "hidden/weight").attributes())
        .hasToString("{dtype=UNKNOWN, shape=[?], trainable=true, framework_name=weight}");
  }

  @Test
  void shouldRefuseOutputsThatTheOperationDoesNotHave() {
    Output split = root.operation("Split").output(TensorType.UNKNOWN).output(TensorType.UNKNOWN).add();

    assertThat(split.sibling(1).index()).isEqualTo(1);
    assertThatIllegalArgumentException().isThrownBy(() -> split.sibling(2));
    assertThatIllegalArgumentException().isThrownBy(() -> split.sibling(-1));
  }

  @Test
  void shouldTakeAnyOutputOfAnOperationThatDeclaredNone() {
    Output unpack = root.operation("Unpack").add();
    root.operation("Relu").input(unpack.sibling(7)).add();

    assertThat(get(nodes(builder.build().toGraphDef()).get(1), "input")).isEqualTo(List.of("Unpack:7"));
    assertThat(unpack.sibling(7).type()).isEqualTo(TensorType.UNKNOWN);
    assertThat(builder.build().nodes().get(0).outputs()).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> unpack.sibling(-1));
  }

  @Test
  void shouldHaveControlEdgesApartFromInputs() {
    Output first = root.operation("Split").output(TensorType.UNKNOWN).output(TensorType.UNKNOWN).add();
    Output second = root.operation("Relu").control(first.sibling(1)).add();
    Output third = root.operation("Exit").add();
    builder.addControl(second, third);

    assertThat(builder.build().nodes()).extracting(Node::controls)
        .containsExactly(List.of(), List.of(first), List.of(second));
    assertThat(builder.build().nodes()).flatExtracting(Node::inputs).isEmpty();
    assertThat(get(nodes(builder.build().toGraphDef()).get(2), "input")).isEqualTo(List.of("^Relu"));
  }

  @Test
  void shouldReturnTheValuesOfAttributes() {
    assertThat(List.of(Attribute.of("text"), Attribute.of(-3L), Attribute.of(0.25), Attribute.of(true),
        Attribute.of(DType.HALF), Attribute.of(TensorShape.SCALAR), Attribute.of(1, 2)))
        .extracting(Attribute::value)
        .containsExactly("text", -3L, 0.25f, true, DType.HALF, TensorShape.SCALAR, List.of(1L, 2L));
    assertThat(Attribute.of(1L)).isEqualTo(Attribute.of(1L)).isNotEqualTo(Attribute.of(1.0));
  }

  @Test
  void shouldRefuseAttributesThatItMakesItself() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> root.operation("Add").attribute("_output_shapes", Attribute.of(1)));
  }

  @Test
  void shouldEncodeAHundredThousandOperations() {
    Output data = root.placeholder("input", DType.FLOAT, TensorShape.of(-1, 8));
    for (int i = 0; i < 50_000; i++) {
      GraphScope layer = root.scope("layer");
      Output w = layer.parameter("W").type(TensorType.of(DType.FLOAT, TensorShape.of(8, 8))).add();
      data = layer.operation("MatMul").input(data, w).output(DType.FLOAT, TensorShape.of(-1, 8)).add();
    }

    ByteBuffer bytes = builder.build().toGraphDef();

    assertThat(bytes.position()).isZero();
    assertThat(nodes(bytes)).hasSize(100_001).extracting(n -> get(n, "name")).doesNotHaveDuplicates();
  }

  private static List<long[]> outputShapes(DynamicMessage node) {
    DynamicMessage list = (DynamicMessage) get(attributes(node).get("_output_shapes"), "list");
    return ((List<?>) get(list, "shape")).stream().map(s -> sizes((DynamicMessage) s)).toList();
  }
}
