package io.github.tensorboard4j.testkit;

/**
 * The text of one step.
 *
 * @param step the step
 * @param html the Markdown as TensorBoard renders it
 * @param wallTime when it was recorded, in seconds since 1970
 */
public record TextPoint(long step, String html, double wallTime) {}
