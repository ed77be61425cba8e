package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.dl4j.Dl4jGraph;
import java.nio.file.Path;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The smallest network there is: one neuron with one weight learns that 1 should become 0. */
public final class LearningNeuron {

  private static final int STEPS = 100;

  private LearningNeuron() {}

  public static void main(String[] args) {
    double y = train(Path.of("logs/neuron/rate 0.025"));
    System.out.printf("After %d updates y is %.4f%n", STEPS + 1, y);
  }

  /** Returns what the neuron answers in the end. */
  static double train(Path run) {
    INDArray one = Nd4j.create(new float[][] {{1.0f}});
    INDArray zero = Nd4j.create(new float[][] {{0.0f}});
    Map<String, INDArray> values = Map.of("neuron/x", one, "loss/y_", zero);
    SameDiff model = model();

    try (SummaryWriter writer = SummaryWriter.open(run)) {
      // drawn with the shapes that these values have
      writer.addGraph(Dl4jGraph.of(model, values));
      for (int step = 0; step <= STEPS; step++) {
        Map<String, INDArray> now = model.output(values, "neuron/y", "loss/squared");
        writer.addScalar("x", one.getDouble(0), step);
        writer.addScalar("w", model.getVariable("neuron/w").getArr().getDouble(0), step);
        writer.addScalar("y", now.get("neuron/y").getDouble(0), step);
        writer.addScalar("y_", zero.getDouble(0), step);
        writer.addScalar("loss", now.get("loss/squared").getDouble(0), step);
        // one update: w becomes w - 0.025 * 2 * (y - y_) * x
        model.fit(new DataSet(one, zero));
      }
    }
    return model.outputSingle(values, "neuron/y").getDouble(0);
  }

  /** What stands before a slash is a scope: a box of the graph that a double click opens. */
  private static SameDiff model() {
    SameDiff model = SameDiff.create();
    SDVariable x = model.placeHolder("neuron/x", DataType.FLOAT, 1, 1);
    SDVariable wanted = model.placeHolder("loss/y_", DataType.FLOAT, 1, 1);
    SDVariable w = model.var("neuron/w", Nd4j.create(new float[][] {{0.8f}}));
    SDVariable y = x.mul("neuron/y", w);
    model.math().square("loss/squared", y.sub("loss/error", wanted));
    model.setLossVariables("loss/squared");
    model.setTrainingConfig(TrainingConfig.builder()
        .updater(new Sgd(0.025))
        .dataSetFeatureMapping("neuron/x")
        .dataSetLabelMapping("loss/y_")
        .build());
    return model;
  }
}
