package io.github.tensorboard4j.dl4j.internal;

import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** Names ND4J's devices as TensorFlow does. */
final class Devices {

  private Devices() {}

  /** The device on which this thread's operations run. */
  static String current() {
    boolean cuda = OpExecutioner.ExecutionerType.CUDA.equals(Facts.orNull(() -> Nd4j.getExecutioner().type()));
    return cuda ? "/device:GPU:" + Nd4j.getAffinityManager().getDeviceForCurrentThread() : "/device:CPU:0";
  }
}
