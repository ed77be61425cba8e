package io.github.tensorboard4j.dl4j.internal;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Finds out what kind of data a network takes: from a batch, or, without one, from its first layer. */
public final class InputTypes {

  private InputTypes() {}

  /**
   * Returns what a batch is to a network.
   *
   * @param configuration the network's configuration
   * @param batch a batch of features
   * @return its kind, or null if the array's rank is none that layers take
   */
  public static @Nullable InputType of(MultiLayerConfiguration configuration, INDArray batch) {
    return of(configuration.getConf(0).getLayer(), batch.shape());
  }

  /**
   * Returns what a batch is to one of a network's inputs.
   *
   * @param configuration the network's configuration
   * @param input the input's name
   * @param batch a batch of features
   * @return its kind, or null if the array's rank is none that layers take
   */
  public static @Nullable InputType of(ComputationGraphConfiguration configuration, String input, INDArray batch) {
    return of(firstLayer(configuration, input), batch.shape());
  }

  /** Returns what a network must take for its first layer to work; null if the layer does not say. */
  static @Nullable InputType expected(MultiLayerConfiguration configuration) {
    return expected(configuration.getConf(0).getLayer(), configuration.getInputPreProcess(0));
  }

  /** Returns what an input must be for the layer behind it to work; null if the layer does not say. */
  static @Nullable InputType expected(ComputationGraphConfiguration configuration, String input) {
    for (Map.Entry<String, List<String>> entry : configuration.getVertexInputs().entrySet()) {
      if (entry.getValue().contains(input)
          && configuration.getVertices().get(entry.getKey()) instanceof LayerVertex vertex) {
        return expected(vertex.getLayerConf().getLayer(), vertex.getPreProcessor());
      }
    }
    return null;
  }

  private static @Nullable InputType of(@Nullable Layer layer, long[] shape) {
    boolean channelsLast = layer != null && formatOf(layer, CNN2DFormat.class) == CNN2DFormat.NHWC;
    boolean timeFirst = layer != null && formatOf(layer, RNNFormat.class) == RNNFormat.NWC;
    boolean volumeChannelsLast = layer != null
        && formatOf(layer, Convolution3D.DataFormat.class) == Convolution3D.DataFormat.NDHWC;
    return switch (shape.length) {
      case 2 -> InputType.feedForward(shape[1]);
      case 3 -> timeFirst
          ? InputType.recurrent(shape[2], shape[1], RNNFormat.NWC)
          : InputType.recurrent(shape[1], shape[2], RNNFormat.NCW);
      case 4 -> channelsLast
          ? InputType.convolutional(shape[1], shape[2], shape[3], CNN2DFormat.NHWC)
          : InputType.convolutional(shape[2], shape[3], shape[1], CNN2DFormat.NCHW);
      case 5 -> volumeChannelsLast
          ? InputType.convolutional3D(Convolution3D.DataFormat.NDHWC, shape[1], shape[2], shape[3], shape[4])
          : InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, shape[2], shape[3], shape[4], shape[1]);
      default -> null;
    };
  }

  private static @Nullable InputType expected(Layer configured, @Nullable InputPreProcessor preProcessor) {
    Layer layer = FrozenLayers.unfrozen(configured);
    if (preProcessor instanceof FeedForwardToCnnPreProcessor images) {
      return InputType.convolutionalFlat(images.getInputHeight(), images.getInputWidth(), images.getNumChannels());
    }
    if (preProcessor instanceof CnnToFeedForwardPreProcessor images) {
      return InputType.convolutional(images.getInputHeight(), images.getInputWidth(), images.getNumChannels());
    }
    if (preProcessor != null) {
      return null;
    }
    if (layer instanceof DenseLayer dense) {
      return InputType.feedForward(dense.getNIn());
    }
    if (layer instanceof BaseRecurrentLayer recurrent) {
      return InputType.recurrent(recurrent.getNIn(), recurrent.getRnnDataFormat());
    }
    return layer instanceof BaseOutputLayer output ? InputType.feedForward(output.getNIn()) : null;
  }

  /** Returns the first layer behind an input, null if there is none. */
  private static @Nullable Layer firstLayer(ComputationGraphConfiguration configuration, String input) {
    for (Map.Entry<String, List<String>> entry : configuration.getVertexInputs().entrySet()) {
      GraphVertex vertex = configuration.getVertices().get(entry.getKey());
      if (entry.getValue().contains(input) && vertex != null) {
        return vertex instanceof LayerVertex layer
            ? layer.getLayerConf().getLayer()
            : firstLayer(configuration, entry.getKey());
      }
    }
    return null;
  }

  /**
   * Returns the layer's data format of that kind, which each family of layers keeps under another name; null if it
   * has none.
   */
  private static @Nullable Object formatOf(Layer configured, Class<?> kind) {
    Layer layer = FrozenLayers.unfrozen(configured);
    for (Method method : layer.getClass().getMethods()) {
      if (method.getParameterCount() == 0 && method.getReturnType() == kind && method.getName().startsWith("get")) {
        return ForeignCall.orNull(() -> Settings.invoke(method, layer));
      }
    }
    return layer instanceof BaseWrapperLayer wrapper ? formatOf(wrapper.getUnderlying(), kind) : null;
  }
}
