package io.github.tensorboard4j.tool;

import java.io.IOException;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The parameters of a network of which only the shapes are asked.
 *
 * <p>The system gives memory to a program when it touches it. These arrays are zeros that nobody reads or writes, and so take
 * no memory however large they are.
 */
final class UntouchedParameters implements AutoCloseable {

  private final Pointer memory;
  private final INDArray row;

  UntouchedParameters(DataType dtype, long length) throws IOException {
    memory = length == 0 ? null : Pointer.calloc(length, dtype.width());
    if (length > 0 && Pointer.isNull(memory)) {
      throw new IOException("the system has no room for " + length + " parameters");
    }
    row = length == 0 ? null : Nd4j.create(Nd4j.createBuffer(memory, length, dtype), new long[] {1, length});
  }

  /** Returns the parameters one after the other, in one row; null if there are none. */
  INDArray row() {
    return row;
  }

  /** Releases them: nothing may use them or a view on them any more. */
  @Override
  public void close() {
    Pointer.free(memory);
  }
}
