package io.github.tensorboard4j.djl.internal;

import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import org.jspecify.annotations.Nullable;

/**
 * The loss and the optimizer of a training.
 *
 * @param loss the function that is minimized
 * @param optimizer the optimizer of the parameters; null if not known
 */
public record LossAndOptimizer(Loss loss, @Nullable Optimizer optimizer) {}
