/**
 * Recording of a training for TensorBoard, the same for every framework.
 *
 * <p>A framework's listener decides what is recorded when; {@link io.github.tensorboard4j.training.TrainingRecorder} knows how:
 * runs, tags, units and hyper-parameters. Whoever uses a listener meets
 * {@link io.github.tensorboard4j.training.RecordingOptions}, {@link io.github.tensorboard4j.training.Frequency} and
 * {@link io.github.tensorboard4j.training.EpochSummary} here.
 */
@NullMarked
package io.github.tensorboard4j.training;

import org.jspecify.annotations.NullMarked;
