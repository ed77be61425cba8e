package io.github.tensorboard4j.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.tensorboard4j.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NullTest {

  private static final ModelGraph.Builder GRAPH = ModelGraph.builder();
  private static final GraphScope ROOT = GRAPH.root();
  private static final Output OUTPUT = ROOT.operation("Relu").add();
  private static final ModelGraph BUILT = GRAPH.build();
  private static final OperationBuilder OPERATION = ROOT.operation("Relu");
  private static final TrainingBuilder TRAINING = ROOT.training();
  private static final TensorType TYPE = TensorType.of(DType.FLOAT, TensorShape.SCALAR);

  static List<ThrowingCallable> calls() {
    return List.of(
        () -> Attribute.of((String) null),
        () -> Attribute.of((DType) null),
        () -> Attribute.of((TensorShape) null),
        () -> Attribute.of((long[]) null),
        () -> BUILT.typeOf(null),
        () -> GRAPH.typeOf(null),
        () -> GRAPH.device(null),
        () -> GRAPH.connect(null, OUTPUT),
        () -> GRAPH.connect(OUTPUT, null),
        () -> GRAPH.order(null, OUTPUT),
        () -> GRAPH.order(OUTPUT, null),
        () -> ROOT.scope(null),
        () -> ROOT.operation(null),
        () -> ROOT.operation(null, "name"),
        () -> ROOT.operation("Relu", null),
        () -> ROOT.onlyOperation(null, "name"),
        () -> ROOT.onlyOperation(null, "a name with more than the page has room for"),
        () -> ROOT.onlyOperation("Relu", null),
        () -> ROOT.placeholder(null, DType.FLOAT, TensorShape.SCALAR),
        () -> ROOT.placeholder("name", null, TensorShape.SCALAR),
        () -> ROOT.placeholder("name", DType.FLOAT, null),
        () -> ROOT.parameter(null, "W", DType.FLOAT, TensorShape.SCALAR, true),
        () -> ROOT.parameter("weight", null, DType.FLOAT, TensorShape.SCALAR, true),
        () -> ROOT.parameter("weight", "W", null, TensorShape.SCALAR, true),
        () -> ROOT.parameter("weight", "W", DType.FLOAT, null, true),
        () -> ROOT.constant(null, 1),
        () -> NodeNames.legal(null),
        () -> OPERATION.input((Output[]) null),
        () -> OPERATION.input((Output) null),
        () -> OPERATION.after(null),
        () -> OPERATION.attribute(null, Attribute.of(1)),
        () -> OPERATION.attribute("key", null),
        () -> OPERATION.device(null),
        () -> OPERATION.output(null),
        () -> OPERATION.output(null, TensorShape.SCALAR),
        () -> OPERATION.output(DType.FLOAT, null),
        () -> TensorShape.of((long[]) null),
        () -> TensorType.of(null, TensorShape.SCALAR),
        () -> TensorType.of(DType.FLOAT, null),
        () -> TRAINING.output(null, TYPE, "Loss", TYPE, OUTPUT),
        () -> TRAINING.output("name", null, "Loss", TYPE, OUTPUT),
        () -> TRAINING.output("name", TYPE, null, TYPE, OUTPUT),
        () -> TRAINING.output("name", TYPE, "Loss", null, OUTPUT),
        () -> TRAINING.output("name", TYPE, "Loss", TYPE, (Output[]) null),
        () -> TRAINING.output("name", TYPE, "Loss", TYPE, (Output) null),
        () -> TRAINING.loss(null),
        () -> TRAINING.optimizer(null, Map.of()),
        () -> TRAINING.optimizer("Adam", null),
        () -> TRAINING.gradients(null, 1),
        () -> new UniqueNames(null),
        () -> new UniqueNames(Arrays.asList("name", null)),
        () -> new UniqueNames().claim(null));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void shouldBeRefusedEverywhere(ThrowingCallable call) {
    int before = GRAPH.build().nodes().size();

    assertThatNullPointerException().isThrownBy(call);
    assertThat(GRAPH.build().nodes()).hasSize(before);
  }
}
