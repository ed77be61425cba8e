package io.github.tensorboard4j.testkit;

/**
 * A point of a scalar's curve.
 *
 * @param step its place on the x-axis
 * @param value its value, which may be NaN or infinite
 * @param wallTime when it was recorded, in seconds since 1970
 */
public record ScalarPoint(long step, float value, double wallTime) {}
