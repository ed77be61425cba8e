/** Benchmarks: JMH for the writer core, whole trainings for the listeners. How to run them stands in the module's README. */
package io.github.tensorboard4j.benchmarks;
