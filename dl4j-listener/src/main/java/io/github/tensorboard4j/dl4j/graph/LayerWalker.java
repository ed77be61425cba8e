package io.github.tensorboard4j.dl4j.graph;

import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.DataType;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.Output;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws one layer after the other. */
final class LayerWalker {

  private static final Logger LOG = LoggerFactory.getLogger(LayerWalker.class);

  private final DataType dtype;

  LayerWalker(DataType dtype) {
    this.dtype = dtype;
  }

  /** Where a layer's data comes out, and as what; the type is null if not known. */
  record Drawn(Output data, InputType type) {}

  /**
   * Draws a layer.
   *
   * @param parent the scope to draw in
   * @param name the layer's name
   * @param configured the layer's configuration, perhaps wrapped
   * @param preProcessor what reshapes its input, or null
   * @param parameters the layer's parameters by their keys
   * @param input where its data comes from
   */
  Drawn draw(GraphScope parent, String name, Layer configured, InputPreProcessor preProcessor,
      Map<String, INDArray> parameters, Drawn input) {
    Layer layer = thawed(configured);
    InputType fed = preProcessor == null ? input.type() : outputOf(preProcessor, input.type());
    InputType yielded = fed == null ? null : Facts.orNull(() -> layer.clone().getOutputType(0, fed));
    LayerFrame frame = new LayerFrame(parent, name,
        new LayerFacts(parameters, layer == configured, dtype, fed, yielded), input.data());
    if (preProcessor != null) {
      frame.step(preProcessor.getClass().getSimpleName().replaceFirst("(?<=.)PreProcessor$", ""), Types.shape(fed));
    }
    if (layer.getIDropout() != null) {
      dropout(frame, layer.getIDropout(), fed);
    }
    try {
      open(frame, layer);
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("drawn as one operation: {}", name, e);
      whole(frame, layer);
    }
    return new Drawn(frame.data(), yielded);
  }

  private static void open(LayerFrame frame, Layer layer) {
    if (layer instanceof DenseLayer dense) {
      dense(frame, dense.getActivationFn());
    } else if (layer instanceof BaseOutputLayer output && frame.has("W")
        && frame.outputType() instanceof InputType.InputTypeFeedForward) {
      dense(frame, output.getActivationFn());
    } else {
      whole(frame, layer);
    }
  }

  private static void dense(LayerFrame frame, IActivation activation) {
    frame.step("MatMul", frame.outputShape(), frame.parameters("W"));
    if (frame.has("g")) {
      frame.step("LayerNorm", frame.outputShape(), frame.parameters("g"));
    }
    if (frame.has("b")) {
      frame.step("BiasAdd", frame.outputShape(), frame.parameters("b"));
    }
    if (OpNames.activation(activation) != null) {
      frame.step(OpNames.activation(activation), frame.outputShape(), frame.otherParameters());
    }
  }

  /** The layer as one operation that takes all its parameters. */
  private static void whole(LayerFrame frame, Layer layer) {
    frame.data(frame.last(layer.getClass().getSimpleName())
        .input(frame.otherParameters())
        .output(frame.dtype(), frame.outputShape())
        .add());
  }

  private static void dropout(LayerFrame frame, IDropout dropout, InputType type) {
    var operation = frame.scope().operation(dropout.getClass().getSimpleName()).input(frame.data());
    if (dropout instanceof Dropout plain) {
      operation.attribute("retain_probability", Attribute.of(plain.getP()));
    }
    frame.data(operation.output(frame.dtype(), Types.shape(type)).add());
  }

  private static Layer thawed(Layer layer) {
    if (layer instanceof FrozenLayer frozen) {
      return thawed(frozen.getLayer());
    }
    return layer instanceof FrozenLayerWithBackprop frozen ? thawed(frozen.getUnderlying()) : layer;
  }

  private static InputType outputOf(InputPreProcessor preProcessor, InputType type) {
    return type == null ? null : Facts.orNull(() -> preProcessor.clone().getOutputType(type));
  }
}
