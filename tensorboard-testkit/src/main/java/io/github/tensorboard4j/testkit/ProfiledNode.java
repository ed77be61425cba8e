package io.github.tensorboard4j.testkit;

/**
 * What an operation has taken in a step, as the graphs dashboard gets it.
 *
 * @param name the operation's name
 * @param device where it ran
 * @param startMicros when it started, in microseconds
 * @param micros how long it took, in microseconds
 * @param bytes the memory that it took; 0 if that isn't told
 */
public record ProfiledNode(String name, String device, long startMicros, long micros, long bytes) {}
