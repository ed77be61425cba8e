/**
 * Records trainings of the <a href="https://djl.ai">Deep Java Library</a> for TensorBoard.
 *
 * <p>Add a {@link io.github.tensorboard4j.djl.TensorBoardListener} to a {@code TrainingConfig} and train; then start
 * {@code tensorboard --logdir logs}:
 *
 * <pre>{@code
 * config.addTrainingListeners(TrainingListener.Defaults.basic());
 * TensorBoardListener.addTo(config, Path.of("logs/adam"));
 * }</pre>
 *
 * <p>{@link io.github.tensorboard4j.djl.LearningRate} remembers the learning rate that an optimizer of your own was given, so
 * that it is recorded too. {@link io.github.tensorboard4j.djl.DjlGraph} draws a model without a listener.
 *
 * <p>Nothing is null here, argument or result, unless its description says so.
 */
@NullMarked
package io.github.tensorboard4j.djl;

import org.jspecify.annotations.NullMarked;
