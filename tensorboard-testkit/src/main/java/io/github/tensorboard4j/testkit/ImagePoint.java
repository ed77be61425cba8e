package io.github.tensorboard4j.testkit;

/**
 * The image of one step.
 *
 * @param step the step
 * @param wallTime when it was recorded, in seconds since 1970
 * @param file the image as a browser gets it, a PNG, GIF or JPEG
 */
public record ImagePoint(long step, double wallTime, byte[] file) {}
