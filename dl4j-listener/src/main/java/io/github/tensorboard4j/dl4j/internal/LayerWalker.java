package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.Output;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws one layer after the other. */
final class LayerWalker {

  private static final Logger LOGGER = LoggerFactory.getLogger(LayerWalker.class);

  private final LayerDrawings drawings = new LayerDrawings();
  private final GraphScope root;
  private final DType dtype;

  LayerWalker(GraphScope root, DType dtype) {
    this.root = root;
    this.dtype = dtype;
    FeedForwardOps.register(drawings);
    ConvolutionOps.register(drawings);
    RecurrentOps.register(drawings);
    WrapperOps.register(drawings);
    SameDiffOps.register(drawings);
  }

  /** The output of a layer and its type, which is null if not known. */
  record Drawn(Output data, @Nullable InputType type) {}

  /**
   * Draws a layer.
   *
   * @param name the layer's name
   * @param configured the layer's configuration, perhaps wrapped
   * @param preProcessor what reshapes its input, or null
   * @param parameters the layer's parameters by their keys
   * @param input where its data comes from
   * @return where its data comes out
   * @throws IllegalArgumentException if the input is of another size than the layer takes
   */
  Drawn draw(String name, Layer configured, @Nullable InputPreProcessor preProcessor, Map<String, INDArray> parameters,
      Drawn input) {
    Layer layer = FrozenLayers.unfrozen(configured);
    InputType fed = Inference.of(preProcessor, input.type());
    InputCheck.requireSize(name, layer, fed);
    InputType yielded = Inference.of(layer, fed);
    Set<String> trained = layer == configured ? trained(layer, parameters.keySet()) : Set.of();
    LayerDescription description = new LayerDescription(
        parameters, ParameterKeys.namesOf(configured, parameters.keySet()), trained, dtype, fed, yielded);
    LayerFrame frame = new LayerFrame(root, name, description, input.data());
    preProcess(frame, preProcessor, input.type());
    if (layer.getIDropout() != null && !(layer instanceof DropoutLayer)) {
      FeedForwardOps.dropout(frame, layer.getIDropout());
    }
    try {
      drawings.draw(frame, layer);
      frame.otherParameters();
    } catch (RuntimeException | LinkageError e) {
      LOGGER.debug("drawn as one operation: {}", name, e);
      LayerDrawings.drawWhole(frame, layer);
    }
    return new Drawn(frame.data(), yielded);
  }

  /**
   * Returns those of a layer's parameters that an updater changes: batch normalization, for one, gathers its mean
   * otherwise.
   */
  private static Set<String> trained(Layer layer, Set<String> keys) {
    Set<String> trained = new HashSet<>(keys);
    trained.removeIf(key -> ForeignCall.orNull(() -> layer.getUpdaterByParam(key)) instanceof NoOp);
    return trained;
  }

  /** Returns what a preprocessor does, {@code CnnToFeedForward}; {@code PreProcessor} if a vertex has none. */
  static String op(@Nullable InputPreProcessor preProcessor) {
    return preProcessor == null
        ? "PreProcessor"
        : OpNames.ofClass(preProcessor, "PreProcessor").replaceFirst("(?<=.)PreProcessor$", "");
  }

  private static void preProcess(LayerFrame frame, @Nullable InputPreProcessor preProcessor, @Nullable InputType type) {
    if (preProcessor instanceof ComposableInputPreProcessor composed) {
      InputType through = type;
      for (InputPreProcessor part : composed.getInputPreProcessors()) {
        preProcess(frame, part, through);
        through = Inference.of(part, through);
      }
    } else if (preProcessor != null) {
      var reshape = frame.scope().operation(op(preProcessor), "Reshape").input(frame.data());
      frame.through(Settings.attach(preProcessor, reshape), Types.shape(Inference.of(preProcessor, type)));
    }
  }
}
