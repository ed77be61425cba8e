package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A parameter that is trained at a learning rate.
 *
 * @param layer the configuration of its layer
 * @param key its key in the layer
 */
record TrainedParameter(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {

  /** Returns the first of all layers, null if there is none. */
  static @Nullable TrainedParameter firstOf(Layer[] layers) {
    for (Layer layer : layers) {
      if (FrozenLayers.isFrozen(layer)) {
        continue;
      }
      for (String key : layer.paramTable(false).keySet()) {
        IUpdater updater = layer.conf().getLayer().getUpdaterByParam(key);
        if (updater != null && updater.hasLearningRate()) {
          return new TrainedParameter(layer.conf().getLayer(), key);
        }
      }
    }
    return null;
  }

  /** Returns what updates the parameter; it may be replaced during a training. */
  IUpdater updater() {
    return layer.getUpdaterByParam(key);
  }
}
