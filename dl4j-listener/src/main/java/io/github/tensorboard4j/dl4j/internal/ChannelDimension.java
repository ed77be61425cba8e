package io.github.tensorboard4j.dl4j.internal;

import java.util.OptionalInt;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.DataFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.jspecify.annotations.Nullable;

/** Along which dimension the channels of a layer lie, which are its units where there are places too. */
public final class ChannelDimension {

  private static final Set<DataFormat> CHANNELS_LAST =
      Set.of(RNNFormat.NWC, CNN2DFormat.NHWC, Convolution3D.DataFormat.NDHWC);

  private ChannelDimension() {}

  /**
   * Returns the dimension along which a layer's channels lie in what it puts out.
   *
   * @param layer the layer's configuration, wrapped or not
   * @param inFront that of the layer in front, null if there is none: activation and dropout layers have its format
   * @param rank the number of dimensions of what it puts out, more than two
   * @return the dimension; empty if nothing tells which it is
   */
  public static OptionalInt of(Layer layer, @Nullable Layer inFront, int rank) {
    Layer itself = FrozenLayers.unfrozen(layer);
    boolean passesOn = itself instanceof ActivationLayer || itself instanceof DropoutLayer;
    DataFormat format = format(passesOn && inFront != null ? FrozenLayers.unfrozen(inFront) : itself);
    return format == null
        ? OptionalInt.empty()
        : OptionalInt.of(CHANNELS_LAST.contains(format) ? rank - 1 : 1);
  }

  /** Returns in which order a layer has the dimensions of what it puts out, null if it doesn't tell. */
  private static @Nullable DataFormat format(Layer layer) {
    if (layer instanceof Convolution1DLayer convolution) {
      return convolution.getRnnDataFormat();
    }
    if (layer instanceof Convolution3D convolution) {
      return convolution.getDataFormat();
    }
    if (layer instanceof Deconvolution3D convolution) {
      return convolution.getDataFormat();
    }
    if (layer instanceof ConvolutionLayer convolution) {
      return convolution.getCnn2dDataFormat();
    }
    if (layer instanceof BatchNormalization normalization) {
      return normalization.getCnn2DFormat();
    }
    if (layer instanceof SubsamplingLayer pooling) {
      return pooling.getCnn2dDataFormat();
    }
    if (layer instanceof Upsampling2D upsampling) {
      return upsampling.getFormat();
    }
    if (layer instanceof ZeroPaddingLayer padding) {
      return padding.getDataFormat();
    }
    if (layer instanceof Cropping2D cropping) {
      return cropping.getDataFormat();
    }
    if (layer instanceof LocalResponseNormalization normalization) {
      return normalization.getDataFormat();
    }
    if (layer instanceof Subsampling3DLayer pooling) {
      return pooling.getDataFormat();
    }
    if (layer instanceof EmbeddingSequenceLayer embedding) {
      return embedding.getOutputFormat();
    }
    return layer instanceof BaseRecurrentLayer recurrent ? recurrent.getRnnDataFormat() : null;
  }
}
