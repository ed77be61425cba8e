package io.github.tensorboard4j.events;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * An event of an event file, as {@link EventFileReader} reads it.
 *
 * @param wallTime when it was written, in seconds since 1970
 * @param step its place on the x-axis
 * @param fileVersion the file's version, in its first event; else empty
 * @param sessionStart whether a session starts here, which supersedes later steps of earlier sessions
 * @param graphDef a serialized {@code tensorflow.GraphDef}, or null
 * @param values the summaries' values, often none or one
 */
public record Event(
    double wallTime, long step, String fileVersion, boolean sessionStart, ByteBuffer graphDef, List<Value> values) {

  /**
   * One value of a summary.
   *
   * @param tag the series' name
   * @param plugin the TensorBoard plugin that shows it; empty for a scalar
   * @param scalar the scalar's value; NaN where there is a tensor
   * @param tensorContent the tensor's elements in little-endian order, row by row; empty where there are none
   * @param shape the tensor's shape; empty for a scalar
   * @param strings the tensor's strings; empty where there are none
   */
  public record Value(
      String tag, String plugin, float scalar, ByteBuffer tensorContent, List<Long> shape, List<String> strings) {}
}
