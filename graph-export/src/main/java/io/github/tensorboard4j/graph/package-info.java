/**
 * A neutral model graph (scopes, operations, parameters, shapes, devices) and its encoding for TensorBoard's
 * Graphs page.
 *
 * <p>Walkers of the frameworks fill the scopes of a {@link io.github.tensorboard4j.graph.ModelGraph.Builder};
 * this package knows none of them. Its bytes are those of {@code tensorflow.GraphDef} as TensorFlow's <a
 * href="https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/framework">{@code graph.proto},
 * {@code node_def.proto}, {@code attr_value.proto} and {@code tensor_shape.proto}</a> define it.
 *
 * <p>Apart from {@code equals}, no method here takes null, but throws a {@link NullPointerException}; none returns null.
 */
@NullMarked
package io.github.tensorboard4j.graph;

import org.jspecify.annotations.NullMarked;
