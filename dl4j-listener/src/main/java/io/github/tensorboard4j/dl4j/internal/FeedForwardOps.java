package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.OperationBuilder;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/** Draws layers whose data is a vector, and those that work element by element. */
final class FeedForwardOps {

  private FeedForwardOps() {}

  static void register(LayerDrawings drawings) {
    drawings.register(DenseLayer.class, affine("MatMul"));
    drawings.register(OutputLayer.class, affine("MatMul"));
    drawings.register(RnnOutputLayer.class, affine("MatMul"));
    drawings.register(CenterLossOutputLayer.class, affine("MatMul"));
    drawings.register(AutoEncoder.class, affine("MatMul"));
    drawings.register(EmbeddingLayer.class, affine("Gather"));
    drawings.register(EmbeddingSequenceLayer.class, affine("Gather"));
    drawings.register(ElementWiseMultiplicationLayer.class, affine("Mul"));
    drawings.register(VariationalAutoencoder.class, FeedForwardOps::encoder);
    drawings.register(PReLULayer.class,
        (frame, layer) -> frame.through(Settings.attach(layer, frame.begin("PRelu", "W")), frame.outputShape()));
    drawings.register(ActivationLayer.class, (frame, layer) -> only(frame, layer.getActivationFn()));
    drawings.register(LossLayer.class, (frame, layer) -> only(frame, layer.getActivationFn()));
    drawings.register(RnnLossLayer.class, (frame, layer) -> only(frame, layer.getActivationFn()));
    drawings.register(CnnLossLayer.class, (frame, layer) -> only(frame, layer.getActivationFn()));
    drawings.register(Cnn3DLossLayer.class, (frame, layer) -> only(frame, layer.getActivationFn()));
    drawings.register(DropoutLayer.class, (frame, layer) -> {
      if (layer.getIDropout() == null) {
        frame.through(frame.last("Identity"), frame.outputShape());
      } else {
        frame.through(dropout(layer.getIDropout(), frame.last(name(layer.getIDropout()))), frame.outputShape());
      }
    });
    drawings.register(RepeatVector.class,
        (frame, layer) -> frame.through(Settings.attach(layer, frame.last("Repeat")), frame.outputShape()));
  }

  /** Returns the drawing of weights, then what else the layer has of gain, bias and activation. */
  static <L extends BaseLayer> LayerDrawings.LayerDrawing<L> affine(String op) {
    return (frame, layer) -> {
      frame.through(Settings.attach(layer, frame.begin(op, "W")), frame.outputShape());
      finish(frame, layer.getActivationFn());
    };
  }

  /** Draws gain, bias and activation. */
  static void finish(LayerFrame frame, @Nullable IActivation activation) {
    if (frame.has("g")) {
      frame.step("LayerNorm", frame.outputShape(), "g");
    }
    if (frame.has("b")) {
      frame.step("BiasAdd", frame.outputShape(), "b");
    }
    activate(frame, activation);
  }

  static void activate(LayerFrame frame, @Nullable IActivation activation) {
    String op = OpNames.activation(activation);
    if (activation != null && op != null) {
      frame.through(Settings.attach(activation, frame.begin(op)), frame.outputShape());
    }
  }

  /** Draws noise on the data that goes into a layer. */
  static void dropout(LayerFrame frame, IDropout dropout) {
    frame.through(dropout(dropout, frame.begin(name(dropout))), frame.inputShape());
  }

  private static OperationBuilder dropout(IDropout dropout, OperationBuilder operation) {
    return dropout instanceof Dropout plain
        ? operation.attribute("retain_probability", Attribute.of(plain.getP()))
        : Settings.attach(dropout, operation);
  }

  private static String name(IDropout dropout) {
    return OpNames.ofClass(dropout, "Dropout");
  }

  private static void only(LayerFrame frame, @Nullable IActivation activation) {
    String op = OpNames.activation(activation);
    frame.through(frame.last(op == null ? "Identity" : op), frame.outputShape());
  }

  /**
   * Draws the encoder half, which is what the layer computes in a network; the decoder's parameters are for
   * pretraining.
   */
  private static void encoder(LayerFrame frame, VariationalAutoencoder layer) {
    InputType in = frame.inputType();
    for (int i = 0; frame.has("e" + i + "W"); i++) {
      InputType hidden = InputType.feedForward(frame.size("e" + i + "W", 1));
      part(frame, "encoder_" + i, "e" + i, in, hidden, layer.getActivationFn());
      in = hidden;
    }
    part(frame, "latent_mean", "pZXMean", in, frame.outputType(), layer.getPzxActivationFn());
  }

  private static void part(
      LayerFrame frame, String name, String prefix, @Nullable InputType in, @Nullable InputType out,
      @Nullable IActivation activation) {
    LayerFrame part = frame.inner(name, prefix, in, out);
    part.step("MatMul", part.outputShape(), "W");
    finish(part, activation);
    frame.data(part.data());
  }
}
