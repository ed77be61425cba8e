package io.github.tensorboard4j;

import java.util.Objects;

/** Finds the units of a layer whose output is zero throughout: those of a ReLU layer that have died learn nothing more. */
public final class ZeroUnits {

  private ZeroUnits() {}

  /**
   * Counts the units whose output is zero for every example, and at every place of each, such as a pixel or a time step. What
   * stands at index {@code i} of the memory is of the unit {@code (i / stride) % units}: in an array that has no gaps, the
   * stride is that of the dimension along which the units lie, in elements.
   *
   * @param values the outputs for a batch, read in place during the call
   * @param units the number of units
   * @param stride how far apart in memory the same place of two neighbouring units is, in elements
   * @return the number of units that are zero throughout; 0 if there are no outputs
   * @throws IllegalArgumentException if a number is not positive
   * @throws NullPointerException if the outputs are null
   */
  public static int count(TensorValues values, int units, long stride) {
    Objects.requireNonNull(values, "values");
    if (units < 1 || stride < 1) {
      throw new IllegalArgumentException(
          "Outputs are of 1 or more units with a stride of 1 or more, not of " + units + " units with a stride of "
              + stride);
    }
    if (values.size() == 0) {
      return 0;
    }
    boolean[] alive = new boolean[units];
    double[] chunk = new double[ElementSource.Scratch.LENGTH];
    ElementSource.Scratch scratch = new ElementSource.Scratch();
    int unit = 0;
    long place = 0;
    for (int slice = 0; slice < values.sliceCount(); slice++) {
      int size = values.sliceSize(slice);
      for (int offset = 0, length; offset < size; offset += length) {
        length = Math.min(chunk.length, size - offset);
        values.read(slice, offset, chunk, scratch, length);
        for (int i = 0; i < length; i++) {
          alive[unit] |= chunk[i] != 0;
          if (++place == stride) {
            place = 0;
            unit = unit + 1 == units ? 0 : unit + 1;
          }
        }
      }
    }
    int zero = 0;
    for (boolean one : alive) {
      zero += one ? 0 : 1;
    }
    return zero;
  }
}
