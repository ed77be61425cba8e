package io.github.tensorboard4j;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What operations of a run's graph have taken in one step: time and memory. TensorBoard's Graphs page colours the graph by it,
 * where its tag is chosen under <i>Tag</i>. Immutable.
 *
 * <pre>{@code
 * writer.addGraph(graph);
 * writer.addRunMetadata("step 100", RunMetadata.builder()
 *     .operation("hidden/MatMul", Duration.ZERO, Duration.ofNanos(120_000), 4 * 32 * 100)
 *     .operation("output/MatMul", Duration.ofNanos(120_000), Duration.ofNanos(30_000), 4 * 32 * 10)
 *     .build(), 100);
 * }</pre>
 *
 * <p>The page counts in microseconds; a time that is shorter counts as one. A scope's time is that from the start of its first
 * operation to the end of its last, so operations that belong to one scope should follow each other.
 *
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/step_stats.proto">step_stats.proto</a>
 */
public final class RunMetadata {

  private static final String CPU = "/device:CPU:0";

  private static final int METADATA_STEP_STATS = 1;
  private static final int STATS_DEVICE = 1;
  private static final int DEVICE_NAME = 1;
  private static final int DEVICE_NODE = 2;
  private static final int NODE_NAME = 1;
  private static final int NODE_START_MICROS = 2;
  private static final int NODE_OPERATION_END_MICROS = 4;
  private static final int NODE_END_MICROS = 5;
  private static final int NODE_MEMORY = 6;
  private static final int MEMORY_ALLOCATOR = 1;
  private static final int MEMORY_TOTAL_BYTES = 2;

  private record Operation(String name, Duration start, Duration time, long bytes) {}

  private final Map<String, List<Operation>> operations;

  private RunMetadata(Map<String, List<Operation>> operations) {
    this.operations = operations;
  }

  /**
   * Returns a builder of metadata.
   *
   * @return a builder without operations
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the serialized {@code tensorflow.RunMetadata}. */
  byte[] encode() {
    return WireMessage.bytes(metadata -> WireMessage.write(metadata, METADATA_STEP_STATS, stats -> {
      for (Map.Entry<String, List<Operation>> device : operations.entrySet()) {
        WireMessage.write(stats, STATS_DEVICE, out -> {
          out.writeString(DEVICE_NAME, device.getKey());
          for (Operation operation : device.getValue()) {
            WireMessage.write(out, DEVICE_NODE, node -> encode(operation, node));
          }
        });
      }
    }));
  }

  private static void encode(Operation operation, CodedOutputStream out) throws IOException {
    long start = operation.start.toNanos() / 1000;
    // the page takes an operation of no time for one that didn't run
    long time = Math.max(1, Math.round(operation.time.toNanos() / 1e3));
    out.writeString(NODE_NAME, operation.name);
    out.writeInt64(NODE_START_MICROS, start);
    out.writeInt64(NODE_OPERATION_END_MICROS, time);
    out.writeInt64(NODE_END_MICROS, time);
    if (operation.bytes > 0) {
      WireMessage.write(out, NODE_MEMORY, memory -> {
        memory.writeString(MEMORY_ALLOCATOR, "total");
        memory.writeInt64(MEMORY_TOTAL_BYTES, operation.bytes);
      });
    }
  }

  /** Collects what operations have taken. Not for use by several threads. */
  public static final class Builder {

    private final Map<String, List<Operation>> operations = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds an operation that ran on the CPU.
     *
     * @param name the operation's name in the graph; the page ignores names that the graph doesn't have
     * @param start when it started, since the start of the step
     * @param time how long it took
     * @param bytes the memory that it took, 0 if that isn't known
     * @return this builder
     * @throws IllegalArgumentException if the name is blank, or a time or the memory is negative
     * @throws NullPointerException if an argument is null
     */
    public Builder operation(String name, Duration start, Duration time, long bytes) {
      return operation(name, CPU, start, time, bytes);
    }

    /**
     * Adds an operation.
     *
     * @param name the operation's name in the graph; the page ignores names that the graph doesn't have
     * @param device where it ran, in TensorFlow's notation, such as {@code /device:GPU:0}
     * @param start when it started, since the start of the step
     * @param time how long it took
     * @param bytes the memory that it took, 0 if that isn't known
     * @return this builder
     * @throws IllegalArgumentException if the name or the device is blank, or a time or the memory is negative
     * @throws NullPointerException if an argument is null
     */
    public Builder operation(String name, String device, Duration start, Duration time, long bytes) {
      if (name.isBlank() || device.isBlank()) {
        throw new IllegalArgumentException(
            "An operation and its device need names, unlike '" + name + "' on '" + device + "'");
      }
      if (start.isNegative() || time.isNegative() || bytes < 0) {
        throw new IllegalArgumentException("The operation " + name + " takes no less than nothing, unlike " + time + " from "
            + start + " on, and " + bytes + " bytes");
      }
      operations.computeIfAbsent(Objects.requireNonNull(device, "device"), on -> new ArrayList<>())
          .add(new Operation(name, start, time, bytes));
      return this;
    }

    /**
     * Returns the metadata.
     *
     * @return what was added so far
     * @throws IllegalStateException if no operation was added
     */
    public RunMetadata build() {
      if (operations.isEmpty()) {
        throw new IllegalStateException("Metadata of a step need operations: add one first");
      }
      Map<String, List<Operation>> copy = new LinkedHashMap<>();
      operations.forEach((device, of) -> copy.put(device, List.copyOf(of)));
      return new RunMetadata(copy);
    }
  }
}
