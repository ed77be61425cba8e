package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HistogramQueueTest {

  private final StagingMemory memory = new StagingMemory(4);
  private final HistogramQueue queue = new HistogramQueue(3, memory, () -> {});
  private final TensorValues tensor = TensorValues.of(FloatBuffer.wrap(new float[] {1, 2, 3}));

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldLetAPublisherWaitRatherThanGrowWithoutEnd() throws InterruptedException {
    int count = 100_000;
    Thread publisher = new Thread(() -> {
      for (int step = 1; step <= count; step++) {
        queue.add("W", 0, step, tensor);
      }
    });
    publisher.start();
    while (publisher.getState() != Thread.State.TIMED_WAITING && publisher.isAlive()) {
      Thread.sleep(1);
    }
    assertThat(publisher.isAlive()).isTrue();

    for (int step = 1; step <= count;) {
      HistogramQueue.Counted counted = queue.poll();
      if (counted != null) {
        assertThat(counted.step()).isEqualTo(step++);
      }
    }
    publisher.join();
  }

  @Test
  void shouldGiveStagingMemoryBack() {
    TensorValues large = TensorValues.of(FloatBuffer.allocate(4 * StagingMemory.BLOCK / Float.BYTES));
    queue.add("W", 0, 1, large);
    assertThat(memory.acquire(1)).isNull();

    assertThat(queue.poll().step()).isEqualTo(1);
    memory.release(memory.acquire(4));
    queue.close();
    assertThatThrownBy(() -> queue.add("W", 0, 2, large)).isInstanceOf(IllegalStateException.class);
    assertThat(memory.acquire(4)).hasSize(4);
  }
}
