package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import io.github.tensorboard4j.internal.EventFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The event of a summary that carries a tensor for one of TensorBoard's plugins.
 *
 * <p>Every event repeats its series' metadata: TensorBoard takes it from the first event of the series that it meets, and
 * no one can know which that is once an event may be lost or a run resumed in another file.
 */
abstract class TensorSummary implements EventEncoder {

  static final byte[] NO_DESCRIPTION = {};

  private final double wallTime;
  private final long step;
  private final byte[] tag;
  private final byte[] plugin;
  private final byte[] content;
  private final int dataClass;
  private final byte[] description;

  /** Takes what every summary has; {@code content} is the plugin's own metadata, empty where it has none. */
  TensorSummary(double wallTime, long step, String tag, String plugin, byte[] content) {
    this(wallTime, step, tag, plugin, content, EventFields.DATA_CLASS_TENSOR, NO_DESCRIPTION);
  }

  /** Likewise, with the class of data that TensorBoard's loaders keep it as, and a description that it shows. */
  TensorSummary(
      double wallTime, long step, String tag, String plugin, byte[] content, int dataClass, byte[] description) {
    this.wallTime = wallTime;
    this.step = step;
    this.tag = tag.getBytes(StandardCharsets.UTF_8);
    this.plugin = plugin.getBytes(StandardCharsets.UTF_8);
    this.content = content;
    this.dataClass = dataClass;
    this.description = description;
  }

  /** Returns the length of the serialized TensorProto. */
  abstract int tensorLength();

  abstract void encodeTensor(CodedOutputStream out) throws IOException;

  @Override
  public final int length() {
    return 1 + Double.BYTES + 1 + CodedOutputStream.computeInt64SizeNoTag(step) + delimited(summaryLength());
  }

  @Override
  public final void encode(CodedOutputStream out) throws IOException {
    out.writeUInt32NoTag(EventFields.WALL_TIME);
    out.writeDoubleNoTag(wallTime);
    out.writeUInt32NoTag(EventFields.STEP);
    out.writeInt64NoTag(step);
    start(out, EventFields.SUMMARY, summaryLength());
    start(out, EventFields.SUMMARY_VALUE, valueLength());
    bytes(out, EventFields.VALUE_TAG, tag);
    start(out, EventFields.VALUE_METADATA, metadataLength());
    start(out, EventFields.METADATA_PLUGIN, pluginLength());
    bytes(out, EventFields.PLUGIN_NAME, plugin);
    bytes(out, EventFields.PLUGIN_CONTENT, content);
    if (description.length > 0) {
      bytes(out, EventFields.METADATA_DESCRIPTION, description);
    }
    out.writeUInt32NoTag(EventFields.METADATA_DATA_CLASS);
    out.writeUInt32NoTag(dataClass);
    start(out, EventFields.VALUE_TENSOR, tensorLength());
    encodeTensor(out);
  }

  /** Returns the length of a field with a one-byte tag, a length and so many bytes. */
  static int delimited(int length) {
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
  }

  static void start(CodedOutputStream out, int field, int length) throws IOException {
    out.writeUInt32NoTag(field);
    out.writeUInt32NoTag(length);
  }

  static void bytes(CodedOutputStream out, int field, byte[] value) throws IOException {
    start(out, field, value.length);
    out.write(value, 0, value.length);
  }

  private int summaryLength() {
    return delimited(valueLength());
  }

  private int valueLength() {
    return delimited(tag.length) + delimited(metadataLength()) + delimited(tensorLength());
  }

  private int metadataLength() {
    return delimited(pluginLength()) + (description.length > 0 ? delimited(description.length) : 0) + 2;
  }

  private int pluginLength() {
    return delimited(plugin.length) + delimited(content.length);
  }
}
