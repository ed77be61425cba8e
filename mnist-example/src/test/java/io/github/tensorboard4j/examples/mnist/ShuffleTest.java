package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {
  @Test
  void shouldVisitEachExampleOnceAnEpoch() {
    Shuffle shuffle = new Shuffle(1000, 1);
    int[] each = IntStream.range(0, 1000).toArray();

    assertThat(shuffle.nextEpoch()).containsExactlyInAnyOrder(each).isNotEqualTo(each);
    assertThat(shuffle.nextEpoch()).containsExactlyInAnyOrder(each);
  }

  @Test
  void shouldGiveTheSameOrdersForTheSameSeedAndOthersForAnother() {
    Shuffle first = new Shuffle(1000, 7);
    Shuffle second = new Shuffle(1000, 7);
    int[] firstEpoch = first.nextEpoch();

    assertThat(second.nextEpoch()).isEqualTo(firstEpoch);
    assertThat(second.nextEpoch()).isEqualTo(first.nextEpoch()).isNotEqualTo(firstEpoch);
    assertThat(new Shuffle(1000, 8).nextEpoch()).isNotEqualTo(firstEpoch);
  }
}
