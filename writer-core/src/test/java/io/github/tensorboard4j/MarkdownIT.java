package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TensorBoard's own Markdown makes of ours, parsed by Python's HTML parser: elements and their text, and nothing else. */
class MarkdownIT {

  private static final List<String> PIECES = List.of(
      "a", "word", " ", "  ", "    ", "\n", "\n\n", "\r\n", "\t", "#", "# ", "* ", "1. ", "- ", "> ", "_", "**", "`", "```",
      "~~~", "|",
      "---", "===", "[a](http://e.x)", "![a](http://e.x/p.png)", "<b>", "</td>", "<script>alert(1)</script>",
      "<img src=x onerror=y>",
      "&amp;", "&#35;", "\\", "http://e.x", "[1]: http://e.x", "λ", "\uD83D\uDE80", "\u0002", "\u0003", "wzxhzdk:0", "$",
      "+", "!", ":");

  /** Reads a Markdown in base64 a line, and prints the parsed elements, text in base64. */
  private static final String RENDER =
      """
          import base64, html.parser, sys
          from tensorboard import plugin_util
          class Parser(html.parser.HTMLParser):
              def handle_starttag(self, tag, attrs): self.flush(); self.out.append('<' + tag + ''.join(' ' + n for n, _ in attrs) + '>')
              def handle_endtag(self, tag): self.flush(); self.out.append('</' + tag + '>')
              def handle_data(self, data): self.text += data
              def handle_comment(self, data): self.out.append('<!--')
              def flush(self):
                  if self.text.strip(' \\n'): self.out.append(base64.b64encode(self.text.encode()).decode() or '-')
                  self.text = ''
          for line in open(sys.argv[1]):
              parser = Parser(convert_charrefs=True)
              parser.out, parser.text = [], ''
              parser.feed(plugin_util.markdown_to_safe_html(base64.b64decode(line)))
              parser.close(); parser.flush()
              print(' '.join(parser.out))
          """;

  @TempDir
  private Path directory;

  @Test
  void shouldShowAnyTextAsItIs() throws IOException {
    List<String> texts = texts(400);
    List<List<String>> rendered = render(texts.stream().map(Markdown::text).toList());

    for (int i = 0; i < texts.size(); i++) {
      assertThat(rendered.get(i)).as(texts.get(i)).startsWith("<p>").endsWith("</p>");
      assertThat(text(rendered.get(i).subList(1, rendered.get(i).size() - 1))).isEqualTo(normal(texts.get(i)));
    }
  }

  @Test
  void shouldKeepAnyTextInItsCell() throws IOException {
    List<String> texts = texts(400);
    List<String> tables = new ArrayList<>();
    for (String text : texts) {
      tables.add(Markdown.table(List.of("name", text), List.of(List.of(text, 1), List.of(2.5, text))));
    }
    List<List<String>> rendered = render(tables);

    for (int i = 0; i < texts.size(); i++) {
      List<List<String>> cells = new ArrayList<>();
      List<String> elements = rendered.get(i);
      List<String> frame = new ArrayList<>();
      for (int at = 0; at < elements.size(); at++) {
        frame.add(elements.get(at));
        if (elements.get(at).equals("<td>") || elements.get(at).equals("<th>")) {
          int start = at + 1;
          while (!elements.get(at + 1).equals("</td>") && !elements.get(at + 1).equals("</th>")) {
            at++;
          }
          cells.add(elements.subList(start, at + 1));
        }
      }
      String row = "<tr> <td> </td> <td> </td> </tr> ";
      assertThat(String.join(" ", frame)).as(texts.get(i))
          .isEqualTo("<table> <thead> <tr> <th> </th> <th> </th> </tr> </thead> <tbody> " + row + row + "</tbody> </table>");
      assertThat(cells.stream().map(cell -> text(cell).strip()).toList()).containsExactly(
          "name", normal(texts.get(i)).strip(), normal(texts.get(i)).strip(), "1", "2.5", normal(texts.get(i)).strip());
    }
  }

  @Test
  void shouldKeepAnyTextInItsCode() throws IOException {
    List<String> texts = texts(400).stream().filter(text -> !text.contains("\u0002") && !text.contains("\u0003"))
        .map(text -> "x" + text.replace("\r\n", "\n").replace("\t", " ") + "x").toList();
    List<List<String>> rendered = render(texts.stream().map(Markdown::code).toList());

    for (int i = 0; i < texts.size(); i++) {
      assertThat(rendered.get(i)).as(texts.get(i)).hasSize(5).startsWith("<pre>", "<code>").endsWith("</code>", "</pre>");
      assertThat(text(rendered.get(i).subList(2, 3)).stripTrailing()).isEqualTo(texts.get(i));
    }
  }

  private static List<String> texts(int count) {
    Random random = new Random(5);
    List<String> texts = new ArrayList<>(PIECES.stream().map(piece -> piece.isBlank() ? piece + "x" : piece).toList());
    while (texts.size() < count) {
      StringBuilder text = new StringBuilder();
      for (int pieces = 1 + random.nextInt(8); pieces > 0; pieces--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      if (!text.toString().isBlank()) {
        texts.add(text.toString());
      }
    }
    return texts;
  }

  /** Returns what is seen of a text: a space of any kind is a space, what can't be seen is a sign for that. */
  private static String normal(String text) {
    return text.replace("\r\n", "\n").replace('\t', ' ').replace('\u0002', '\ufffd').replace('\u0003', '\ufffd');
  }

  private static String text(List<String> elements) {
    StringBuilder text = new StringBuilder();
    for (String element : elements) {
      if (element.equals("<br>")) {
        text.append('\n');
      } else {
        assertThat(element).doesNotStartWith("<");
        text.append(new String(Base64.getDecoder().decode(element), StandardCharsets.UTF_8).replace('\u00a0', ' '));
      }
    }
    return text.toString();
  }

  private List<List<String>> render(List<String> markdowns) throws IOException {
    List<String> lines = markdowns.stream()
        .map(markdown -> Base64.getEncoder().encodeToString(markdown.getBytes(StandardCharsets.UTF_8))).toList();
    Path file = Files.write(directory.resolve("markdown"), lines);
    return Python.run(RENDER, file).lines().map(line -> Arrays.asList(line.split(" "))).toList();
  }
}
