package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.training.Trainer;
import io.github.tensorboard4j.djl.internal.NamedParameter;
import io.github.tensorboard4j.training.Diagnosis;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records the parameters of one trainer's model, and their gradients, as histograms. Not thread-safe. */
final class ParameterHistograms {

  private static final Logger LOGGER = LoggerFactory.getLogger(ParameterHistograms.class);

  private final TrainingRecorder recorder;
  private final List<NamedParameter> parameters;
  private final Set<Device> devices;
  private boolean arraysReleased;
  private boolean leftOutLogged;

  ParameterHistograms(TrainingRecorder recorder, Trainer trainer, List<NamedParameter> parameters) {
    this.recorder = recorder;
    this.parameters = parameters;
    this.devices = Set.copyOf(Arrays.asList(trainer.getDevices()));
  }

  /** Releases the arrays: none is read any more, for those of a closed trainer may be gone or another's. */
  void releaseArrays() {
    arraysReleased = true;
  }

  /** Records every parameter, as it is now. */
  void recordParameters(long step) {
    forEachParameter((parameter, array) -> {
      if (!ParameterViews.read(
          array, values -> recorder.recordParameter(parameter.layer(), parameter.name(), values, step))) {
        logLeftOut(parameter, "there are no numbers to read in the type " + array.getDataType());
      }
    });
  }

  /** Records the gradient of every parameter that is trained. */
  void recordGradients(Diagnosis diagnosis) {
    forEachParameter((parameter, array) -> {
      if (parameter.parameter().requiresGradient() && array.hasGradient()) {
        try (NDArray gradient = array.getGradient()) {
          ParameterViews.read(
              gradient, values -> diagnosis.gradient(parameter.layer(), parameter.name(), values));
        }
      }
    });
  }

  /** Takes each parameter for itself: one that can't be recorded leaves the others. */
  private void forEachParameter(BiConsumer<NamedParameter, NDArray> consumer) {
    for (NamedParameter parameter : parameters) {
      if (!arraysReleased && parameter.parameter().isInitialized()) {
        try {
          take(parameter, consumer);
        } catch (Throwable e) {
          recorder.contain(e);
        }
      }
    }
  }

  private void take(NamedParameter parameter, BiConsumer<NamedParameter, NDArray> consumer) {
    NDArray array = parameter.parameter().getArray();
    if (devices.contains(array.getDevice())) {
      consumer.accept(parameter, array);
    } else {
      logLeftOut(parameter, "it is on " + array.getDevice() + ", where it isn't trained");
    }
  }

  private void logLeftOut(NamedParameter parameter, String reason) {
    if (!leftOutLogged) {
      leftOutLogged = true;
      LOGGER.warn("The histograms of {} are left out, and of others like it: {}", parameter.path(), reason);
    }
  }
}
