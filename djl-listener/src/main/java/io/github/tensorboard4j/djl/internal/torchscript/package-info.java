/** Reads TorchScript archives without running their code. Not for use from outside of this project. */
@NullMarked
package io.github.tensorboard4j.djl.internal.torchscript;

import org.jspecify.annotations.NullMarked;
