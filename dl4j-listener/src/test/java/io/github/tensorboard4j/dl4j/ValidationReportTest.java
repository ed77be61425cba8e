package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.ValidationReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.classification.ROCBinary;
import org.nd4j.evaluation.classification.ROCMultiClass;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The report on a validation, against what the framework's own evaluations find out by passes of their own. */
class ValidationReportTest {

  private static final ValidationReport REPORT = ValidationReport.builder().classes("cat", "dog", "bird").pictures(3, 2)
      .embedding("hidden").topAccuracy(2).build();

  @TempDir
  private Path logs;

  private final List<DataSet> batches = Nets.batches(1);
  private final List<DataSet> unseen = Nets.batches(2);

  /** Counts the forward passes of the layer that it stands in front of. */
  private static final class Counting extends org.deeplearning4j.nn.conf.preprocessor.BaseInputPreProcessor {
    private static final long serialVersionUID = 1;
    private static final AtomicInteger PASSES = new AtomicInteger();

    @Override
    public INDArray preProcess(INDArray input, int miniBatchSize, LayerWorkspaceMgr workspaces) {
      PASSES.incrementAndGet();
      return workspaces.dup(org.deeplearning4j.nn.workspace.ArrayType.ACTIVATIONS, input);
    }

    @Override
    public INDArray backprop(INDArray output, int miniBatchSize, LayerWorkspaceMgr workspaces) {
      return workspaces.dup(org.deeplearning4j.nn.workspace.ArrayType.ACTIVATION_GRAD, output);
    }

    @Override
    public InputType getOutputType(InputType inputType) {
      return inputType;
    }
  }

  @Test
  void shouldMakeOneForwardPassABatchForEverything() {
    MultiLayerNetwork network =
        Nets.init(new NeuralNetConfiguration.Builder().seed(5).l2(1e-3).updater(new Adam(0.01)).list()
            .layer(Nets.hidden())
            .layer(Nets.output())
            .inputPreProcessor(0, new Counting())
            .build());
    ComputationGraph graph = Nets.init(new NeuralNetConfiguration.Builder().seed(5).updater(new Adam(0.01)).graphBuilder()
        .addInputs("in").addLayer("hidden", Nets.hidden(), new Counting(), "in").addLayer("output", Nets.output(), "hidden")
        .setOutputs("output").build());

    Counting.PASSES.set(0);
    network.fit(Nets.iterator(batches), 1);
    int ofTraining = Counting.PASSES.getAndSet(0);
    try (TensorBoardListener listener = listener("chain", REPORT)) {
      network.setListeners(listener);
      network.fit(Nets.iterator(batches), 1);
    }
    assertThat(Counting.PASSES.getAndSet(0)).isEqualTo(ofTraining + unseen.size());
    try (TensorBoardListener listener = listener("graph", REPORT)) {
      graph.setListeners(listener);
      graph.fit(Nets.iterator(batches), 1);
    }
    assertThat(Counting.PASSES.get()).isEqualTo(ofTraining + unseen.size());
  }

  @Test
  void shouldRecordTheFrameworksOwnFiguresOfAChainAndOfAGraph() {
    MultiLayerNetwork chain = Nets.classifier();
    try (TensorBoardListener listener = listener("chain", REPORT)) {
      chain.setListeners(listener);
      chain.fit(Nets.iterator(batches), 3);
    }
    ComputationGraph graph = Nets.graph();
    try (TensorBoardListener listener = listener("graph", REPORT)) {
      graph.setListeners(listener);
      graph.fit(Nets.iterator(batches), 3);
    }

    Evaluation evaluation = new Evaluation(List.of("cat", "dog", "bird"), 2);
    ROCMultiClass roc = new ROCMultiClass();
    chain.doEvaluation(Nets.iterator(unseen), evaluation);
    chain.doEvaluation(Nets.iterator(unseen), roc);
    double loss = 0;
    for (DataSet batch : unseen) {
      loss += chain.score(batch) * batch.numExamples();
    }
    Map<String, Map<Long, Float>> figures = validation("chain").scalars();
    assertThat(figures.get("epoch_loss").get(3L)).isEqualTo((float) (loss / 69));
    assertThat(figures.get("epoch_accuracy").get(3L)).isEqualTo((float) evaluation.accuracy());
    assertThat(figures.get("epoch_precision").get(3L)).isEqualTo((float) evaluation.precision());
    assertThat(figures.get("epoch_recall").get(3L)).isEqualTo((float) evaluation.recall());
    assertThat(figures.get("epoch_f1").get(3L)).isEqualTo((float) evaluation.f1());
    assertThat(figures.get("epoch_top_2_accuracy").get(3L)).isEqualTo((float) evaluation.topNAccuracy());
    assertThat((double) figures.get("epoch_auc").get(3L)).isCloseTo(roc.calculateAverageAUC(), within(5e-3));
    assertThat(validation("graph").scalars()).isEqualTo(figures);
    assertThat(validation("graph").tensorSteps()).isEqualTo(validation("chain").tensorSteps()).isEqualTo(Map.of(
        "confusion_matrix", List.of(1L, 2L, 3L), "misclassified", List.of(1L, 2L, 3L), "pr_curve/bird",
        List.of(1L, 2L, 3L), "pr_curve/cat", List.of(1L, 2L, 3L), "pr_curve/dog", List.of(1L, 2L, 3L)));
  }

