package io.github.tensorboard4j;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.events.EventFileReader;
import io.github.tensorboard4j.internal.RecordFraming;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a fuzzer tries: files of any bytes, records of any bytes, and any summaries that are written and read back. */
public final class EventFileFuzz {

  private EventFileFuzz() {}

  /**
   * Tries one input.
   *
   * @param data decides what is tried
   * @throws IOException if the files in memory can't be used
   */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    try (FileSystem files = Jimfs.newFileSystem(Configuration.unix())) {
      Path run = Files.createDirectory(files.getPath("/run"));
      switch (data.consumeInt(0, 2)) {
        case 0 -> read(run, data.consumeRemainingAsBytes());
        case 1 -> read(run, record(data.consumeRemainingAsBytes()));
        default -> writeAndRead(run, data);
      }
    }
  }

  /** Reads all, or is told by an {@link IOException} where it isn't an event file. */
  private static void read(Path run, byte[] bytes) throws IOException {
    Path file = Files.write(run.resolve("events"), bytes);
    try {
      for (Event event : EventFileReader.readAll(file)) {
        touch(event);
      }
    } catch (IOException e) {
      if (!e.getMessage().contains("offset")) {
        throw new AssertionError("The message doesn't say where", e);
      }
    }
  }

  private static void touch(Event event) {
    event.wallTime();
    event.graphDef();
    for (Event.Value value : event.values()) {
      value.strings();
      value.tensorContent();
      if (value.hashCode() == 0 && !value.equals(value)) {
        throw new AssertionError(value.toString());
      }
    }
  }

  private static byte[] record(byte[] event) {
    int size = RecordFraming.HEADER + event.length + RecordFraming.FOOTER;
    ByteBuffer record = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(0, event.length).put(RecordFraming.HEADER, event).position(size);
    new RecordFraming().seal(record);
    return record.array();
  }

  private static void writeAndRead(Path run, FuzzedDataProvider data) {
    List<String> expected = new ArrayList<>();
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      while (data.remainingBytes() > 0) {
        String tag = data.consumeString(20);
        long step = data.consumeLong();
        try {
          if (data.consumeBoolean()) {
            float value = data.consumeFloat();
            writer.addScalar(tag, value, step);
            expected.add(utf8(tag) + " " + step + " " + value);
          } else {
            String text = data.consumeString(100);
            writer.addText(tag, text, step);
            expected.add(utf8(tag) + " " + step + " " + utf8(text));
          }
        } catch (IllegalArgumentException refused) {
          // a blank tag, or one that has another kind of summary
        }
      }
    }
    List<String> read = new ArrayList<>();
    for (Event event : Recorded.in(run).events()) {
      for (Event.Value value : event.values()) {
        read.add(value.tag() + " " + event.step() + " " + (value.hasScalar() ? value.scalar() : value.strings().get(0)));
      }
    }
    if (!read.equals(expected)) {
      throw new AssertionError("Written: " + expected + ", read: " + read);
    }
  }

  /** Returns a text as UTF-8 can have it, without lone surrogates. */
  private static String utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
