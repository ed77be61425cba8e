package io.github.tensorboard4j.events;

import io.github.tensorboard4j.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** An event of an event file, as {@link EventFileReader} reads it. Immutable. */
public final class Event {

  private final double wallTime;
  private final long step;
  private final String fileVersion;
  private final boolean sessionStart;
  private final Optional<ByteBuffer> graphDef;
  private final List<Value> values;

  Event(
      double wallTime, long step, String fileVersion, boolean sessionStart, Optional<ByteBuffer> graphDef,
      List<Value> values) {
    this.wallTime = wallTime;
    this.step = step;
    this.fileVersion = fileVersion;
    this.sessionStart = sessionStart;
    this.graphDef = graphDef;
    this.values = List.copyOf(values);
  }

  /**
   * Returns when the event was written, or what it stands for happened.
   *
   * @return the wall time, to the microsecond, as exactly as the 64-bit float in the file has it
   */
  public Instant wallTime() {
    long micros = Math.round(wallTime * 1e6);
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /**
   * Returns the event's place on the x-axis.
   *
   * @return the step, 0 if the event has none
   */
  public long step() {
    return step;
  }

  /**
   * Returns the version of the file, which its first event has.
   *
   * @return the version, such as {@code brain.Event:2}; empty in other events
   */
  public String fileVersion() {
    return fileVersion;
  }

  /**
   * Returns whether a session starts here, which supersedes later steps of earlier sessions.
   *
   * @return whether the event is a {@code SessionLog} with the status {@code START}
   */
  public boolean isSessionStart() {
    return sessionStart;
  }

  /**
   * Returns the model graph.
   *
   * @return a new read-only view of a serialized {@code tensorflow.GraphDef}, empty if the event has none
   */
  public Optional<ByteBuffer> graphDef() {
    return graphDef.map(ByteBuffer::asReadOnlyBuffer);
  }

  /**
   * Returns the values of the event's summary.
   *
   * @return the values, often none or one
   */
  public List<Value> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Event event
        && Double.compare(wallTime, event.wallTime) == 0
        && step == event.step
        && fileVersion.equals(event.fileVersion)
        && sessionStart == event.sessionStart
        && graphDef.equals(event.graphDef)
        && values.equals(event.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(wallTime, step, values);
  }

  @Override
  public String toString() {
    return "step " + step + " at " + wallTime() + ": " + values;
  }

  /**
   * One value of a summary: a scalar or a tensor. Histograms, images and sounds in the fields of TensorFlow 1, which torch and
   * tensorboardX write, are tensors here as TensorBoard makes them: rows of left edge, right edge and count; the width, the
   * height and the encoded image; the encoded sound and a label. Immutable.
   */
  public static final class Value {

    private final String tag;
    private final String plugin;
    private final ByteBuffer pluginContent;
    private final boolean hasScalar;
    private final float scalar;
    private final Tensor tensor;

    Value(String tag, String plugin, ByteBuffer pluginContent, boolean hasScalar, float scalar, Tensor tensor) {
      this.tag = tag;
      this.plugin = plugin;
      this.pluginContent = pluginContent;
      this.hasScalar = hasScalar;
      this.scalar = scalar;
      this.tensor = tensor;
    }

    /**
     * Returns the name of the series.
     *
     * @return the tag
     */
    public String tag() {
      return tag;
    }

    /**
     * Returns the TensorBoard plugin that shows the series, which only the first value of a series needs to name.
     *
     * @return the plugin's name, such as {@code histograms}; empty if the value names none
     */
    public String plugin() {
      return plugin;
    }

    /**
     * Returns what is meant for the plugin.
     *
     * @return a new read-only view of bytes whose form the plugin defines; empty if there are none
     */
    public ByteBuffer pluginContent() {
      return pluginContent.asReadOnlyBuffer();
    }

    /**
     * Returns whether the value is a scalar: a number of its own, or a tensor of the plugin {@code scalars} with one float or
     * double.
     *
     * @return whether {@link #scalar()} can be asked
     */
    public boolean hasScalar() {
      return hasScalar;
    }

    /**
     * Returns the scalar.
     *
     * @return the scalar, which may be NaN; a double is rounded
     * @throws IllegalStateException if the value has no scalar
     */
    public float scalar() {
      if (!hasScalar) {
        throw new IllegalStateException("The value of " + tag + " is no scalar; ask hasScalar() first");
      }
      return scalar;
    }

    /**
     * Returns the type of the tensor's elements.
     *
     * @return the element type, {@link DType#UNKNOWN} if there is no tensor or one of a type that isn't listed there
     */
    public DType dtype() {
      return tensor.dtype();
    }

    /**
     * Returns the shape of the tensor.
     *
     * @return the sizes of its dimensions; empty for a tensor with one element and where there is no tensor
     */
    public List<Long> shape() {
      return tensor.shape();
    }

    /**
     * Returns the elements of a tensor of numbers, row by row, in the form of {@code tensor_content} of TensorFlow's
     * {@code tensor.proto}, also where the file has them in another field.
     *
     * @return a new read-only view of the elements, each of the {@linkplain #dtype() element type}, in little-endian order;
     *     empty if there are none. Where the last ones are all equal, a file may have but the first of them.
     */
    public ByteBuffer tensorContent() {
      return tensor.content().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns the elements of a tensor of strings as text.
     *
     * @return the strings, row by row, decoded as UTF-8; empty if there are none
     */
    public List<String> strings() {
      return tensor.strings().stream().map(string -> StandardCharsets.UTF_8.decode(string.duplicate()).toString()).toList();
    }

    /**
     * Returns the elements of a tensor of strings as bytes, which an image or a sound is.
     *
     * @return new read-only views of the strings, row by row; empty if there are none
     */
    public List<ByteBuffer> stringBytes() {
      return tensor.strings().stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Value value
          && tag.equals(value.tag)
          && plugin.equals(value.plugin)
          && pluginContent.equals(value.pluginContent)
          && hasScalar == value.hasScalar
          && Float.compare(scalar, value.scalar) == 0
          && tensor.equals(value.tensor);
    }

    @Override
    public int hashCode() {
      return Objects.hash(tag, plugin, scalar, tensor);
    }

    @Override
    public String toString() {
      return hasScalar ? tag + " = " + scalar : tag + " = " + tensor.dtype() + tensor.shape();
    }
  }
}
