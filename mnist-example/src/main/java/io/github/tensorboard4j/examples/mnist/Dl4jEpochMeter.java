package io.github.tensorboard4j.examples.mnist;

import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Measures each epoch of a classifier's training. */
final class Dl4jEpochMeter extends BaseTrainingListener {
  private final DataSetIterator validation;
  private final Consumer<EpochSummary> onEpoch;
  private long started;
  private long examples;
  private long correct;
  private int batch;
  private double loss;

  Dl4jEpochMeter(DataSetIterator validation, Consumer<EpochSummary> onEpoch) {
    this.validation = validation;
    this.onEpoch = onEpoch;
  }

  @Override
  public void onEpochStart(Model model) {
    started = System.nanoTime();
    examples = 0;
    correct = 0;
    loss = 0;
  }

  @Override
  public void onBackwardPass(Model model) {
    MultiLayerNetwork network = (MultiLayerNetwork) model;
    BaseOutputLayer<?> output = (BaseOutputLayer<?>) network.getOutputLayer();
    INDArray predictions = output.activate(false, LayerWorkspaceMgr.noWorkspaces());
    batch = predictions.rows();
    correct += correct(network.getLabels(), predictions);
    examples += batch;
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    loss += model.score() * batch;
  }

  @Override
  public void onEpochEnd(Model model) {
    double seconds = (System.nanoTime() - started) / 1e9;
    MultiLayerNetwork network = (MultiLayerNetwork) model;
    double validationLoss = 0;
    long validationCorrect = 0;
    long validated = 0;
    validation.reset();
    while (validation.hasNext()) {
      DataSet next = validation.next();
      validationLoss += network.score(next, false) * next.numExamples();
      validationCorrect += correct(next.getLabels(), network.output(next.getFeatures()));
      validated += next.numExamples();
    }
    onEpoch.accept(new EpochSummary(
        network.getEpochCount() + 1, loss / examples, (double) correct / examples, seconds, examples / seconds,
        network.getLearningRate(0), validationLoss / validated, (double) validationCorrect / validated));
  }

  private static long correct(INDArray labels, INDArray predictions) {
    return labels.argMax(1).eq(predictions.argMax(1)).castTo(org.nd4j.linalg.api.buffer.DataType.INT64).sumNumber().longValue();
  }
}
