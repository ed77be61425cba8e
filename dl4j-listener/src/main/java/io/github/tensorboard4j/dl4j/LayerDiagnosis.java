package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.dl4j.internal.ChannelDimension;
import io.github.tensorboard4j.dl4j.internal.FrozenLayers;
import io.github.tensorboard4j.dl4j.internal.ReluUnits;
import io.github.tensorboard4j.dl4j.internal.Workspaces;
import io.github.tensorboard4j.training.Diagnosis;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Passes a network's activations, gradients and updates to the diagnosis of an iteration, each at the callback that has it. A
 * fault with one layer or parameter leaves the others.
 */
final class LayerDiagnosis {

  private final TrainingRecorder recorder;
  private final Network network;
  private final Diagnosis diagnosis;
  private @Nullable List<Network.Parameter> parameters;

  LayerDiagnosis(TrainingRecorder recorder, Network network, Diagnosis diagnosis) {
    this.recorder = recorder;
    this.network = network;
    this.diagnosis = diagnosis;
  }

  /** Records what the layers of a chain have put out, as the framework passes it to its listeners. */
  void recordActivations(List<INDArray> passed) {
    if (diagnosis.wantsActivations() || diagnosis.wantsActivationImages()) {
      record(network.activations(passed));
    }
  }

  /** Records what the layers of a graph have put out, as the framework passes it to its listeners. */
  void recordActivations(Map<String, INDArray> passed) {
    if (diagnosis.wantsActivations() || diagnosis.wantsActivationImages()) {
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
    OptionalInt channels = picturedChannels(activation);
    if (!diagnosis.wantsActivations() && channels.isEmpty()) {
      return;
    }
    INDArray dense = ParameterViews.onHost(activation.values());
    TensorValues values = ParameterViews.of(dense);
    if (values == null) {
      return;
    }
    diagnosis.activation(activation.layer(), values);
    if (channels.isPresent()) {
      int[] order = channels.getAsInt() == 1 ? new int[] {0, 1, 2, 3} : new int[] {0, 3, 1, 2};
      diagnosis.activationImage(activation.layer(), values, Arrays.stream(order).mapToLong(dense::size).toArray(),
          Arrays.stream(order).mapToLong(dense::stride).toArray());
    }
    if (diagnosis.wantsDeadUnits()) {
      ReluUnits.dimension(activation.configured(), activation.inFront(), dense)
          .ifPresent(dimension -> diagnosis.deadUnits(activation.layer(), values, (int) dense.size(dimension),
              Math.max(1, dense.stride(dimension))));
    }
  }

  /** Returns the dimension of the channels of what is shown as a picture; empty if none is due, or there are no rows and columns. */
  private OptionalInt picturedChannels(Network.Activation activation) {
    boolean pictured = activation.values().rank() == 4 && diagnosis.wantsActivationImage(activation.layer(),
        FrozenLayers.unfrozen(activation.configured()) instanceof ConvolutionLayer);
    return pictured ? ChannelDimension.of(activation.configured(), activation.inFront(), 4) : OptionalInt.empty();
  }

  /** Records the gradients of the mean loss, which are those of the batch's sum as long as they are not updates yet. */
  void recordGradients() {
    INDArray all = diagnosis.wantsGradients() ? network.flatGradients() : null;
    if (all == null) {
      return;
    }
    ParameterViews.synchronize(all);
    long examples = Math.max(1, network.examples());
    for (Network.Parameter parameter : parameters()) {
      TensorValues sums = parameter.hasGradient() ? ParameterViews.of(network.gradient(parameter)) : null;
      if (sums != null) {
        recorder.attempt(() -> diagnosis.gradient(parameter.layer(), parameter.name(), sums.dividedBy(examples)));
      }
    }
  }

  /** Records what the gradients have become: what the parameters were updated by. */
  void recordUpdates() {
    INDArray all = diagnosis.wantsUpdates() && network.keepsUpdates() ? network.flatGradients() : null;
    if (all == null) {
      return;
    }
    ParameterViews.synchronize(all);
    ParameterViews.synchronize(network.flatParameters());
    for (Network.Parameter parameter : parameters()) {
      if (parameter.frozen()) {
        continue;
      }
      TensorValues update = ParameterViews.of(network.gradient(parameter));
      TensorValues updated = ParameterViews.of(parameter.values());
      if (update != null && updated != null) {
        recorder.attempt(() -> diagnosis.update(parameter.layer(), parameter.name(), update, updated));
      }
    }
  }

  /** Returns the parameters, which are views of the same memory all through the iteration. */
  private List<Network.Parameter> parameters() {
    List<Network.Parameter> known = parameters;
    if (known == null) {
      known = network.parameters();
      parameters = known;
    }
    return known;
  }
}
