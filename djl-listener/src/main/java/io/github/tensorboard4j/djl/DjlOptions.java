package io.github.tensorboard4j.djl;

import ai.djl.training.TrainingConfig;
import io.github.tensorboard4j.training.Frequency;
import org.jspecify.annotations.Nullable;

/**
 * The options of a listener beyond those of every framework.
 *
 * @param gradientFrequency how often gradients are recorded
 * @param learningRate the learning rate, as far as a tracker has it
 * @param config the configuration of the trainers; null if not known
 */
record DjlOptions(Frequency gradientFrequency, TrackedLearningRate learningRate, @Nullable TrainingConfig config) {}
