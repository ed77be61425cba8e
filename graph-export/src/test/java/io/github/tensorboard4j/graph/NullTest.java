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
  private static final OperationBuilder OPERATION = ROOT.operation("Relu");
  private static final TrainingBuilder TRAINING = ROOT.training();

  static List<ThrowingCallable> calls() {
    return List.of(
        () -> Attribute.of((String) null),
        () -> Attribute.of((DType) null),
        () -> Attribute.of((TensorShape) null),
        () -> Attribute.of((long[]) null),
        () -> GRAPH.device(null),
        () -> GRAPH.addInput(null, OUTPUT),
        () -> GRAPH.addInput(OUTPUT, null),
        () -> GRAPH.addControl(null, OUTPUT),
        () -> GRAPH.addControl(OUTPUT, null),
        () -> ROOT.scope(null),
        () -> ROOT.operation(null),
        () -> ROOT.operation(null, "name"),
        () -> ROOT.operation("Relu", null),
        () -> ROOT.singleOperation(null, "name"),
        () -> ROOT.singleOperation(null, "a name with more than the page has room for"),
        () -> ROOT.singleOperation("Relu", null),
        () -> ROOT.placeholder(null, DType.FLOAT, TensorShape.SCALAR),
        () -> ROOT.placeholder("name", null, TensorShape.SCALAR),
        () -> ROOT.placeholder("name", DType.FLOAT, null),
        () -> ROOT.parameter(null),
        () -> ROOT.parameter("weight").frameworkName(null),
        () -> ROOT.parameter("weight").type(null),
        () -> ROOT.constant(null, 1),
        () -> NodeNames.legal(null),
        () -> OPERATION.input((Output[]) null),
        () -> OPERATION.input((Output) null),
        () -> OPERATION.control((Output[]) null),
        () -> OPERATION.control((Output) null),
        () -> OPERATION.attribute(null, Attribute.of(1)),
        () -> OPERATION.attribute("key", null),
        () -> OPERATION.device(null),
        () -> OPERATION.output(null),
        () -> OPERATION.output(null, TensorShape.SCALAR),
        () -> OPERATION.output(DType.FLOAT, null),
        () -> TensorShape.of((long[]) null),
        () -> TensorType.of(null, TensorShape.SCALAR),
        () -> TensorType.of(DType.FLOAT, null),
        () -> TRAINING.output(null),
        () -> TRAINING.output("name").labels(null),
        () -> TRAINING.output("name").loss(null),
        () -> TRAINING.output("name").lossType(null),
        () -> TRAINING.output("name").predictions((Output[]) null),
        () -> TRAINING.output("name").predictions((Output) null),
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
