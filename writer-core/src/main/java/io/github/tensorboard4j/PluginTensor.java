package io.github.tensorboard4j;

import io.github.tensorboard4j.internal.EventFields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A tensor for a plugin of TensorBoard that this library knows nothing of: elements of any type and shape, and what the
 * plugin wants to be told about the series. Immutable.
 *
 * <pre>{@code
 * writer.addTensor("greeting", PluginTensor.ofStrings("Hello").plugin("greeter"), step);
 * }</pre>
 */
public final class PluginTensor {

  private static final int LARGEST = 1 << 30;
  private static final byte[] NO_CONTENT = {};

  private final TensorData tensor;
  private final String plugin;
  private final byte[] pluginContent;
  private final String description;
  private final int dataClass;

  private PluginTensor(TensorData tensor, String plugin, byte[] pluginContent, String description, int dataClass) {
    this.tensor = tensor;
    this.plugin = plugin;
    this.pluginContent = pluginContent;
    this.description = description;
    this.dataClass = dataClass;
  }

  /**
   * Takes elements that are numbers.
   *
   * @param dtype their type
   * @param elements the elements row by row in little-endian order, between the buffer's position and its limit; they
   *     are copied
   * @param shape the sizes of the dimensions, none for a single element
   * @return the tensor, which names no plugin yet
   * @throws IllegalArgumentException if the type is {@code STRING} or {@code UNKNOWN}, if a size is negative, or if
   *     there are more or less bytes than the shape asks for, or more than 2<sup>30</sup>
   * @throws NullPointerException if one of them is null
   */
  public static PluginTensor of(DType dtype, ByteBuffer elements, long... shape) {
    int bytes = dtype.bytes();
    if (bytes == 0) {
      throw new IllegalArgumentException("Elements of the type " + dtype + " are no numbers");
    }
    requireFit(shape, bytes, elements.remaining());
    ByteBuffer copy = ByteBuffer.allocate(elements.remaining()).put(elements.duplicate()).flip();
    return of(TensorData.ofNumbers(dtype, copy, shape.clone()));
  }

  /**
   * Takes 32-bit floats.
   *
   * @param elements the elements, row by row
   * @param shape the sizes of the dimensions, none for a single element
   * @return the tensor, which names no plugin yet
   * @throws IllegalArgumentException if a size is negative, or if there are more or less elements than the shape asks for
   * @throws NullPointerException if either is null
   */
  public static PluginTensor of(float[] elements, long... shape) {
    requireFit(shape, Float.BYTES, (long) elements.length * Float.BYTES);
    return of(TensorData.ofFloats(elements, shape.clone()));
  }

  /**
   * Takes strings of any bytes, such as files.
   *
   * @param elements the elements, row by row
   * @param shape the sizes of the dimensions, none for a single element
   * @return the tensor, which names no plugin yet
   * @throws IllegalArgumentException if a size is negative, or if there are more or less elements than the shape asks
   *     for, or more than 2<sup>30</sup> bytes
   * @throws NullPointerException if one of them is null
   */
  public static PluginTensor ofBytes(List<byte[]> elements, long... shape) {
    if (elements.size() != count(shape)) {
      throw new IllegalArgumentException("A tensor of the shape " + Arrays.toString(shape) + " has " + count(shape)
          + " elements, unlike the " + elements.size() + " that are here");
    }
    List<byte[]> copy = new ArrayList<>(elements.size());
    long bytes = 0;
    for (byte[] element : elements) {
      copy.add(element.clone());
      bytes += element.length;
    }
    if (bytes > LARGEST) {
      throw new IllegalArgumentException(
          "A tensor has at most " + LARGEST + " bytes, unlike the " + bytes + " that are here");
    }
    return of(TensorData.ofStrings(copy, shape.clone()));
  }

  /**
   * Takes text.
   *
   * @param elements the elements: one is a tensor without dimensions, several have one dimension
   * @return the tensor, which names no plugin yet
   * @throws NullPointerException if an element is null
   */
  public static PluginTensor ofStrings(String... elements) {
    List<byte[]> bytes = Arrays.stream(elements).map(TensorData::utf8).toList();
    return elements.length == 1 ? ofBytes(bytes) : ofBytes(bytes, elements.length);
  }

  /**
   * Returns this tensor for a plugin.
   *
   * @param name the plugin's name
   * @return the tensor
   * @throws IllegalArgumentException if the name is blank
   * @throws NullPointerException if the name is null
   */
  public PluginTensor plugin(String name) {
    return plugin(name, NO_CONTENT);
  }

  /**
   * Returns this tensor for a plugin.
   *
   * @param name the plugin's name
   * @param content what the plugin is told about the series, of which TensorBoard keeps what the first tensor has
   * @return the tensor
   * @throws IllegalArgumentException if the name is blank
   * @throws NullPointerException if either is null
   */
  public PluginTensor plugin(String name, byte[] content) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A plugin has a name, but this one's is blank");
    }
    return new PluginTensor(tensor, name, content.clone(), description, dataClass);
  }

  /**
   * Returns this tensor with a description.
   *
   * @param markdown what the series is, in Markdown, of which TensorBoard keeps what the first tensor has
   * @return the tensor
   * @throws NullPointerException if the description is null
   */
  public PluginTensor description(String markdown) {
    return new PluginTensor(
        tensor, plugin, pluginContent, Objects.requireNonNull(markdown, "A description may be empty, but not null"),
        dataClass);
  }

  /**
   * Returns this tensor for a plugin that asks TensorBoard for blobs, as those for images and sounds do, and not for tensors.
   *
   * @return the tensor
   * @throws IllegalArgumentException if the tensor has numbers, or not one dimension
   */
  public PluginTensor asBlobs() {
    if (tensor.dtype() != DType.STRING || tensor.shape().length != 1) {
      throw new IllegalArgumentException("Blobs are strings in one dimension, unlike " + tensor.dtype() + " of the shape "
          + Arrays.toString(tensor.shape()));
    }
    return new PluginTensor(tensor, plugin, pluginContent, description, EventFields.DATA_CLASS_BLOB_SEQUENCE);
  }

  String plugin() {
    return plugin;
  }

  EventEncoder summary(double wallTime, long step, String tag) {
    return tensor.summary(wallTime, step, tag, plugin, pluginContent, dataClass, TensorData.utf8(description));
  }

  private static PluginTensor of(TensorData tensor) {
    return new PluginTensor(tensor, "", NO_CONTENT, "", EventFields.DATA_CLASS_TENSOR);
  }

  private static void requireFit(long[] shape, int elementBytes, long bytes) {
    long count = count(shape);
    if (bytes > LARGEST || count > LARGEST || bytes != count * elementBytes) {
      throw new IllegalArgumentException(
          "A tensor of the shape " + Arrays.toString(shape) + " has " + count + " elements of "
              + elementBytes + " bytes, and at most " + LARGEST + " bytes, unlike the " + bytes + " that are here");
    }
  }

  private static long count(long... shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("Dimensions have sizes of 0 or more, unlike " + Arrays.toString(shape));
      }
      if (size > 0 && count > Long.MAX_VALUE / size) {
        throw new IllegalArgumentException("A tensor has at most " + LARGEST + " bytes, unlike one of the shape "
            + Arrays.toString(shape));
      }
      count *= size;
    }
    return count;
  }
}
