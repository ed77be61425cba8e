package io.github.tensorboard4j.dl4j;

import static io.github.tensorboard4j.dl4j.Nets.iterator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.offset;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.ExistingRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.evaluation.classification.EvaluationCalibration;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.classification.ROCMultiClass;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Figures of the user's own beside the listener's. */
class OwnFiguresTest {

  @TempDir
  private Path logs;

  private final List<DataSet> data = Nets.batches(1);
  private final List<DataSet> unseen = Nets.batches(2);
  private final MultiLayerNetwork network = Nets.classifier();

  @Test
  void shouldStandAtTheCurrentIterationOrEpoch() {
    try (TensorBoardListener listener = listener()) {
      network.setListeners(listener);
      for (int epoch = 1; epoch <= 2; epoch++) {
        int number = epoch;
        listener.epoch(network, () -> data.forEach(batch -> {
          network.fit(batch);
          listener.scalar("own/iteration", network.getIterationCount());
          listener.epochScalar("own/within", number);
        }));
        listener.epochScalar("own/between", -epoch);
      }
    }

    Map<Long, Float> iterations = train().scalar("own/iteration");
    assertThat(iterations).hasSize(10).allSatisfy((step, value) -> assertThat(value).isEqualTo(step.floatValue()));
    assertThat(train().scalar("own/within")).containsExactly(Map.entry(1L, 1f), Map.entry(2L, 2f));
    assertThat(train().scalar("own/between")).containsExactly(Map.entry(1L, -1f), Map.entry(2L, -2f));
  }

  @Test
  void shouldStandBeforeATrainingThatGoesOn() {
    try (TensorBoardListener listener = listener()) {
      network.setListeners(listener);
      network.fit(iterator(data), 2);
    }
    try (TensorBoardListener listener = listener()) {
      network.setListeners(listener);
      listener.scalar("own", 0.5);
      listener.scalar("own", 0.75);
      listener.epochScalar("own_epoch", 7);
      listener.evaluation(network.evaluate(iterator(unseen)));
      assertThatIllegalStateException().isThrownBy(listener::trainWriter).withMessageContaining("first iteration");
      network.fit(iterator(data), 1);
      listener.trainWriter().addText("note", "it goes on", 15);
      listener.validationWriter().addScalar("other", 1, 15);
    }

    assertThat(train().scalar("own")).containsExactly(Map.entry(10L, 0.75f));
    assertThat(train().scalar("own_epoch")).containsExactly(Map.entry(2L, 7f));
    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(train().events()).filteredOn(event -> event.isSessionStart())
        .last()
        .satisfies(start -> assertThat(start.step()).isEqualTo(11));
    assertThat(train().texts()).contains("it goes on");
    assertThat(validation().scalar("epoch_f1").keySet()).containsExactly(2L);
    assertThat(validation().scalar("other")).hasSize(1);
  }

  @Test
  void shouldLetTextsStandBeforeATrainingThatIsTheFirstOfItsRun() {
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .existingRun(ExistingRun.REPLACE).build()) {
      network.setListeners(listener);
      listener.trainWriter().addText("note", "before it begins", 0);
      network.fit(iterator(data), 1);
    }

