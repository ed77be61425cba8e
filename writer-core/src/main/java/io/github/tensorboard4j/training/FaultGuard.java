package io.github.tensorboard4j.training;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps faults of the recording, and of what the user has asked to be called, out of a training. Logs the first of each. */
final class FaultGuard {

  private static final Logger LOGGER = LoggerFactory.getLogger(TrainingRecorder.class);

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

  /** Logs a fault of the recording if it is the first; throws an error again that no program goes on after. */
  void contain(Throwable fault) {
    rethrowFatal(fault);
    if (faultLogged.compareAndSet(false, true)) {
      LOGGER.error(
          "Recording for TensorBoard met a fault; the training goes on, and whatever else can be recorded still is", fault);
    }
  }

  /** Logs a fault of the consumer of epochs, likewise. */
  void containConsumer(Throwable fault) {
    rethrowFatal(fault);
    if (consumerFaultLogged.compareAndSet(false, true)) {
      LOGGER.error("The consumer that onEpoch(...) was given threw; the training goes on, and the epoch is recorded", fault);
    }
  }

  private static void rethrowFatal(Throwable fault) {
    if (fault instanceof Error error && !(error instanceof LinkageError) && !(error instanceof OutOfMemoryError)) {
      throw error;
    }
  }
}
