package io.github.tensorboard4j.djl.internal;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/**
 * What a layer puts out for a batch.
 *
 * @param layer the path to the layer, such as {@code 02_linear}
 * @param array the outputs for all examples, the first of them if the layer has several
 * @param ofConvolution whether they are those of a convolution
 * @param unitDimension the dimension along which the units of a ReLU lie; -1 if it is no output of a ReLU, or has no units
 */
public record LayerOutput(String layer, NDArray array, boolean ofConvolution, int unitDimension) {

  /** Returns whether the outputs are those of a ReLU, whose units can die. */
  public boolean isRectified() {
    return unitDimension >= 0;
  }

  /** Returns whether each example is channels of rows and columns, in this order. */
  public boolean isPicture() {
    return array.getShape().dimension() == 4;
  }

  /** Returns the sizes of the dimensions. */
  public long[] sizes() {
    return array.getShape().getShape();
  }

  /** Returns how far apart in memory two neighbours in each dimension are, in elements. */
  public long[] strides() {
    long[] strides = new long[array.getShape().dimension()];
    Arrays.setAll(strides, dimension -> array.getShape().slice(dimension + 1).size());
    return strides;
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
