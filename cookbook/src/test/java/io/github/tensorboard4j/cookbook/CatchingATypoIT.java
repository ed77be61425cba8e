package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.util.Progress;
import io.github.tensorboard4j.examples.mnist.DigitDataset;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CatchingATypoIT {

  private static final String RUN = CatchingATypoIT.class.getSimpleName();
  /** So many batches are handed out; what the last one has brought is known as soon as the next one is asked for. */
  private static final int SEEN = 40;

  @Test
  void shouldBeSeenLongBeforeTheEpochIsOver() throws Exception {
    Path logs = Boards.logs(CatchingATypoIT.class);
    Dataset digits = DigitDataset.shuffled(Boards.digits(1600, 1).train(), 32, 1);
    CatchingATypo.train(logs.resolve("right"), digits, 0.02f, 1);
    CountDownLatch looked = new CountDownLatch(1);
    ExecutorService trainer = Executors.newSingleThreadExecutor();
    Future<Void> training = trainer.submit((Callable<Void>) () -> {
      CatchingATypo.train(logs.resolve("typo"), new Halting(digits, SEEN, looked), 0.2f, 1);
      return null;
    });
    try {
      for (Loader loader : Loader.values()) {
        List<ScalarPoint> right = Boards.with(loader).awaitScalars(RUN + "/right/train", "batch_loss", 50);
        List<ScalarPoint> typo = Boards.with(loader).awaitScalars(RUN + "/typo/train", "batch_loss", SEEN - 1);

        assertThat(training).isNotDone();
        assertThat(meanOfLast(typo)).isGreaterThan(2 * meanOfLast(right));
      }
    } finally {
      looked.countDown();
      training.get();
      trainer.shutdown();
    }
  }

  private static double meanOfLast(List<ScalarPoint> points) {
    return points.subList(SEEN / 2, SEEN - 1).stream().mapToDouble(ScalarPoint::value).average().orElseThrow();
  }

  /** Hands out some batches, and the next ones only when someone has looked at the board. */
  private record Halting(Dataset digits, int batches, CountDownLatch looked) implements Dataset {
    @Override
    public Iterable<Batch> getData(NDManager manager) {
      return () -> {
        try {
          return halting(digits.getData(manager).iterator());
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      };
    }

    private Iterator<Batch> halting(Iterator<Batch> all) {
      return new Iterator<>() {
        private int handedOut;

        @Override
        public boolean hasNext() {
          return all.hasNext();
        }

        @Override
        public Batch next() {
          if (handedOut++ == batches) {
            try {
              looked.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return all.next();
        }
      };
    }

    @Override
    public void prepare(Progress progress) {}
  }
}
