package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testing.WeightPixels;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import io.github.tensorboard4j.training.HyperParameters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.History;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What is recorded of SameDiff models, against what the framework says of the same training. */
@Timeout(300)
class SameDiffTensorBoardListenerTest {

  private static final Frequency ALWAYS = Frequency.iterations(1);

  @TempDir
  private Path logs;

  private final List<DataSet> data = Nets.batches(1);
  private final List<DataSet> unseen = Nets.batches(2);

  @Test
  void shouldRecordTheLossOfEachBatchAndItsMeanOverTheExamples() {
    SameDiff twin = SameDiffNets.classifier(new Adam(0.01));
    List<Float> losses = new ArrayList<>();
    double sum = 0;
    double examples = 0;
    for (DataSet batch : data) {
      double loss = loss(twin, batch);
      losses.add((float) loss);
      sum += loss * batch.numExamples();
      examples += batch.numExamples();
      twin.fit(batch);
    }

    History history = fit(SameDiffNets.classifier(new Adam(0.01)), always().build(), 2);

    Recorded train = train();
    assertThat(train.scalar("batch_loss").values().stream().limit(data.size())).containsExactlyElementsOf(losses);
    assertThat(train.scalar("batch_loss").keySet()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    assertThat(train.scalar("epoch_loss").get(1L)).isEqualTo((float) (sum / examples), within(1e-6f));
    assertThat(train.scalar("epoch_loss").keySet()).containsExactly(1L, 2L);
    assertThat(train.scalars()).doesNotContainKey("batch_loss/loss");
    double mean = losses.stream().mapToDouble(Float::doubleValue).average().orElseThrow();
    assertThat((double) history.lossCurve().meanLoss("loss", 0)).as("the framework's own is no longer 0")
        .isCloseTo(mean, within(1e-5));
  }

  @Test
  void shouldRecordEachOfSeveralLossesAndTheirSum() {
    SameDiff twin = twoLosses();
    float first = twin.outputSingle(SameDiffNets.placeholders(data.get(0)), "loss").getFloat(0);
    float second = twin.outputSingle(SameDiffNets.placeholders(data.get(0)), "size").getFloat(0);
    SameDiff model = twoLosses();
    model.getTrainingConfig().setRegularization(List.of(new L2Regularization(0.01)));
    double regularization = model.calcRegularizationScore();
    try (SameDiffTensorBoardListener listener = always().build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(data), 2, Nets.iterator(unseen), 1);
    }

    Recorded train = train();
    assertThat(train.scalar("batch_loss/loss").get(1L)).isEqualTo(first, within(1e-5f));
    assertThat(train.scalar("batch_loss/size").get(1L)).isEqualTo(second, within(1e-5f));
    assertThat(train.scalar("batch_loss/L2Regularization").get(1L)).isEqualTo((float) regularization, within(1e-5f));
    assertThat(train.scalar("batch_loss").get(1L)).isEqualTo((float) (first + second + regularization), within(1e-5f));
    assertThat(train.scalar("epoch_loss/size").keySet()).containsExactly(1L, 2L);
    Recorded validation = validation();
    assertThat(validation.scalar("epoch_loss/loss").get(2L) + validation.scalar("epoch_loss/size").get(2L))
        .isEqualTo(validation.scalar("epoch_loss").get(2L), within(1e-5f));
  }

  @Test
  void shouldRecordWhatTheFrameworkHasOfSeveralRegularizations() {
    SameDiff model = SameDiffNets.classifier(new Sgd(0.1));
    model.getTrainingConfig().setRegularization(List.of(new L1Regularization(0.01), new L2Regularization(0.01)));
    History history = fit(model, always().build(), 1);

    // 4 batches have 16 examples, one has 5: the history weighs all alike
    float mean =
        (float) train().scalar("batch_loss").values().stream().mapToDouble(Float::doubleValue).average().orElseThrow();
    assertThat((float) history.lossCurve().meanLoss(0).totalLoss()).isEqualTo(mean, within(1e-5f));
  }

