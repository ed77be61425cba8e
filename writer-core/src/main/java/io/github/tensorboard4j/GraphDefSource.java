package io.github.tensorboard4j;

import java.nio.ByteBuffer;

/** Something that TensorBoard's Graphs page can show: a model graph that encodes itself as a {@code tensorflow.GraphDef}. */
@FunctionalInterface
public interface GraphDefSource {

  /**
   * Encodes the graph.
   *
   * @return the serialized {@code tensorflow.GraphDef}, between the buffer's position and its limit
   */
  ByteBuffer toGraphDef();
}
