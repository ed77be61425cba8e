package io.github.tensorboard4j.dl4j.internal;

import org.deeplearning4j.exception.DL4JException;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.jspecify.annotations.Nullable;

/** Refuses data that a layer can't take, which would be drawn with shapes that contradict each other. */
final class InputCheck {

  private InputCheck() {}

  /**
   * Checks what a layer takes from one of the network's inputs.
   *
   * @param name the layer's name
   * @param configured its configuration, perhaps wrapped
   * @param preProcessor what reshapes its input, or null
   * @param given what is given to the network
   * @param expected what the layer needs; null if it does not say
   * @throws IllegalArgumentException if the layer can't take that; the message says what it takes
   */
  static void ofInput(
      String name, Layer configured, @Nullable InputPreProcessor preProcessor, InputType given,
      @Nullable InputType expected) {
    Layer layer = FrozenLayers.unfrozen(configured);
    try {
      InputType fed = preProcessor == null ? given : preProcessor.clone().getOutputType(given);
      requireSize(name, layer, fed);
      layer.clone().getOutputType(0, fed);
    } catch (IllegalArgumentException | IllegalStateException | DL4JException e) {
      if (!isFrameworks(layer) || preProcessor != null && !isFrameworks(preProcessor)) {
        return;
      }
      String message = "An input " + Types.shape(given) + " does not fit: "
          + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new IllegalArgumentException(
          expected == null ? message : message + "; the network takes " + Types.shape(expected), e);
    }
  }

  /**
   * Checks what a layer takes from the layers before it.
   *
   * @param name the layer's name
   * @param configured its configuration, perhaps wrapped
   * @param fed what it is fed, after its preprocessor; null if not known
   * @throws IllegalArgumentException if the layer has weights for data of another size
   */
  static void requireSize(String name, Layer configured, @Nullable InputType fed) {
    if (!(FrozenLayers.unfrozen(configured) instanceof FeedForwardLayer layer) || layer.getNIn() <= 0
        || !isFrameworks(layer) || layer instanceof EmbeddingLayer || layer instanceof EmbeddingSequenceLayer) {
      return;
    }
    long size = size(fed);
    if (size > 0 && size != layer.getNIn()) {
      String unit = fed instanceof InputType.InputTypeConvolutional || fed instanceof InputType.InputTypeConvolutional3D
          ? "channels"
          : "values";
      throw new IllegalArgumentException(
          "Layer " + name + " takes " + layer.getNIn() + " " + unit + ", but would get " + size + " from such an input");
    }
  }

  /** Returns how many values an example has at each of its places; 0 if not known. */
  private static long size(@Nullable InputType type) {
    if (type instanceof InputType.InputTypeFeedForward vector) {
      return vector.getSize();
    }
    if (type instanceof InputType.InputTypeRecurrent sequence) {
      return sequence.getSize();
    }
    if (type instanceof InputType.InputTypeConvolutionalFlat image) {
      return image.getFlattenedSize();
    }
    if (type instanceof InputType.InputTypeConvolutional image) {
      return image.getChannels();
    }
    return type instanceof InputType.InputTypeConvolutional3D volume ? volume.getChannels() : 0;
  }

  /** Returns whether it is the framework's; what a user's own layers and preprocessors take, they need not say right. */
  private static boolean isFrameworks(Object part) {
    return part.getClass().getName().startsWith("org.deeplearning4j.");
  }
}
