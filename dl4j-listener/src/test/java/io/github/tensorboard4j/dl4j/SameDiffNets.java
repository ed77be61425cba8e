package io.github.tensorboard4j.dl4j;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Small SameDiff models that the tests train for real, the same at each call. */
final class SameDiffNets {

  static final String[] PARAMETERS = {"hidden/w", "hidden/b", "output/w", "output/b"};

  private SameDiffNets() {}

  /** Returns a classifier of {@link Nets#batches}, with a loss called {@code loss}. */
  static SameDiff classifier(IUpdater updater) {
    SameDiff model = untrained();
    model.setTrainingConfig(config(updater).build());
    return model;
  }

  static TrainingConfig.Builder config(IUpdater updater) {
    return TrainingConfig.builder().updater(updater).dataSetFeatureMapping("in").dataSetLabelMapping("label");
  }

  /** Returns the classifier without a configuration. */
  static SameDiff untrained() {
    Nd4j.getRandom().setSeed(5);
    SameDiff model = SameDiff.create();
    SDVariable in = model.placeHolder("in", DataType.FLOAT, -1, Nets.FEATURES);
    SDVariable label = model.placeHolder("label", DataType.FLOAT, -1, Nets.CLASSES);
    SDVariable w = model.var("hidden/w", Nd4j.randn(DataType.FLOAT, Nets.FEATURES, 8).muli(0.4));
    SDVariable b = model.var("hidden/b", Nd4j.zeros(DataType.FLOAT, 8));
    SDVariable hidden = model.nn().relu("hidden/out", in.mmul("hidden/product", w).add("hidden/sum", b), 0);
    w = model.var("output/w", Nd4j.randn(DataType.FLOAT, 8, Nets.CLASSES).muli(0.4));
    b = model.var("output/b", Nd4j.zeros(DataType.FLOAT, Nets.CLASSES));
    SDVariable logits = hidden.mmul("output/product", w).add("output/logits", b);
    model.nn().softmax("softmax", logits, 1);
    model.loss().softmaxCrossEntropy("loss", label, logits, null);
    model.setLossVariables("loss");
    return model;
  }

  static Map<String, INDArray> placeholders(DataSet batch) {
    return Map.of("in", batch.getFeatures(), "label", batch.getLabels());
  }

  static INDArray values(SameDiff model, String variable) {
    return model.getVariable(variable).getArr();
  }
}
