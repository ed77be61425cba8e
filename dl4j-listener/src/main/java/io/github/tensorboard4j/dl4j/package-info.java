/**
 * Deeplearning4j for TensorBoard: add a {@link io.github.tensorboard4j.dl4j.TensorBoardListener} to a
 * {@code MultiLayerNetwork} or a {@code ComputationGraph} and train.
 */
@NullMarked
package io.github.tensorboard4j.dl4j;

import org.jspecify.annotations.NullMarked;