  @Test
  void shouldCountThePrCurveOfTheFrameworksOutputs() {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener = listener("run", REPORT)) {
      network.setListeners(listener);
      network.fit(Nets.iterator(batches), 2);
    }

    ByteBuffer content = validation("run").events().stream()
        .filter(event -> event.step() == 2).flatMap(event -> event.values().stream())
        .filter(value -> value.tag().equals("pr_curve/dog")).findFirst().orElseThrow().tensorContent();
    for (int threshold = 0; threshold < 127; threshold++) {
      int found = 0;
      for (DataSet batch : unseen) {
        INDArray output = network.output(batch.getFeatures());
        for (int row = 0; row < batch.numExamples(); row++) {
          boolean isDog = batch.getLabels().getFloat(row, 1) == 1;
          found += isDog && (int) (output.getFloat(row, 1) * 126) >= threshold ? 1 : 0;
        }
      }
      assertThat(content.getFloat()).as("true positives at %d", threshold).isEqualTo(found);
    }
  }

  @Test
  void shouldEmbedWhatTheLayerPutsOutWithLabelsAndPredictions() throws IOException {
    MultiLayerNetwork network = Nets.classifier();
    ValidationReport report = ValidationReport.builder().classes("cat", "dog", "bird").pictures(3, 2).embedding("hidden")
        .frequency(Frequency.epochs(2)).build();
    try (TensorBoardListener listener = listener("run", report)) {
      network.setListeners(listener);
      network.fit(Nets.iterator(batches), 2);
    }

    List<String> expected = new ArrayList<>(List.of("example\tlabel\tprediction\tright"));
    List<float[]> vectors = new ArrayList<>();
    for (DataSet batch : unseen) {
      INDArray hidden = network.feedForward(batch.getFeatures()).get(1);
      int[] predictions = network.predict(batch.getFeatures());
      int[] labels = batch.getLabels().argMax(1).toIntVector();
      for (int row = 0; row < labels.length; row++) {
        vectors.add(hidden.getRow(row).toFloatVector());
        String label = List.of("cat", "dog", "bird").get(labels[row]);
        String prediction = List.of("cat", "dog", "bird").get(predictions[row]);
        String both = label + '\t' + prediction + '\t';
        expected.add(
            label.equals(prediction) ? label + '\t' + both + "yes" : label + " \u2192 " + prediction + '\t' + both + "no");
      }
    }
    List<String> tensors = embedded("tensors");
    for (int i = 0; i < vectors.size(); i++) {
      String[] numbers = tensors.get(i).split("\t");
      assertThat(Arrays.stream(numbers).map(Float::parseFloat)).containsExactly(boxed(vectors.get(i)));
    }
    assertThat(tensors).hasSameSizeAs(vectors);
    assertThat(embedded("metadata")).isEqualTo(expected);
    assertThat(files()).anyMatch(file -> file.getFileName().toString().endsWith(".png"));
    assertThat(files().stream().map(file -> file.getParent().getFileName().toString()).distinct()).singleElement()
        .asString().contains("2");
  }

  private static Float[] boxed(float[] vector) {
    Float[] boxed = new Float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      boxed[i] = vector[i];
    }
    return boxed;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(logs.resolve("run/validation/embeddings/hidden"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private List<String> embedded(String name) throws IOException {
    return Files.readAllLines(
        files().stream().filter(file -> file.getFileName().toString().contains(name)).findFirst().orElseThrow());
  }

  @Test
  void shouldTrainTheSameBitByBit() {
    MultiLayerNetwork with = Nets.classifier();
    MultiLayerNetwork without = Nets.classifier();
    ComputationGraph graphWith = Nets.graph();
    try (TensorBoardListener listener = listener("chain", REPORT);
        TensorBoardListener ofGraph = TensorBoardListener.builder(logs.resolve("graph"))
            .validationData(Nets.iterator(unseen)).validationReport(REPORT)
            .validationFrequency(Frequency.iterations(1)).build()) {
      with.setListeners(listener);
      with.fit(Nets.iterator(batches), 3);
      graphWith.setListeners(ofGraph);
      graphWith.fit(Nets.iterator(batches), 3);
    }
    without.fit(Nets.iterator(batches), 3);

    assertThat(with.params()).isEqualTo(without.params());
    assertThat(graphWith.params().toFloatVector()).isEqualTo(without.params().toFloatVector());
    assertThat(with.getUpdater().getStateViewArray()).isEqualTo(without.getUpdater().getStateViewArray());
    assertThat(validation("graph").scalar("batch_precision")).hasSize(15);
    assertThat(with.getLayers()).noneMatch(layer -> java.lang.reflect.Proxy.isProxyClass(layer.getClass()));
    assertThat(graphWith.getVertices()).noneMatch(vertex -> java.lang.reflect.Proxy.isProxyClass(vertex.getClass()));
  }

  @Test
  void shouldRecordNothingMoreUnlessAsked() {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).validationData(Nets.iterator(unseen)).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(batches), 1);
    }

    assertThat(validation("run").scalars()).containsOnlyKeys("epoch_loss", "epoch_accuracy");
    assertThat(validation("run").tensorSteps()).isEmpty();
  }

  @Test
  void shouldCountTheTimeStepsThatAreNotMasked() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Adam(0.01)).list()
        .layer(new LSTM.Builder().nIn(4).nOut(5).build())
        .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(5).nOut(3).activation(Activation.SOFTMAX).build())
        .build());
    Nd4j.getRandom().setSeed(4);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 8, 3, 6);
    for (int i = 0; i < 48; i++) {
      labels.putScalar(new int[] {i / 6, i * i % 7 % 3, i % 6}, 1);
    }
    INDArray mask = Nd4j.rand(DataType.FLOAT, 8, 6).gt(0.4).castTo(DataType.FLOAT);
    List<DataSet> masked = List.of(new DataSet(Nd4j.rand(DataType.FLOAT, 8, 4, 6), labels, mask, mask));
    ValidationReport report = ValidationReport.builder().topAccuracy(2).embedding("0_lstm").build();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .validationData(Nets.iterator(masked)).validationReport(report).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(masked), 3);
    }

    Evaluation evaluation = new Evaluation(List.of("0", "1", "2"), 2);
    ROCMultiClass roc = new ROCMultiClass();
    network.doEvaluation(Nets.iterator(masked), evaluation);
    network.doEvaluation(Nets.iterator(masked), roc);
    assertThat(validation("run").scalar("epoch_loss").get(3L)).isEqualTo((float) network.score(masked.get(0)));
    assertThat(validation("run").scalar("epoch_recall").get(3L)).isEqualTo((float) evaluation.recall());
    assertThat(validation("run").scalar("epoch_top_2_accuracy").get(3L)).isEqualTo((float) evaluation.topNAccuracy());
    assertThat((double) validation("run").scalar("epoch_auc").get(3L)).isCloseTo(roc.calculateAverageAUC(), within(0.03));
    assertThat(logs.resolve("run/validation/embeddings")).doesNotExist();
  }

  @Test
  void shouldReportOnAnOutputOfTwoClasses() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Adam(0.01)).list()
        .layer(Nets.hidden())
        .layer(new OutputLayer.Builder(LossFunction.XENT).nIn(8).nOut(1).activation(Activation.SIGMOID).build())
        .build());
    List<DataSet> two = unseen.stream().map(batch -> new DataSet(batch.getFeatures(),
        batch.getLabels().getColumn(1, true).dup())).toList();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .validationData(Nets.iterator(two)).validationReport(ValidationReport.standard()).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(two), 20);
    }

    Evaluation evaluation = new Evaluation();
    ROC roc = new ROC();
    network.doEvaluation(Nets.iterator(two), evaluation);
    network.doEvaluation(Nets.iterator(two), roc);
    assertThat(validation("run").scalar("epoch_precision").get(20L)).isEqualTo((float) evaluation.precision());
    assertThat(validation("run").scalar("epoch_recall").get(20L)).isEqualTo((float) evaluation.recall());
    assertThat(validation("run").scalar("epoch_f1").get(20L)).isEqualTo((float) evaluation.f1());
    assertThat((double) validation("run").scalar("epoch_auc").get(20L)).isCloseTo(roc.calculateAUC(), within(5e-3));
  }

  @Test
  void shouldReportOnOutputsThatBelongToSeveralClasses() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Adam(0.01)).list()
        .layer(Nets.hidden())
        .layer(new OutputLayer.Builder(LossFunction.XENT).nIn(8).nOut(2).activation(Activation.SIGMOID).build())
        .build());
    List<DataSet> several = unseen.stream()
        .map(batch -> new DataSet(batch.getFeatures(), batch.getFeatures().getColumns(0, 5).gt(0.3).castTo(DataType.FLOAT)))
        .toList();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .validationData(Nets.iterator(several)).validationReport(ValidationReport.standard()).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(several), 20);
    }

    EvaluationBinary evaluation = new EvaluationBinary();
    ROCBinary roc = new ROCBinary();
    network.doEvaluation(Nets.iterator(several), evaluation);
    network.doEvaluation(Nets.iterator(several), roc);
    assertThat(validation("run").scalar("epoch_precision").get(20L)).isEqualTo((float) evaluation.averagePrecision());
    assertThat(validation("run").scalar("epoch_recall").get(20L)).isEqualTo((float) evaluation.averageRecall());
    assertThat(validation("run").scalar("epoch_f1").get(20L)).isEqualTo((float) evaluation.averageF1());
    assertThat((double) validation("run").scalar("epoch_auc").get(20L)).isCloseTo(roc.calculateAverageAuc(), within(5e-3));
    assertThat(validation("run").tensorSteps()).containsOnlyKeys("pr_curve/0", "pr_curve/1");
  }

  @Test
  void shouldShowTheMisclassifiedAmongPicturesWithTheNamesThatTheDataHave() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Adam(0.01)).list()
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(2).activation(Activation.RELU).build())
        .layer(new DenseLayer.Builder().nOut(4).build())
        .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(3).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.convolutional(6, 6, 3)).build());
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 9, 3);
    for (int i = 0; i < 9; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    List<DataSet> pictures = List.of(new DataSet(Nd4j.rand(DataType.FLOAT, 9, 3, 6, 6), labels));
    DataSetIterator named = new org.deeplearning4j.datasets.iterator.ExistingDataSetIterator(
        pictures, List.of("rock", "paper", "scissors"));
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run")).validationData(named)
        .validationReport(ValidationReport.builder().embedding("1_dense").build()).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(pictures), 1);
    }

    assertThat(validation("run").tensorSteps()).containsOnlyKeys("confusion_matrix", "misclassified", "pr_curve/paper",
        "pr_curve/rock", "pr_curve/scissors");
    assertThat(logs.resolve("run/validation/embeddings/1_dense")).exists();
  }

  @Test
  void shouldValidateWithoutAReportThatNamesOtherClasses() {
    MultiLayerNetwork network = Nets.classifier();
    try (TensorBoardListener listener =
        listener("run", ValidationReport.builder().classes("cat", "dog").embedding("hidden").build())) {
      network.setListeners(listener);
      network.fit(Nets.iterator(batches), 2);
    }

    assertThat(validation("run").scalars()).containsOnlyKeys("epoch_loss", "epoch_accuracy");
    assertThat(validation("run").tensorSteps()).isEmpty();
    assertThat(network.getLayers()).noneMatch(layer -> java.lang.reflect.Proxy.isProxyClass(layer.getClass()));
  }

  @Test
  void shouldReportWithoutAnEmbeddingOfALayerThatIsNotThere() {
    MultiLayerNetwork network = Nets.classifier();
    ValidationReport wrong = ValidationReport.builder().embedding("nowhere").build();
    try (Log log = new Log(logs)) {
      try (TensorBoardListener listener = listener("run", wrong)) {
        network.setListeners(listener);
        network.fit(Nets.iterator(batches), 2);
      }
      assertThat(log.lines()).filteredOn(line -> line.contains("met a fault")).hasSize(1);
    }

    assertThat(validation("run").scalar("epoch_accuracy")).hasSize(2);
    assertThat(validation("run").scalar("epoch_precision")).hasSize(2);
    assertThat(logs.resolve("run/validation/embeddings")).doesNotExist();
  }

  private TensorBoardListener listener(String run, ValidationReport report) {
    return TensorBoardListener.builder(logs.resolve(run)).validationData(Nets.iterator(unseen)).validationReport(report)
        .build();
  }

  private Recorded validation(String run) {
    return Recorded.in(logs.resolve(run).resolve("validation"));
  }
}
