package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.dl4j.internal.ReluUnits;
import io.github.tensorboard4j.dl4j.internal.Workspaces;
import io.github.tensorboard4j.training.Diagnosis;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Passes a network's activations, gradients and updates to the diagnosis of an iteration, each at the callback that has it. A
 * fault with one layer or parameter leaves the others.
 */
final class LayerDiagnosis {

  private final TrainingRecorder recorder;
  private final Network network;
  private final Diagnosis diagnosis;
  private boolean gradientsRecorded;

  LayerDiagnosis(TrainingRecorder recorder, Network network, Diagnosis diagnosis) {
    this.recorder = recorder;
    this.network = network;
    this.diagnosis = diagnosis;
  }

  /** Records what the layers of a chain have put out, as the framework passes it to its listeners. */
  void recordActivations(List<INDArray> passed) {
    if (diagnosis.wantsActivations()) {
      record(network.activations(passed));
    }
  }

  /** Records what the layers of a graph have put out, as the framework passes it to its listeners. */
  void recordActivations(Map<String, INDArray> passed) {
    if (diagnosis.wantsActivations()) {
      record(network.activations(passed));
    }
  }

  private void record(List<Network.Activation> activations) {
    Workspaces.runOutside(() -> {
      for (Network.Activation activation : activations) {
        recorder.attempt(() -> record(activation));
      }
    });
  }

  private void record(Network.Activation activation) {
    ParameterViews.synchronize(activation.values());
    INDArray dense = ParameterViews.dense(activation.values());
    TensorValues values = ParameterViews.of(dense);
    if (values == null) {
      return;
    }
    diagnosis.activation(activation.layer(), values);
    if (diagnosis.wantsDeadUnits() && dense.rank() > 1 && ReluUnits.areIn(activation.configured())) {
      int dimension = ReluUnits.dimension(activation.configured(), dense);
      diagnosis.deadUnits(
          activation.layer(), values, (int) dense.size(dimension), Math.max(1, dense.stride(dimension)));
    }
  }

  /** Records the gradients of the mean loss, which are those of the batch's sum as long as they are not updates yet. */
  void recordGradients() {
    if (!diagnosis.wantsGradients() || gradientsRecorded) {
      return;
    }
    // an optimizer that searches along a line has several gradients in one iteration
    gradientsRecorded = true;
    long examples = Math.max(1, network.examples());
    for (Network.Parameter parameter : network.parameters()) {
      TensorValues sums = parameter.hasGradient() ? ParameterViews.current(network.gradient(parameter)) : null;
      if (sums != null) {
        recorder.attempt(() -> diagnosis.gradient(parameter.layer(), parameter.name(), sums.dividedBy(examples)));
      }
    }
  }

  /** Records what the gradients have become: what the parameters were updated by. */
  void recordUpdates() {
    if (!diagnosis.wantsUpdates() || !network.keepsUpdates()) {
      return;
    }
    for (Network.Parameter parameter : network.parameters()) {
      TensorValues update = parameter.frozen() ? null : ParameterViews.current(network.gradient(parameter));
      TensorValues updated = ParameterViews.current(parameter.values());
      if (update != null && updated != null) {
        recorder.attempt(() -> diagnosis.update(parameter.layer(), parameter.name(), update, updated));
      }
    }
  }
}
