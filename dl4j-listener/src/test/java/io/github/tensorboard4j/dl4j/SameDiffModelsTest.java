package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.listeners.impl.ScoreListener;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Models of many kinds, each of which trains as it does without a listener, and is recorded without a fault. */
@Timeout(300)
class SameDiffModelsTest {

  private static final Frequency ALWAYS = Frequency.iterations(1);

  @TempDir
  private Path logs;

  private final List<DataSet> data = Nets.batches(1);
  private final List<DataSet> unseen = Nets.batches(2);

  @Test
  void shouldRecordAModelWithALoop() {
    SameDiff model = loop();
    assertThat(faults(() -> record(model, "run", 2))).isEmpty();

    Recorded train = train("run");
    assertThat(train.scalar("batch_loss")).hasSize(10);
    assertThat(train.events().stream().flatMap(event -> event.values().stream())
        .filter(value -> value.tag().endsWith("/turn/activation")))
        .as("one for each iteration, not one for each turn").hasSize(10);
    assertSameAsWithout(loop(), model, 2);
  }

  /** Returns a classifier to whose loss a loop adds a number; no gradient can pass a loop, but none passes an integer. */
  private static SameDiff loop() {
    SameDiff model = SameDiffNets.untrained();
    SDVariable start = model.constant("start", Nd4j.scalar(7));
    SDVariable count = model.constant("count", Nd4j.scalar(0));
    SDVariable[] ends = model.whileLoop(new SDVariable[] {count, start}, (sd, turning) -> turning[0].lt(3),
        (sd, turning) -> new SDVariable[] {turning[0].add(1),
            sd.math().tanh("turn", turning[1].castTo(DataType.FLOAT)).castTo(DataType.INT32)});
    // the framework takes its own counter for a variable that is trained
    model.convertToConstant(model.getVariable("while/counter"));
    model.getVariable("loss").add("sum", ends[1].castTo(DataType.FLOAT));
    model.setLossVariables("sum");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.01)).build());
    return model;
  }

  @Test
  void shouldRecordAModelWithACondition() {
    SameDiff model = condition();
    assertThat(faults(() -> record(model, "run", 2))).isEmpty();

    assertThat(train("run").scalar("batch_loss")).hasSize(10);
    assertSameAsWithout(condition(), model, 2);
  }

  private static SameDiff condition() {
    SameDiff model = SameDiffNets.untrained();
    SDVariable weight = model.constant("weight", Nd4j.scalar(2f));
    SDVariable chosen = model.ifCond("chosen", "choice", sd -> weight.gt(1), sd -> sd.math().tanh("yes", weight),
        sd -> sd.nn().sigmoid("no", weight));
    model.getVariable("loss").add("sum", chosen);
    model.setLossVariables("sum");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.01)).build());
    return model;
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,false"})
  void shouldGoOnWithAModelThatIsRestored(boolean withUpdater, boolean evaluated) {
    SameDiff model = SameDiffNets.untrained();
    TrainingConfig.Builder config = SameDiffNets.config(new Adam(0.01));
    if (evaluated) {
      config.trainEvaluation("softmax", 0, new Evaluation()).validationEvaluation("softmax", 0, new Evaluation());
    }
    model.setTrainingConfig(config.build());
    model.fit(Nets.iterator(data), 1);
    File file = logs.resolve("model.fb").toFile();
    model.save(file, withUpdater);

    SameDiff restored = SameDiff.load(file, withUpdater);
    assertThat(faults(() -> record(restored, "run", 1))).isEmpty();
    assertThat(train("run").scalar("batch_loss").keySet()).containsExactly(6L, 7L, 8L, 9L, 10L);
    assertThat(train("run").scalar("epoch_loss").keySet()).containsExactly(2L);
    assertThat(train("run").scalars().containsKey("epoch_accuracy")).isEqualTo(evaluated);
    assertSameAsWithout(SameDiff.load(file, withUpdater), restored, 1);
  }

  @Test
  void shouldRecordNothingOfAVariableAnyMoreOnceItIsConstant() {
    SameDiff model = SameDiffNets.classifier(new Sgd(0.01));
    List<String> faults = faults(() -> {
      try (SameDiffTensorBoardListener listener = all("run")) {
        model.setListeners(listener);
        model.fit(Nets.iterator(data), 1);
        model.convertToConstant(model.getVariable("hidden/w"));
        model.fit(Nets.iterator(data), 1);
      }
    });

    assertThat(faults).isEmpty();
    assertThat(train("run").scalar("gradient_norm/hidden/w")).hasSize(5);
    assertThat(train("run").scalar("gradient_norm/output/w")).hasSize(10);
    assertThat(train("run").scalar("batch_loss")).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer one", "größe", "a:0", "100%", "x?y&z", "while/body", "/"})
  void shouldRecordNamesWithOddCharacters(String scope) {
    SameDiff model = named(scope + "/w", DataType.FLOAT);
    assertThat(faults(() -> record(model, "run", 1))).isEmpty();
    assertThat(train("run").histograms().keySet()).anySatisfy(tag -> assertThat(tag).startsWith("gradient/"));
    assertThat(train("run").scalar("batch_loss")).hasSize(5);
  }

  @ParameterizedTest
  @EnumSource(value = DataType.class, names = {"DOUBLE", "FLOAT", "HALF", "BFLOAT16"})
  void shouldRecordVariablesOfAllTypes(DataType type) {
    SameDiff model = named("out/w", type);
    assertThat(faults(() -> record(model, "run", 1))).isEmpty();
    assertThat(train("run").histograms()).containsKeys("layer_out/w", "gradient/out/w");
    assertThat(train("run").scalar("batch_loss").get(1L)).isPositive();
    assertThat(train("run").scalar("gradient_norm/out/w").get(1L)).isPositive();
  }

  @Test
  void shouldKeepVariablesWithoutAScopeApartFromAScopeOfThatName() {
    SameDiff model = named("w", DataType.FLOAT);
    model.getVariable("w").mul("squares", model.var("variables/w", Nd4j.ones(DataType.FLOAT, 1))).mean("extent");
    model.setLossVariables("loss", "extent");
    record(model, "run", 1);

    assertThat(train("run").histograms().keySet().stream().filter(tag -> tag.startsWith("layer_"))).hasSize(2);
  }

  /** Returns a model of one matrix with a name. */
  private static SameDiff named(String name, DataType type) {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", type, -1, Nets.FEATURES);
    SDVariable label = model.placeHolder("label", type, -1, Nets.CLASSES);
    SDVariable w = model.var(name, Nd4j.ones(type, Nets.FEATURES, Nets.CLASSES));
    model.loss().meanSquaredError("loss", label, in.mmul("product", w), null);
    model.setLossVariables("loss");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.01)).build());
    return model;
  }

  @Test
  void shouldRecordOnceThoughItIsSetTwice() {
    SameDiff once = SameDiffNets.classifier(new Sgd(0.01));
    record(once, "once", 2);
    SameDiff twice = SameDiffNets.classifier(new Sgd(0.01));
    List<String> faults = faults(() -> {
      try (SameDiffTensorBoardListener listener = all("twice")) {
        twice.setListeners(listener, listener);
        twice.fit(Nets.iterator(data), 2, Nets.iterator(unseen), 1);
      }
    });
    SameDiff also = SameDiffNets.classifier(new Sgd(0.01));
    faults.addAll(faults(() -> {
      try (SameDiffTensorBoardListener listener = all("also")) {
        also.setListeners(listener);
        also.fit(Nets.iterator(data), 2, Nets.iterator(unseen), 1, listener);
      }
    }));

    assertThat(faults).isEmpty();
    for (String run : List.of("twice", "also")) {
      for (String tag : List.of("batch_loss", "epoch_loss", "gradient_norm/hidden/w", "update_norm/hidden/w",
          "output_mean/hidden/out", "relu_dead/hidden/out")) {
        assertThat(train(run).scalar(tag)).as(run + " " + tag).isEqualTo(train("once").scalar(tag));
      }
      assertThat(Recorded.in(logs.resolve(run + "/validation")).scalars())
          .isEqualTo(Recorded.in(logs.resolve("once/validation")).scalars());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRecordTwoModelsInTwoThreads(boolean oneConfiguration) throws Exception {
    TrainingConfig shared = SameDiffNets.config(new Sgd(0.01)).build();
    List<String> faults = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Log log = new Log(logs)) {
      List<Future<?>> ends = new ArrayList<>();
      for (String name : List.of("first", "second")) {
        SameDiff model = SameDiffNets.untrained();
        model.renameVariable("loss", name);
        model.setLossVariables(name);
        model.setTrainingConfig(oneConfiguration ? shared : SameDiffNets.config(new Sgd(0.01)).build());
        ends.add(threads.submit(() -> record(model, name, 20)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
      log.lines().stream().filter(line -> line.contains("ERROR")).forEach(faults::add);
    } finally {
      threads.shutdown();
      threads.awaitTermination(1, TimeUnit.MINUTES);
    }

    assertThat(faults).isEmpty();
    for (String name : List.of("first", "second")) {
      assertThat(train(name).scalar("epoch_loss")).isNotEmpty();
      assertThat(train(name).scalar("batch_loss").values()).allSatisfy(loss -> assertThat(loss).isPositive());
    }
  }

  @Test
  void shouldStandBesideOtherListeners() {
    SameDiff model = SameDiffNets.classifier(new Sgd(0.01));
    List<String> faults = faults(() -> {
      try (SameDiffTensorBoardListener listener = all("run")) {
        model.setListeners(new ScoreListener(1), listener);
        model.fit(Nets.iterator(data), 2, Nets.iterator(unseen), 1);
      }
    });

    assertThat(faults).isEmpty();
    assertThat(train("run").scalar("batch_loss")).hasSize(10);
  }

  @Test
  void shouldRecordFitWithAMultiDataSet() {
    SameDiff model = SameDiffNets.classifier(new Sgd(0.01));
    List<String> faults = faults(() -> {
      try (SameDiffTensorBoardListener listener = all("run")) {
        model.setListeners(listener);
        data.forEach(batch -> model.fit(batch.toMultiDataSet()));
      }
    });

    assertThat(faults).isEmpty();
    assertThat(train("run").scalar("batch_loss")).hasSize(5);
  }

  @Test
  void shouldRecordAModelOfTwentyMillionParameters() {
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, Nets.FEATURES);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, Nets.CLASSES);
    SDVariable wide = in.mmul(model.var("wide/w", Nd4j.rand(DataType.FLOAT, Nets.FEATURES, 4400).muli(0.01)));
    SDVariable deep =
        model.nn().relu("deep/out", wide.mmul(model.var("deep/w", Nd4j.rand(DataType.FLOAT, 4400, 4400).muli(0.01))), 0);
    model.loss().meanSquaredError("loss", label,
        deep.mmul(model.var("out/w", Nd4j.rand(DataType.FLOAT, 4400, Nets.CLASSES).muli(0.01))), null);
    model.setLossVariables("loss");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(1e-6)).build());
    assertThat(faults(() -> record(model, "run", 1))).isEmpty();

    assertThat(train("run").histograms().get("layer_deep/w").get(1L).count()).isEqualTo(4400 * 4400);
  }

  private void record(SameDiff model, String run, int epochs) {
    try (SameDiffTensorBoardListener listener = all(run)) {
      model.setListeners(listener);
      model.fit(Nets.iterator(data), epochs, Nets.iterator(unseen), 1);
    }
  }

  private SameDiffTensorBoardListener all(String run) {
    return SameDiffTensorBoardListener.builder(logs.resolve(run)).batchFrequency(ALWAYS).gradientFrequency(ALWAYS)
        .updateFrequency(ALWAYS).activationFrequency(ALWAYS).statisticsFrequency(ALWAYS).weightImageFrequency(ALWAYS)
        .guard(Guard.report().watchingTensors()).build();
  }

  /** Returns what is logged as a warning or an error of this library meanwhile. */
  private List<String> faults(Runnable code) {
    try (Log log = new Log(logs)) {
      code.run();
      return new ArrayList<>(
          log.lines().stream().filter(line -> line.contains("ERROR") || line.contains("WARN")).toList());
    }
  }

  private void assertSameAsWithout(SameDiff plain, SameDiff recorded, int epochs) {
    plain.setListeners();
    plain.fit(Nets.iterator(data), epochs, Nets.iterator(unseen), 1);
    for (String name : SameDiffNets.PARAMETERS) {
      INDArray expected = SameDiffNets.values(plain, name);
      assertThat(Arrays.equals(SameDiffNets.values(recorded, name).data().asFloat(), expected.data().asFloat())).as(name)
          .isTrue();
    }
  }

  private Recorded train(String run) {
    return Recorded.in(logs.resolve(run + "/train"));
  }
}
