/** Names the parts of DJL models for TensorBoard, and traces models. Not for use from outside of this module. */
@NullMarked
package io.github.tensorboard4j.djl.internal;

import org.jspecify.annotations.NullMarked;
