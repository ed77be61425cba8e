package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.dl4j.internal.Workspaces;
import io.github.tensorboard4j.training.Diagnosis;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Passes a model's activations, gradients and updates to the diagnosis of an iteration, each when the framework has computed it. A
 * fault with one leaves the others.
 */
final class SameDiffDiagnosis {

  /** Operations that are zero for all that is below a threshold, by the framework's names. */
  private static final Set<String> RELUS = Set.of("relu", "relu6", "relu_layer", "thresholdedrelu");

  private final TrainingRecorder recorder;
  private final Diagnosis diagnosis;
  private final double sign;
  // until the iteration's end the framework keeps them too: they are results that it has asked for itself
  private final Map<SameDiffParameter, INDArray> updates = new LinkedHashMap<>();

  /**
   * Creates what takes the arrays of an iteration.
   *
   * @param recorder contains what goes wrong with one of them
   * @param diagnosis where they are recorded
   * @param minimizes whether updates are subtracted from the parameters, and not added to them
   */
  SameDiffDiagnosis(TrainingRecorder recorder, Diagnosis diagnosis, boolean minimizes) {
    this.recorder = recorder;
    this.diagnosis = diagnosis;
    this.sign = minimizes ? 1 : -1;
  }

  boolean wantsActivations() {
    return diagnosis.wantsActivations();
  }

  /** Records what an operation has put out. */
  void recordActivation(String name, SameDiffOp operation, INDArray array) {
    if (diagnosis.wantsActivations()) {
      recorder.attempt(() -> Workspaces.runOutside(() -> record(name, operation, array)));
    }
  }

  private void record(String name, SameDiffOp operation, INDArray array) {
    INDArray dense = array.length() <= 1 || array.elementWiseStride() == 1 ? array : array.dup();
    TensorValues values = ParameterViews.current(dense);
    if (values == null) {
      return;
    }
    diagnosis.activation(name, values);
    // of more dimensions nothing says which has the units
    if (diagnosis.wantsDeadUnits() && dense.rank() == 2 && RELUS.contains(operation.getOp().opName())) {
      diagnosis.deadUnits(name, values, (int) dense.size(1), Math.max(1, dense.stride(1)));
    }
  }

  /** Records a parameter's gradient, which becomes its update in the same memory. */
  void recordGradient(SameDiffParameter parameter, INDArray gradient) {
    if (diagnosis.wantsGradients()) {
      recorder.attempt(() -> {
        TensorValues values = ParameterViews.current(gradient);
        if (values != null) {
          diagnosis.gradient(parameter.layer(), parameter.name(), values);
        }
      });
    }
  }

  /** Takes note of what a parameter will be updated by. */
  void keepUpdate(SameDiffParameter parameter, INDArray update) {
    if (diagnosis.wantsUpdates()) {
      updates.put(parameter, update);
    }
  }

  /** Records what the parameters were updated by. */
  void recordUpdates() {
    updates.forEach((parameter, array) -> recorder.attempt(() -> {
      TensorValues update = ParameterViews.current(array);
      TensorValues updated = ParameterViews.current(parameter.values());
      if (update != null && updated != null) {
        diagnosis.update(parameter.layer(), parameter.name(), sign > 0 ? update : update.dividedBy(sign), updated);
      }
    }));
    updates.clear();
  }
}
