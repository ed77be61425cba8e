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
