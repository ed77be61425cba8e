package io.github.tensorboard4j.training;

import io.github.tensorboard4j.ImageLayout;
import io.github.tensorboard4j.Picture;
import io.github.tensorboard4j.TensorValues;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Makes pictures of what layers put out, as {@link Diagnosis#activationImage} describes them. */
final class ActivationPicture {

  private static final int MOST_CHANNELS = 64;
  private static final int CHANNELS_IN_A_ROW = 8;
  private static final int LONGEST_SIDE = 1024;
  private static final int MOST_PIXELS = 1 << 22;

  // what is small is made larger up to this side
  private static final int SIDE = 64;
  private static final int LARGEST_FACTOR = 8;

  private ActivationPicture() {}

  /**
   * Returns the picture of the first example, null if there is none.
   *
   * @param sizes the numbers of examples, channels, rows and columns
   * @param strides how far apart in memory two neighbours in each of these dimensions are
   */
  static @Nullable Picture of(TensorValues values, long[] sizes, long[] strides) {
    long longest = Math.max(sizes[2], sizes[3]);
    if (sizes[0] == 0 || sizes[2] == 0 || sizes[3] == 0 || longest > LONGEST_SIDE) {
      return null;
    }
    long pixels = sizes[2] * sizes[3];
    int channels = (int) Math.min(sizes[1], Math.min(MOST_CHANNELS, MOST_PIXELS / pixels));
    int[] shown = {channels, (int) sizes[2], (int) sizes[3]};
    float[] elements = StridedElements.of(values, shown, new long[] {strides[1], strides[2], strides[3]});
    if (elements.length == 0) {
      return null;
    }
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    for (float element : elements) {
      if (Float.isFinite(element)) {
        lowest = Math.min(lowest, element);
        highest = Math.max(highest, element);
      }
    }
    if (!(Float.isFinite(highest - lowest) && lowest < highest)) {
      // the same everywhere, nowhere a number, or no range that a float can hold
      lowest = Float.isFinite(lowest) ? lowest : 0;
      highest = Math.max(lowest + 1, Math.nextUp(lowest));
    }
    int factor = (int) Math.max(1, Math.min(LARGEST_FACTOR, SIDE / longest));
    return Picture.grid(
        Picture.listOfRange(FloatBuffer.wrap(elements), lowest, highest, ImageLayout.NHW, shown).stream()
            .map(channel -> channel.enlarged(factor)).toList(),
        CHANNELS_IN_A_ROW);
  }
}
