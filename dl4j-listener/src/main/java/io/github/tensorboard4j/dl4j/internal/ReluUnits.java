package io.github.tensorboard4j.dl4j.internal;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
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
   * Returns whether a layer ends with a ReLU.
   *
   * @param layer the layer's configuration, wrapped or not
   * @return whether its units can die
   */
  public static boolean areIn(Layer layer) {
    IActivation function = activation(FrozenLayers.unfrozen(layer));
    return function instanceof ActivationReLU || function instanceof ActivationReLU6
        || function instanceof ActivationThresholdedReLU;
  }

  private static @Nullable IActivation activation(Layer layer) {
    if (layer instanceof ActivationLayer activation) {
      return activation.getActivationFn();
    }
    // batch normalization inherits an activation function from the network, but doesn't apply it
    return layer instanceof BaseLayer base && !(layer instanceof BatchNormalization) ? base.getActivationFn() : null;
  }

  /**
   * Returns the dimension along which the units of a layer lie.
   *
   * @param layer the layer's configuration, wrapped or not
   * @param output what it has put out, with the examples along its first dimension
   * @return the dimension: the last where the layer's format says so, else the second
   */
  public static int dimension(Layer layer, INDArray output) {
    return output.rank() > 2 && areLast(FrozenLayers.unfrozen(layer)) ? output.rank() - 1 : 1;
  }

  private static boolean areLast(Layer layer) {
    if (layer instanceof Convolution1DLayer convolution) {
      return convolution.getRnnDataFormat() == RNNFormat.NWC;
    }
    if (layer instanceof Convolution3D convolution) {
      return convolution.getDataFormat() == Convolution3D.DataFormat.NDHWC;
    }
    if (layer instanceof ConvolutionLayer convolution) {
      return convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC;
    }
    return layer instanceof BaseRecurrentLayer recurrent && recurrent.getRnnDataFormat() == RNNFormat.NWC;
  }
}
