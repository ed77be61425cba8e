/** Walks Deeplearning4j networks; {@link io.github.tensorboard4j.dl4j.Dl4jGraph} is the way in. */
package io.github.tensorboard4j.dl4j.internal;
