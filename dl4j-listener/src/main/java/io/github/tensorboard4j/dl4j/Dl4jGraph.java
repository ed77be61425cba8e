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
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns Deeplearning4j networks into graphs for TensorBoard.
 *
 * <p>A layer becomes a scope that holds the layer's operations and parameters. Inputs, labels, loss and optimizer are drawn
 * beside the layers. What can't be found out, such as the shapes behind an unknown input, is left out. Unless it says so, a
 * method computes nothing, and the network is not changed.
 *
 * <p>A layer that was given a name keeps it, with {@code _} for characters that TensorBoard does not take. One without a name,
 * which Deeplearning4j calls {@code layer0}, {@code layer1}, ..., is called by its place and kind: {@code 0_conv},
 * {@code 1_pool}, {@code 2_output}. Such names sort in the order of the data flow, are the same in every run of the same
 * network, frozen or not, and don't end in the running number from which TensorBoard makes series.
 *
 * <p>Its kind is appended to a name that is a number, {@code 12_conv}, and to the names of five or more layers or vertices
 * without parameters that differ in a number at their ends, {@code add1_add}: TensorBoard would fold such into a series and
 * take it out of the graph. In a {@code ComputationGraph} of more than 30 vertices, those whose names have a beginning in
 * common, such as {@code fire2_squeeze} and {@code fire2_expand}, are in a scope of that name, {@code fire2/squeeze}, if they
 * are three or more, not most of the graph, and a part that data enters, passes and leaves for good.
 *
 * <p>A parameter is called as {@link io.github.tensorboard4j.training.ParameterNames} has it, {@code hidden/weight} for
 * {@code W} of the layer {@code hidden}: so its histogram, recorded by {@link TensorBoardListener} as {@code layer_hidden/weight}, is found by the name of its node.
 * Parts of a layer have names of their own, such as {@code lstm/forward/weight}. What Deeplearning4j calls the parameter is
 * the node's attribute {@code framework_name}.
 */
public final class Dl4jGraph {

  private Dl4jGraph() {}

  /**
   * Returns the graph of a network.
   *
   * @param network the network; parameters and optimizer are drawn if it is initialized
   * @param inputType the kind and size of its input, or null if not known
   * @return the graph
   * @throws IllegalArgumentException if the network can't take such an input; the message says what it takes
   * @throws NullPointerException if the network is null
   */
  public static ModelGraph of(MultiLayerNetwork network, @Nullable InputType inputType) {
    return NetworkWalker.walk(Objects.requireNonNull(network, "network"), inputType);
  }

  /**
   * Returns the graph of a network.
   *
   * @param network the network; parameters and optimizer are drawn if it is initialized
   * @param inputTypes the kinds and sizes of its inputs, in their order; null, missing or null for one input
   *     if not known
   * @return the graph
   * @throws IllegalArgumentException if there are more kinds than inputs, or if the network can't take such an input; the
   *     message says what it takes
   * @throws NullPointerException if the network is null
   */
  public static ModelGraph of(ComputationGraph network, @Nullable InputType @Nullable... inputTypes) {
    int inputs = Objects.requireNonNull(network, "network").getConfiguration().getNetworkInputs().size();
    List<@Nullable InputType> types = new ArrayList<>(inputTypes == null ? List.of() : Arrays.asList(inputTypes));
    if (types.size() > inputs) {
      throw new IllegalArgumentException("The network has " + inputs + " inputs, but " + types.size() + " kinds are given");
    }
    while (types.size() < inputs) {
      types.add(null);
    }
    return NetworkWalker.walk(network, types);
  }

  /**
   * Returns the graph of a SameDiff model: its operations under the names of their results, and its gradient
   * function, if it was made, in a scope {@code gradients}. Only the shapes of variables, constants and
   * placeholders are known.
   *
   * @param model the model
   * @return the graph
   * @throws NullPointerException if the model is null
   */
  public static ModelGraph of(SameDiff model) {
    return SameDiffWalker.walk(Objects.requireNonNull(model, "model"));
  }

  /**
   * Returns the graph of a SameDiff model with the shapes of all results, for which the model is computed once.
   *
   * @param model the model
   * @param placeholders a value for each placeholder that its outputs need
   * @return the graph
   * @throws NullPointerException if the model or the map is null
   */
  public static ModelGraph of(SameDiff model, Map<String, INDArray> placeholders) {
    return SameDiffWalker.walk(
        Objects.requireNonNull(model, "model"), Objects.requireNonNull(placeholders, "placeholders"));
  }

  /**
   * Returns the kind of input that a batch is, for {@link #of(MultiLayerNetwork, InputType)}: rank 2 is {@code
   * [batch, size]}, rank 3 {@code [batch, size, time]}, rank 4 {@code [batch, channels, height, width]}, rank
   * 5 {@code [batch, channels, depth, height, width]}, unless the network's first layer has channels or time
   * the other way round.
   *
   * @param network the network that takes the batch
   * @param batch a batch of features
   * @return its kind without the batch's size, or null if the array is none of these
   * @throws NullPointerException if the network or the batch is null
   */
  public static @Nullable InputType inputType(MultiLayerNetwork network, INDArray batch) {
    return InputTypes.of(network.getLayerWiseConfigurations(), Objects.requireNonNull(batch, "batch"));
  }

  /**
   * Returns the kinds of input that batches are, as {@link #inputType(MultiLayerNetwork, INDArray)} finds them.
   *
   * @param network the network that takes the batches
   * @param batches a batch of features for each input, in their order; the last ones may be missing
   * @return the kinds of the batches, null for an array that is none of them
   * @throws IllegalArgumentException if there are more batches than inputs
   * @throws NullPointerException if the network, the array or a batch is null
   */
  public static @Nullable InputType[] inputTypes(ComputationGraph network, INDArray... batches) {
    List<String> inputs = network.getConfiguration().getNetworkInputs();
    if (batches.length > inputs.size()) {
      throw new IllegalArgumentException(
          "The network has the inputs " + inputs + ", but " + batches.length + " batches are given");
    }
    @Nullable
    InputType[] types = new @Nullable InputType[batches.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = InputTypes.of(network.getConfiguration(), inputs.get(i), Objects.requireNonNull(batches[i], "batch"));
    }
    return types;
  }
}
