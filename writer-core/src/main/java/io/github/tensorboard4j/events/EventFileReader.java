package io.github.tensorboard4j.events;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.internal.EventFields;
import io.github.tensorboard4j.internal.MaskedCrc32c;
import io.github.tensorboard4j.internal.RecordFraming;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one event file, in order.
 *
 * <p>A file whose last record is torn, as a killed process leaves it, ends before that record. A record that doesn't have
 * its checksum, or is no event, is refused with an {@link UncheckedIOException} that names its offset. The times and the memory
 * of operations ({@code tagged_run_metadata}), log messages and meta graphs are passed over.
 */
public final class EventFileReader implements Iterator<Event>, AutoCloseable {

  private final Path path;
  private final InputStream in;
  private final MaskedCrc32c crc = new MaskedCrc32c();
  private long offset;
  private long tornBytes;
  private @Nullable Event next;
  private boolean ended;

  private EventFileReader(Path path, InputStream in) {
    this.path = path;
    this.in = in;
  }

  /**
   * Opens an event file.
   *
   * @param path the file
   * @return the reader, which stands before the first event
   * @throws IOException if the file can't be opened
   * @throws NullPointerException if the path is null
   */
  public static EventFileReader open(Path path) throws IOException {
    return new EventFileReader(path, new BufferedInputStream(Files.newInputStream(path), 1 << 16));
  }

