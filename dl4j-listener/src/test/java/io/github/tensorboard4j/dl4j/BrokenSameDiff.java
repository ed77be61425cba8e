package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** {@link BrokenTraining}, with its data, of a SameDiff model: five hidden layers, each in a scope of its own. */
final class BrokenSameDiff {

  private static final int WIDTH = 24;

  private BrokenSameDiff() {}

  /** Trains a model in one of the ways, with all that a listener has to say of what is within. */
  static void train(BrokenTraining way, Path run) {
    SameDiff model = model(way);
    Frequency often = Frequency.iterations(5);
    try (SameDiffTensorBoardListener listener = SameDiffTensorBoardListener.builder(run)
        .statisticsFrequency(often)
        .gradientFrequency(Frequency.epochs(1))
        .activationFrequency(Frequency.epochs(1))
        .build()) {
      model.setListeners(listener);
      model.fit(way.trainingData(), BrokenTraining.EPOCHS, way.validationData(), 1);
    }
  }

  private static SameDiff model(BrokenTraining way) {
    Nd4j.getRandom().setSeed(1);
    SameDiff model = SameDiff.create();
    SDVariable labels = model.placeHolder("label", DataType.FLOAT, -1, BrokenTraining.CLASSES);
    SDVariable last = model.placeHolder("features", DataType.FLOAT, -1, BrokenTraining.FEATURES);
    int inputs = BrokenTraining.FEATURES;
    for (int layer = 0; layer < BrokenTraining.LAYERS; layer++) {
      String scope = "hidden_" + layer + '/';
      SDVariable sum = dense(way, model, scope, last, inputs, WIDTH, way == BrokenTraining.DEAD_RELUS ? -10 : 0);
      last = way == BrokenTraining.VANISHING_GRADIENTS
          ? model.nn().sigmoid(scope + "out", sum)
          : model.nn().relu(scope + "out", sum, 0);
      inputs = WIDTH;
    }
    SDVariable logits = dense(way, model, "output/", last, inputs, BrokenTraining.CLASSES, 0);
    model.nn().softmax("softmax", logits, 1);
    model.loss().softmaxCrossEntropy("loss", labels, logits, null);
    model.setLossVariables("loss");
    TrainingConfig.Builder config = TrainingConfig.builder()
        .updater(new Sgd(way == BrokenTraining.RATE_TOO_HIGH ? 1 : 0.05))
        .dataSetFeatureMapping("features")
        .dataSetLabelMapping("label");
    // the framework ends a training whose outputs are NaN and evaluated
    if (way != BrokenTraining.NAN_INPUT && way != BrokenTraining.RATE_TOO_HIGH) {
      config.trainEvaluation("softmax", 0, new Evaluation()).validationEvaluation("softmax", 0, new Evaluation());
    }
    model.setTrainingConfig(config.build());
    return model;
  }

  /** Adds a layer without its activation function; the start of its weights is what suits that. */
  private static SDVariable dense(BrokenTraining way, SameDiff model, String scope, SDVariable in, int inputs,
      int outputs, double bias) {
    double variance = way == BrokenTraining.VANISHING_GRADIENTS ? 2.0 / (inputs + outputs) : 2.0 / inputs;
    SDVariable w = model.var(scope + "w", Nd4j.randn(DataType.FLOAT, inputs, outputs).muli(Math.sqrt(variance)));
    SDVariable b = model.var(scope + "b", Nd4j.valueArrayOf(new long[] {outputs}, bias, DataType.FLOAT));
    return in.mmul(scope + "product", w).add(scope + "sum", b);
  }
}
