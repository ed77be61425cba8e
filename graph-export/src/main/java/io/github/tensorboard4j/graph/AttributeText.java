package io.github.tensorboard4j.graph;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Settings as texts, shortened to what TensorBoard shows, with a note of what is missing. */
final class AttributeText {

  /** The largest encoding that TensorBoard's graph plugin passes on to the page, in bytes. */
  static final int MAX_BYTES = 1024;

  /** The most bytes that come before a text: the field's tag and the text's length. */
  private static final int MAX_HEADER_BYTES = 8;

  private static final int MAX_LISTED = 32;

  private AttributeText() {}

  /** The text itself if its encoding fits, else its beginning and a note. */
  static String shortened(String text) {
    int most = MAX_BYTES - MAX_HEADER_BYTES;
    if (utf8Size(text, text.length()) <= most) {
      return text;
    }
    String note = String.format(Locale.ROOT, " ... (cut; %,d characters in all)", text.length());
    int room = most - note.length();
    int end = Math.min(text.length(), room);
    while (utf8Size(text, end) > room) {
      end--;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + note;
  }

  /** The first numbers and a note. */
  static String shortened(long[] values) {
    return Arrays.stream(values).limit(MAX_LISTED).mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", ""))
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
