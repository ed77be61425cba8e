package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.DType;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The description of a layer before it is drawn.
 *
 * @param parameters by their keys, in the layer's order
 * @param names the parameters' names by their keys
 * @param trained the keys of those that training changes; none in a frozen layer
 * @param dtype the element type of its activations
 * @param inputType what it takes, after its preprocessor; null if not known
 * @param outputType what it yields; null if not known
 */
record LayerDescription(
    Map<String, INDArray> parameters,
    Map<String, String> names,
    Set<String> trained,
    DType dtype,
    @Nullable InputType inputType,
    @Nullable InputType outputType) {

  /** Returns the description of a part of the layer, which takes and yields something else. */
  LayerDescription between(@Nullable InputType in, @Nullable InputType out) {
    return new LayerDescription(parameters, names, trained, dtype, in, out);
  }
}
