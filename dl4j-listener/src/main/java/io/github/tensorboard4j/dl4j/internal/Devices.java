package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.graph.DeviceNames;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** The device on which ND4J computes. */
public final class Devices {

  private Devices() {}

  /**
   * Returns the device on which this thread's operations run.
   *
   * @return its name in TensorFlow's notation
   */
  public static String current() {
    boolean cuda = OpExecutioner.ExecutionerType.CUDA.equals(ForeignCall.orNull(() -> Nd4j.getExecutioner().type()));
    return cuda ? DeviceNames.gpu(Nd4j.getAffinityManager().getDeviceForCurrentThread()) : DeviceNames.cpu();
  }
}
