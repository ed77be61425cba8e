package io.github.tensorboard4j;

import java.nio.ByteBuffer;

/** Something that can describe itself as a {@code tensorflow.GraphDef}, the form in which TensorBoard reads graphs. */
public interface GraphDefSource {

  /**
   * Encodes the graph.
   *
   * @return the bytes of one serialized {@code GraphDef}, from the buffer's position 0 to its limit
   */
  ByteBuffer toGraphDef();
}
