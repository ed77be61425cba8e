package io.github.tensorboard4j.graph;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.tensorboard4j.DType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainingBuilderTest {

  private static final TensorType CLASSES = TensorType.of(DType.FLOAT, TensorShape.of(-1, 10));
  private static final TensorType EACH = TensorType.of(DType.FLOAT, TensorShape.of(-1));
  private static final TensorType SINGLE = TensorType.of(DType.FLOAT, TensorShape.SCALAR);

  private final ModelGraph.Builder builder = ModelGraph.builder();
  private final GraphScope root = builder.root();
  private Output predictions;

  @BeforeEach
  void setPredictions() {
    predictions = root.operation("Softmax").output(CLASSES).add();
  }

  @Test
  void shouldDrawTheMeanOfALossOfEachExampleAndTheOptimizerBehindIt() {
    root.training().output("output").labels(CLASSES).loss("SparseCategoricalCrossEntropy").lossType(EACH)
        .predictions(predictions).add()
        .optimizer("Sgd", Map.of("learning_rate", Attribute.of(0.1))).gradients(DType.FLOAT, 7850).add();

    ModelGraph graph = builder.build();
    assertThat(edges(graph)).containsExactly(
        "Softmax [?, 10] -> loss/CrossEntropy", "labels [?, 10] -> loss/CrossEntropy",
        "loss/CrossEntropy [?] -> loss/Mean",
        "loss/Mean [] -> SGD/gradients", "SGD/gradients [7850] -> SGD/Apply", "SGD/learning_rate [] -> SGD/Apply");
    assertThat(node(graph, "loss/CrossEntropy").op()).isEqualTo("SparseCategoricalCrossEntropy");
    assertThat(node(graph, "SGD/Apply").op()).isEqualTo("ApplySGD");
    assertThat(node(graph, "SGD/Apply").outputs().get(0).shape()).isEqualTo(TensorShape.of(7850));
  }

  @Test
  void shouldDrawALossThatIsASingleNumberAsItIs() {
    root.training().output("output").loss("SoftmaxCrossEntropy").lossType(SINGLE).predictions(predictions).add().add();

    assertThat(edges(builder.build())).containsExactly(
        "Softmax [?, 10] -> loss/CrossEntropy", "labels [?] -> loss/CrossEntropy");
  }

  @Test
  void shouldSumTheLossesOfSeveralOutputs() {
    Output value = root.operation("Identity").output(EACH).add();
    root.training()
        .output("class").labels(CLASSES).loss("CategoricalCrossEntropy").lossType(EACH).predictions(predictions).add()
        .output("value").labels(EACH).loss("MeanSquaredError").lossType(EACH).predictions(value).add()
        .optimizer("Adam", Map.of("learning_rate", Attribute.of(0.1)))
        .optimizer("Adam", Map.of("learning_rate", Attribute.of(0.01))).add();

    assertThat(edges(builder.build())).contains(
        "labels/class [?, 10] -> loss/class/CrossEntropy", "labels/value [?] -> loss/value/MeanSquaredError",
        "loss/class/Mean [] -> loss/Sum", "loss/value/Mean [] -> loss/Sum", "loss/Sum [] -> optimizer/gradients",
        "optimizer/gradients [?] -> optimizer/Adam/Apply", "optimizer/gradients [?] -> optimizer/Adam_b/Apply",
        "optimizer/Adam_b/learning_rate [] -> optimizer/Adam_b/Apply");
  }

  @Test
  void shouldHangTheOptimizerOnALossThatIsThere() {
    Output loss = root.operation("Mean", "mine").input(predictions).output(SINGLE).add();
    root.training().loss(loss).optimizer("Adam", Map.of()).gradients(DType.DOUBLE, 3).add();

    assertThat(edges(builder.build())).containsExactly(
        "Softmax [?, 10] -> mine", "mine [] -> Adam/gradients", "Adam/gradients [3] -> Adam/Apply");
  }

  @Test
  void shouldDrawNoOptimizerWithoutALoss() {
    root.training().optimizer("Adam", Map.of()).add();

    assertThat(builder.build().nodes()).hasSize(1);
  }

  @Test
  void shouldLeaveTheModelsOwnNames() {
    root.scope("loss").operation("Abs").add();
    root.operation("Identity", "labels").add();
    root.training().output("output").labels(CLASSES).loss("Mine").lossType(EACH).predictions(predictions).add()
        .optimizer("Adam", Map.of()).add();

    assertThat(edges(builder.build())).contains("labels_b [?, 10] -> loss_b/Mine", "loss_b/Mean [] -> Adam/gradients");
  }

  @Test
  void shouldRefuseToBeUsedAfterItWasAdded() {
    TrainingBuilder training = root.training().loss(predictions).optimizer("Adam", Map.of());
    training.add();
    int nodes = builder.build().nodes().size();

    assertThatIllegalStateException().isThrownBy(training::add);
    assertThatIllegalStateException().isThrownBy(() -> training.loss(predictions));
    assertThat(builder.build().nodes()).hasSize(nodes);
  }

  @Test
  void shouldDrawSettingsOfEveryKind() {
    Map<String, Attribute> settings = new LinkedHashMap<>();
    settings.put("nesterov", Attribute.of(true));
    settings.put("steps", Attribute.of(7L));
    settings.put("betas", Attribute.of(1, 2));
    settings.put("schedule", Attribute.of("cosine"));
    root.training().loss(predictions).optimizer("Mine", settings).add();

    ModelGraph graph = builder.build();
    assertThat(settings).allSatisfy(
        (name, value) -> assertThat(node(graph, "Mine/" + name).attributes()).containsEntry("value", value));
    assertThat(settings.keySet()).flatExtracting(name -> node(graph, "Mine/" + name).outputs())
        .extracting(TensorType::dtype).containsExactly(DType.BOOL, DType.INT64, DType.INT64, DType.STRING);
  }

  @Test
  void shouldRefuseATrainedOutputTwice() {
    TrainingBuilder training = root.training();
    TrainedOutputBuilder output = training.output("output");
    TrainedOutputBuilder late = training.output("late");
    output.add().add();

    List<ThrowingCallable> uses = List.of(output::add, late::add, () -> training.output("another"),
        () -> output.predictions(predictions), () -> output.labels(CLASSES), () -> output.loss("Loss"),
        () -> output.lossType(EACH));

    assertThat(uses).allSatisfy(use -> assertThatIllegalStateException().isThrownBy(use));
  }

  @Test
  void shouldRefuseALossWithoutANameAtOnce() {
    TrainingBuilder training = root.training();

    assertThatIllegalArgumentException().isThrownBy(() -> training.output("output").loss(""));
  }

  @Test
  void shouldRefuseSettingsWithNullAtOnce() {
    TrainingBuilder training = root.training();
    Map<String, Attribute> withoutValue = new HashMap<>();
    withoutValue.put("learning_rate", null);
    Map<String, Attribute> withoutName = new HashMap<>();
    withoutName.put(null, Attribute.of(0.1));

    assertThatNullPointerException().isThrownBy(() -> training.optimizer("Adam", withoutValue));
    assertThatNullPointerException().isThrownBy(() -> training.optimizer("Adam", withoutName));
  }
}
