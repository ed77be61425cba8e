package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {

  @Test
  void shouldLeaveWordsAsTheyAre() {
    assertThat(Markdown.text("Zwei Wörter λ 12")).isEqualTo("Zwei Wörter λ 12");
  }

  @Test
  void shouldKeepSpacesThatMarkdownWouldLeaveOut() {
    assertThat(Markdown.text(" a b  c ")).isEqualTo("&nbsp;a b&nbsp;&nbsp;c&nbsp;");
    assertThat(Markdown.text("a\t\nb\r\n c\rd")).isEqualTo("a&nbsp;<br>b<br>&nbsp;c<br>d");
  }

  @Test
  void shouldShowWhatMarkdownOrHtmlWouldReadOtherwise() {
    assertThat(Markdown.text("*a*|<b>~")).isEqualTo("&#42;a&#42;&#124;&#60;b&#62;&#126;");
    assertThat(Markdown.text("a\u0001\u001f\u007f\u0080")).isEqualTo("a\ufffd\ufffd\ufffd\u0080");
  }

  @Test
  void shouldMakeATableOfItsHeaderAndRows() {
    assertThat(Markdown.table(List.of("name", "size"), List.of(List.of("a|b", 1), List.of("", 2.5))))
        .isEqualTo("| name | size |\n| --- | --- |\n| a&#124;b | 1 |\n|  | 2&#46;5 |\n");
  }

  @Test
  void shouldMakeTheFenceOfCodeLongerThanAnyInIt() {
    assertThat(Markdown.code("a\n````\nb")).isEqualTo("`````\na\n````\nb\n`````\n");
    assertThat(Markdown.code("a\n")).isEqualTo("```\na\n```\n");
  }

  @Test
  void shouldRefuseATableThatIsNone() {
    assertThatThrownBy(() -> Markdown.table(List.of(), List.of())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("columns");
    assertThatThrownBy(() -> Markdown.table(List.of("a", "b"), List.of(List.of(1, 2), List.of(1))))
        .hasMessageContaining("2 columns, but row 1 has 1 cells");
  }
}
