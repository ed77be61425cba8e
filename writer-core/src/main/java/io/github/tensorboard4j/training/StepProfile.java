package io.github.tensorboard4j.training;

import io.github.tensorboard4j.Markdown;
import io.github.tensorboard4j.RunMetadata;
import io.github.tensorboard4j.SummaryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * What each layer of a model takes in one iteration: a listener adds the layers in the order of the forward pass, and passes it to
 * {@link TrainingRecorder#recordProfile}. Not thread-safe.
 *
 * <p>TensorBoard's Graphs page colours a layer by it. As the page knows no direction, the passes have tags of their own beside the
 * one of both together, in which a layer's backward pass follows its forward pass.
 */
public final class StepProfile {

  private record Layer(String name, String operation, long forwardNanos, long backwardNanos, long outputBytes,
      long gradientBytes) {

    long nanos() {
      return forwardNanos + backwardNanos;
    }

    long bytes() {
      return outputBytes + gradientBytes;
    }
  }

  private static final int MOST_ROWS = 100;

  private final List<Layer> layers = new ArrayList<>();
  private final String device;

  /**
   * Starts without layers.
   *
   * @param device where the model runs, in TensorFlow's notation, such as {@code /device:GPU:0}
   * @throws NullPointerException if the device is null
   */
  public StepProfile(String device) {
    this.device = Objects.requireNonNull(device, "device");
  }

  /**
   * Adds a layer.
   *
   * @param name the layer's name
   * @param operation the operation of the graph that stands for it, one within the layer's scope
   * @param forwardNanos the nanoseconds of its forward pass, 0 if they aren't known
   * @param backwardNanos the nanoseconds of its backward pass, 0 if they aren't known
   * @param outputBytes the size of what it puts out, in bytes
   * @param gradientBytes the size of what it passes back, in bytes
   * @return this
   * @throws IllegalArgumentException if a number is negative
   * @throws NullPointerException if a name is null
   */
  public StepProfile layer(String name, String operation, long forwardNanos, long backwardNanos, long outputBytes,
      long gradientBytes) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(operation, "operation");
    if (Math.min(Math.min(forwardNanos, backwardNanos), Math.min(outputBytes, gradientBytes)) < 0) {
      throw new IllegalArgumentException(
          "The layer " + name + " takes no less than nothing, unlike " + forwardNanos + " and "
              + backwardNanos + " nanoseconds, " + outputBytes + " and " + gradientBytes + " bytes");
    }
    layers.add(new Layer(name, operation, forwardNanos, backwardNanos, outputBytes, gradientBytes));
    return this;
  }

  void record(SummaryWriter writer, long iteration) {
    if (layers.isEmpty()) {
      return;
    }
    String tag = Tags.profile(iteration);
    boolean forward = layers.stream().anyMatch(layer -> layer.forwardNanos > 0);
    boolean backward = layers.stream().anyMatch(layer -> layer.backwardNanos > 0);
    if (forward || backward) {
      writer.addRunMetadata(tag, metadata(Layer::nanos, Layer::bytes), iteration);
    }
    if (forward && backward) {
      writer.addRunMetadata(tag + " forward", metadata(Layer::forwardNanos, Layer::outputBytes), iteration);
      writer.addRunMetadata(tag + " backward", metadata(Layer::backwardNanos, Layer::gradientBytes), iteration);
    }
    writer.addText(Tags.PROFILE, table(backward), iteration);
  }

  private RunMetadata metadata(ToLongFunction<Layer> nanos, ToLongFunction<Layer> bytes) {
    RunMetadata.Builder metadata = RunMetadata.builder();
    long start = 0;
    for (Layer layer : layers) {
      long time = nanos.applyAsLong(layer);
      if (time > 0) {
        metadata.operation(layer.operation, device, Duration.ofNanos(start), Duration.ofNanos(time),
            bytes.applyAsLong(layer));
        // the page counts in microseconds
        start += Math.max(1000, time);
      }
    }
    return metadata.build();
  }

  private String table(boolean backward) {
    long all = Math.max(1, layers.stream().mapToLong(Layer::nanos).sum());
    List<String> header = new ArrayList<>(List.of("layer", "forward, ms"));
    if (backward) {
      header.add("backward, ms");
    }
    header.addAll(List.of("share, %", "output, KiB"));
    List<List<?>> rows = new ArrayList<>();
    for (Layer layer : slowest()) {
      List<Object> row = new ArrayList<>(List.of(layer.name, milliseconds(layer.forwardNanos)));
      if (backward) {
        row.add(milliseconds(layer.backwardNanos));
      }
      row.add(format("%.1f", 100.0 * layer.nanos() / all));
      row.add(format("%.1f", layer.outputBytes / 1024.0));
      rows.add(row);
    }
    return Markdown.table(header, rows);
  }

  /** Returns the layers that take most, in their order: of a model with thousands nobody reads all. */
  private List<Layer> slowest() {
    return layers.stream().sorted(Comparator.comparingLong(Layer::nanos).reversed()).limit(MOST_ROWS)
        .sorted(Comparator.comparingInt(layers::indexOf)).toList();
  }

  private static String milliseconds(long nanos) {
    return nanos == 0 ? "" : format("%.3f", nanos / 1e6);
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
