package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.training.Trainer;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.djl.internal.NamedParameter;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The arrays of the parameters of one trainer's model, and of their gradients: of several devices, those of the one that the
 * model is on. Not thread-safe.
 */
final class ParameterArrays {

  private static final Logger LOGGER = LoggerFactory.getLogger(ParameterArrays.class);

  /** Reads the elements that belong to a parameter, in place, during the call. */
  interface Reader {
    void read(NamedParameter parameter, TensorValues values);
  }

  private final TrainingRecorder recorder;
  private final List<NamedParameter> parameters;
  private final Set<Device> devices;
  private boolean arraysReleased;
  private boolean leftOutLogged;

  ParameterArrays(TrainingRecorder recorder, Trainer trainer, List<NamedParameter> parameters) {
    this.recorder = recorder;
    this.parameters = parameters;
    this.devices = Set.copyOf(Arrays.asList(trainer.getDevices()));
  }

  /** Releases the arrays: none is read any more, for those of a closed trainer may be gone or another's. */
  void releaseArrays() {
    arraysReleased = true;
  }

  /** Returns whether no array is read any more. */
  boolean areReleased() {
    return arraysReleased;
  }

  /** Returns whether a device is one of those that the trainer trains on. */
  boolean areTrainedOn(Device device) {
    return devices.contains(device);
  }

  /** Reads every parameter, as it is now. */
  void read(Reader reader) {
    forEach((parameter, array) -> {
      if (!ArrayViews.read(array, values -> reader.read(parameter, values))) {
        logLeftOut(parameter, "there are no numbers to read in the type " + array.getDataType());
      }
    });
  }

  /** Reads the gradient of every parameter that is trained. */
  void readGradients(Reader reader) {
    forEachTrained((parameter, array) -> {
      if (array.hasGradient()) {
        try (NDArray gradient = array.getGradient()) {
          ArrayViews.read(gradient, values -> reader.read(parameter, values));
        }
      }
    });
  }

  /** Passes on the array of every parameter that is trained. */
  void forEachTrained(BiConsumer<NamedParameter, NDArray> consumer) {
    forEach((parameter, array) -> {
      if (parameter.parameter().requiresGradient()) {
        consumer.accept(parameter, array);
      }
    });
  }

  /** Takes each parameter for itself: one that can't be read leaves the others. */
  private void forEach(BiConsumer<NamedParameter, NDArray> consumer) {
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
    if (areTrainedOn(array.getDevice())) {
      consumer.accept(parameter, array);
    } else {
      logLeftOut(parameter, "it is on " + array.getDevice() + ", where it isn't trained");
    }
  }

  private void logLeftOut(NamedParameter parameter, String reason) {
    if (!leftOutLogged) {
      leftOutLogged = true;
      LOGGER.warn("Nothing is recorded of the elements of {}, and of others like it: {}", parameter.path(), reason);
    }
  }
}
