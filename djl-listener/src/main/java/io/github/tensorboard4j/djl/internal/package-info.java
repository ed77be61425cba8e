/** Traces DJL models; {@link io.github.tensorboard4j.djl.DjlGraph} is the way in. */
package io.github.tensorboard4j.djl.internal;
