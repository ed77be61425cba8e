package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.TensorShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToBatchLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;

/** Draws layers over images, sequences and volumes. */
final class ConvolutionOps {

  private ConvolutionOps() {}

  static void register(LayerDrawings drawings) {
    drawings.register(ConvolutionLayer.class, FeedForwardOps.affine("Conv2D"));
    drawings.register(Convolution1DLayer.class, FeedForwardOps.affine("Conv1D"));
    drawings.register(Convolution3D.class, FeedForwardOps.affine("Conv3D"));
    drawings.register(Deconvolution2D.class, FeedForwardOps.affine("Conv2DTranspose"));
    drawings.register(Deconvolution3D.class, FeedForwardOps.affine("Conv3DTranspose"));
    drawings.register(DepthwiseConvolution2D.class, FeedForwardOps.affine("DepthwiseConv2D"));
    drawings.register(SeparableConvolution2D.class, ConvolutionOps::separable);
    drawings.register(BatchNormalization.class, (frame, layer) -> frame.through(
        Settings.attach(layer, frame.begin("BatchNorm", "gamma", "beta", "mean", "var", "log10stdev")),
        frame.outputShape()));
    drawings.register(SubsamplingLayer.class, (frame, layer) -> only(frame, layer, pooling(layer.getPoolingType())));
    drawings.register(Subsampling1DLayer.class, (frame, layer) -> only(frame, layer, pooling(layer.getPoolingType())));
    drawings.register(Subsampling3DLayer.class, (frame, layer) -> only(frame, layer, pooling(layer.getPoolingType())));
    drawings.register(GlobalPoolingLayer.class,
        (frame, layer) -> only(frame, layer, "Global" + pooling(layer.getPoolingType())));
    only(drawings, "LRN", LocalResponseNormalization.class);
    only(drawings, "ZeroPad", ZeroPaddingLayer.class, ZeroPadding1DLayer.class, ZeroPadding3DLayer.class);
    only(drawings, "Crop", Cropping1D.class, Cropping2D.class, Cropping3D.class);
    only(drawings, "Upsample", Upsampling1D.class, Upsampling2D.class, Upsampling3D.class);
    only(drawings, "SpaceToDepth", SpaceToDepthLayer.class);
    only(drawings, "SpaceToBatch", SpaceToBatchLayer.class);
    only(drawings, "Yolo2", Yolo2OutputLayer.class);
  }

  @SafeVarargs
  private static void only(LayerDrawings drawings, String op, Class<? extends Layer>... kinds) {
    for (Class<? extends Layer> kind : kinds) {
      drawings.register(kind, (LayerFrame frame, Layer layer) -> only(frame, layer, op));
    }
  }

  private static void only(LayerFrame frame, Layer layer, String op) {
    frame.through(Settings.attach(layer, frame.last(op)), frame.outputShape());
  }

  /** Draws first what is done to each channel by itself, then across the channels. */
  private static void separable(LayerFrame frame, SeparableConvolution2D layer) {
    frame.through(Settings.attach(layer, frame.begin("DepthwiseConv2D", "W")), betweenChannels(frame));
    frame.step("PointwiseConv2D", frame.outputShape(), "pW");
    FeedForwardOps.finish(frame, layer.getActivationFn());
  }

  /** Returns the shape of the output's image with as many channels as the pointwise weights [out, in, 1, 1] take. */
  private static TensorShape betweenChannels(LayerFrame frame) {
    if (frame.outputType() == null) {
      return TensorShape.UNKNOWN;
    }
    var out = (InputType.InputTypeConvolutional) frame.outputType();
    return Types.shape(InputType.convolutional(
        out.getHeight(), out.getWidth(), frame.size("pW", 1), out.getFormat()));
  }

  private static String pooling(Enum<?> type) {
    return switch (PoolingType.valueOf(type.name())) {
      case MAX -> "MaxPool";
      case AVG -> "AvgPool";
      case SUM -> "SumPool";
      case PNORM -> "PNormPool";
    };
  }
}
