package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SaveAndRestoreIT {

  private static final String RUN = SaveAndRestoreIT.class.getSimpleName() + "/train";
  private static final int ITERATIONS = 20;

  @BeforeAll
  static void train() throws IOException {
    SaveAndRestore.train(Boards.logs(SaveAndRestoreIT.class), Boards.digits(32 * ITERATIONS, 1).train());
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowOneCurveOfBatchesWithoutGapOrGhost(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    List<ScalarPoint> loss = server.await("the last batch", client -> client.scalars(RUN, "batch_loss"),
        points -> points.get(points.size() - 1).step() == 7 * ITERATIONS);

    // no step twice, none out of order, and none left over from the part that was lost
    assertThat(loss).extracting(ScalarPoint::step).isSorted().doesNotHaveDuplicates()
        .containsAll(LongStream.rangeClosed(1, 14).map(tenth -> 10 * tenth).boxed().toList());
    assertThat(loss).extracting(ScalarPoint::wallTime).isSorted();
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowEachEpochOnce(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    List<ScalarPoint> epochs = server.await("the last epoch", client -> client.scalars(RUN, "epoch_loss"),
        points -> points.get(points.size() - 1).step() == 7);

    assertThat(epochs).extracting(ScalarPoint::step).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    // the optimizer's state was saved too: no step back
    assertThat(epochs).extracting(ScalarPoint::value).isSortedAccordingTo((a, b) -> Float.compare(b, a));
    assertThat(server.awaitHistograms(RUN, "layer_hidden/weight", 7)).extracting(point -> point.step())
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }
}
