package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.dl4j.internal.LayerWalker.Drawn;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.Output;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws the vertices of a ComputationGraph that are no layers. */
final class VertexWalker {

  private static final Logger LOGGER = LoggerFactory.getLogger(VertexWalker.class);

  private static final Map<String, String> OPS = Map.ofEntries(
      Map.entry("MergeVertex", "Concat"), Map.entry("SubsetVertex", "Slice"), Map.entry("StackVertex", "Stack"),
      Map.entry("UnstackVertex", "Unstack"), Map.entry("L2Vertex", "L2Distance"),
      Map.entry("L2NormalizeVertex", "L2Normalize"), Map.entry("ScaleVertex", "Scale"), Map.entry("ShiftVertex", "Shift"),
      Map.entry("ReshapeVertex", "Reshape"), Map.entry("PoolHelperVertex", "Crop"),
      Map.entry("LastTimeStepVertex", "LastTimeStep"), Map.entry("ReverseTimeSeriesVertex", "Reverse"),
      Map.entry("DuplicateToTimeSeriesVertex", "Tile"));

  private final GraphScope root;
  private final DType dtype;

  VertexWalker(GraphScope root, DType dtype) {
    this.root = root;
    this.dtype = dtype;
  }

  /**
   * Draws a vertex.
   *
   * @param name its name
   * @param configured its configuration
   * @param parameters its parameters by their keys
   * @param inputs where its data comes from, at least one
   * @return where its data comes out
   */
  Drawn draw(String name, GraphVertex configured, Map<String, INDArray> parameters, List<Drawn> inputs) {
    GraphVertex vertex = unfrozen(configured);
    @Nullable
    InputType[] types = inputs.stream().map(Drawn::type).toArray(InputType[]::new);
    InputType type = Inference.of(vertex, types);
    Set<String> trained = vertex == configured ? parameters.keySet() : Set.of();
    LayerDescription description = new LayerDescription(parameters, ParameterKeys.namesOf(vertex, parameters.keySet()),
        trained, dtype, types[0], type);
    LayerFrame frame = new LayerFrame(root, name, description, inputs.get(0).data());
    try {
      if (vertex instanceof SameDiffVertex defining) {
        SameDiffOps.vertex(frame, defining, inputs.stream().map(Drawn::data).toList(),
            inputs.stream().map(i -> Types.shape(i.type())).toList());
        return new Drawn(frame.data(), type);
      }
    } catch (RuntimeException | LinkageError e) {
      LOGGER.debug("drawn as one operation: {}", name, e);
    }
    Output[] others = inputs.stream().skip(1).map(Drawn::data).toArray(Output[]::new);
    frame.through(Settings.attach(vertex, frame.last(op(vertex)).input(others).input(frame.otherParameters())),
        Types.shape(type));
    return new Drawn(frame.data(), type);
  }

  private static GraphVertex unfrozen(GraphVertex configured) {
    return configured instanceof FrozenVertex frozen ? frozen.getUnderlying() : configured;
  }

  /** Returns what a vertex does, {@code Concat} for one that merges; a user's own vertex is called as its class. */
  static String op(GraphVertex configured) {
    GraphVertex vertex = unfrozen(configured);
    String own = OpNames.ofClass(vertex, "Vertex");
    if (!vertex.getClass().getName().startsWith("org.deeplearning4j.")) {
      return own;
    }
    if (vertex instanceof ElementWiseVertex elementWise) {
      return switch (elementWise.getOp()) {
        case Add -> "Add";
        case Subtract -> "Sub";
        case Product -> "Mul";
        case Average -> "Average";
        case Max -> "Maximum";
      };
    }
    return vertex instanceof PreprocessorVertex preprocessor
        ? LayerWalker.op(preprocessor.getPreProcessor())
        : OPS.getOrDefault(own, own);
  }
}
