/**
 * Draws Deeplearning4j's networks as graphs and names what is in them. Knows nothing of the package above it, and is no part of
 * the public face.
 */
@NullMarked
package io.github.tensorboard4j.dl4j.internal;

import org.jspecify.annotations.NullMarked;
