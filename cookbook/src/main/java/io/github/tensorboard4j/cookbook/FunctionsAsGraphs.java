package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.dl4j.Dl4jGraph;
import java.nio.file.Path;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A function with its derivative, a loop and a condition, drawn as graphs. Nothing is trained. */
public final class FunctionsAsGraphs {

  private FunctionsAsGraphs() {}

  public static void main(String[] args) {
    draw(Path.of("logs/functions"));
  }

  static void draw(Path logs) {
    derivative(logs.resolve("derivative"));
    loop(logs.resolve("loop"));
    condition(logs.resolve("condition"));
  }

  /** y = x² + 1, and dy/dx, which SameDiff derives: the scope {@code gradients} of the graph. */
  private static void derivative(Path run) {
    SameDiff model = SameDiff.create();
    SDVariable x = model.var("x", Nd4j.scalar(0f));
    model.math().square("x_squared", x).add("y", model.constant("one", Nd4j.scalar(1f)));
    model.setLossVariables("y");
    model.createGradFunction("x");

    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addGraph(Dl4jGraph.of(model, Map.of()));
      // the functions themselves, as curves over x
      for (int step = 0; step <= 10; step++) {
        x.setArray(Nd4j.scalar((float) step));
        writer.addScalar("y", model.outputSingle(Map.of(), "y").getDouble(0), step);
        writer.addScalar("dy_dx", model.calculateGradients(Map.of(), "x").get("x").getDouble(0), step);
      }
    }
  }

  /** Doubles a number until it is a hundred or more. */
  private static void loop(Path run) {
    SameDiff model = SameDiff.create();
    SDVariable start = model.placeHolder("start", DataType.FLOAT);
    model.whileLoop(new String[] {"end"}, "doubling", new SDVariable[] {start},
        (graph, variables) -> variables[0].lt(100),
        (graph, variables) -> new SDVariable[] {variables[0].mul("doubled", 2)});

    INDArray three = Nd4j.scalar(3f);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addGraph(Dl4jGraph.of(model, Map.of("start", three)));
      writer.addText("end", "From 3 the loop comes to " + model.outputSingle(Map.of("start", three), "end"), 0);
    }
  }

  /** The absolute value of a number: the number itself or its negative. */
  private static void condition(Path run) {
    SameDiff model = SameDiff.create();
    SDVariable x = model.placeHolder("x", DataType.FLOAT);
    model.ifCond("absolute", "sign",
        graph -> x.gt(0),
        graph -> x.mul("same", 1),
        graph -> x.mul("negative", -1));

    INDArray number = Nd4j.scalar(-7f);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addGraph(Dl4jGraph.of(model, Map.of("x", number)));
      writer.addText("absolute", "Of -7 it is " + model.outputSingle(Map.of("x", number), "absolute"), 0);
    }
  }
}
