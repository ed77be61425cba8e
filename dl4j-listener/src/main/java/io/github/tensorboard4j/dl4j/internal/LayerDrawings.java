package io.github.tensorboard4j.dl4j.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Looks up how a kind of layer is drawn, and draws layers of unknown kinds as one operation each. */
final class LayerDrawings {

  /** Draws one kind of layer into its frame. */
  @FunctionalInterface
  interface LayerDrawing<L extends Layer> {
    void draw(LayerFrame frame, L layer);
  }

  private final Map<Class<?>, LayerDrawing<Layer>> drawings = new HashMap<>();

  <L extends Layer> void register(Class<L> kind, LayerDrawing<? super L> drawing) {
    drawings.put(kind, (frame, layer) -> drawing.draw(frame, kind.cast(layer)));
  }

  /** Draws the layer; one of an unknown kind becomes one operation that takes all its parameters. */
  void draw(LayerFrame frame, Layer layer) {
    Class<?> kind = layer.getClass();
    while (kind != null && !drawings.containsKey(kind)) {
      kind = kind.getSuperclass();
    }
    if (kind == null || kind != layer.getClass() && !computesAsItsParent(layer, kind)) {
      drawWhole(frame, layer);
    } else {
      Objects.requireNonNull(drawings.get(kind)).draw(frame, layer);
    }
  }

  /** Draws the layer as one operation that takes all its parameters. */
  static void drawWhole(LayerFrame frame, Layer layer) {
    var operation = frame.last(OpNames.ofClass(layer, "Layer")).input(frame.otherParameters());
    frame.through(Settings.attach(layer, operation), frame.outputShape());
  }

  /**
   * Returns whether a layer computes what its parent does. A user's subclass may compute what it likes, unless it could only
   * define a SameDiff graph anyway.
   */
  private static boolean computesAsItsParent(Layer layer, Class<?> kind) {
    return layer.getClass().getName().startsWith("org.deeplearning4j.") || kind.getSimpleName().startsWith("SameDiff");
  }
}
