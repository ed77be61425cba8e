package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Draws a SameDiff model, its gradient function if it has one, and its optimizer if it is set up for
 * training.
 */
public final class SameDiffWalker {

  private static final String GRADIENTS = "gradients";

  private SameDiffWalker() {}

  /**
   * Draws a model without computing it.
   *
   * @param model the model
   * @return the graph
   */
  public static ModelGraph walk(SameDiff model) {
    return draw(model, Map.of());
  }

  /**
   * Draws a model with the shapes of all its results.
   *
   * @param model the model
   * @param placeholders values with which it is computed once to learn the shapes
   * @return the graph
   */
  public static ModelGraph walk(SameDiff model, Map<String, INDArray> placeholders) {
    Map<String, TensorShape> shapes = ForeignCall.orNull(() -> ShapeListener.shapes(model, placeholders));
    return draw(model, shapes == null ? Map.of() : shapes);
  }

  /**
   * Returns the name under which an operation is drawn.
   *
   * @param operation the operation
   * @param forward whether it is one of the model's own, and not one of its gradient function alone
   * @return the name
   */
  public static String nodeName(SameDiffOp operation, boolean forward) {
    return (forward ? "" : GRADIENTS + '/') + NodeNames.legal(SameDiffDrawing.nodeName(operation));
  }

  private static ModelGraph draw(SameDiff model, Map<String, TensorShape> shapes) {
    ModelGraph.Builder graph = ModelGraph.builder().device(Devices.current());
    GraphScope root = graph.root();
    SameDiffDrawing drawing = new SameDiffDrawing(root, Map.of(), shapes);
    drawing.drawAll(model);
    if (Boolean.TRUE.equals(ForeignCall.orNull(model::hasGradientFunction))) {
      drawing.within(root.scope(GRADIENTS)).drawMore(model.getFunction("grad"));
    }
    optimizer(model, root, drawing);
    return graph.build();
  }

  private static void optimizer(SameDiff model, GraphScope root, SameDiffDrawing drawing) {
    IUpdater updater = model.getTrainingConfig() == null ? null : model.getTrainingConfig().getUpdater();
    List<String> names = ForeignCall.orNull(model::getLossVariables);
    List<Output> losses = names == null ? List.of()
        : names.stream().map(drawing::output).filter(Objects::nonNull).toList();
    if (updater == null || losses.isEmpty()) {
      return;
    }
    long trained = 0;
    for (SDVariable variable : model.variables()) {
      boolean learned = variable.getVariableType() == VariableType.VARIABLE;
      INDArray value = learned ? ForeignCall.orNull(variable::getArr) : null;
      trained += value == null ? 0 : value.length();
    }
    TrainingOps training = new TrainingOps(root, Types.dtype(model.variables().get(0).dataType()));
    losses.forEach(training::loss);
    training.optimizer(Set.of(updater), trained);
    training.add();
  }
}
