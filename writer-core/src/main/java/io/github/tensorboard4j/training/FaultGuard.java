package io.github.tensorboard4j.training;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps faults of the recording, and of what the user has asked to be called, out of a training. Logs the first of each. */
final class FaultGuard {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaultGuard.class);

  private final AtomicBoolean faultLogged = new AtomicBoolean();
  private final AtomicBoolean consumerFaultLogged = new AtomicBoolean();

  /** Runs a part of the recording. */
  void run(Runnable part) {
    try {
      part.run();
    } catch (Throwable e) {
      contain(e);
    }
  }

  /** Logs a fault of the recording if it is the first; throws an error again after which the JVM can't go on. */
  void contain(Throwable fault) {
    rethrowFatal(fault);
    if (faultLogged.compareAndSet(false, true)) {
      LOGGER.error(
          "Recording for TensorBoard met a fault; the training goes on, and whatever else can be recorded still is", fault);
    }
  }

  /** Runs the user's consumer of an epoch. */
  void runConsumer(Runnable consumer) {
    try {
      consumer.run();
    } catch (Throwable e) {
      rethrowFatal(e);
      if (consumerFaultLogged.compareAndSet(false, true)) {
        LOGGER.error("The consumer that onEpoch(...) was given threw; the training goes on, and the epoch is recorded", e);
      }
    }
  }

  private static void rethrowFatal(Throwable fault) {
    if (fault instanceof VirtualMachineError error
        && !(error instanceof OutOfMemoryError) && !(error instanceof StackOverflowError)) {
      throw error;
    }
  }
}
