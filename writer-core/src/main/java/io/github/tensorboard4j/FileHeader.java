package io.github.tensorboard4j;

import io.github.tensorboard4j.internal.RecordFraming;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The first records of a writer's event files. */
final class FileHeader {

  private static final int CAPACITY = 512;

  private final ByteBuffer first;
  private final ByteBuffer further;
  private final boolean supersedes;

  private FileHeader(ByteBuffer first, ByteBuffer further, boolean supersedes) {
    this.first = first;
    this.further = further;
    this.supersedes = supersedes;
  }

  /** Returns the header of files that stand beside what the directory has. */
  static FileHeader plain(double wallTime) {
    ByteBuffer header = records(PlainEvent.fileVersion(wallTime), PlainEvent.source(wallTime, "tensorboard4j"));
    return new FileHeader(header, header, false);
  }

  /**
   * Returns the header of files that supersede what the directory has from a step on. TensorBoard takes the first start in a
   * directory for no resumption: one that purges nothing comes before the one that counts. What follows is said to be of the
   * older version, which {@link SupersedingEvent} needs.
   */
  static FileHeader resuming(double wallTime, long firstStep) {
    return new FileHeader(
        records(
            PlainEvent.fileVersion(wallTime),
            PlainEvent.source(wallTime, "tensorboard4j"),
            PlainEvent.sessionStart(wallTime, Long.MAX_VALUE),
            PlainEvent.sessionStart(wallTime, firstStep),
            PlainEvent.olderFileVersion(wallTime)),
        records(
            PlainEvent.fileVersion(wallTime),
            PlainEvent.source(wallTime, "tensorboard4j"),
            PlainEvent.olderFileVersion(wallTime)),
        true);
  }

  /** Returns whether summaries supersede what earlier files have of their series, beside what the header itself does. */
  boolean supersedes() {
    return supersedes;
  }

  /** Returns a view of the header of the writer's first file. */
  ByteBuffer first() {
    return first.duplicate();
  }

  /** Returns a view of the header of a file in which the writer goes on where the one before is lost to it. */
  ByteBuffer further() {
    return further.duplicate();
  }

  private static ByteBuffer records(EventEncoder... events) {
    ByteBuffer records = ByteBuffer.allocate(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
    for (EventEncoder event : List.of(events)) {
      EventBuffer.encode(event, records, event.length());
    }
    new RecordFraming().seal(records);
    return records.flip();
  }
}
