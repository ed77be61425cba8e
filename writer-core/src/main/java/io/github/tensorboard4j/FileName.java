package io.github.tensorboard4j;

import java.util.Objects;
import java.util.regex.Pattern;

/** A name that is to be that of a file or directory on every system, and of a query of TensorBoard's pages, as it is. */
final class FileName {

  private static final Pattern LEGAL = Pattern.compile("[\\p{L}\\p{N}_(=-][\\p{L}\\p{N} ._()=,-]{0,99}");

  private FileName() {}

  /**
   * Refuses any other name.
   *
   * @throws IllegalArgumentException if it is empty, longer than 100 characters, begins or ends with a space or a dot, or has
   *     characters that are neither letters, digits, spaces nor one of {@code . _ - ( ) = ,}
   */
  static void require(String name, String what) {
    Objects.requireNonNull(name, () -> what + " needs a name, but it is null");
    if (!LEGAL.matcher(name).matches() || name.endsWith(" ") || name.endsWith(".")) {
      throw new IllegalArgumentException(
          what + " has the name of a directory: at most 100 letters, digits, spaces and . _ - ( ) = , "
              + "with no dot or space at either end, unlike \"" + name + "\"");
    }
  }
}
