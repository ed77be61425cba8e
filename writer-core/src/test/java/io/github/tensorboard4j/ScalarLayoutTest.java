package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testing.Recorded;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalarLayoutTest {

  @TempDir
  private Path run;

  @Test
  void shouldRefuseALayoutWithoutCharts() {
    assertThatThrownBy(() -> ScalarLayout.builder().build()).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs charts");
    assertThatThrownBy(() -> ScalarLayout.builder().category("loss").build())
        .hasMessageContaining("The category loss has no charts");
    assertThatThrownBy(() -> ScalarLayout.builder().category("loss").category("other"))
        .hasMessageContaining("The category loss has no charts");
    ScalarLayout.Builder builder = ScalarLayout.builder();
    assertThatThrownBy(() -> builder.multiline("both", "a", "b")).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("both belongs to no category");
    builder.category("loss");
    assertThatThrownBy(() -> builder.multiline("both")).hasMessageContaining("both has no series");
    assertThatThrownBy(() -> builder.margin("both")).hasMessageContaining("both has no series");
    assertThatThrownBy(() -> builder.multiline(" ", "a")).hasMessageContaining("title, but one is blank");
    assertThatThrownBy(() -> builder.margin(" ", new ScalarLayout.Band("a", "b", "c")))
        .hasMessageContaining("title, but one is blank");
    assertThatThrownBy(() -> ScalarLayout.builder().category(" ")).hasMessageContaining("title, but one is blank");
    assertThatThrownBy(() -> builder.multiline("both", "a", "")).hasMessageContaining("tag, but one is blank");
    assertThatThrownBy(() -> builder.multilineMatching("both", "")).hasMessageContaining("tag, but one is blank");
    assertThatThrownBy(() -> new ScalarLayout.Band("a", "", "c")).hasMessageContaining("tag, but one is blank");
    assertThatThrownBy(() -> new ScalarLayout.Band("a", "b", null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void shouldRefuseASecondLayoutOfARun() {
    ScalarLayout layout = ScalarLayout.builder().category("loss").multiline("both", "a", "b").build();
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addCustomScalars(layout);
      assertThatThrownBy(() -> writer.addCustomScalars(layout)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("layout already");
    }
    assertThat(Recorded.in(run).tensorSteps()).containsOnlyKeys("custom_scalars__config__");
  }
}
