package io.github.tensorboard4j;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Markdown of what must be shown as it is: names, messages, source code, whatever it has in it. None of it becomes a
 * heading, a link, a picture that is loaded from elsewhere, or the end of its table or code. What is made here can be joined
 * by blank lines with Markdown written by hand.
 *
 * <pre>{@code
 * writer.addText("sample", Markdown.text(generated), step);
 * writer.addText("errors", Markdown.table(List.of("label", "prediction"), rows), step);
 * }</pre>
 */
public final class Markdown {

  private static final char DELETE = 0x7f;
  private static final String FENCE = "```";

  private Markdown() {}

  /**
   * Returns plain text.
   *
   * @param text the text, whose line breaks are kept
   * @return Markdown that shows the text
   * @throws NullPointerException if the text is null
   */
  public static String text(String text) {
    Objects.requireNonNull(text, "A text may be empty, but not null");
    String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace('\t', ' ');
    StringBuilder out = new StringBuilder(lines.length() + 16);
    for (int i = 0; i < lines.length(); i++) {
      char c = lines.charAt(i);
      if (c == '\n') {
        out.append("<br>");
      } else if (c == ' ') {
        out.append(isAmongWords(lines, i) ? " " : "&nbsp;");
      } else if (c < ' ' || c == DELETE) {
        out.append('\ufffd');
      } else if (c < DELETE && !Character.isLetterOrDigit(c)) {
        out.append("&#").append((int) c).append(';');
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Returns whether a space is the only one between two words: others would be left out, or begin a block of code. */
  private static boolean isAmongWords(String lines, int at) {
    return at > 0 && lines.charAt(at - 1) > ' ' && at < lines.length() - 1 && lines.charAt(at + 1) > ' ';
  }

  /**
   * Returns a table.
   *
   * @param header the columns' names
   * @param rows the cells of each row, whose strings are shown as plain text
   * @return Markdown that shows the table
   * @throws IllegalArgumentException if there are no columns, or if a row has more or less cells than there are columns
   * @throws NullPointerException if the header, a row or a cell is null
   */
  public static String table(List<String> header, List<? extends List<?>> rows) {
    if (header.isEmpty()) {
      throw new IllegalArgumentException("A table needs columns, but it has none");
    }
    StringBuilder out = new StringBuilder();
    row(out, header);
    out.append("|").append(" --- |".repeat(header.size())).append('\n');
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).size() != header.size()) {
        throw new IllegalArgumentException(
            "The table has " + header.size() + " columns, but row " + i + " has " + rows.get(i).size() + " cells");
      }
      row(out, rows.get(i));
    }
    return out.toString();
  }

  /**
   * Returns a block of code.
   *
   * @param code the lines
   * @return Markdown that shows them one below the other, in a font of equal widths
   * @throws NullPointerException if the code is null
   */
  public static String code(String code) {
    Objects.requireNonNull(code, "Code may be empty, but not null");
    String fence = FENCE;
    while (code.contains(fence)) {
      fence += '`';
    }
    return fence + '\n' + code + (code.endsWith("\n") ? "" : "\n") + fence + '\n';
  }

  private static void row(StringBuilder out, List<?> cells) {
    out.append(cells.stream()
        .map(cell -> text(Objects.requireNonNull(cell, "A cell may be empty, but not null").toString()))
        .collect(Collectors.joining(" | ", "| ", " |\n")));
  }
}
