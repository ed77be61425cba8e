package io.github.tensorboard4j.graph;

import io.github.tensorboard4j.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Collects what is known of one operation; {@link #add()} puts it into the graph. Not for use by several threads. */
public final class OperationBuilder {

  private final ModelGraph.Builder graph;
  private final String op;
  private final String name;
  private final List<Output> inputs = new ArrayList<>(2);
  private final List<Integer> controls = new ArrayList<>(0);
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();
  private final List<TensorType> outputs = new ArrayList<>(1);
  private String device;

  OperationBuilder(ModelGraph.Builder graph, String op, String name) {
    this.graph = graph;
    this.op = op;
    this.name = name;
    this.device = graph.device();
  }

  /**
   * Adds inputs, after those already there.
   *
   * @param sources where the data comes from
   * @return this
   * @throws IllegalArgumentException if an output belongs to another graph
   * @throws NullPointerException if the array or an output is null
   */
  public OperationBuilder input(Output... sources) {
    for (Output source : sources) {
      inputs.add(graph.checked(source));
    }
    return this;
  }

  /**
   * Makes this operation wait for another one.
   *
   * @param earlier any output of the operation that runs first
   * @return this
   * @throws IllegalArgumentException if the output belongs to another graph
   * @throws NullPointerException if the output is null
   */
  public OperationBuilder after(Output earlier) {
    controls.add(graph.checked(earlier).node());
    return this;
  }

  /**
   * Adds a setting.
   *
   * @param key its name
   * @param value its value
   * @return this
   * @throws IllegalArgumentException if the key is {@code _output_shapes}, which is made from the outputs
   * @throws NullPointerException if the key or the value is null
   */
  public OperationBuilder attribute(String key, Attribute value) {
    if (key.equals(ModelGraph.OUTPUT_SHAPES)) {
      throw new IllegalArgumentException(key + " is made from the outputs; call output(dtype, shape) instead");
    }
    attributes.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Sets where the operation runs, in place of the graph's default.
   *
   * @param place a device in TensorFlow's notation, as {@link DeviceNames} makes it; empty if not known
   * @return this
   * @throws NullPointerException if the device is null
   */
  public OperationBuilder device(String place) {
    this.device = Objects.requireNonNull(place, "place");
    return this;
  }

  /**
   * Adds an output, after those already there.
   *
   * @param dtype the element type
   * @param shape the shape
   * @return this
   * @throws NullPointerException if an argument is null
   */
  public OperationBuilder output(DType dtype, TensorShape shape) {
    return output(TensorType.of(dtype, shape));
  }

  /**
   * Adds an output, after those already there.
   *
   * @param type what is known of it
   * @return this
   * @throws NullPointerException if the type is null
   */
  public OperationBuilder output(TensorType type) {
    outputs.add(Objects.requireNonNull(type, "type"));
    return this;
  }

  /**
   * Puts the operation into the graph; one without outputs gets one of which nothing is known.
   *
   * @return its first output
   */
  public Output add() {
    if (outputs.isEmpty()) {
      outputs.add(TensorType.UNKNOWN);
    }
    return graph.add(new Node(name, op, inputs, controls, device, attributes, outputs));
  }
}
