package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Divergence;
import io.github.tensorboard4j.training.Divergence.Kind;
import io.github.tensorboard4j.training.Divergence.Place;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import io.github.tensorboard4j.training.TrainingDivergedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Where the listener says that the training of a SameDiff model diverged, when something bad is planted in one place. */
@Timeout(300)
class SameDiffDivergenceTest {

  private static final int BAD_BATCH = 3;

  @TempDir
  private Path logs;

  private final List<Divergence> reported = new ArrayList<>();
  private final List<DataSet> batches = Nets.batches(1);

  @ParameterizedTest
  @ValueSource(strings = {"hidden/w", "hidden/b", "output/w", "output/b"})
  void shouldNameTheVariableThatIsBad(String name) {
    SameDiff model = SameDiffNets.classifier(new Sgd(0.01));
    INDArray variable = SameDiffNets.values(model, name);
    variable.putScalar(new long[variable.rank()], Double.NaN);
    fit(model, Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.NAN);
      assertThat(divergence.place()).isEqualTo(Place.PARAMETER);
      assertThat(divergence.layer() + '/' + divergence.parameter()).isEqualTo(name);
      assertThat(divergence.iteration()).isEqualTo(1);
      assertThat(divergence.loss()).isNaN();
      assertThat(divergence.model()).isSameAs(model);
    });
  }

  @Test
  void shouldNameTheInput() {
    batches.get(BAD_BATCH - 1).getFeatures().putScalar(2, 1, Double.NaN);
    fit(SameDiffNets.classifier(new Sgd(0.01)), Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.place()).isEqualTo(Place.INPUT);
      assertThat(divergence.layer()).isEqualTo("in");
      assertThat(divergence.iteration()).isEqualTo(BAD_BATCH);
    });
  }

  @Test
  void shouldNameTheLabels() {
    batches.get(BAD_BATCH - 1).getLabels().putScalar(2, 1, Double.POSITIVE_INFINITY);
    fit(SameDiffNets.classifier(new Sgd(0.01)), Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.INFINITE);
      assertThat(divergence.place()).isEqualTo(Place.LABELS);
      assertThat(divergence.layer()).isEqualTo("label");
      assertThat(divergence.iteration()).isEqualTo(BAD_BATCH);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second", "third"})
  void shouldNameTheOperationWhoseResultIsBad(String bad) {
    fit(logarithms(bad), Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.INFINITE);
      assertThat(divergence.place()).isEqualTo(Place.ACTIVATION);
      assertThat(divergence.layer()).isEqualTo(bad + "/log");
      assertThat(divergence.iteration()).isEqualTo(1);
    });
  }

  /** Returns a model of three layers, in one of which the logarithm of zero is taken. */
  private static SameDiff logarithms(String bad) {
    SameDiff model = SameDiff.create();
    SDVariable last = model.placeHolder("in", DataType.FLOAT, -1, Nets.FEATURES);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, Nets.CLASSES);
    for (String layer : List.of("first", "second", "third")) {
      SDVariable w = model.var(layer + "/w", Nd4j.ones(DataType.FLOAT, layer.equals("first") ? Nets.FEATURES : 3, 3));
      SDVariable square = model.math().square(layer + "/square", last.mmul(layer + "/product", w));
      double offset = layer.equals(bad) ? 0 : 1;
      last = model.math().log(layer + "/log", square.mul(layer + "/scaled", offset).add(layer + "/shifted", offset));
    }
    model.loss().meanSquaredError("loss", label, last, null);
    model.setLossVariables("loss");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.01)).build());
    return model;
  }

  @Test
  void shouldReportALossThatExplodes() {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, Nets.FEATURES);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, Nets.CLASSES);
    SDVariable w = model.var("w", Nd4j.ones(DataType.FLOAT, Nets.FEATURES, Nets.CLASSES));
    model.loss().meanSquaredError("loss", label, in.mmul(w), null);
    model.setLossVariables("loss");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(200)).build());
    fit(model, Guard.call(reported::add));

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.EXPLODING);
      assertThat(divergence.place()).isEqualTo(Place.LOSS);
      assertThat(divergence.loss()).isFinite().isGreaterThan(1e6);
    });
  }

  @Test
  void shouldStopBeforeAnythingIsUpdatedAndLeaveTheModelUsable() {
    DataSet bad = batches.get(0);
    bad.getFeatures().putScalar(2, 1, Double.NaN);
    SameDiff model = SameDiffNets.classifier(new Sgd(0.01));
    Map<?, ?> evaluations = model.getTrainingConfig().getTrainEvaluations();
    assertThatThrownBy(() -> fit(model, Guard.stop())).isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("NaN in the batch's input in at iteration 1");

    SameDiff twin = SameDiffNets.classifier(new Sgd(0.01));
    for (String name : SameDiffNets.PARAMETERS) {
      assertThat(SameDiffNets.values(model, name)).as(name).isEqualTo(SameDiffNets.values(twin, name));
    }
    assertThat(train().scalar("batch_loss")).containsExactly(Map.entry(1L, Float.NaN));
    assertThat(model.getTrainingConfig().getTrainEvaluations()).isSameAs(evaluations);
    bad.getFeatures().putScalar(2, 1, 0);
    model.setListeners();
    model.fit(Nets.iterator(batches), 1);
    assertThat(SameDiffNets.values(model, "hidden/w").sumNumber().doubleValue()).isFinite();
  }

  @Test
  void shouldNameABadGradientBeforeItIsAnUpdateWhereTensorsAreWatched() {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, Nets.FEATURES);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, Nets.CLASSES);
    SDVariable w = model.var("w", Nd4j.zeros(DataType.FLOAT, Nets.FEATURES, Nets.CLASSES));
    // the root of zero is zero, its slope is not finite
    SDVariable out = in.mmul(model.math().sqrt("root", w));
    model.loss().meanSquaredError("loss", label, out, null);
    model.setLossVariables("loss");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.01)).build());
    assertThatThrownBy(() -> fit(model, Guard.stop().watchingTensors()))
        .isInstanceOfSatisfying(TrainingDivergedException.class, e -> {
          assertThat(e.divergence().place()).isEqualTo(Place.GRADIENT);
          assertThat(e.divergence().layer() + '/' + e.divergence().parameter()).isEqualTo("variables/w");
          assertThat(e.divergence().iteration()).isEqualTo(1);
          assertThat(e.divergence().loss()).isFinite();
        });

    assertThat(SameDiffNets.values(model, "w").sumNumber().doubleValue()).as("not updated").isZero();
  }

  @Test
  void shouldReportAGradientThatExplodesWhereTensorsAreWatched() {
    batches.get(BAD_BATCH - 1).getFeatures().muli(1e8);
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, Nets.FEATURES);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, Nets.CLASSES);
    SDVariable w = model.var("w", Nd4j.zeros(DataType.FLOAT, Nets.FEATURES, Nets.CLASSES));
    model.loss().softmaxCrossEntropy("loss", label, in.mmul(w), null);
    model.setLossVariables("loss");
    // nothing is learned, so the loss stays what it is
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0)).build());
    fit(model, Guard.call(reported::add).watchingTensors());

    assertThat(reported).singleElement().satisfies(divergence -> {
      assertThat(divergence.kind()).isEqualTo(Kind.EXPLODING);
      assertThat(divergence.place()).isEqualTo(Place.GRADIENT);
      assertThat(divergence.iteration()).isEqualTo(BAD_BATCH);
    });
  }

  @Test
  void shouldNameTheInputBeforeTheFrameworkThrowsForWantOfAnythingToEvaluate() {
    batches.get(BAD_BATCH - 1).getFeatures().putScalar(2, 1, Double.NaN);
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(
        SameDiffNets.config(new Sgd(0.01)).trainEvaluation("output/logits", 0, new Evaluation()).build());
    List<String> log;
    try (Log kept = new Log(logs)) {
      assertThatThrownBy(() -> fit(model, Guard.report())).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Cannot perform evaluation with NaNs");
      log = kept.lines();
    }
    assertThat(log).singleElement().asString()
        .contains("NaN in the batch's input in at iteration " + BAD_BATCH + ", whose loss is not known");

    assertThatThrownBy(() -> fit(model, Guard.stop())).isInstanceOf(TrainingDivergedException.class);
  }

  @Test
  void shouldThrowWhatTheConsumerThrows() {
    IllegalStateException own = new IllegalStateException("enough");
    SameDiff model = SameDiffNets.classifier(new Sgd(0.01));
    SameDiffNets.values(model, "hidden/w").putScalar(0, 0, Double.NaN);

    assertThatThrownBy(() -> fit(model, Guard.call(divergence -> {
      throw own;
    }))).isSameAs(own);
  }

  @Test
  void shouldWarnOnceAndRecordATextByDefault() {
    SameDiff model = SameDiffNets.classifier(new Sgd(0.01));
    SameDiffNets.values(model, "hidden/w").putScalar(0, 0, Double.NaN);
    List<String> log;
    try (Log lines = new Log(logs);
        SameDiffTensorBoardListener listener = new SameDiffTensorBoardListener(logs.resolve("run"))) {
      model.setListeners(listener);
      model.fit(Nets.iterator(batches), 1);
      log = lines.lines().stream().filter(line -> line.contains("WARN") || line.contains("fault")).toList();
    }

    assertThat(log).singleElement().asString()
        .contains("NaN in the parameter hidden/w at iteration 1, whose loss is NaN");
    assertThat(train().texts()).anySatisfy(text -> assertThat(text)
        .contains("**NaN in the parameter hidden/w at iteration 1, whose loss is NaN**")
        .contains("| input | in | 96 | 0 | 0 |").contains("| activation | output/logits | 48 |"));
  }

  @Test
  void shouldReportNothingWhenAllIsWellOrTheGuardIsOff() {
    fit(SameDiffNets.classifier(new Sgd(0.01)), Guard.call(reported::add).watchingTensors());
    SameDiff bad = SameDiffNets.classifier(new Sgd(0.01));
    SameDiffNets.values(bad, "hidden/w").putScalar(0, 0, Double.NaN);
    fit(bad, Guard.off());

    assertThat(reported).isEmpty();
    assertThat(train().tensorSteps()).doesNotContainKey("divergence");
  }

  private void fit(SameDiff model, Guard guard) {
    try (SameDiffTensorBoardListener listener = SameDiffTensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1)).guard(guard).build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(batches), 1);
    }
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }
}