  private static SameDiff twoLosses() {
    SameDiff model = SameDiffNets.untrained();
    model.getVariable("hidden/w").mul("squares", model.getVariable("hidden/w")).sum("size");
    model.setLossVariables("loss", "size");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.01)).build());
    return model;
  }

  @Test
  void shouldRecordTheEvaluationsOfTheConfigurationAsTheHistoryHasThem() {
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(SameDiffNets.config(new Adam(0.02))
        .trainEvaluation("softmax", 0, new Evaluation())
        .validationEvaluation("softmax", 0, new Evaluation()).build());
    List<EpochSummary> summaries = new ArrayList<>();
    History history;
    try (SameDiffTensorBoardListener listener = always().onEpoch(summaries::add).build()) {
      model.setListeners(listener);
      history = model.fit(Nets.iterator(data), 3, Nets.iterator(unseen), 1);
    }

    List<Double> trained = history.trainingEval(Evaluation.Metric.ACCURACY);
    List<Double> validated = history.validationEval(Evaluation.Metric.ACCURACY);
    for (int epoch = 1; epoch <= 3; epoch++) {
      assertThat(train().scalar("epoch_accuracy").get((long) epoch)).isEqualTo(trained.get(epoch - 1).floatValue());
      assertThat(validation().scalar("epoch_accuracy").get((long) epoch)).isEqualTo(validated.get(epoch - 1).floatValue());
      assertThat(validation().scalar("epoch_f1").get((long) epoch))
          .isEqualTo(history.validationEval(Evaluation.Metric.F1).get(epoch - 1).floatValue());
      assertThat(summaries.get(epoch - 1).validationAccuracy()).hasValue(validated.get(epoch - 1));
      assertThat(summaries.get(epoch - 1).accuracy()).hasValue(trained.get(epoch - 1));
    }
    assertThat(summaries).hasSize(3);
    Map<Long, Float> batches = train().scalar("batch_accuracy");
    double correct = 0;
    for (int batch = 0; batch < data.size(); batch++) {
      correct += batches.get(batch + 1L) * data.get(batch).numExamples();
    }
    assertThat(correct / 69).isEqualTo(trained.get(0), offset(1e-5));
  }

  /** Counts how often any of its kind evaluates a batch. */
  public static final class Counted extends Evaluation {

    private static final long serialVersionUID = 1;
    private static int batches;

    @Override
    public void eval(INDArray labels, INDArray predictions, INDArray mask) {
      batches++;
      super.eval(labels, predictions, mask);
    }

    @Override
    public Evaluation newInstance() {
      return new Counted();
    }
  }

  @Test
  void shouldEvaluateEachBatchOnceThoughTheFrameworkTellsOfItTwice() {
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(
        SameDiffNets.config(new Adam(0.02)).validationEvaluation("softmax", 0, new Counted()).build());
    Counted.batches = 0;
    try (SameDiffTensorBoardListener listener = listener().build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(data), 2, Nets.iterator(unseen), 1);
    }

    assertThat(Counted.batches).as("by the framework and by the listener").isEqualTo(2 * 2 * unseen.size());
  }

  @Test
  void shouldEvaluateABatchAloneAndOnlyWhereAPointIsDueInATrainingWithoutEpochs() {
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(SameDiffNets.config(new Adam(0.02)).trainEvaluation("softmax", 0, new Counted()).build());
    Counted.batches = 0;
    List<Float> expected = new ArrayList<>();
    try (SameDiffTensorBoardListener listener = listener().batchFrequency(Frequency.iterations(3)).build()) {
      model.setListeners(listener);
      for (int i = 1; i <= 12; i++) {
        DataSet batch = data.get(i % data.size());
        if (i % 3 == 0) {
          Evaluation evaluation = new Evaluation();
          evaluation.eval(batch.getLabels(), model.output(Map.of("in", batch.getFeatures()), "softmax").get("softmax"));
          expected.add((float) evaluation.accuracy());
        }
        model.fit(batch);
      }
    }

    assertThat(train().scalar("batch_accuracy").values()).containsAll(expected);
    assertThat(Counted.batches).isEqualTo(train().scalar("batch_accuracy").size());
  }

  @Test
  void shouldEvaluateADeclaredEpochAloneAfterOneThatThrew() {
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(SameDiffNets.config(new Adam(0.02)).trainEvaluation("softmax", 0, new Evaluation()).build());
    Evaluation expected = new Evaluation();
    DataSet last = data.get(data.size() - 1);
    try (SameDiffTensorBoardListener listener = listener().build()) {
      model.setListeners(listener);
      assertThatThrownBy(() -> listener.epoch(model, () -> {
        data.forEach(model::fit);
        throw new IllegalStateException("no more data");
      })).hasMessage("no more data");
      expected.eval(last.getLabels(), model.output(Map.of("in", last.getFeatures()), "softmax").get("softmax"));
      listener.epoch(model, () -> model.fit(last));
    }

    assertThat(train().scalar("epoch_accuracy").values()).containsExactly((float) expected.accuracy());
  }

  @Test
  void shouldNameTheVariableWhereSeveralAreEvaluated() {
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(SameDiffNets.config(new Adam(0.02))
        .trainEvaluation("softmax", 0, new Evaluation())
        .trainEvaluation("output/logits", 0, new Evaluation(), new RegressionEvaluation()).build());
    fit(model, listener().build(), 1);

    Recorded train = train();
    float accuracy = train.scalar("epoch_accuracy/softmax").get(1L);
    assertThat(train.scalar("epoch_accuracy/output/logits")).containsEntry(1L, accuracy);
    assertThat(train.scalar("epoch_accuracy")).containsEntry(1L, accuracy);
    assertThat(train.scalars()).containsKeys("epoch_mae/output/logits", "epoch_f1/softmax");
  }

  @Test
  void shouldEvaluateNothingIfToldSo() {
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(
        SameDiffNets.config(new Adam(0.02)).trainEvaluation("softmax", 0, new Evaluation()).build());
    History history = fit(model, listener().withoutEvaluations().build(), 1);

    assertThat(history.trainingEval(Evaluation.Metric.ACCURACY)).hasSize(1);
    assertThat(train().scalars()).doesNotContainKeys("epoch_accuracy", "batch_accuracy", "epoch_f1");
  }

  @Test
  void shouldRecordTheLossOfFitsOwnValidation() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    try (SameDiffTensorBoardListener listener = listener().build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(data), 3, Nets.iterator(unseen), 2);
    }

    SameDiff twin = SameDiffNets.classifier(new Adam(0.01));
    twin.fit(Nets.iterator(data), 3);
    double sum = 0;
    double examples = 0;
    for (DataSet batch : unseen) {
      sum += loss(twin, batch) * batch.numExamples();
      examples += batch.numExamples();
    }
    assertThat(validation().scalar("epoch_loss").keySet()).as("every second epoch").containsExactly(1L, 3L);
    assertThat(validation().scalar("epoch_loss").get(3L)).isEqualTo((float) (sum / examples), within(1e-6f));
    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void shouldRecordEveryTrainedVariableAfterTheEpochsUpdates() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    fit(model, listener().build(), 2);

    Map<String, Map<Long, Recorded.Rows>> histograms = train().histograms();
    assertThat(histograms).containsOnlyKeys("layer_hidden/w", "layer_hidden/b", "layer_output/w", "layer_output/b");
    for (String name : SameDiffNets.PARAMETERS) {
      Map<Long, Recorded.Rows> ofVariable = histograms.get("layer_" + name);
      assertThat(ofVariable.keySet()).containsExactly(1L, 2L);
      assertRange(ofVariable.get(2L), SameDiffNets.values(model, name));
    }
  }

  @Test
  void shouldShowMatricesAsPicturesAndNothingElse() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    fit(model, listener().histogramFrequency(Frequency.never()).weightImageFrequency(Frequency.epochs(2)).build(), 3);

    assertThat(train().histograms()).isEmpty();
    assertThat(train().pictures()).containsOnlyKeys("image_hidden/w", "image_output/w");
    assertThat(train().pictures().get("image_hidden/w")).containsOnlyKeys(2L);

    fit(model, SameDiffTensorBoardListener.builder(logs.resolve("again")).weightImageFrequency(Frequency.epochs(1)).build(),
        1);
    INDArray weights = SameDiffNets.values(model, "output/w");
    boolean upright = weights.rows() > weights.columns();
    WeightPixels.assertMatrix(
        Recorded.in(logs.resolve("again/train")).pictures().get("image_output/w").values().iterator().next(),
        upright ? weights.columns() : weights.rows(), upright ? weights.rows() : weights.columns(), 8,
        (row, column) -> upright ? weights.getDouble(column, row) : weights.getDouble(row, column));
  }

  @Test
  void shouldPutVariablesWithoutAScopeIntoOne() {
    SameDiff model = line();
    fit(model, List.of(new DataSet(Nd4j.ones(2, 1), Nd4j.ones(2, 1).muli(3))), listener().build(), 1);

    assertThat(train().histograms()).containsOnlyKeys("layer_variables/a");
  }

  /** Returns a model of one number. */
  private static SameDiff line() {
    SameDiff model = SameDiff.create();
    SDVariable x = model.placeHolder("x", Nd4j.dataType(), -1, 1);
    SDVariable y = model.placeHolder("y", Nd4j.dataType(), -1, 1);
    SDVariable a = model.var("a", Nd4j.scalar(2f).reshape(1, 1));
    model.loss().meanSquaredError("loss", y, x.mmul(a), null);
    model.setLossVariables("loss");
    model.setTrainingConfig(TrainingConfig.builder().updater(new Sgd(0.1)).dataSetFeatureMapping("x")
        .dataSetLabelMapping("y").build());
    return model;
  }

  @Test
  void shouldRecordGradientsUpdatesAndRatiosAsTheFrameworkComputesThem() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    fit(model, listener().gradientFrequency(ALWAYS).updateFrequency(ALWAYS).statisticsFrequency(ALWAYS).build(), 1);

    Recorded train = train();
    SameDiff twin = SameDiffNets.classifier(new Adam(0.01));
    for (int i = 0; i < data.size(); i++) {
      Map<String, INDArray> gradients =
          twin.calculateGradients(SameDiffNets.placeholders(data.get(i)), SameDiffNets.PARAMETERS);
      Map<String, INDArray> before = copies(twin);
      twin.fit(data.get(i));
      Map<String, INDArray> after = copies(twin);
      long step = i + 1L;
      for (String name : SameDiffNets.PARAMETERS) {
        INDArray gradient = gradients.get(name);
        INDArray update = before.get(name).sub(after.get(name));
        assertRange(train.histograms().get("gradient/" + name).get(step), gradient);
        assertClose(train, "gradient_norm/" + name, step, gradient.norm2Number().doubleValue());
        assertClose(train, "gradient_mean_magnitude/" + name, step, magnitude(gradient));
        assertClose(train, "update_norm/" + name, step, update.norm2Number().doubleValue());
        assertThat(train.histograms().get("update/" + name).get(step).count()).isEqualTo(update.length());
        assertClose(train, "parameter_norm/" + name, step, after.get(name).norm2Number().doubleValue());
        assertClose(train, "update_ratio_log10/" + name, step,
            Math.log10(magnitude(update) / magnitude(after.get(name))));
      }
    }
  }

  @Test
  void shouldRecordGradientsThatFiniteDifferencesConfirm() {
    DataSet batch =
        new DataSet(Nd4j.createFromArray(new float[][] {{1}, {3}}), Nd4j.createFromArray(new float[][] {{4}, {1}}));
    fit(line(), List.of(batch), listener().statisticsFrequency(ALWAYS).build(), 1);

    // the mean of (2 - 4)^2 and (6 - 1)^2, by steps of a to both sides
    double step = 1e-4;
    double slope = (error(2 + step) - error(2 - step)) / (2 * step);
    assertThat(train().scalar("gradient_norm/variables/a").get(1L)).isEqualTo((float) Math.abs(slope), within(1e-3f));
    assertThat(train().scalar("update_norm/variables/a").get(1L)).isEqualTo((float) Math.abs(0.1 * slope), within(1e-4f));
  }

  @Test
  void shouldRecordWhatIsSubtractedThoughTheLossIsMaximized() {
    DataSet batch =
        new DataSet(Nd4j.createFromArray(new float[][] {{1}, {3}}), Nd4j.createFromArray(new float[][] {{4}, {1}}));
    SameDiff model = line();
    model.getTrainingConfig().setMinimize(false);
    fit(model, List.of(batch), listener().updateFrequency(ALWAYS).build(), 1);

    float change = 2 - SameDiffNets.values(model, "a").getFloat(0);
    assertThat(change).isNegative();
    Recorded.Rows update = train().histograms().get("update/variables/a").get(1L);
    assertThat((float) update.min()).isEqualTo(change, within(1e-5f));
    assertThat((float) update.max()).isEqualTo(change, within(1e-5f));
  }

  private static double error(double a) {
    return (Math.pow(a - 4, 2) + Math.pow(3 * a - 1, 2)) / 2;
  }

  @Test
  void shouldRecordTheResultsOfActivationFunctions() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    fit(model, data.subList(0, 1), listener().activationFrequency(ALWAYS).statisticsFrequency(ALWAYS).build(), 1);

    INDArray out = SameDiffNets.classifier(new Adam(0.01))
        .outputSingle(SameDiffNets.placeholders(data.get(0)), "hidden/out");
    Recorded train = train();
    assertRange(train.histograms().get("layer_hidden/out/activation").get(1L), out);
    assertClose(train, "output_mean/hidden/out", 1, out.meanNumber().doubleValue());
    double dead = 0;
    for (int unit = 0; unit < 8; unit++) {
      dead += out.getColumn(unit).maxNumber().doubleValue() == 0 ? 1.0 / 8 : 0;
    }
    assertThat(train.scalar("relu_dead/hidden/out").get(1L)).isEqualTo((float) dead);
    assertThat(train.histograms()).doesNotContainKey("layer_softmax/activation");
  }

  @Test
  void shouldRecordNamedActivationsThoughNoGradientNeedsThem() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    Map<?, ?> evaluations = model.getTrainingConfig().getTrainEvaluations();
    List<String> log;
    try (Log kept = new Log(logs)) {
      fit(model, listener().activationFrequency(Frequency.iterations(2)).activationsOf("softmax", "no such").build(), 1);
      log = kept.lines();
    }

    assertThat(train().histograms().get("layer_softmax/activation").keySet()).containsExactly(2L, 4L);
    assertThat(log).singleElement().asString().contains("WARN", "[no such]");
    assertThat(model.getTrainingConfig().getTrainEvaluations()).as("the configuration as it was").isSameAs(evaluations)
        .isEmpty();
    assertThat(model.getTrainingConfig().getTrainEvaluationLabels().keySet()).isEmpty();
  }

  @Test
  void shouldTrainToTheVeryBitAsWithoutIt() {
    SameDiff plain = noisy();
    Nd4j.getRandom().setSeed(99);
    plain.fit(Nets.iterator(data), 3, Nets.iterator(unseen), 1);

    SameDiff recorded = noisy();
    try (SameDiffTensorBoardListener listener = always().gradientFrequency(ALWAYS).updateFrequency(ALWAYS)
        .activationFrequency(ALWAYS).statisticsFrequency(ALWAYS).histogramFrequency(ALWAYS)
        .activationsOf("softmax", "hidden/out").guard(Guard.stop().watchingTensors()).profileIteration(2)
        .systemMetrics(Duration.ofMillis(100)).build()) {
      recorded.setListeners(listener);
      Nd4j.getRandom().setSeed(99);
      recorded.fit(Nets.iterator(data), 3, Nets.iterator(unseen), 1);
    }

    for (String name : SameDiffNets.PARAMETERS) {
      assertThat(SameDiffNets.values(recorded, name).data().asFloat())
          .as(name).containsExactly(SameDiffNets.values(plain, name).data().asFloat());
    }
    assertThat(train().histograms()).containsKeys("layer_softmax/activation", "gradient/hidden/w");
    assertThat(train().scalars()).containsKey("system/physical_mib");
  }

  /** Returns a model with random numbers in each iteration. */
  private static SameDiff noisy() {
    SameDiff model = SameDiffNets.untrained();
    SDVariable random = model.random().uniform("random", 0.5, 1.5, DataType.FLOAT, 8);
    model.getVariable("hidden/out").mul("shaken", random).mean("noise");
    model.setLossVariables("loss", "noise");
    model.setTrainingConfig(SameDiffNets.config(new Adam(0.01)).trainEvaluation("softmax", 0, new Evaluation())
        .validationEvaluation("softmax", 0, new Evaluation()).regularization(new L2Regularization(0.01)).build());
    return model;
  }

  @Test
  void shouldRecordTheUpdatersLearningRateAtEachIteration() {
    SameDiff model = SameDiffNets.classifier(new Sgd(new ExponentialSchedule(ScheduleType.ITERATION, 0.5, 0.5)));
    fit(model, always().build(), 1);

    assertThat(train().scalar("batch_learning_rate").values()).containsExactly(0.5f, 0.25f, 0.125f, 0.0625f, 0.03125f);
    assertThat(train().scalar("epoch_learning_rate")).containsExactly(Map.entry(1L, 0.03125f));
    assertThat(train().scalars()).containsKeys("time/etl_ms", "epoch_seconds", "epoch_examples_per_second");
  }

  @Test
  void shouldGoOnWhereTheConfigurationsCountsAre() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    fit(model, always().build(), 2);
    fit(model, always().build(), 1);

    assertThat(train().scalar("batch_loss")).hasSize(15).containsKey(15L);
    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void shouldRecordGraphConfigurationAndHyperParameters() {
    fit(SameDiffNets.classifier(new Adam(0.01)), listener().build(), 1);

    assertThat(train().graphs()).isEqualTo(1);
    assertThat(train().texts()).anySatisfy(text -> assertThat(text).contains("hidden/w", "\"updater\"", "Adam"));
    assertThat(Recorded.in(logs.resolve("run")).tensorSteps()).containsKey("_hparams_/session_start_info");
  }

  @Test
  void shouldFindTheHyperParameters() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    model.createGradFunction();
    SameDiffTraining training = new SameDiffTraining(model, List.of());
    training.startIteration(At.defaultAt(Operation.TRAINING), data.get(0).toMultiDataSet(), null);

    assertThat(training.hyperParameters()).isEqualTo(HyperParameters.builder().optimizer("Adam").learningRate(0.01)
        .loss("SoftmaxCrossEntropyLoss").batchSize(16).parameterCount(6 * 8 + 8 + 8 * 3 + 3).build());
  }

  @Test
  void shouldSayWhatItRecordsWhereNobodyTellsOfEpochs() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    List<String> log;
    try (Log kept = new Log(logs); SameDiffTensorBoardListener listener = listener().build()) {
      model.setListeners(listener);
      data.forEach(model::fit);
      log = kept.lines();
    }

    assertThat(log).singleElement().asString()
        .contains("INFO", "SameDiffTensorBoardListener.builder(run).epochEvery(iterations)", "fit(DataSet) doesn't");
    assertThat(train().scalar("batch_loss")).hasSize(5);
    assertThat(train().histograms().get("layer_hidden/w").keySet()).containsExactly(1L);
    assertThat(train().scalars()).doesNotContainKey("epoch_loss");
  }

  @Test
  void shouldRecordDeclaredEpochs() {
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(
        SameDiffNets.config(new Adam(0.02)).trainEvaluation("softmax", 0, new Evaluation()).build());
    try (SameDiffTensorBoardListener listener = listener().epochEvery(5).build()) {
      model.setListeners(listener);
      for (int epoch = 0; epoch < 3; epoch++) {
        data.forEach(model::fit);
      }
    }

    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(train().scalar("epoch_accuracy").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(train().histograms().get("layer_hidden/w").keySet()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void shouldRecordValidationByIterationWithinDeclaredEpochs() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    try (SameDiffTensorBoardListener listener = listener().epochEvery(3).build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(data), 2, Nets.iterator(unseen), 1);
    }

    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L);
    assertThat(validation().scalar("batch_loss").keySet()).containsExactly(5L, 10L);
  }

  @Test
  void shouldWarnOnceOfAListenerOnTwoModels() {
    List<String> log;
    try (Log kept = new Log(logs); SameDiffTensorBoardListener listener = listener().build()) {
      SameDiff first = SameDiffNets.classifier(new Adam(0.01));
      SameDiff second = SameDiffNets.classifier(new Adam(0.01));
      first.setListeners(listener);
      second.setListeners(listener);
      for (int i = 0; i < 2; i++) {
        first.fit(Nets.iterator(data), 1);
        second.fit(Nets.iterator(data), 1);
      }
      log = kept.lines();
    }

    assertThat(log).singleElement().asString().contains("WARN", "a second model");
    assertThat(train().scalar("epoch_loss").keySet()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void shouldWarnOnceOfATrainingThatGoesOnAfterTheEnd() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    Map<?, ?> evaluations = model.getTrainingConfig().getTrainEvaluations();
    List<String> log;
    try (Log kept = new Log(logs)) {
      fit(model, listener().build(), 1);
      model.fit(Nets.iterator(data), 1);
      log = kept.lines();
    }

    assertThat(log).singleElement().asString().contains("WARN", "was ended or closed");
    assertThat(model.getTrainingConfig().getTrainEvaluations()).isSameAs(evaluations);
  }

  @Test
  void shouldLetTwoListenersRecordTheSameTraining() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    Map<?, ?> evaluations = model.getTrainingConfig().getTrainEvaluations();
    try (SameDiffTensorBoardListener one = always().activationFrequency(ALWAYS).activationsOf("softmax").build();
        SameDiffTensorBoardListener other = new SameDiffTensorBoardListener(logs.resolve("other"))) {
      model.setListeners(one);
      model.fit(Nets.iterator(data), 2, other);
    }

    assertThat(train().histograms().get("layer_softmax/activation")).hasSize(10);
    assertThat(Recorded.in(logs.resolve("other/train")).scalar("epoch_loss")).isEqualTo(train().scalar("epoch_loss"));
    assertThat(model.getTrainingConfig().getTrainEvaluations()).isSameAs(evaluations);
  }

  @Test
  void shouldAskForNothingAnyMoreOnceItIsClosed() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    DataSet wide = new DataSet(Nd4j.ones(4, Nets.FEATURES + 1), Nd4j.ones(4, Nets.CLASSES));
    try (SameDiffTensorBoardListener listener = listener().build()) {
      model.setListeners(listener);
      assertThatThrownBy(() -> model.fit(Nets.iterator(List.of(data.get(0), wide)), 1)).isInstanceOf(Exception.class);
      assertThat(model.getTrainingConfig().getTrainEvaluations().keySet()).isNotEmpty();
    }

    assertThat(model.getTrainingConfig().getTrainEvaluations().keySet()).isEmpty();
  }

  @Test
  void shouldGoOnAfterATrainingThatThrew() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    try (SameDiffTensorBoardListener listener = listener().build()) {
      model.setListeners(listener);
      DataSet wide = new DataSet(Nd4j.ones(4, Nets.FEATURES + 1), Nd4j.ones(4, Nets.CLASSES));
      assertThatThrownBy(() -> model.fit(Nets.iterator(List.of(data.get(0), wide)), 1)).isInstanceOf(Exception.class);

      History history = model.fit(Nets.iterator(data), 1);

      assertThat(history.trainingEvaluations(0).isEmpty()).isTrue();
      listener.end(SessionStatus.SUCCESS);
    }
    assertThat(train().scalar("epoch_loss")).hasSize(1);
    assertThat(model.getTrainingConfig().toJson()).contains("\"trainEvaluations\" : { }");
  }

  @Test
  void shouldComputeNoNamedActivationInVain() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    List<Long> computed = new ArrayList<>();
    try (SameDiffTensorBoardListener listener =
        listener().activationFrequency(Frequency.iterations(2)).activationsOf("softmax").build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(data), 1, new BaseListener() {
        @Override
        public boolean isActive(Operation operation) {
          return operation == Operation.TRAINING;
        }

        @Override
        public void activationAvailable(SameDiff sd, At at, MultiDataSet batch, SameDiffOp op, String name, INDArray array) {
          if (name.equals("softmax")) {
            computed.add(at.iteration() + 1L);
          }
        }
      });
    }

    assertThat(computed).containsExactly(2L, 4L);
  }

  @Test
  void shouldAddNothingToACheckpointThatIsSavedWithinTheTraining() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    String before = model.getTrainingConfig().toJson();
    List<String> saved = new ArrayList<>();
    try (SameDiffTensorBoardListener listener = listener().build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(data), 1, new BaseListener() {
        @Override
        public boolean isActive(Operation operation) {
          return operation == Operation.TRAINING;
        }

        @Override
        public void iterationDone(SameDiff sd, At at, MultiDataSet batch, Loss loss) {
          if (at.iteration() == 0) {
            saved.add(model.getTrainingConfig().toJson());
          }
        }
      });
    }

    assertThat(saved).containsExactly(before);
  }

  @Test
  void shouldRecordFiguresOfTheUsersOwn() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    try (SameDiffTensorBoardListener listener = listener().build()) {
      listener.scalar("own/before", 1);
      model.setListeners(listener);
      model.fit(Nets.iterator(data), 2);
      listener.scalar("own/reward", 0.7);
      listener.epochScalar("own/temperature", 0.9);
      Evaluation evaluation = new Evaluation();
      model.evaluate(Nets.iterator(unseen), "softmax", evaluation);
      listener.evaluation(evaluation);
    }

    assertThat(train().scalar("own/before")).containsExactly(Map.entry(0L, 1f));
    assertThat(train().scalar("own/reward")).containsExactly(Map.entry(10L, 0.7f));
    assertThat(train().scalar("own/temperature")).containsExactly(Map.entry(2L, 0.9f));
    assertThat(validation().scalar("epoch_accuracy")).containsOnlyKeys(2L);
  }

  @Test
  void shouldKeepItsFaultsOutOfTheTraining() {
    SameDiff model = SameDiffNets.classifier(new Adam(0.01));
    List<String> log;
    try (Log kept = new Log(logs)) {
      fit(model, listener().onEpoch(summary -> {
        throw new IllegalStateException("a fault of the user's");
      }).build(), 2);
      log = kept.lines();
    }

    assertThat(log).filteredOn(line -> line.contains("ERROR")).singleElement().asString().contains("onEpoch(...)");
    assertThat(train().scalar("epoch_loss")).hasSize(2);
  }

  @Test
  void shouldRefuseActivationsWithoutNames() {
    assertThatThrownBy(() -> listener().activationsOf()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> listener().activationsOf(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> listener().epochEvery(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static double loss(SameDiff model, DataSet batch) {
    return model.outputSingle(SameDiffNets.placeholders(batch), "loss").getDouble(0);
  }

  private static Map<String, INDArray> copies(SameDiff model) {
    Map<String, INDArray> copies = new HashMap<>();
    for (String name : SameDiffNets.PARAMETERS) {
      copies.put(name, SameDiffNets.values(model, name).dup());
    }
    return copies;
  }

  private static double magnitude(INDArray array) {
    return array.norm1Number().doubleValue() / array.length();
  }

  private static void assertRange(Recorded.Rows rows, INDArray array) {
    assertThat(rows.count()).isEqualTo(array.length());
    assertThat((float) rows.min()).isEqualTo(array.minNumber().floatValue(), within(1e-6f));
    assertThat((float) rows.max()).isEqualTo(array.maxNumber().floatValue(), within(1e-6f));
  }

  private static void assertClose(Recorded recorded, String tag, long step, double expected) {
    assertThat(recorded.scalar(tag)).as(tag).containsKey(step);
    assertThat(recorded.scalar(tag).get(step)).as(tag).isEqualTo((float) expected,
        within((float) Math.max(1e-6, Math.abs(expected) * 1e-3)));
  }

  private History fit(SameDiff model, SameDiffTensorBoardListener listener, int epochs) {
    return fit(model, data, listener, epochs);
  }

  private static History fit(SameDiff model, List<DataSet> batches, SameDiffTensorBoardListener listener, int epochs) {
    try (listener) {
      model.setListeners(listener);
      return model.fit(Nets.iterator(batches), epochs);
    }
  }

  private SameDiffTensorBoardListener.Builder listener() {
    return SameDiffTensorBoardListener.builder(logs.resolve("run"));
  }

  private SameDiffTensorBoardListener.Builder always() {
    return listener().batchFrequency(ALWAYS);
  }

  private Recorded train() {
    return Recorded.in(logs.resolve("run/train"));
  }

  private Recorded validation() {
    return Recorded.in(logs.resolve("run/validation"));
  }
}
