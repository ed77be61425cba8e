package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginTensorTest {

  @TempDir
  private Path run;

  @Test
  void shouldKeepTensorsOfEveryTypeAndShape() {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addTensor("scalar", PluginTensor.of(new float[] {0.5f}).plugin("own"), 1);
      writer.addTensor("matrix", PluginTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).plugin("own", new byte[] {1, 2}), 1);
      writer.addTensor("empty", PluginTensor.of(DType.INT64, ByteBuffer.allocate(0), 0, 3).plugin("own"), 1);
      writer.addTensor("bytes", PluginTensor.of(DType.UINT8, ByteBuffer.wrap(new byte[] {1, -1}), 2).plugin("own"), 1);
      writer.addTensor("complex", PluginTensor.of(DType.COMPLEX128, ByteBuffer.allocate(16)).plugin("own"), 1);
      writer.addTensor("text", PluginTensor.ofStrings("λ").plugin("own").description("# What it is"), 1);
      writer.addTensor("texts", PluginTensor.ofStrings("a", "b").plugin("own").asBlobs(), 1);
      writer.addTensor("files", PluginTensor.ofBytes(List.of(new byte[] {-1}, new byte[0]), 1, 2).plugin("own"), 1);
    }

    Map<String, Event.Value> values = Recorded.in(run).events().stream().flatMap(event -> event.values().stream())
        .collect(Collectors.toMap(Event.Value::tag, value -> value));
    assertThat(values).hasSize(8).allSatisfy((tag, value) -> assertThat(value.plugin()).isEqualTo("own"));
    assertThat(values.get("scalar").shape()).isEmpty();
    assertThat(values.get("scalar").tensorContent().getFloat()).isEqualTo(0.5f);
    assertThat(values.get("matrix").shape()).containsExactly(2L, 3L);
    assertThat(values.get("matrix").tensorContent().getFloat(20)).isEqualTo(6);
    assertThat(values.get("matrix").pluginContent()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat(values.get("empty").dtype()).isEqualTo(DType.INT64);
    assertThat(values.get("empty").shape()).containsExactly(0L, 3L);
    assertThat(values.get("bytes").tensorContent()).isEqualTo(ByteBuffer.wrap(new byte[] {1, -1}));
    assertThat(values.get("complex").dtype()).isEqualTo(DType.COMPLEX128);
    assertThat(values.get("text").strings()).containsExactly("λ");
    assertThat(values.get("text").shape()).isEmpty();
    assertThat(values.get("texts").shape()).containsExactly(2L);
    assertThat(values.get("files").shape()).containsExactly(1L, 2L);
    assertThat(values.get("files").stringBytes()).containsExactly(ByteBuffer.wrap(new byte[] {-1}), ByteBuffer.allocate(0));
  }

  @Test
  void shouldRefuseElementsThatAreNotOfTheShape() {
    assertThatThrownBy(() -> PluginTensor.of(new float[5], 2, 3)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 3]").hasMessageContaining("20");
    assertThatThrownBy(() -> PluginTensor.of(new float[0], -1)).hasMessageContaining("[-1]");
    assertThatThrownBy(() -> PluginTensor.of(new float[1], Long.MAX_VALUE, 8)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(", 8]");
    assertThatThrownBy(() -> PluginTensor.of(DType.INT64, ByteBuffer.allocate(12), 2)).hasMessageContaining("12");
    assertThatThrownBy(() -> PluginTensor.of(DType.STRING, ByteBuffer.allocate(4), 1)).hasMessageContaining("STRING");
    assertThatThrownBy(() -> PluginTensor.ofBytes(List.of(new byte[1]), 2)).hasMessageContaining("[2]");
    assertThatThrownBy(() -> PluginTensor.of(new float[1], 1).asBlobs()).hasMessageContaining("FLOAT");
    assertThatThrownBy(() -> PluginTensor.ofStrings("a").asBlobs()).hasMessageContaining("[]");
    assertThatThrownBy(() -> PluginTensor.ofStrings("a").plugin(" ")).hasMessageContaining("blank");
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      assertThatThrownBy(() -> writer.addTensor("tag", PluginTensor.ofStrings("a"), 1))
          .hasMessageContaining("names no plugin");
    }
  }
}
