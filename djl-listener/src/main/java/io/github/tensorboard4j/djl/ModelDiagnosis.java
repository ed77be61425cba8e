package io.github.tensorboard4j.djl;

import ai.djl.training.dataset.Batch;
import io.github.tensorboard4j.djl.internal.LayerOutput;
import io.github.tensorboard4j.training.Diagnosis;
import io.github.tensorboard4j.training.TrainingRecorder;
import org.jspecify.annotations.Nullable;

/** Records what goes on within one trainer's model in the iterations where that is due. Not thread-safe. */
final class ModelDiagnosis {

  private final TrainingRecorder recorder;
  private final ParameterArrays arrays;
  private final ParameterUpdates updates;
  private final LayerActivations activations;
  private @Nullable Diagnosis pending;

  ModelDiagnosis(TrainingRecorder recorder, ParameterArrays arrays, LayerActivations activations) {
    this.recorder = recorder;
    this.arrays = arrays;
    this.updates = new ParameterUpdates(arrays);
    this.activations = activations;
  }

  /**
   * Records what is due of an iteration whose gradients are there, and whose update is not made yet.
   *
   * @param iteration the iteration, from 1
   * @param startedEpoch the number of the epoch whose first iteration it is, 0 if it is no epoch's first
   * @param batch what the model was trained on, null if that is not known
   */
  void beforeUpdate(long iteration, long startedEpoch, @Nullable Batch batch) {
    pending = recorder.diagnosis(iteration, startedEpoch);
    if (pending != null) {
      record(pending, batch);
    }
  }

  private void record(Diagnosis diagnosis, @Nullable Batch batch) {
    if (diagnosis.wantsActivations() || diagnosis.wantsActivationImages()) {
      activations.of(batch, output -> record(diagnosis, output));
    }
    if (diagnosis.wantsGradients()) {
      arrays.readGradients(
          (parameter, values) -> diagnosis.gradient(parameter.layer(), parameter.name(), values));
    }
    if (diagnosis.wantsUpdates()) {
      updates.keep();
    }
  }

  private static void record(Diagnosis diagnosis, LayerOutput output) {
    boolean pictured = output.isPicture() && diagnosis.wantsActivationImage(output.layer(), output.ofConvolution());
    if (!pictured && !diagnosis.wantsActivations()) {
      return;
    }
    ArrayViews.read(output.array(), values -> {
      diagnosis.activation(output.layer(), values);
      if (pictured) {
        diagnosis.activationImage(output.layer(), values, output.sizes(), output.strides());
      }
      if (output.isRectified() && diagnosis.wantsDeadUnits()) {
        diagnosis.deadUnits(output.layer(), values, output.units(), output.stride());
      }
    });
  }

  /** Records by what the parameters have changed in the last iteration, if that is due. */
  void afterUpdate() {
    if (pending != null && pending.wantsUpdates()) {
      updates.record(pending);
    }
    pending = null;
  }
}
