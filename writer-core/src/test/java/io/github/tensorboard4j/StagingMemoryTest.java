package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagingMemoryTest {

  private final StagingMemory memory = new StagingMemory(3);

  @Test
  void shouldGiveNoMoreBlocksThanItsBound() {
    assertThat(memory.acquire(2)).hasSize(2);
    assertThat(memory.acquire(2)).isNull();
    assertThat(memory.acquire(1)).hasSize(1);
    assertThat(memory.acquire(1)).isNull();
  }

  @Test
  void shouldGiveReleasedBlocksAgain() {
    List<ByteBuffer> blocks = memory.acquire(3);
    memory.release(blocks);

    assertThat(memory.acquire(3)).satisfies(again -> assertThat(again).allSatisfy(block ->
        assertThat(blocks).anyMatch(known -> known == block)));
  }

  @Test
  void shouldHoldACopyOfSlicesThatAreLargerThanABlock() {
    FloatBuffer floats = FloatBuffer.allocate(100_000);
    for (int i = 0; i < floats.capacity(); i++) {
      floats.put(i, i);
    }
    TensorValues values = TensorValues.of(floats, FloatBuffer.wrap(new float[] {-1}));
    TensorValues copy = values.copyTo(memory.acquire(values.blockCount(StagingMemory.BLOCK)));
    floats.put(0, 1e9f);
    Histogram histogram = new Histogram(5);
    histogram.count(copy);

    assertThat(copy.size()).isEqualTo(100_001);
    assertThat(histogram.min()).isEqualTo(-1);
    assertThat(histogram.max()).isEqualTo(99_999);
  }

  @Test
  void shouldCopyOnlyBetweenPositionAndLimit() {
    TensorValues values = TensorValues.of(DoubleBuffer.wrap(new double[] {9, 1, 2, 9}, 1, 2));
    Histogram histogram = new Histogram(5);
    histogram.count(values.copyTo(memory.acquire(values.blockCount(StagingMemory.BLOCK))));

    assertThat(histogram.finiteCount()).isEqualTo(2);
    assertThat(histogram.max()).isEqualTo(2);
  }
}
