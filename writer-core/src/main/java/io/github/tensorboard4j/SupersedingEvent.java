package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.EventFields;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The event of a summary that supersedes what earlier files of its directory have of its series, from its step on, whatever
 * the unit of the steps is: a directory may have series of epochs beside those of iterations.
 *
 * <p>TensorBoard's faster loader takes each series that goes back for one that begins again. The slower one does so in files of
 * version 1 alone ({@code PluginEventAccumulator._CheckForOutOfOrderStepAndMaybePurge}), and only for the series of an event
 * whose step is less than that of the event before it, even of another series. So one with the largest of all steps comes
 * before this one, whose summary has no values.
 */
record SupersedingEvent(EventEncoder event) implements EventEncoder {

  private static final EventEncoder LARGEST_STEP =
      new PlainEvent(0, Long.MAX_VALUE, EventFields.SUMMARY, ByteBuffer.allocate(0));

  @Override
  public int length() {
    return event.length();
  }

  @Override
  public void encode(CodedOutputStream out) throws IOException {
    event.encode(out);
  }

  @Override
  public EventEncoder preceding() {
    return LARGEST_STEP;
  }
}
