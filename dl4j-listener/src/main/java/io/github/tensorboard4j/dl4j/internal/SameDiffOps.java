package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Draws layers and vertices that define themselves as a SameDiff graph: attention, capsules, local connections, and
 * users' own. Each is asked to define itself once more, on a graph that is then drawn and thrown away.
 */
final class SameDiffOps {

  private SameDiffOps() {}

  static void register(LayerDrawings drawings) {
    drawings.register(SameDiffLayer.class, SameDiffOps::layer);
    drawings.register(SameDiffOutputLayer.class, SameDiffOps::output);
  }

  private static void layer(LayerFrame frame, SameDiffLayer layer) {
    SameDiff defined = SameDiff.create();
    SDVariable input = placeholder(defined, "input", frame.inputShape());
    SDVariable mask = placeholder(defined, "mask", TensorShape.UNKNOWN);
    Map<String, SDVariable> parameters = parameters(defined, layer.getLayerParams().getParamShapes());
    SDVariable result = copy(layer).defineLayer(defined, input, parameters, mask);
    draw(frame, defined, Map.of(input.name(), frame.data()), result, layer.getLayerName());
  }

  private static void output(LayerFrame frame, SameDiffOutputLayer layer) {
    SameDiff defined = SameDiff.create();
    SDVariable input = placeholder(defined, "input", frame.inputShape());
    SDVariable labels = layer.labelsRequired() ? placeholder(defined, "labels", TensorShape.UNKNOWN) : null;
    Map<String, SDVariable> parameters = parameters(defined, layer.getLayerParams().getParamShapes());
    copy(layer).defineLayer(defined, input, labels, parameters);
    draw(frame, defined, Map.of(input.name(), frame.data()), defined.getVariable(layer.activationsVertexName()),
        layer.getLayerName());
  }

  static void vertex(LayerFrame frame, SameDiffVertex vertex, List<Output> inputs, List<TensorShape> shapes) {
    SameDiff defined = SameDiff.create();
    Map<String, SDVariable> placeholders = new LinkedHashMap<>();
    Map<String, SDVariable> masks = new LinkedHashMap<>();
    Map<String, Output> known = new HashMap<>();
    int i = 0;
    for (String name : vertex.getVertexParams().getInputs()) {
      placeholders.put(name, placeholder(defined, name, shapes.get(i)));
      masks.put(name, placeholder(defined, name + "_mask", TensorShape.UNKNOWN));
      known.put(name, inputs.get(i++));
    }
    Map<String, SDVariable> parameters = parameters(defined, vertex.getVertexParams().getParamShapes());
    SameDiffVertex copy = (SameDiffVertex) vertex.clone();
    draw(frame, defined, known, copy.defineVertex(defined, placeholders, parameters, masks), null);
  }

  private static void draw(LayerFrame frame, SameDiff defined, Map<String, Output> placeholders, SDVariable result,
      @Nullable String layerName) {
    Map<String, Output> known = new HashMap<>(placeholders);
    for (SDVariable variable : defined.variables()) {
      if (frame.has(variable.name())) {
        known.put(variable.name(), frame.parameters(variable.name())[0]);
      }
    }
    SameDiffDrawing drawing = new SameDiffDrawing(
        frame.scope(), known, Map.of(result.name(), frame.outputShape()), layerName);
    drawing.drawUsed(defined);
    frame.data(Objects.requireNonNull(drawing.output(result.name()), result.name()));
  }

  /** Returns a copy, since some layers note down what they see when they are asked to define themselves. */
  @SuppressWarnings("unchecked")
  private static <L extends Layer> L copy(L layer) {
    return (L) layer.clone();
  }

  private static Map<String, SDVariable> parameters(SameDiff defined, Map<String, long[]> shapes) {
    Map<String, SDVariable> parameters = new LinkedHashMap<>();
    shapes.forEach((key, shape) -> parameters.put(key, defined.placeHolder(key, DataType.FLOAT, shape)));
    return parameters;
  }

  private static SDVariable placeholder(SameDiff defined, String name, TensorShape shape) {
    return shape.isKnown()
        ? defined.placeHolder(name, DataType.FLOAT, shape.sizes())
        : defined.placeHolder(name, DataType.FLOAT);
  }
}
