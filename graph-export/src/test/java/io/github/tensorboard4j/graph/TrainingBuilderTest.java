package io.github.tensorboard4j.graph;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.tensorboard4j.DType;
import java.util.HashMap;
import java.util.Map;
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
    root.training().output("output", CLASSES, "SparseCategoricalCrossEntropy", EACH, predictions)
        .optimizer("Sgd", Map.of("learning_rate", 0.1)).gradients(DType.FLOAT, 7850).add();

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
    root.training().output("output", TensorType.UNKNOWN, "SoftmaxCrossEntropy", SINGLE, predictions).add();

    assertThat(edges(builder.build())).containsExactly(
        "Softmax [?, 10] -> loss/CrossEntropy", "labels [?] -> loss/CrossEntropy");
  }

  @Test
  void shouldSumTheLossesOfSeveralOutputs() {
    Output value = root.operation("Identity").output(EACH).add();
    root.training()
        .output("class", CLASSES, "CategoricalCrossEntropy", EACH, predictions)
        .output("value", EACH, "MeanSquaredError", EACH, value)
        .optimizer("Adam", Map.of("learning_rate", 0.1)).optimizer("Adam", Map.of("learning_rate", 0.01)).add();

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
    root.training().output("output", CLASSES, "Mine", EACH, predictions).optimizer("Adam", Map.of()).add();

    assertThat(edges(builder.build())).contains("labels_b [?, 10] -> loss_b/Mine", "loss_b/Mean [] -> Adam/gradients");
  }

  @Test
  void shouldRefuseALossWithoutANameAtOnce() {
    TrainingBuilder training = root.training();

    assertThatIllegalArgumentException().isThrownBy(() -> training.output("output", CLASSES, "", EACH, predictions));
  }

  @Test
  void shouldRefuseSettingsWithNullAtOnce() {
    TrainingBuilder training = root.training();
    Map<String, Double> withoutValue = new HashMap<>();
    withoutValue.put("learning_rate", null);
    Map<String, Double> withoutName = new HashMap<>();
    withoutName.put(null, 0.1);

    assertThatNullPointerException().isThrownBy(() -> training.optimizer("Adam", withoutValue));
    assertThatNullPointerException().isThrownBy(() -> training.optimizer("Adam", withoutName));
  }
}
