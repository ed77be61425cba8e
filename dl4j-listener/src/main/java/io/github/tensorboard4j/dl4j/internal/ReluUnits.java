package io.github.tensorboard4j.dl4j.internal;

import java.util.OptionalInt;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The units of layers whose activation function is zero for all that is below a threshold: those can die. */
public final class ReluUnits {

  private ReluUnits() {}

  /**
   * Returns the dimension along which the units of a layer lie that ends with a ReLU.
   *
   * @param layer the layer's configuration, wrapped or not
   * @param inFront that of the layer in front, null if there is none: an activation layer has its format
   * @param output what the layer has put out, with the examples along its first dimension
   * @return the dimension; empty if the layer ends with no ReLU, or nothing tells which dimension it is
   */
  public static OptionalInt dimension(Layer layer, @Nullable Layer inFront, INDArray output) {
    Layer itself = FrozenLayers.unfrozen(layer);
    if (!isRelu(activation(itself))) {
      return OptionalInt.empty();
    }
    if (output.rank() == 2) {
      return OptionalInt.of(1);
    }
    return ChannelDimension.of(itself, inFront, output.rank());
  }

  private static boolean isRelu(@Nullable IActivation function) {
    return function instanceof ActivationReLU || function instanceof ActivationReLU6
        || function instanceof ActivationThresholdedReLU;
  }

  /** Returns the function that a layer's outputs come from, null if it applies none. */
  private static @Nullable IActivation activation(Layer layer) {
    if (layer instanceof ActivationLayer activation) {
      return activation.getActivationFn();
    }
    if (layer instanceof VariationalAutoencoder autoencoder) {
      return autoencoder.getPzxActivationFn();
    }
    return layer instanceof BaseLayer base && !ignoresActivation(base) ? base.getActivationFn() : null;
  }

  /** Returns whether a layer inherits an activation function from the network, but doesn't apply it. */
  private static boolean ignoresActivation(BaseLayer layer) {
    return layer instanceof BatchNormalization || layer instanceof DropoutLayer || layer instanceof PReLULayer
        || layer instanceof RepeatVector;
  }
}
