/** Reads TorchScript archives. */
package io.github.tensorboard4j.tool.torchscript;
