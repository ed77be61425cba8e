package io.github.tensorboard4j.graph;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shortens settings to what TensorBoard shows, and says that it did. */
final class Cut {

  private static final int LISTED = 32;

  private Cut() {}

  /** The text itself if its encoding fits, else its beginning and a note. */
  static String text(String text) {
    if (utf8Size(text, text.length()) <= Attribute.MAX_BYTES - 8) {
      return text;
    }
    String note = String.format(Locale.ROOT, " ... (cut; %,d characters in all)", text.length());
    int room = Attribute.MAX_BYTES - 8 - note.length();
    int end = Math.min(text.length(), room);
    while (utf8Size(text, end) > room) {
      end--;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + note;
  }

  /** The first numbers and a note. */
  static String list(long[] values) {
    return Arrays.stream(values).limit(LISTED).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", ""))
        + String.format(Locale.ROOT, " ...] (cut; %,d numbers in all)", values.length);
  }

  /** The UTF-8 size of the first {@code end} chars; a surrogate counts as half of its pair's four bytes. */
  private static int utf8Size(String text, int end) {
    int bytes = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
