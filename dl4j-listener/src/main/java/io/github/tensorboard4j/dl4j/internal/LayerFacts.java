package io.github.tensorboard4j.dl4j.internal;


import io.github.tensorboard4j.DType;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is known of a layer before it is drawn.
 *
 * @param parameters by their keys, in the layer's order
 * @param trained the keys of those that training changes; none in a frozen layer
 * @param dtype the element type of its activations
 * @param inputType what it takes, after its preprocessor; null if not known
 * @param outputType what it yields; null if not known
 */
record LayerFacts(
    Map<String, INDArray> parameters, Set<String> trained, DType dtype, InputType inputType, InputType outputType) {

  LayerFacts between(InputType in, InputType out) {
    return new LayerFacts(parameters, trained, dtype, in, out);
  }
}