  /**
   * Returns all events of a file.
   *
   * @param path the file
   * @return the events, in order
   * @throws IOException if the file can't be read or has a corrupt record
   */
  public static List<Event> readAll(Path path) throws IOException {
    List<Event> events = new ArrayList<>();
    try (EventFileReader reader = open(path)) {
      reader.forEachRemaining(events::add);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return events;
  }

  /**
   * Returns whether there is another whole event.
   *
   * @return whether there is one; not at the end and before a torn record
   * @throws UncheckedIOException if the file can't be read or the next record is corrupt
   */
  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      try {
        next = read();
      } catch (IOException e) {
        ended = true;
        throw new UncheckedIOException(e);
      }
      ended = next == null;
    }
    return next != null;
  }

  /**
   * Returns the next event.
   *
   * @return the event
   * @throws NoSuchElementException if there is no further whole event
   * @throws UncheckedIOException if the file can't be read or the next record is corrupt
   */
  @Override
  public Event next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("There is no further event in " + path);
    }
    Event event = next;
    next = null;
    return event;
  }

  /**
   * Returns, at the end, how many bytes stand behind the last whole event.
   *
   * @return the length of a torn record's beginning in bytes, 0 if there is none
   */
  public long tornBytes() {
    return tornBytes;
  }

  /**
   * Closes the file.
   *
   * @throws IOException if the file can't be closed
   */
  @Override
  public void close() throws IOException {
    in.close();
  }

  private @Nullable Event read() throws IOException {
    byte[] header = in.readNBytes(RecordFraming.HEADER);
    if (header.length < RecordFraming.HEADER) {
      tornBytes = header.length;
      return null;
    }
    ByteBuffer head = littleEndian(header);
    long length = head.getLong(0);
    requireChecksum(crc.of(head, 0, Long.BYTES), littleEndian(header).getInt(Long.BYTES));
    if (length < 0 || length > Integer.MAX_VALUE - RecordFraming.FOOTER) {
      throw new IOException(path + " has a record of " + length + " bytes at offset " + offset + ": too large to read");
    }
    byte[] body = in.readNBytes((int) length + RecordFraming.FOOTER);
    if (body.length < length + RecordFraming.FOOTER) {
      tornBytes = RecordFraming.HEADER + body.length;
      return null;
    }
    requireChecksum(crc.of(littleEndian(body), 0, (int) length), littleEndian(body).getInt((int) length));
    Event event;
    try {
      event = event(CodedInputStream.newInstance(body, 0, (int) length));
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(path + " is corrupt: the record at offset " + offset + " is no event", e);
    }
    offset += RecordFraming.HEADER + body.length;
    return event;
  }

  private void requireChecksum(int computed, int stored) throws IOException {
    if (computed != stored) {
      throw new IOException(path + " is corrupt: the record at offset " + offset + " doesn't have its checksum");
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Event event(CodedInputStream in) throws IOException {
    double wallTime = 0;
    long step = 0;
    String fileVersion = "";
    boolean sessionStart = false;
    ByteBuffer graphDef = null;
    List<Event.Value> values = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case EventFields.WALL_TIME -> wallTime = in.readDouble();
        case EventFields.STEP -> step = in.readInt64();
        case EventFields.FILE_VERSION -> fileVersion = in.readString();
        case EventFields.GRAPH_DEF -> graphDef = ByteBuffer.wrap(in.readByteArray());
        case EventFields.SESSION_LOG -> sessionStart = sessionStart(in.readBytes().newCodedInput());
        case EventFields.SUMMARY -> summary(in.readBytes().newCodedInput(), values);
        default -> in.skipField(tag);
      }
    }
    return new Event(wallTime, step, fileVersion, sessionStart, Optional.ofNullable(graphDef), values);
  }

  private static boolean sessionStart(CodedInputStream in) throws IOException {
    boolean start = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == EventFields.SESSION_STATUS) {
        start = in.readEnum() == EventFields.SESSION_START;
      } else {
        in.skipField(tag);
      }
    }
    return start;
  }

  private static void summary(CodedInputStream in, List<Event.Value> values) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == EventFields.SUMMARY_VALUE) {
        values.add(new ValueParser().parse(in.readBytes().newCodedInput()));
      } else {
        in.skipField(tag);
      }
    }
  }

  /** Parses a {@code Summary.Value} and the messages in it. */
  private static final class ValueParser {

    private static final String SCALARS = "scalars";

    private String name = "";
    private String plugin = "";
    private ByteBuffer pluginContent = Tensor.NO_BYTES;
    private boolean hasScalar;
    private float scalar;
    private Tensor tensor = Tensor.NONE;

    Event.Value parse(CodedInputStream in) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case EventFields.VALUE_TAG -> name = in.readString();
          case EventFields.VALUE_SIMPLE -> {
            hasScalar = true;
            scalar = in.readFloat();
          }
          case EventFields.VALUE_METADATA -> metadata(in.readBytes().newCodedInput());
          case EventFields.VALUE_TENSOR -> tensor = new TensorParser().parse(in.readBytes().newCodedInput());
          case EventFields.VALUE_HISTOGRAM -> older("histograms", OlderForms.histogram(in.readBytes().newCodedInput()));
          case EventFields.VALUE_IMAGE -> older("images", OlderForms.image(in.readBytes().newCodedInput()));
          case EventFields.VALUE_AUDIO -> older("audio", OlderForms.audio(in.readBytes().newCodedInput()));
          default -> in.skipField(tag);
        }
      }
      if (!hasScalar && plugin.equals(SCALARS)) {
        scalarOfTensor();
      }
      return new Event.Value(name, plugin, pluginContent, hasScalar, scalar, tensor);
    }

    /** Takes the newer form of a scalar: a tensor of one element. */
    private void scalarOfTensor() {
      ByteBuffer content = tensor.content().duplicate().order(ByteOrder.LITTLE_ENDIAN);
      if (tensor.dtype() == DType.FLOAT && content.remaining() == Float.BYTES) {
        hasScalar = true;
        scalar = content.getFloat();
      } else if (tensor.dtype() == DType.DOUBLE && content.remaining() == Double.BYTES) {
        hasScalar = true;
        scalar = (float) content.getDouble();
      }
    }

    private void older(String plugin, Tensor tensor) {
      this.plugin = plugin;
      this.tensor = tensor;
    }

    private void metadata(CodedInputStream in) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == EventFields.METADATA_PLUGIN) {
          plugin(in.readBytes().newCodedInput());
        } else {
          in.skipField(tag);
        }
      }
    }

    private void plugin(CodedInputStream in) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (tag) {
          case EventFields.PLUGIN_NAME -> plugin = in.readString();
          case EventFields.PLUGIN_CONTENT -> pluginContent = in.readByteBuffer();
          default -> in.skipField(tag);
        }
      }
    }
  }
}
