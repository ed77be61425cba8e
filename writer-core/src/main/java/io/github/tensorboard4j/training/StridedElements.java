package io.github.tensorboard4j.training;

import io.github.tensorboard4j.TensorValues;

/** Copies a part of a tensor in the order of its dimensions, in whichever order they lie in memory. */
final class StridedElements {

  /** How many elements are copied at most for what is wanted of them, which may lie apart. */
  private static final int MOST_COPIED = 1 << 24;

  private StridedElements() {}

  /** Returns the elements in the order of the dimensions, the last of which changes fastest; none if they lie too far apart. */
  static float[] of(TensorValues values, int[] sizes, long[] strides) {
    int count = 1;
    long last = 0;
    for (int i = 0; i < sizes.length; i++) {
      count *= sizes[i];
      last += (sizes[i] - 1) * strides[i];
    }
    if (count == 0 || last >= MOST_COPIED) {
      return new float[0];
    }
    float[] copied = values.toFloats((int) last + 1);
    float[] gathered = new float[count];
    int[] index = new int[sizes.length];
    for (int i = 0; i < count; i++) {
      long at = 0;
      for (int j = 0; j < sizes.length; j++) {
        at += index[j] * strides[j];
      }
      gathered[i] = copied[(int) at];
      for (int j = sizes.length - 1; j >= 0 && ++index[j] == sizes[j]; j--) {
        index[j] = 0;
      }
    }
    return gathered;
  }
}
