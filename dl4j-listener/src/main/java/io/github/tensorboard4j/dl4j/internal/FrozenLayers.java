package io.github.tensorboard4j.dl4j.internal;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;

/** Layers whose parameters are not trained, which the framework wraps. */
public final class FrozenLayers {

  private FrozenLayers() {}

  /**
   * Returns the configuration of a layer without what freezes it.
   *
   * @param layer a configuration, wrapped or not
   * @return the innermost configuration that freezes nothing
   */
  public static Layer unfrozen(Layer layer) {
    if (layer instanceof FrozenLayer frozen) {
      return unfrozen(frozen.getLayer());
    }
    return layer instanceof FrozenLayerWithBackprop frozen ? unfrozen(frozen.getUnderlying()) : layer;
  }

  /**
   * Returns a layer without what freezes it, if that passes gradients: such a layer can be an output.
   *
   * @param layer a layer, wrapped or not
   * @return the layer within, or the layer itself
   */
  public static org.deeplearning4j.nn.api.Layer unfrozen(org.deeplearning4j.nn.api.Layer layer) {
    return layer instanceof org.deeplearning4j.nn.layers.FrozenLayerWithBackprop frozen
        ? frozen.getInsideLayer()
        : layer;
  }

  /**
   * Returns whether a layer's parameters are frozen.
   *
   * @param layer a layer, wrapped or not
   * @return whether it is frozen
   */
  public static boolean isFrozen(org.deeplearning4j.nn.api.Layer layer) {
    return layer instanceof org.deeplearning4j.nn.layers.FrozenLayer
        || layer instanceof org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
  }
}
