package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StagingMemoryTest {

  private final StagingMemory memory = new StagingMemory(3);

  @Test
  void shouldGiveNoMoreBlocksThanItsBound() {
    assertThat(memory.acquire(2)).hasSize(2);
    assertThat(memory.acquire(2)).isNull();
    assertThat(memory.acquire(1)).hasSize(1);
    assertThat(memory.acquire(1)).isNull();
  }

  /** Asks again and again for more direct memory than the JVM may have, and tells how many collections that took. */
  static final class LittleDirectMemory {
    public static void main(String[] args) {
      StagingMemory memory = new StagingMemory(64);
      for (int i = 0; i < 20; i++) {
        if (memory.acquire(16) != null) {
          throw new AssertionError("There is not that much memory");
        }
      }
      System.out.print(ManagementFactory.getGarbageCollectorMXBeans().stream()
          .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum());
    }
  }

  @Test
  @Timeout(120)
  void shouldNotCollectGarbageEachTimeThatDirectMemoryIsUsedUp() throws Exception {
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
        "-XX:MaxDirectMemorySize=1m", "-cp", System.getProperty("java.class.path"), LittleDirectMemory.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String collections = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(Long.parseLong(collections)).isLessThan(20);
  }

  @Test
  void shouldGiveReleasedBlocksAgain() {
    List<ByteBuffer> blocks = memory.acquire(3);
    memory.release(blocks);

    assertThat(memory.acquire(3))
        .satisfies(again -> assertThat(again).allSatisfy(block -> assertThat(blocks).anyMatch(known -> known == block)));
  }

  @Test
  void shouldKeepNoMoreFreeBlocksThanItMay() {
    List<ByteBuffer> taken = memory.acquire(2);
    memory.release(memory.acquire(1));
    memory.trim(1);

    memory.release(taken);
    memory.trim(1);
    assertThat(memory.acquire(1)).allSatisfy(block -> assertThat(taken).anyMatch(known -> known == block));
    assertThat(memory.acquire(2)).allSatisfy(block -> assertThat(taken).noneMatch(known -> known == block));
  }

  @Test
  void shouldHoldAllParametersOfAModelOfTwentyMillion() {
    StagingMemory shared = StagingMemory.shared();
    List<ByteBuffer> blocks = shared.acquire(20_000_000 * Float.BYTES / StagingMemory.BLOCK + 1);

    assertThat(blocks).isNotNull();
    shared.release(blocks);
    shared.trim();
  }

  @Test
  void shouldHoldACopyOfSlicesThatAreLargerThanABlock() {
    FloatBuffer floats = FloatBuffer.allocate(100_000);
    for (int i = 0; i < floats.capacity(); i++) {
      floats.put(i, i);
    }
    TensorValues values = TensorValues.of(floats);
    TensorValues copy = values.copyTo(memory.acquire(values.blockCount(StagingMemory.BLOCK)));
    floats.put(0, 1e9f);
    Histogram histogram = new Histogram(5);
    histogram.count(copy);

    assertThat(copy.size()).isEqualTo(100_000);
    assertThat(histogram.min()).isZero();
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