    assertThat(train().texts()).contains("before it begins");
    assertThat(train().scalar("epoch_loss")).hasSize(1);
  }

  @Test
  void shouldBeLeftOutAfterTheEnd() {
    TensorBoardListener listener = listener();
    network.setListeners(listener);
    network.fit(iterator(data), 1);
    listener.close();
    listener.scalar("own", 1);
    listener.epochScalar("own", 1);
    listener.evaluation(network.evaluate(iterator(unseen)));

    assertThat(train().scalars()).doesNotContainKey("own");
    assertThat(logs.resolve("run/validation")).doesNotExist();
    assertThatIllegalStateException().isThrownBy(listener::trainWriter).withMessageContaining("has ended");
  }

  @Test
  void shouldBeRefusedUnderTheTagOfACurveThatIsRecordedAnyway() {
    try (TensorBoardListener listener = listener()) {
      assertThatIllegalArgumentException().isThrownBy(() -> listener.scalar("batch_loss", 1))
          .withMessageContaining("another tag");
      assertThatIllegalArgumentException().isThrownBy(() -> listener.epochScalar("epoch_loss", 1));
    }
  }

  @Test
  void shouldBeRefusedWithoutATag() {
    try (TensorBoardListener listener = listener()) {
      assertThatIllegalArgumentException().isThrownBy(() -> listener.scalar(" ", 1));
      assertThatIllegalArgumentException().isThrownBy(() -> listener.epochScalar("", 1));
    }
  }

  @Test
  void shouldBeRefusedAtOnceWithATagThatIsTooLong() {
    try (TensorBoardListener listener = listener()) {
      assertThatIllegalArgumentException().isThrownBy(() -> listener.scalar("x".repeat(100_000), 1))
          .withMessageContaining("at most");
      assertThatIllegalArgumentException().isThrownBy(() -> listener.epochScalar("x".repeat(100_000), 1))
          .withMessageContaining("at most");
    }
  }

  @Test
  void shouldLeaveTheHistogramsOfOtherParametersWhereItTakesTheTagOfOne() {
    try (TensorBoardListener listener = listener()) {
      network.setListeners(listener);
      listener.scalar("layer_hidden/weight", 1);
      network.fit(iterator(data), 1);
    }

    assertThat(train().histograms().keySet())
        .containsExactlyInAnyOrder("layer_hidden/bias", "layer_output/weight", "layer_output/bias");
  }

  @Test
  void shouldLeaveOutAnEvaluationOfNothing() {
    try (Log kept = new Log(logs); TensorBoardListener listener = listener()) {
      network.setListeners(listener);
      network.fit(iterator(data), 1);
      listener.evaluation(new Evaluation());
      listener.evaluation(new EvaluationBinary());
      listener.evaluation(new RegressionEvaluation());
      listener.evaluation(new ROC());
      listener.evaluation(new ROCMultiClass());
      listener.flush();

      assertThat(kept.lines()).noneMatch(line -> line.contains("ERROR"));
    }
    assertThat(logs.resolve("run/validation")).doesNotExist();
  }

  @Test
  void shouldHaveWhatAnEvaluationOfEachEpochHasFoundOut() {
    Evaluation evaluation = null;
    try (TensorBoardListener listener = listener()) {
      network.setListeners(listener);
      for (int epoch = 1; epoch <= 2; epoch++) {
        network.fit(iterator(data), 1);
        evaluation = network.evaluate(iterator(unseen));
        listener.evaluation(evaluation);
        listener.evaluation(network.evaluateROCMultiClass(iterator(unseen), 0));
        listener.evaluation(new EvaluationCalibration());
      }
    }

    Map<String, Map<Long, Float>> figures = validation().scalars();
    assertThat(figures.keySet()).containsExactlyInAnyOrder("epoch_accuracy", "epoch_precision", "epoch_recall", "epoch_f1",
        "epoch_mcc", "epoch_auc", "epoch_auprc");
    assertThat(figures.get("epoch_accuracy").keySet()).containsExactly(1L, 2L);
    assertThat(figures.get("epoch_accuracy").get(2L)).isEqualTo((float) evaluation.accuracy());
    assertThat(figures.get("epoch_f1").get(2L)).isEqualTo((float) evaluation.f1());
    assertThat(figures.get("epoch_precision").get(2L)).isEqualTo((float) evaluation.precision());
    assertThat(figures.get("epoch_recall").get(2L)).isEqualTo((float) evaluation.recall());
    ROCMultiClass roc = network.evaluateROCMultiClass(iterator(unseen), 0);
    assertThat(figures.get("epoch_auc").get(2L)).isEqualTo((float) roc.calculateAverageAUC());
  }

  @Test
  void shouldHaveWhatAnEvaluativeListenerHasFoundOut() {
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .validationData(iterator(unseen)).build()) {
      EvaluativeListener evaluative =
          new EvaluativeListener(iterator(unseen), 1, InvocationType.EPOCH_END, new Evaluation(), new ROCMultiClass());
      evaluative.setCallback(
          (source, model, count, evaluations) -> Arrays.stream(evaluations).forEach(listener::evaluation));
      network.setListeners(evaluative, listener);
      network.fit(iterator(data), 3);
    }

    assertThat(validation().scalar("epoch_f1").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(validation().scalar("epoch_auc").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(validation().scalar("epoch_accuracy").get(3L))
        .isEqualTo((float) network.evaluate(iterator(unseen)).accuracy());
    assertThat(validation().events()).flatExtracting(event -> event.values()).filteredOn(value -> value.tag().equals(
        "epoch_accuracy")).as("measured by the listener").hasSize(3);
  }

  @Test
  void shouldHaveWhatAnEvaluationHasFoundOutWhereThereAreNoEpochs() {
    try (TensorBoardListener listener = listener()) {
      network.setListeners(listener);
      data.forEach(network::fit);
      listener.evaluation(network.evaluate(iterator(unseen)));
    }

    assertThat(validation().scalar("batch_f1").keySet()).containsExactly(5L);
    assertThat(validation().scalar("batch_accuracy"))
        .containsExactly(Map.entry(5L, (float) network.evaluate(iterator(unseen)).accuracy()));
  }

  @Test
  void shouldHaveTheErrorsOfARegressionAndTheFiguresOfABinaryClassifier() {
    INDArray labels = Nd4j.rand(50, 1).gt(0.5).castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT);
    INDArray output = Nd4j.rand(50, 1);
    RegressionEvaluation regression = new RegressionEvaluation();
    regression.eval(labels, output);
    ROC roc = new ROC();
    roc.eval(labels, output);
    EvaluationBinary binary = new EvaluationBinary();
    binary.eval(labels, output);
    MultiLayerNetwork regressor = Nets.init(new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).list()
        .layer(Nets.hidden())
        .layer(new OutputLayer.Builder(LossFunction.MSE).nIn(8).nOut(3).activation(Activation.IDENTITY).build()).build());
    try (TensorBoardListener listener = listener()) {
      regressor.setListeners(listener);
      regressor.fit(iterator(data), 1);
      listener.evaluation(regression);
      listener.evaluation(roc);
      listener.evaluation(binary);
    }

    Map<String, Map<Long, Float>> figures = validation().scalars();
    assertThat(figures.get("epoch_mae").get(1L)).isEqualTo((float) regression.averageMeanAbsoluteError());
    assertThat(figures.get("epoch_mse").get(1L)).isEqualTo((float) regression.averageMeanSquaredError());
    assertThat(figures.get("epoch_rmse").get(1L)).isEqualTo((float) regression.averagerootMeanSquaredError());
    assertThat(figures.get("epoch_r2").get(1L)).isEqualTo((float) regression.averageRSquared());
    assertThat(figures.get("epoch_auc").get(1L)).isEqualTo((float) roc.calculateAUC());
    assertThat(figures.get("epoch_accuracy").get(1L)).isCloseTo((float) binary.averageAccuracy(), offset(1e-6f));
  }

  private TensorBoardListener listener() {
    return new TensorBoardListener(logs.resolve("run"));
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private Recorded validation() {
    return Recorded.in(logs.resolve("run/validation"));
  }
}
