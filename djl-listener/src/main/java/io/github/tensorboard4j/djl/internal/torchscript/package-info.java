/** Reads TorchScript archives without running their code. */
package io.github.tensorboard4j.tool.torchscript;
