/** Reads programs that PyTorch has exported. */
package io.github.tensorboard4j.tool.torchexport;
