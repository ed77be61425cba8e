/**
 * Deep Java Library for TensorBoard: add a {@link io.github.tensorboard4j.djl.TensorBoardListener} to a
 * {@code TrainingConfig} and train.
 */
package io.github.tensorboard4j.djl;
