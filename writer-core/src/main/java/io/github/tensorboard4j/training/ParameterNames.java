package io.github.tensorboard4j.training;

/**
 * The names of parameters in TensorBoard, the same for every framework, so that the charts of two frameworks overlay.
 * The words are those of PyTorch and Keras where these agree. A parameter that isn't listed keeps its framework's name.
 */
public final class ParameterNames {

  /** The factor of a layer's input. */
  public static final String WEIGHT = "weight";

  /** The addend of a layer's product. */
  public static final String BIAS = "bias";

  /** The factor of a recurrent layer's own last output. */
  public static final String RECURRENT_WEIGHT = "recurrent_weight";

  /** The addend of the product of a recurrent layer's own last output, where that is kept apart. */
  public static final String RECURRENT_BIAS = "recurrent_bias";

  /** The weight of the first step of a separable convolution, which keeps channels apart. */
  public static final String DEPTHWISE_WEIGHT = "depthwise_weight";

  /** The weight of the second step of a separable convolution, which mixes channels. */
  public static final String POINTWISE_WEIGHT = "pointwise_weight";

  /** The scale of a normalization. */
  public static final String GAMMA = "gamma";

  /** The offset of a normalization. */
  public static final String BETA = "beta";

  /** The mean that a normalization keeps for inference. */
  public static final String RUNNING_MEAN = "running_mean";

  /** The variance that a normalization keeps for inference. */
  public static final String RUNNING_VARIANCE = "running_variance";

  /** The slope that an activation learns for what is negative. */
  public static final String ALPHA = "alpha";

  private ParameterNames() {}
}
