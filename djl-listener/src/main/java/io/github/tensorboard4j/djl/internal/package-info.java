/** Names the parts of DJL models for TensorBoard, and traces models. Not for use from outside of this module. */
package io.github.tensorboard4j.djl.internal;
