/**
 * A neutral model graph (scopes, operations, parameters, shapes, devices) and its encoding for TensorBoard's
 * Graphs page.
 *
 * <p>Walkers of the frameworks fill a {@link io.github.tensorboard4j.graph.ModelGraph.Builder}; this package
 * knows none of them. Its bytes are those of {@code tensorflow.GraphDef} as TensorFlow's {@code graph.proto},
 * {@code node_def.proto}, {@code attr_value.proto} and {@code tensor_shape.proto} define it.
 */
package io.github.tensorboard4j.graph;
