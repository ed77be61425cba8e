/**
 * Deeplearning4j for TensorBoard: add a {@link io.github.tensorboard4j.dl4j.TensorBoardListener} to a
 * {@code MultiLayerNetwork} or a {@code ComputationGraph} and train.
 *
 * <p>The listener records the model's graph by itself. {@link io.github.tensorboard4j.dl4j.Dl4jGraph} makes it without a
 * training, and that of a {@code SameDiff} model.
 *
 * <p>Deeplearning4j and the backend that it computes with are those of the program; this module brings neither.
 *
 * <p>Unless it says otherwise, a method takes no null, but throws a {@link NullPointerException}, and returns none.
 */
@NullMarked
package io.github.tensorboard4j.dl4j;

import org.jspecify.annotations.NullMarked;
