package io.github.tensorboard4j.dl4j.internal;

import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.jspecify.annotations.Nullable;

/**
 * The types of what layers yield.
 *
 * <p>The framework's own inference is asked, on a copy, because some layers note down what they are asked.
 * Where it is known to say something else than what the layer then computes, it is put right: a LossLayer
 * says size 0, pooling over time says that time stays, volumes change their format, a Bidirectional forgets
 * how long its sequence is, a PoolHelperVertex what it cuts off, and a DuplicateToTimeSeriesVertex makes up
 * the length of its sequence.
 */
final class Inference {

  private Inference() {}

  /** Returns what the layer makes of that input; null if either is not known. */
  static @Nullable InputType of(Layer layer, @Nullable InputType in) {
    if (in == null || layer instanceof LossLayer) {
      return in;
    }
    InputType said = ForeignCall.orNull(() -> layer.clone().getOutputType(0, in));
    if (said instanceof InputType.InputTypeConvolutional3D out
        && in instanceof InputType.InputTypeConvolutional3D from) {
      return InputType.convolutional3D(
          from.getDataFormat(), out.getDepth(), out.getHeight(), out.getWidth(), out.getChannels());
    }
    if (in instanceof InputType.InputTypeRecurrent from && said instanceof InputType.InputTypeRecurrent out) {
      return overTime(layer, from, out);
    }
    return said;
  }

  /** Returns what the preprocessor, if any, makes of that input; null if either is not known. */
  static @Nullable InputType of(@Nullable InputPreProcessor preProcessor, @Nullable InputType in) {
    return preProcessor == null || in == null ? in : ForeignCall.orNull(() -> preProcessor.clone().getOutputType(in));
  }

  /** Returns what the vertex makes of those inputs; null if it is not known. */
  static @Nullable InputType of(GraphVertex vertex, @Nullable InputType... in) {
    InputType said = ForeignCall.orNull(() -> vertex.clone().getOutputType(0, in));
    if (vertex instanceof PoolHelperVertex && said instanceof InputType.InputTypeConvolutional out) {
      return InputType.convolutional(out.getHeight() - 1, out.getWidth() - 1, out.getChannels(), out.getFormat());
    }
    return vertex instanceof DuplicateToTimeSeriesVertex && said instanceof InputType.InputTypeRecurrent out
        ? InputType.recurrent(out.getSize(), out.getFormat())
        : said;
  }

  private static InputType overTime(
      Layer layer, InputType.InputTypeRecurrent from, InputType.InputTypeRecurrent out) {
    if (layer instanceof GlobalPoolingLayer pooling) {
      return pooling.isCollapseDimensions()
          ? InputType.feedForward(out.getSize())
          : InputType.recurrent(out.getSize(), 1, out.getFormat());
    }
    return layer instanceof Bidirectional && out.getTimeSeriesLength() <= 0
        ? InputType.recurrent(out.getSize(), from.getTimeSeriesLength(), out.getFormat())
        : out;
  }
}
