package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A parameter that is trained at a learning rate.
 *
 * @param layer the configuration of its layer
 * @param key its key in the layer
 */
record TrainedParameter(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {

  /** Returns those of all layers, in their order. */
  static List<TrainedParameter> allOf(Layer[] layers) {
    List<TrainedParameter> all = new ArrayList<>();
    for (Layer layer : layers) {
      if (FrozenLayers.isFrozen(layer)) {
        continue;
      }
      for (String key : layer.paramTable(false).keySet()) {
        IUpdater updater = layer.conf().getLayer().getUpdaterByParam(key);
        if (updater != null && updater.hasLearningRate()) {
          all.add(new TrainedParameter(layer.conf().getLayer(), key));
        }
      }
    }
    return all;
  }

  /** Returns what updates the parameter; it may be replaced during a training. */
  IUpdater updater() {
    return layer.getUpdaterByParam(key);
  }
}
