package io.github.tensorboard4j;

import java.util.Objects;
import java.util.regex.Pattern;

/** A name that is to be that of a directory, on whatever system, and of a query of TensorBoard's pages, as it is. */
final class FileName {

  private static final Pattern LEGAL = Pattern.compile("[\\p{L}\\p{N}_(=-][\\p{L}\\p{N} ._()=,-]{0,99}");

  /** What a name may have beside a suffix in file systems that take 255 bytes. */
  private static final int MOST_BYTES = 200;

  private FileName() {}

  /**
   * Refuses any other name.
   *
   * @throws IllegalArgumentException if it is empty, longer than 100 characters or 200 bytes of UTF-8, begins or ends with a space or a dot, or has
   *     characters that are neither letters, digits, spaces nor one of {@code . _ - ( ) = ,}
   */
  static void require(String name, String what) {
    Objects.requireNonNull(name, () -> what + " needs a name, but it is null");
    if (!LEGAL.matcher(name).matches() || TensorData.utf8(name).length > MOST_BYTES || name.endsWith(" ")
        || name.endsWith(".")) {
      throw new IllegalArgumentException(
          what + " has the name of a directory: at most 100 letters (200 bytes), digits, spaces and . _ - ( ) = , "
              + "with no dot or space at either end, unlike \"" + name + "\"");
    }
  }
}
