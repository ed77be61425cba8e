/** Reads ONNX files. */
package io.github.tensorboard4j.tool.onnx;
