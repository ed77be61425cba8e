package io.github.tensorboard4j.training;

/**
 * What parameters are called in TensorBoard, whatever a framework calls them, so that the charts of two frameworks overlay.
 * The words are those of PyTorch and Keras where these agree. A parameter that isn't listed keeps its framework's name.
 */
public final class ParameterNames {

  /** The factor of a layer's input. */
  public static final String WEIGHT = "weight";

  /** What a layer adds to its product. */
  public static final String BIAS = "bias";

  /** The factor of a recurrent layer's own last output. */
  public static final String RECURRENT_WEIGHT = "recurrent_weight";

  /** What a recurrent layer adds to the product of its own last output, where that is kept apart. */
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
