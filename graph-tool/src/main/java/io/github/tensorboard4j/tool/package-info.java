/** A command that draws saved models in TensorBoard without training. */
package io.github.tensorboard4j.tool;
