package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDArray;

/**
 * What a layer puts out for a batch.
 *
 * @param layer the path to the layer, such as {@code 02_linear}
 * @param array the outputs for all examples, the first of them if the layer has several
 * @param unitDimension the dimension along which the units of a ReLU lie; -1 if it is no output of a ReLU, or has no units
 */
public record LayerOutput(String layer, NDArray array, int unitDimension) {

  /** Returns whether the outputs are those of a ReLU, whose units can die. */
  public boolean isRectified() {
    return unitDimension >= 0;
  }

  /** Returns how many units the ReLU has. */
  public int units() {
    return Math.toIntExact(array.getShape().get(unitDimension));
  }

  /** Returns how far apart in memory the same place of two neighbouring units is, in elements. */
  public long stride() {
    return array.getShape().slice(unitDimension + 1).size();
  }
}
