package io.github.tensorboard4j.dl4j.internal;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Knows, for each kind of layer, how it opens into operations. */
final class LayerOps {

  /** Draws one kind of layer into its frame. */
  @FunctionalInterface
  interface Opener<L extends Layer> {
    void open(LayerFrame frame, L layer);
  }

  private final Map<Class<?>, Opener<Layer>> openers = new HashMap<>();

  LayerOps() {
    FeedForwardOps.register(this);
    ConvolutionOps.register(this);
    RecurrentOps.register(this);
    WrapperOps.register(this);
    SameDiffOps.register(this);
  }

  <L extends Layer> void register(Class<L> kind, Opener<? super L> opener) {
    openers.put(kind, (frame, layer) -> opener.open(frame, kind.cast(layer)));
  }

  /** Draws the layer; one of an unknown kind becomes one operation that takes all its parameters. */
  void open(LayerFrame frame, Layer layer) {
    Opener<Layer> opener = null;
    for (Class<?> kind = layer.getClass(); kind != null && opener == null; kind = kind.getSuperclass()) {
      opener = openers.get(kind);
      if (opener != null && kind != layer.getClass() && !followsItsParent(layer, kind)) {
        opener = null;
        break;
      }
    }
    if (opener == null) {
      whole(frame, layer);
    } else {
      opener.open(frame, layer);
    }
  }

  /** The layer as one operation that takes all its parameters. */
  static void whole(LayerFrame frame, Layer layer) {
    var operation = frame.last(layer.getClass().getSimpleName()).input(frame.otherParameters());
    frame.through(Settings.attach(layer, operation), frame.outputShape());
  }

  /**
   * A user's subclass of a layer may compute what it likes, unless it could only define a SameDiff graph
   * anyway.
   */
  private static boolean followsItsParent(Layer layer, Class<?> kind) {
    return layer.getClass().getName().startsWith("org.deeplearning4j.") || kind.getSimpleName().startsWith("SameDiff");
  }
}
