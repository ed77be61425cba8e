/** Recording of a training, whatever the framework. */
package io.github.tensorboard4j.training;
