package io.github.tensorboard4j;

import java.nio.ByteBuffer;

/** Something that can describe itself as a {@code tensorflow.GraphDef}, the form in which TensorBoard reads graphs. */
@FunctionalInterface
public interface GraphDefSource {

  /**
   * Returns the graph in TensorFlow's encoding.
   *
   * @return the bytes of one serialized {@code GraphDef}, between the buffer's position and its limit
   */
  ByteBuffer toGraphDef();
}
