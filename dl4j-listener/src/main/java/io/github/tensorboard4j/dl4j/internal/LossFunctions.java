package io.github.tensorboard4j.dl4j.internal;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The loss functions of output layers, which have no common supertype. */
public final class LossFunctions {

  private LossFunctions() {}

  /**
   * Returns the function by which an output layer is trained.
   *
   * @param layer the layer's configuration, frozen or not
   * @return the function, null if the layer has none, or none of the framework's kind
   */
  public static @Nullable ILossFunction of(Layer layer) {
    Layer output = FrozenLayers.unfrozen(layer);
    if (output instanceof BaseOutputLayer base) {
      return base.getLossFn();
    }
    if (output instanceof LossLayer loss) {
      return loss.getLossFn();
    }
    if (output instanceof RnnLossLayer loss) {
      return loss.getLossFn();
    }
    if (output instanceof CnnLossLayer loss) {
      return loss.getLossFn();
    }
    return output instanceof Cnn3DLossLayer loss ? loss.getLossFn() : null;
  }
}
