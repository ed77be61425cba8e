package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.internal.RecordFraming;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers and a writer that meet at every event, since there is room for next to nothing between them. */
@Timeout(600)
class ConcurrencyTest {

  private static final int EVENTS = Integer.getInteger("concurrency.events", 100_000);
  private static final int PUBLISHERS = 3;

  private final List<Throwable> failures = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private void start(Runnable part) {
    Thread thread = new Thread(part);
    thread.setUncaughtExceptionHandler((failed, e) -> {
      synchronized (failures) {
        failures.add(e);
      }
    });
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void join() throws InterruptedException {
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        thread.join(10);
        synchronized (failures) {
          assertThat(failures).isEmpty();
        }
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldPassEachEventOnceAndThoseOfAPublisherInOrder() throws InterruptedException {
    ScalarTemplate template = new ScalarTemplate("a");
    Records records = new Records(template);
    EventBuffer buffer = new EventBuffer(() -> {}, 3 * Records.size(template), 1);
    for (int i = 0; i < PUBLISHERS; i++) {
      int publisher = i;
      start(() -> {
        for (int step = 1; step <= EVENTS; step++) {
          buffer.append(template, publisher, step, 0);
        }
      });
    }
    start(() -> {
      while (records.count() < PUBLISHERS * EVENTS) {
        records.writeFrom(buffer);
      }
    });

    join();
    assertThat(buffer.take()).isNull();
    assertThat(buffer.countLost()).isZero();
    assertThat(records.last()).containsOnly(EVENTS);
  }

  @Test
  void shouldCountEachEventThatIsLostWhileTheFileCannotBeWritten() throws InterruptedException {
    ScalarTemplate template = new ScalarTemplate("a");
    Records records = new Records(template);
    EventBuffer buffer = new EventBuffer(() -> {}, 3 * Records.size(template), 1);
    AtomicLong publishing = new AtomicLong(PUBLISHERS);
    AtomicBoolean written = new AtomicBoolean();
    for (int i = 0; i < PUBLISHERS; i++) {
      int publisher = i;
      start(() -> {
        for (int step = 1; step <= EVENTS; step++) {
          buffer.append(template, publisher, step, 0);
        }
        publishing.decrementAndGet();
      });
    }
    start(() -> {
      while (!written.get()) {
        buffer.setFaulty(ThreadLocalRandom.current().nextBoolean());
        Thread.yield();
      }
      buffer.setFaulty(false);
    });
    start(() -> {
      boolean last;
      do {
        last = publishing.get() == 0;
        records.writeFrom(buffer);
      } while (!last);
      records.writeFrom(buffer);
      written.set(true);
    });

    join();
    assertThat(buffer.countLost()).isPositive();
    assertThat(records.count() + buffer.countLost()).isEqualTo(PUBLISHERS * EVENTS);
  }

  @Test
  void shouldPassEachSummaryOnceAndThoseOfAPublisherInOrder() throws InterruptedException {
    int tensors = EVENTS / 20;
    StagingMemory memory = new StagingMemory(2);
    SummaryQueue queue = new SummaryQueue(3, memory, () -> {});
    for (int i = 0; i < PUBLISHERS; i++) {
      int publisher = i;
      TensorValues values = TensorValues.of(FloatBuffer.allocate(i == 0 ? 10 : 10_000));
      start(() -> {
        for (int step = 1; step <= tensors; step++) {
          if (publisher == 1) {
            EventEncoder event = SummaryQueueTest.event(step);
            queue.add(new DeferredSummary("slow", publisher, step, StagingMemory.BLOCK, null, () -> event));
          } else {
            queue.add("W", publisher, step, values);
          }
        }
      });
    }
    start(() -> {
      for (int i = 0; i < tensors / 10; i++) {
        queue.setStalled(true);
        queue.setStalled(false);
      }
    });
    long[] last = new long[PUBLISHERS];
    AtomicLong polled = new AtomicLong();
    start(() -> {
      while (polled.get() + queue.countLost() < PUBLISHERS * tensors) {
        SummaryQueue.Ready ready = queue.poll();
        if (ready != null) {
          assertThat(ready.step()).isGreaterThan(last[(int) ready.wallTime()]);
          last[(int) ready.wallTime()] = ready.step();
          polled.incrementAndGet();
        }
      }
    });

    join();
    assertThat(queue.size()).isZero();
    assertThat(memory.acquire(2)).hasSize(2);
    assertThat(memory.reserve(2 * StagingMemory.BLOCK)).isTrue();
  }

  /** What the writer has taken: of each publisher, which the wall time names, the steps in order. An event ends with the step. */
  private static final class Records {
    private final int[] last = new int[PUBLISHERS];
    private final int stepAt;
    private int count;

    Records(ScalarTemplate template) {
      this.stepAt = template.length(0) - 1;
    }

    static int size(ScalarTemplate template) {
      return RecordFraming.HEADER + template.length(EVENTS) + RecordFraming.FOOTER;
    }

    void writeFrom(EventBuffer buffer) {
      ByteBuffer filled = buffer.take();
      if (filled == null) {
        Thread.onSpinWait();
        return;
      }
      int end = filled.position();
      for (int at = 0; at < end; at += RecordFraming.HEADER + (int) filled.getLong(at) + RecordFraming.FOOTER) {
        int publisher = (int) filled.getDouble(at + RecordFraming.HEADER + 1);
        int step = varint(filled, at + RecordFraming.HEADER + stepAt);
        assertThat(step).isGreaterThan(last[publisher]);
        last[publisher] = step;
        count++;
      }
      buffer.giveBack(filled);
    }

    private static int varint(ByteBuffer bytes, int at) {
      int value = 0;
      for (int i = 0;; i++) {
        byte next = bytes.get(at + i);
        value |= (next & 0x7f) << 7 * i;
        if (next >= 0) {
          return value;
        }
      }
    }

    int count() {
      return count;
    }

    int[] last() {
      return last;
    }
  }
}
