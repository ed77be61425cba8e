package io.github.tensorboard4j.djl;

import ai.djl.training.TrainingConfig;
import ai.djl.training.tracker.ParameterTracker;
import org.jspecify.annotations.Nullable;

/**
 * The options of a listener beyond those of every framework.
 *
 * @param graph whether the model's graph is recorded
 * @param learningRate what the user says decides on the learning rate; null if nothing
 * @param config what the user says is the configuration of the trainers; null if nothing
 */
record DjlOptions(
    boolean graph, @Nullable ParameterTracker learningRate, @Nullable TrainingConfig config) {}
