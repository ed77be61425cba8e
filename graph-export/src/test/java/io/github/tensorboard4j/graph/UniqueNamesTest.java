package io.github.tensorboard4j.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UniqueNamesTest {

  @Test
  void shouldGiveEachANameOfItsOwnWithoutRunningNumbers() {
    UniqueNames names = new UniqueNames();

    assertThat(Stream.of("Add", "Add", "Add_b", "Add", "Mul").map(names::claim))
        .containsExactly("Add", "Add_b", "Add_b_b", "Add_c", "Mul");
  }

  @Test
  void shouldNeverGiveNamesThatAreTaken() {
    UniqueNames names = new UniqueNames(List.of("loss", "loss_b", "loss"));

    assertThat(names.claim("loss")).isEqualTo("loss_c");
    assertThat(names.claim("loss_b")).isEqualTo("loss_b_b");
    assertThat(names.claim("accuracy")).isEqualTo("accuracy");
  }

  @Test
  void shouldNeverRunOutOfNames() {
    UniqueNames names = new UniqueNames();

    assertThat(IntStream.range(0, 100_000).mapToObj(i -> names.claim("layer")))
        .doesNotHaveDuplicates().contains("layer_z", "layer_ba").noneMatch(name -> name.matches(".*\\d"));
  }
}
