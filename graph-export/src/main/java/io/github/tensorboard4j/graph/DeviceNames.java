package io.github.tensorboard4j.graph;

/**
 * The names of devices in <a
 * href="https://www.tensorflow.org/guide/gpu">TensorFlow's notation</a>, by which TensorBoard colours the
 * operations of a graph.
 */
public final class DeviceNames {

  private DeviceNames() {}

  /**
   * Returns the name of the processor.
   *
   * @return {@code /device:CPU:0}
   */
  public static String cpu() {
    return "/device:CPU:0";
  }

  /**
   * Returns the name of a graphics card.
   *
   * @param index which one, from 0
   * @return its name, such as {@code /device:GPU:0}
   * @throws IllegalArgumentException if the index is negative
   */
  public static String gpu(int index) {
    if (index < 0) {
      throw new IllegalArgumentException("graphics cards count from 0, got " + index);
    }
    return "/device:GPU:" + index;
  }
}
