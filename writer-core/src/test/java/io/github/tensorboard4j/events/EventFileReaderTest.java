package io.github.tensorboard4j.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.internal.MaskedCrc32c;
import io.github.tensorboard4j.internal.RecordFraming;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileReaderTest {

  @TempDir
  private Path run;

  private byte[] bytes;
  private List<Event> events;
  private final List<Integer> ends = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    try (SummaryWriter writer = SummaryWriter.builder(run).histogramBuckets(3).build()) {
      writer.addScalar("loss", 0.5, 1);
      writer.addHistogram("W", FloatBuffer.wrap(new float[] {1, 2, 3}), 1);
      writer.addText("text", "words", 1);
      writer.addScalar("loss", 0.25, 2);
    }
    Path file = Recorded.files(run).get(0);
    bytes = Files.readAllBytes(file);
    events = EventFileReader.readAll(file);
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < bytes.length;) {
      at += 16 + (int) view.getLong(at);
      ends.add(at);
    }
    assertThat(ends).hasSameSizeAs(events);
  }

  @Test
  void shouldKeepEveryWholeRecordBeforeATornTail() throws IOException {
    Path torn = run.resolve("torn");
    for (int length = 0; length <= bytes.length; length++) {
      Files.write(torn, Arrays.copyOf(bytes, length));
      int whole = 0;
      while (whole < ends.size() && ends.get(whole) <= length) {
        whole++;
      }
      try (EventFileReader reader = EventFileReader.open(torn)) {
        List<Event> read = new ArrayList<>();
        reader.forEachRemaining(read::add);

        assertThat(read).isEqualTo(events.subList(0, whole));
        assertThat(reader.tornBytes()).isEqualTo(length - (whole == 0 ? 0 : ends.get(whole - 1)));
      }
    }
  }

  @Test
  void shouldRefuseEverySingleFlippedBit() throws IOException {
    Path flipped = run.resolve("flipped");
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(flipped, bytes);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);

      assertThatThrownBy(() -> EventFileReader.readAll(flipped)).isInstanceOf(IOException.class)
          .hasMessageContaining("corrupt").hasMessageContaining("flipped");
    }
  }

  @Test
  void shouldSayWhereARecordIsNoEvent() throws IOException {
    ByteBuffer record = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(0, 3).position(RecordFraming.HEADER);
    record.put(new byte[] {0x2a, 0x7f, 0x01}).position(record.position() + RecordFraming.FOOTER);
    new RecordFraming().seal(record);
    Path file = run.resolve("malformed");
    Files.write(file, bytes);
    Files.write(file, Arrays.copyOf(record.array(), record.position()), StandardOpenOption.APPEND);

    assertThatThrownBy(() -> EventFileReader.readAll(file)).isInstanceOf(IOException.class)
        .hasMessageContaining("malformed").hasMessageContaining("offset " + bytes.length).hasMessageContaining("no event");
  }

  @Test
  void shouldReadOrRefuseWhateverHasItsChecksum() throws IOException {
    Path foreign = run.resolve("foreign");
    ByteBuffer record = ByteBuffer.allocate(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    int refused = 0;
    for (int i = 0; i < ends.size(); i++) {
      int start = i == 0 ? 0 : ends.get(i - 1);
      int length = ends.get(i) - start - RecordFraming.HEADER - RecordFraming.FOOTER;
      for (int bit = 0; bit < length * 8; bit++) {
        record.clear().put(bytes, start, ends.get(i) - start).flip();
        int changed = RecordFraming.HEADER + bit / 8;
        record.put(changed, (byte) (record.get(changed) ^ 1 << bit % 8));
        int checksum = new MaskedCrc32c().of(record.duplicate(), RecordFraming.HEADER, length);
        record.putInt(RecordFraming.HEADER + length, checksum);
        Files.write(foreign, Arrays.copyOf(record.array(), record.limit()));

        try {
          assertThat(EventFileReader.readAll(foreign)).hasSize(1);
        } catch (IOException malformed) {
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void shouldTellThatThereIsNoFurtherEvent() throws IOException {
    try (EventFileReader reader = EventFileReader.open(Recorded.files(run).get(0))) {
      for (Event event : events) {
        assertThat(reader.next()).isEqualTo(event);
      }

      assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
    }
  }
}
