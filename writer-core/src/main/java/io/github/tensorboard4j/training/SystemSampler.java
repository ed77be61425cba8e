package io.github.tensorboard4j.training;

import java.util.function.ObjDoubleConsumer;

/**
 * Reads figures of the machine or the process that a training runs on, each time that
 * {@linkplain RecordingOptions#systemMetrics() system metrics} are due. It is called on a thread of the recording's own, never on
 * the training thread, and may take its time.
 */
@FunctionalInterface
public interface SystemSampler {

  /**
   * Reads the figures as they are now. What can't be read is left out. A sampler that throws is not called again by this
   * recording.
   *
   * @param figures takes each figure's name, such as {@code heap_mib}, and value; the tag is {@code system/<name>}
   */
  void sample(ObjDoubleConsumer<String> figures);
}
