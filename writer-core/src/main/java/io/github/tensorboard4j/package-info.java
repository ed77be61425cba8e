/**
 * The writer core of tensorboard4j: event files in TensorBoard's own format, written off the training thread.
 *
 * <p>{@link io.github.tensorboard4j.SummaryWriter} has one method per kind of summary,
 * {@link io.github.tensorboard4j.training.TrainingRecorder} gives every framework's training the same tags and runs, and
 * {@link io.github.tensorboard4j.events.EventFileReader} reads back what was written.
 */
package io.github.tensorboard4j;
