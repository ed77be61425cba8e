package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.InputTypes;
import io.github.tensorboard4j.dl4j.internal.NetworkWalker;
import io.github.tensorboard4j.dl4j.internal.SameDiffWalker;
import io.github.tensorboard4j.graph.ModelGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns Deeplearning4j networks into graphs for TensorBoard.
 *
 * <p>A layer becomes a scope that is called as {@link LayerNames} says and holds the layer's operations and
 * parameters. Inputs, labels, loss and optimizer are drawn beside the layers. Unless it says so, a method
 * computes nothing, and the network is not changed; what can't be found out, such as the shapes behind an
 * unknown input, is left out.
 */
public final class Dl4jGraph {

  private Dl4jGraph() {}

  /**
   * The graph of a network.
   *
   * @param network an initialized network
   * @param inputType the kind and size of its input, or null if not known
   * @return the graph
   */
  public static ModelGraph of(MultiLayerNetwork network, InputType inputType) {
    return NetworkWalker.walk(network, LayerNames.of(network), inputType);
  }

  /**
   * The graph of a network.
   *
   * @param network an initialized network
   * @param inputTypes the kinds and sizes of its inputs, in their order; null, missing or null for one input
   *     if not known
   * @return the graph
   */
  public static ModelGraph of(ComputationGraph network, InputType... inputTypes) {
    Map<String, String> names = LayerNames.of(network);
    List<InputType> types = new ArrayList<>(inputTypes == null ? List.of() : Arrays.asList(inputTypes));
    while (types.size() < network.getConfiguration().getNetworkInputs().size()) {
      types.add(null);
    }
    return NetworkWalker.walk(network, names, types);
  }

  /**
   * The graph of a SameDiff model: its operations under the names of their results, and its gradient
   * function, if it was made, in a scope {@code gradients}. Only the shapes of variables, constants and
   * placeholders are known.
   *
   * @param model the model
   * @return the graph
   */
  public static ModelGraph of(SameDiff model) {
    return SameDiffWalker.walk(model, null);
  }

  /**
   * The graph of a SameDiff model with the shapes of all results, for which the model is computed once.
   *
   * @param model the model
   * @param placeholders a value for each placeholder that its outputs need
   * @return the graph
   */
  public static ModelGraph of(SameDiff model, Map<String, INDArray> placeholders) {
    return SameDiffWalker.walk(model, Objects.requireNonNull(placeholders, "placeholders"));
  }

  /**
   * The kind of input that a batch is, for {@link #of(MultiLayerNetwork, InputType)}: rank 2 is {@code
   * [batch, size]}, rank 3 {@code [batch, size, time]}, rank 4 {@code [batch, channels, height, width]}, rank
   * 5 {@code [batch, channels, depth, height, width]}, unless the network's first layer has channels or time
   * the other way round.
   *
   * @param network the network that takes the batch
   * @param batch a batch of features
   * @return its kind without the batch's size, or null if the array is none of these
   */
  public static InputType inputType(MultiLayerNetwork network, INDArray batch) {
    return InputTypes.of(network.getLayerWiseConfigurations(), batch);
  }

  /**
   * The kinds of input that batches are, as {@link #inputType(MultiLayerNetwork, INDArray)} finds them.
   *
   * @param network the network that takes the batches
   * @param batches a batch of features for each input, in their order
   * @return the kinds, null for an array that is none of them
   */
  public static InputType[] inputTypes(ComputationGraph network, INDArray... batches) {
    InputType[] types = new InputType[batches.length];
    for (int i = 0; i < types.length; i++) {
      String input = network.getConfiguration().getNetworkInputs().get(i);
      types[i] = InputTypes.of(network.getConfiguration(), input, batches[i]);
    }
    return types;
  }

  /**
   * The kind of input that a batch is, for {@link #of(MultiLayerNetwork, InputType)}: rank 2 is {@code
   * [batch, size]}, rank 3 {@code [batch, size, time]}, rank 4 {@code [batch, channels, height, width]}, rank
   * 5 {@code [batch, channels, depth, height, width]}.
   *
   * @param batch a batch of features; may be null
   * @return its kind without the batch's size, or null if the array is none of these
   */
  public static InputType inputType(INDArray batch) {
    long[] shape = batch == null ? new long[0] : batch.shape();
    return switch (shape.length) {
      case 2 -> InputType.feedForward(shape[1]);
      case 3 -> InputType.recurrent(shape[1], shape[2]);
      case 4 -> InputType.convolutional(shape[2], shape[3], shape[1]);
      case 5 -> InputType.convolutional3D(
          Convolution3D.DataFormat.NCDHW, shape[2], shape[3], shape[4], shape[1]);
      default -> null;
    };
  }
}
