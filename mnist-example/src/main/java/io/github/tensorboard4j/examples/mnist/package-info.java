/**
 * The well-known first network on the MNIST digits, trained once with SGD and once with Adam, on Deeplearning4j, on
 * DJL or on both, and recorded for TensorBoard.
 */
package io.github.tensorboard4j.examples.mnist;
