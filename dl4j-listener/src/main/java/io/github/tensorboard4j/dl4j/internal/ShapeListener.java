package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.TensorShape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Learns the shapes of all results, those within loops as well, while the framework computes a model once.
 */
final class ShapeListener extends BaseListener {

  private final Map<String, TensorShape> shapes = new HashMap<>();

  private ShapeListener() {}

  /** Computes the model once and returns the shapes of its results, by their names. */
  static Map<String, TensorShape> shapes(SameDiff model, Map<String, INDArray> placeholders) {
    ShapeListener listener = new ShapeListener();
    Set<String> read = new HashSet<>();
    model.getOps().values().forEach(op -> read.addAll(op.getInputsToOp() == null ? List.of() : op.getInputsToOp()));
    String[] outputs = model.variables().stream()
        .filter(v -> v.getVariableType() == VariableType.ARRAY && !read.contains(v.name()))
        .map(SDVariable::name)
        .toArray(String[]::new);
    model.output(placeholders, List.of(listener), outputs);
    return listener.shapes;
  }

  @Override
  public boolean isActive(Operation operation) {
    return true;
  }

  @Override
  public void opExecution(
      SameDiff model, At at, MultiDataSet batch, SameDiffOp op, OpContext context, INDArray[] outputs) {
    for (int i = 0; i < outputs.length && i < op.getOutputsOfOp().size(); i++) {
      if (outputs[i] != null) {
        shapes.put(op.getOutputsOfOp().get(i), Types.shape(outputs[i]));
      }
    }
  }
}
