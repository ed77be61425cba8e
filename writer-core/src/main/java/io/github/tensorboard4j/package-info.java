/**
 * The writer core of tensorboard4j: event files in TensorBoard's own format, written off the calling thread.
 *
 * <p>{@link io.github.tensorboard4j.SummaryWriter} has one method per kind of summary. The recording of a whole training is in
 * {@link io.github.tensorboard4j.training}, the reading of event files in {@link io.github.tensorboard4j.events}.
 */
@NullMarked
package io.github.tensorboard4j;

import org.jspecify.annotations.NullMarked;
