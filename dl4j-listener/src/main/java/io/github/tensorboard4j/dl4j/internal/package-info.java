/**
 * Draws Deeplearning4j's networks as graphs and names what is in them. Independent of the package above it, and no part of
 * the public face.
 */
@NullMarked
package io.github.tensorboard4j.dl4j.internal;

import org.jspecify.annotations.NullMarked;
