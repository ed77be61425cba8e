package io.github.tensorboard4j.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.internal.MaskedCrc32c;
import io.github.tensorboard4j.internal.RecordFraming;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
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

  @Test
  void shouldReadTheOlderFormOfAHistogramFromItsMinimumToItsMaximum() throws IOException {
    UnknownFieldSet range = message(doubles(1, false, -0.5), doubles(2, false, 2.5));
    List<Double> rows = List.of(-0.5, 0.0, 2.0, 0.0, 1.0, 0.0, 1.0, 2.5, 3.0);

    for (boolean packed : new boolean[] {true, false}) {
      Event.Value value = read(nested(5, message(range, doubles(6, packed, -1e300, -1, 0, 1, 5, 1e300),
          doubles(7, packed, 0, 0, 2, 0, 3, 0))));
      assertThat(value.plugin()).isEqualTo("histograms");
      assertThat(value.dtype()).isEqualTo(DType.DOUBLE);
      assertThat(value.shape()).containsExactly(3L, 3L);
      DoubleBuffer content = value.tensorContent().asDoubleBuffer();
      assertThat(rows).allSatisfy(number -> assertThat(content.get()).isEqualTo(number));
    }
    assertThat(read(nested(5, message(doubles(6, true, 1), doubles(7, true, 0)))).shape()).containsExactly(0L, 3L);
  }

  @Test
  void shouldReadTheOlderFormsOfImagesAndSounds() throws IOException {
    UnknownFieldSet encoded = nested(4, ByteString.copyFromUtf8("encoded"));
    Event.Value image = read(nested(4, message(varint(1, 3), varint(2, 20), varint(3, 1), encoded)));
    assertThat(image.plugin()).isEqualTo("images");
    assertThat(image.strings()).containsExactly("20", "3", "encoded");
    Event.Value sound = read(nested(6, message(varint(2, 1), encoded)));
    assertThat(sound.plugin()).isEqualTo("audio");
    assertThat(sound.strings()).containsExactly("encoded", "");
    assertThat(sound.shape()).containsExactly(1L, 2L);

    assertThat(read(nested(4, ByteString.EMPTY)).strings()).containsExactly("0", "0", "");
    assertThat(read(nested(6, ByteString.EMPTY)).strings()).containsExactly("", "");
  }

  @Test
  void shouldReadElementsOfTheirOwnFields() throws IOException {
    assertThat(read(nested(8, message(varint(1, 6), varint(7, 5), varint(7, -1)))).tensorContent())
        .as("bytes").isEqualTo(ByteBuffer.wrap(new byte[] {5, -1}));
    assertThat(
        read(nested(8, message(varint(1, 10), nested(11, ByteString.copyFrom(new byte[] {1, 0, 1}))))).tensorContent())
        .as("booleans").isEqualTo(ByteBuffer.wrap(new byte[] {1, 0, 1}));
    assertThat(read(nested(8, message(varint(1, 3), varint(7, 258)))).tensorContent())
        .as("integers").isEqualTo(ByteBuffer.wrap(new byte[] {2, 1, 0, 0}));
    assertThat(read(message(nested(9, nested(1, nested(1, ByteString.copyFromUtf8("scalars")).toByteString())),
        nested(8, message(varint(1, 2), doubles(6, true, 0.25))))).scalar()).as("a double").isEqualTo(0.25f);
  }

  @Test
  void shouldSayWhatAnEventHolds() {
    Event loss = first("loss");
    Event histogram = first("W");

    assertThat(loss).isNotEqualTo(histogram).isNotEqualTo("loss").asString().startsWith("step 1 at ")
        .endsWith("[loss = 0.5]");
    assertThat(histogram.values().get(0)).isNotEqualTo(loss.values().get(0)).isNotEqualTo("W")
        .hasToString("W = DOUBLE[3, 3]");
    assertThat(new HashSet<>(events)).as("equal events, of equal hash codes").hasSameSizeAs(events)
        .containsAll(Recorded.in(run).events());
  }

  private Event first(String tag) {
    return events.stream().filter(event -> event.values().stream().anyMatch(value -> value.tag().equals(tag))).findFirst()
        .orElseThrow();
  }

  /** Writes a value by Google's encoder, and reads it. */
  private Event.Value read(UnknownFieldSet value) throws IOException {
    byte[] event = nested(5, nested(1, value)).toByteArray();
    ByteBuffer record =
        ByteBuffer.allocate(RecordFraming.HEADER + event.length + RecordFraming.FOOTER).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(0, event.length).position(RecordFraming.HEADER);
    record.put(event).position(record.capacity());
    new RecordFraming().seal(record);
    Path file = Files.write(run.resolve("foreign"), record.array());
    return EventFileReader.readAll(file).get(0).values().get(0);
  }

  private static UnknownFieldSet message(UnknownFieldSet... parts) {
    UnknownFieldSet.Builder message = UnknownFieldSet.newBuilder();
    for (UnknownFieldSet part : parts) {
      message.mergeFrom(part);
    }
    return message.build();
  }

  private static UnknownFieldSet field(int number, UnknownFieldSet.Field.Builder field) {
    return UnknownFieldSet.newBuilder().addField(number, field.build()).build();
  }

  private static UnknownFieldSet nested(int number, UnknownFieldSet message) {
    return nested(number, message.toByteString());
  }

  private static UnknownFieldSet nested(int number, ByteString bytes) {
    return field(number, UnknownFieldSet.Field.newBuilder().addLengthDelimited(bytes));
  }

  private static UnknownFieldSet varint(int number, long value) {
    return field(number, UnknownFieldSet.Field.newBuilder().addVarint(value));
  }

  private static UnknownFieldSet doubles(int number, boolean packed, double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
    for (double value : values) {
      bytes.putDouble(value);
      field.addFixed64(Double.doubleToLongBits(value));
    }
    return packed ? nested(number, ByteString.copyFrom(bytes.flip())) : field(number, field);
  }
}
