package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SummaryQueueTest {

  private final StagingMemory memory = new StagingMemory(4);
  private final SummaryQueue queue = new SummaryQueue(3, memory, () -> {});
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
      SummaryQueue.Ready ready = queue.poll();
      if (ready != null) {
        assertThat(ready.step()).isEqualTo(step++);
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

  private static DeferredSummary slow(long step, long bytes) {
    return slow(step, bytes, () -> event(step));
  }

  private static DeferredSummary slow(long step, long bytes, Supplier<EventEncoder> encoder) {
    return new DeferredSummary("slow", 0, step, bytes, null, encoder);
  }

  static EventEncoder event(long step) {
    return TensorData.ofFloats(new float[] {1}).summary(0, step, "slow", "own", new byte[0]);
  }

  @Test
  void shouldEncodeOnThePublishersThreadWhatFindsNoMemoryToWaitIn() {
    Thread publisher = Thread.currentThread();
    List<Thread> encoders = new ArrayList<>();
    Supplier<EventEncoder> encoder = () -> {
      encoders.add(Thread.currentThread());
      return event(1);
    };
    queue.add(slow(1, 3 * StagingMemory.BLOCK, encoder));
    assertThat(encoders).isEmpty();
    queue.add(slow(2, 2 * StagingMemory.BLOCK, encoder));
    assertThat(encoders).containsExactly(publisher);
    queue.add(slow(3, StagingMemory.BLOCK, encoder));
    assertThat(encoders).hasSize(1);

    for (int step = 1; step <= 3; step++) {
      assertThat(queue.poll().step()).isEqualTo(step);
    }
    assertThat(encoders).hasSize(3);
    assertThat(memory.reserve(4 * StagingMemory.BLOCK)).isTrue();
  }

  @Test
  void shouldLoseAndCountWhatCannotBeEncodedAndGoOn() {
    DeferredSummary broken = slow(1, StagingMemory.BLOCK, () -> {
      throw new OutOfMemoryError("no heap");
    });
    queue.add(broken);
    queue.add(slow(2, StagingMemory.BLOCK));
    queue.add(slow(3, 9 * StagingMemory.BLOCK, broken.encoder()));

    assertThat(queue.poll()).isNull();
    assertThat(queue.poll().step()).isEqualTo(2);
    assertThat(queue.poll()).isNull();
    assertThat(queue.size()).isZero();
    assertThat(queue.countLost()).isEqualTo(2);
    assertThat(memory.reserve(4 * StagingMemory.BLOCK)).isTrue();
  }

  @Test
  void shouldGiveMemoryBackWhereTheDiskHangsAndKeepTheOrder() {
    queue.add(slow(1, 4 * StagingMemory.BLOCK));
    queue.add("W", 0, 2, tensor);
    assertThat(memory.reserve(1)).isFalse();
    queue.setStalled(true);
    queue.encodeWaiting();
    assertThat(memory.reserve(4 * StagingMemory.BLOCK)).isTrue();
    queue.add(slow(3, 1));
    assertThat(queue.countLost()).isEqualTo(3);
    queue.setStalled(false);

    for (int step = 1; step <= 3; step++) {
      assertThat(queue.poll().step()).isEqualTo(step);
    }
    assertThat(queue.countLost()).isZero();
  }

  @Test
  void shouldWakeTheWriterWhenMuchWaits() {
    SummaryQueue large = new SummaryQueue(3, new StagingMemory(64), () -> {});

    assertThat(large.add(slow(1, 1 << 20))).isFalse();
    assertThat(large.add(slow(2, 3 << 20))).isTrue();
    assertThat(large.add(slow(3, 1 << 20))).isFalse();
    assertThat(large.isPressing()).isTrue();
    large.poll();
    large.poll();
    assertThat(large.isPressing()).isFalse();
  }
}
