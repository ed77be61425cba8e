package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import io.github.tensorboard4j.training.ParameterNames;
import io.github.tensorboard4j.training.WeightShape;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the dimensions of a parameter mean: kernels have them in another order in almost each kind of convolution. */
final class WeightShapes {

  private WeightShapes() {}

  /**
   * Returns how the weights of a parameter lie in memory; null for four dimensions whose meaning is not known.
   *
   * @param parameter the parameter
   * @param values its elements, without gaps between them
   */
  static @Nullable WeightShape of(Network.Parameter parameter, INDArray values) {
    if (values.rank() != 4) {
      return WeightShape.strided(values.shape(), values.stride());
    }
    Layer configured = parameter.configured();
    Layer layer = configured == null ? null : FrozenLayers.unfrozen(configured);
    if (layer instanceof Deconvolution2D) {
      return kernels(values, 1, 0, 2, 3);
    }
    if (layer instanceof DepthwiseConvolution2D) {
      return kernelsOfInputs(values, 2, 3, 0, 1);
    }
    if (parameter.name().equals(ParameterNames.DEPTHWISE_WEIGHT)) {
      return kernelsOfInputs(values, 1, 0, 2, 3);
    }
    return layer instanceof ConvolutionLayer ? kernels(values, 0, 1, 2, 3) : null;
  }

  /** Returns the shape of kernels, of which each argument is the dimension with that meaning. */
  static WeightShape kernels(INDArray values, int output, int input, int row, int column) {
    long[] sizes = {values.size(output), values.size(input), values.size(row), values.size(column)};
    return WeightShape.strided(sizes, strides(values, output, input, row, column));
  }

  /** Where inputs stay apart: several kernels of one don't make up a picture, so each input has its first. */
  static WeightShape kernelsOfInputs(INDArray values, int input, int multiplier, int row, int column) {
    long[] sizes = {values.size(input), 1, values.size(row), values.size(column)};
    return WeightShape.strided(sizes, strides(values, input, multiplier, row, column));
  }

  private static long[] strides(INDArray values, int... dimensions) {
    return Arrays.stream(dimensions).mapToLong(values::stride).toArray();
  }
}
