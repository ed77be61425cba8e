package io.github.tensorboard4j.dl4j.internal;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.jspecify.annotations.Nullable;

/** Draws layers around other layers. */
final class WrapperOps {

  private final LayerDrawings drawings;

  private WrapperOps(LayerDrawings drawings) {
    this.drawings = drawings;
  }

  static void register(LayerDrawings drawings) {
    WrapperOps wrappers = new WrapperOps(drawings);
    drawings.register(LastTimeStep.class, wrappers::lastTimeStep);
    drawings.register(TimeDistributed.class, wrappers::timeDistributed);
    drawings.register(MaskZeroLayer.class, wrappers::maskZero);
    drawings.register(Bidirectional.class, wrappers::bidirectional);
    drawings.register(MaskLayer.class, (frame, layer) -> frame.through(frame.last("Mask"), frame.outputShape()));
  }

  private void lastTimeStep(LayerFrame frame, LastTimeStep layer) {
    inner(frame, layer.getUnderlying(), frame.inputType(), Inference.of(layer.getUnderlying(), frame.inputType()));
    frame.step("LastTimeStep", frame.outputShape());
  }

  private void maskZero(LayerFrame frame, MaskZeroLayer layer) {
    frame.through(Settings.attach(layer, frame.begin("MaskZero")), frame.inputShape());
    inner(frame, layer.getUnderlying(), frame.inputType(), frame.outputType());
  }

  /** Draws how time steps become examples, and examples time steps again. */
  private void timeDistributed(LayerFrame frame, TimeDistributed layer) {
    InputType step = frame.inputType() instanceof InputType.InputTypeRecurrent recurrent
        ? InputType.feedForward(recurrent.getSize(), recurrent.getFormat())
        : null;
    frame.step("TimeToBatch", Types.shape(step));
    inner(frame, layer.getUnderlying(), step, Inference.of(layer.getUnderlying(), step));
    frame.step("BatchToTime", frame.outputShape());
  }

  private void bidirectional(LayerFrame frame, Bidirectional layer) {
    InputType out = Inference.of(layer.getFwd(), frame.inputType());
    LayerFrame forward = frame.inner("forward", "f", frame.inputType(), out);
    draw(forward, layer.getFwd());
    LayerFrame backward = frame.inner("backward", "b", frame.inputType(), out);
    backward.step("Reverse", backward.inputShape());
    draw(backward, layer.getBwd());
    boolean sequence = !(out instanceof InputType.InputTypeFeedForward);
    if (sequence) {
      backward.step("Reverse", backward.outputShape());
    }
    frame.data(forward.data());
    String merge = switch (layer.getMode()) {
      case ADD -> "Add";
      case MUL -> "Mul";
      case AVERAGE -> "Average";
      case CONCAT -> "Concat";
    };
    frame.through(frame.begin(merge).input(backward.data()), frame.outputShape());
  }

  private void inner(LayerFrame frame, Layer layer, @Nullable InputType in, @Nullable InputType out) {
    LayerFrame inner = frame.inner(in, out);
    draw(inner, layer);
    frame.data(inner.data());
  }

  private void draw(LayerFrame inner, Layer layer) {
    if (layer.getIDropout() != null) {
      FeedForwardOps.dropout(inner, layer.getIDropout());
    }
    drawings.draw(inner, layer);
  }
}
